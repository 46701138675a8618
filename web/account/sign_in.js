// Signing in, and setting the first password.

import { html, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Failure, tell } from "../parts/notices.js";
import { texts } from "../texts.js";

/** @param {{ onSignedIn: () => void, token: string, reset: string }} props `token` is of an invitation, `reset` of a new password */
export function SignInPage({ onSignedIn, token, reset }) {
  const [invited, setInvited] = useState(Boolean(token));
  const [resetting, setResetting] = useState(Boolean(reset));
  if (resetting) {
    return html`<div class="sign-in"><h1>${texts.account.resetTitle}</h1>
      <${ResetForm} token=${reset} onDone=${() => (setResetting(false), tell(texts.account.accepted))} /></div>`;
  }
  const accepted = () => (setInvited(false), tell(texts.account.accepted));
  return html`
    <div class="sign-in">
      <h1>${invited ? texts.account.acceptTitle : texts.account.signIn}</h1>
      ${invited ? html`<${AcceptForm} token=${token} onDone=${accepted} />` : html`<${SignInForm} onDone=${onSignedIn} />`}
      <button type="button" class="button plain" onClick=${() => setInvited(!invited)}>
        ${invited ? texts.account.haveAccount : texts.account.invited}
      </button>
    </div>
  `;
}

/** @param {{ onDone: () => void }} props */
function SignInForm({ onDone }) {
  const send = (/** @type {any} */ { email, password }) => call("AccountService/SignIn", { email, password }).then(onDone);
  return html`<${AccountForm} send=${send} submit=${texts.account.signIn} hint=${texts.account.signInHint}>
    <${Field} name="email" type="email" label=${texts.account.email} autocomplete="username" />
    <${Field} name="password" type="password" label=${texts.account.password} autocomplete="current-password" />
  <//>`;
}

/** @param {{ token: string, onDone: () => void }} props */
function AcceptForm({ token, onDone }) {
  const send = (/** @type {any} */ fields) => call("AccountService/AcceptInvitation", { token: fields.token.trim(), password: fields.password }).then(onDone);
  return html`<${AccountForm} send=${send} submit=${texts.account.accept} hint=${texts.account.acceptHint}>
    <${Field} name="token" type="text" label=${texts.account.token} autocomplete="off" value=${token} />
    <${Field} name="password" type="password" label=${texts.account.newPassword} hint=${texts.account.passwordRule} autocomplete="new-password" />
  <//>`;
}

/** @param {{ token: string, onDone: () => void }} props */
function ResetForm({ token, onDone }) {
  const send = (/** @type {any} */ { password }) => call("AccountService/ResetPassword", { token, newPassword: password }).then(onDone);
  return html`<${AccountForm} send=${send} submit=${texts.account.accept} hint=${texts.account.resetHint}>
    <${Field} name="password" type="password" label=${texts.account.newPassword} hint=${texts.account.passwordRule} autocomplete="new-password" />
  <//>`;
}

/** A form that sends its fields once, and shows what came of it. @param {{ send: (fields: any) => Promise<any>, submit: string, hint: string, children?: any }} props */
function AccountForm({ send, submit, hint, children }) {
  const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null) });
  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    setState({ busy: true, error: null });
    await send(fields).then(
      () => setState({ busy: false, error: null }),
      (error) => setState({ busy: false, error }),
    );
  };
  return html`
    <form onSubmit=${onSubmit}>
      ${state.error && html`<${Failure} error=${state.error} />`}
      ${children}
      <button class="button strong wide" disabled=${state.busy}>${submit}</button>
      <p class="quiet">${hint}</p>
    </form>
  `;
}

/** @param {{ name: string, type: string, label: string, autocomplete: string, hint?: string, value?: string }} props */
function Field({ name, type, label, autocomplete, hint, value = "" }) {
  return html`<label class="field">
    <span>${label}${hint && html` <small class="quiet">${hint}</small>`}</span>
    <input name=${name} type=${type} autocomplete=${autocomplete} value=${value} required />
  </label>`;
}
