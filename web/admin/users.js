// Users of the page: invited, with the role that says what they may do.

import { html, useState } from "../vendor/preact.js";
import { useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { AskButton, Choice, Dialog, Field, Form, Secret } from "../parts/dialog.js";
import { usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Empty, tell, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { address } from "../router.js";
import { explained, texts } from "../texts.js";

const ROLES = ["VIEWER", "REVIEWER", "EDITOR", "ADMINISTRATOR"];
const told = texts.admin.users;
/** @type {[string, string][]} */
const ROLE_OPTIONS = ROLES.map((role) => [`ROLE_${role}`, told.roles[role] ?? role]);

export function Users() {
  const list = usePages("AdminService/ListUsers", "users");
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState(/** @type {{ title: string, hint: string, secret: string } | null} */ (null));
  const invited = (/** @type {any} */ { user, token }) => {
    setInviting(false);
    setLink({ title: told.invited(user.email), hint: told.invitedHint, secret: linkOf({ token }) });
    list.reload();
  };
  const reset = (/** @type {UserJson} */ { id = "", email = "" }) =>
    call("AdminService/CreatePasswordReset", { userId: id }).then(({ token = "" }) => setLink({ title: told.invited(email), hint: told.invitedHint, secret: linkOf({ reset: token }) }));
  if (!list.data) return html`<${Unloaded} loaded=${list} />`;
  return html`
    <div class="section-head tools"><p class="quiet">${told.hint}</p>
      <button type="button" class="button strong" onClick=${() => setInviting(true)}>${told.invite}</button></div>
    ${list.rows.length ? html`<${Table} heads=${[told.user, told.role, told.lastSignIn, ""]}>
      ${list.rows.map((user) => html`<${UserRow} key=${user.id} user=${user} onReset=${reset} onChanged=${list.reload} />`)}<//>` : html`<${Empty} title=${told.none}><p>${told.noneHint}</p><//>`}
    <${More} list=${list} />
    ${inviting && html`<${InviteForm} onInvited=${invited} onClose=${() => setInviting(false)} />`}
    ${link && html`<${Secret} ...${link} onClose=${() => setLink(null)} />`}
  `;
}

/** The page's address for whoever was given a token. @param {Record<string, string>} params */
function linkOf(params) {
  return location.origin + address("", new URLSearchParams(params));
}

/** @param {{ user: UserJson, onReset: (user: UserJson) => Promise<void>, onChanged: () => void }} props */
function UserRow({ user, onReset, onChanged }) {
  const { me } = useAccount();
  const { id = "", email = "", displayName, role = "", disabled = false, hasPassword, lastSignInTime } = user;
  const own = me?.user?.id === id;
  const update = (/** @type {UserJson} */ changes, /** @type {string} */ updateMask) =>
    call("AdminService/UpdateUser", { user: { id, ...changes }, updateMask }).then(onChanged, (error) => (tell(explained(error)), onChanged()));
  return html`
    <tr>
      <td class="wide">${email}<small>${[displayName !== email && displayName, disabled && told.disabled, !hasPassword && told.notAccepted].filter(Boolean).join(" · ")}</small></td>
      <td><select aria-label=${`${told.role}: ${email}`} disabled=${own} onChange=${(/** @type {any} */ event) => update({ role: event.currentTarget.value }, "role")}>
        ${ROLE_OPTIONS.map(([each, text]) => html`<option key=${each} value=${each} selected=${each === role}>${text}</option>`)}</select></td>
      <td class="time">${texts.catalogue.when(lastSignInTime) || texts.admin.keys.never}</td>
      <td class="acts">${!own && html`
        <button type="button" class="button small" aria-label=${`${told.reset}: ${email}`} onClick=${() => onReset(user).catch((error) => tell(explained(error)))}>${told.reset}</button>
        <button type="button" class="button small" aria-label=${`${disabled ? told.enable : told.disable}: ${email}`} onClick=${() => update({ disabled: !disabled }, "disabled")}>${disabled ? told.enable : told.disable}</button>
        <${AskButton} label=${texts.catalogue.remove} name=${`${texts.catalogue.remove}: ${email}`} question=${told.removeQuestion(email)} hint=${told.removeHint}
          act=${() => call("AdminService/DeleteUser", { userId: id }).then(onChanged)} />
      `}</td>
    </tr>
  `;
}

/** @param {{ onInvited: (answer: any) => void, onClose: () => void }} props */
function InviteForm({ onInvited, onClose }) {
  return html`
    <${Dialog} title=${told.invite} onClose=${onClose}>
      <${Form} submit=${told.invite} send=${(/** @type {any} */ fields) => call("AdminService/InviteUser", fields)} onSent=${onInvited} onCancel=${onClose}>
        <${Field} label=${texts.account.email} name="email" type="email" maxlength="254" required autocomplete="off" />
        <${Field} label=${told.displayName} name="displayName" maxlength="100" autocomplete="off" />
        <${Choice} label=${told.role} name="role" options=${ROLE_OPTIONS} />
        <ul class="quiet">${ROLES.map((role) => html`<li key=${role}>${told.roles[role]}: ${told.roleHints[role]}</li>`)}</ul>
      <//>
    <//>
  `;
}
