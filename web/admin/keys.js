// Keys of programs: made, shown once, renewed, revoked.

import { html, useState } from "../vendor/preact.js";
import { scopeName, SCOPES } from "../account/account.js";
import { call } from "../api/call.js";
import { AskButton, Choice, Dialog, Field, Form, Secret } from "../parts/dialog.js";
import { usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Empty, tell, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { texts } from "../texts.js";

const DAY_S = 24 * 60 * 60;
const told = texts.admin.keys;

export function Keys() {
  const list = usePages("AdminService/ListApiKeys", "apiKeys");
  const [secret, setSecret] = useState("");
  const [making, setMaking] = useState(false);
  const show = (/** @type {{ key?: string }} */ { key = "" }) => (setMaking(false), setSecret(key), list.reload());
  if (!list.data) return html`<${Unloaded} loaded=${list} />`;
  return html`
    <div class="section-head tools"><p class="quiet">${told.hint}</p>
      <button type="button" class="button strong" onClick=${() => setMaking(true)}>${told.make}</button></div>
    ${list.rows.length ? html`<${Table} heads=${[told.name, told.scopes, told.lastUse, told.ends, ""]}>
      ${list.rows.map((key) => html`<${KeyRow} key=${key.id} row=${key} onRenewed=${show} onChanged=${list.reload} />`)}<//>` : html`<${Empty} title=${told.none}><p>${told.noneHint}</p><//>`}
    <${More} list=${list} />
    ${making && html`<${KeyForm} onMade=${show} onClose=${() => setMaking(false)} />`}
    ${secret && html`<${Secret} title=${told.made} hint=${told.madeHint} secret=${secret} onClose=${() => setSecret("")} />`}
  `;
}

/** @param {{ row: ApiKeyJson, onRenewed: (answer: { key?: string }) => void, onChanged: () => void }} props */
function KeyRow({ row, onRenewed, onChanged }) {
  const { id = "", name = "", tenant, scopes = [], lastUseTime, expireTime, revokeTime } = row;
  const revoke = () => call("AdminService/RevokeApiKey", { keyId: id }).then(() => (tell(told.revoked(name)), onChanged()));
  return html`
    <tr>
      <td class="wide">${name}<small><code>${id}</code> · ${tenant}</small></td>
      <td>${scopes.map((scope) => scopeName(scope)).join(", ")}</td>
      <td class="time">${texts.catalogue.when(lastUseTime) || told.never}</td>
      <td>${revokeTime ? html`<span class="tag state bad">${told.isRevoked}</span>` : texts.catalogue.when(expireTime) || told.noEnd}</td>
      <td class="acts">${!revokeTime && html`
        <${AskButton} label=${told.renew} name=${`${told.renew}: ${name}`} question=${told.renewQuestion(name)} hint=${told.renewHint}
          act=${() => call("AdminService/RotateApiKey", { keyId: id, overlap: `${DAY_S}s` }).then(onRenewed)} />
        <${AskButton} label=${told.revoke} name=${`${told.revoke}: ${name}`} question=${told.revokeQuestion(name)} hint=${told.revokeHint} act=${revoke} />
      `}</td>
    </tr>
  `;
}

/** @param {{ onMade: (answer: any) => void, onClose: () => void }} props */
function KeyForm({ onMade, onClose }) {
  const send = (/** @type {any} */ fields, /** @type {HTMLFormElement} */ form) => {
    const scopes = /** @type {any} */ (new FormData(form).getAll("scope"));
    return call("AdminService/CreateApiKey", { name: fields.name, scopes, ...(fields.days && { lifetime: `${Number(fields.days) * DAY_S}s` }) });
  };
  return html`
    <${Dialog} title=${told.make} onClose=${onClose}>
      <${Form} submit=${told.make} send=${send} onSent=${onMade} onCancel=${onClose}>
        <${Field} label=${told.name} hint=${told.nameHint} name="name" maxlength="100" required autocomplete="off" />
        <fieldset><legend>${told.scopes}</legend>
          ${SCOPES.map((scope) => html`<label key=${scope} class="check"><input type="checkbox" name="scope" value=${`SCOPE_${scope}`} defaultChecked=${scope === "READ"} />
            <span>${scopeName(scope)} <small class="quiet">${texts.admin.scopeHints[scope]}</small></span></label>`)}
        </fieldset>
        <${Choice} label=${told.ends} name="days" options=${/** @type {any} */ ([["", told.noEnd], ["30", told.days(30)], ["90", told.days(90)], ["365", told.days(365)]])} />
      <//>
    <//>
  `;
}
