// Who is signed in, what they may do, and another password for them.

import { html, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Facts } from "../catalogue/facts.js";
import { Field, Form } from "../parts/dialog.js";
import { tell } from "../parts/notices.js";
import { texts } from "../texts.js";
import { scopeName, useAccount } from "./account.js";

export function Page() {
  const { me } = useAccount();
  const [turn, setTurn] = useState(0);
  const user = me?.user;
  const role = (user?.role ?? "").replace("ROLE_", "");
  const changed = () => (tell(texts.account.changed), setTurn(turn + 1));
  return html`
    <div class="page narrow">
      <div class="page-head"><h1>${texts.account.title}</h1></div>
      ${!user && html`<p>${texts.account.anyone}</p>`}
      <${Facts} facts=${[
        [texts.account.email, user?.email],
        [texts.admin.users.role, user && texts.admin.users.roles[role]],
        [texts.admin.tabs["tenant"], me?.tenant],
        [texts.account.mayDo, (me?.scopes ?? []).map((scope) => scopeName(scope)).join(", ")],
      ]} />
      ${user && html`<section class="section">
        <h2>${texts.account.changePassword}</h2>
        <${Form} key=${turn} submit=${texts.account.changePassword} send=${(/** @type {any} */ fields) => call("AccountService/ChangePassword", fields)} onSent=${changed}>
          <${Field} name="currentPassword" type="password" label=${texts.account.currentPassword} autocomplete="current-password" required />
          <${Field} name="newPassword" type="password" label=${texts.account.newPassword} hint=${texts.account.passwordRule} autocomplete="new-password" required />
        <//>
      </section>`}
    </div>
  `;
}
