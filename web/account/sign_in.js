// Signing in, and setting the first password.

import { html, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Field, Form } from "../parts/dialog.js";
import { tell } from "../parts/notices.js";
import { texts } from "../texts.js";

/** @param {{ onSignedIn: () => void, token: string, reset: string }} props `token` is of an invitation, `reset` of a new password */
export function Page({ onSignedIn, token, reset }) {
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
  return html`<${Form} send=${send} submit=${texts.account.signIn}>
    <${Field} name="email" type="email" label=${texts.account.email} autocomplete="username" required />
    <${Field} name="password" type="password" label=${texts.account.password} autocomplete="current-password" required />
    <p class="quiet">${texts.account.signInHint}</p>
  <//>`;
}

/** @param {{ token: string, onDone: () => void }} props */
function AcceptForm({ token, onDone }) {
  const send = (/** @type {any} */ fields) => call("AccountService/AcceptInvitation", { token: fields.token.trim(), password: fields.password }).then(onDone);
  return html`<${Form} send=${send} submit=${texts.account.accept}>
    <${Field} name="token" label=${texts.account.token} autocomplete="off" value=${token} required />
    <${Field} name="password" type="password" label=${texts.account.newPassword} hint=${texts.account.passwordRule} autocomplete="new-password" required />
    <p class="quiet">${texts.account.acceptHint}</p>
  <//>`;
}

/** @param {{ token: string, onDone: () => void }} props */
function ResetForm({ token, onDone }) {
  const send = (/** @type {any} */ { password }) => call("AccountService/ResetPassword", { token, newPassword: password }).then(onDone);
  return html`<${Form} send=${send} submit=${texts.account.accept}>
    <${Field} name="password" type="password" label=${texts.account.newPassword} hint=${texts.account.passwordRule} autocomplete="new-password" required />
    <p class="quiet">${texts.account.resetHint}</p>
  <//>`;
}
