// The record of changes: who changed what, and what was before and after.

import { html } from "../vendor/preact.js";
import { Field } from "../parts/dialog.js";
import { usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Empty, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";

const FILTERS = /** @type {const} */ (["actor", "action", "resourcePrefix"]);
const told = texts.admin.audit;

/** @param {{ params: URLSearchParams }} props */
export function Audit({ params }) {
  const filter = Object.fromEntries(FILTERS.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])));
  const list = usePages("AdminService/ListAuditRecords", "auditRecords", filter);
  const apply = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const fields = [...new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))].filter(([, value]) => value);
    go(address("admin", new URLSearchParams(/** @type {any} */ ([["tab", "audit"], ...fields]))));
  };
  return html`
    <form class="row tools" role="search" aria-label=${told.filter} onSubmit=${apply}>
      ${FILTERS.map((name) => html`<${Field} key=${name} label=${told.filters[name]} name=${name} value=${filter[name] ?? ""} placeholder=${told.hints[name]} autocomplete="off" />`)}
      <button class="button">${texts.filters.apply}</button>
    </form>
    ${!list.data && html`<${Unloaded} loaded=${list} />`}
    ${list.data && !list.rows.length && html`<${Empty} title=${told.none}><p>${told.noneHint}</p><//>`}
    ${list.rows.length > 0 && html`<${Table} busy=${list.loading} heads=${[told.time, told.filters["actor"] ?? "", told.filters["action"] ?? "", told.change]}>
      ${list.rows.map((record) => html`<${RecordRow} key=${record.id} record=${record} />`)}<//>`}
    <${More} list=${list} />
  `;
}

/** @param {{ record: AuditRecordJson }} props */
function RecordRow({ record }) {
  const { createTime, actor, endUser, action, resource = "", before = {}, after = {}, requestId } = record;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return html`
    <tr>
      <td class="time">${texts.catalogue.when(createTime)}</td>
      <td>${actor}${endUser && html`<small>${told.endUser(endUser)}</small>`}</td>
      <td>${action || told.byServer}</td>
      <td class="wide"><details>
        <summary><code>${resource}</code></summary>
        <dl class="facts">${fields.map((name) => html`<div key=${name}><dt>${name}</dt><dd>${shown(before[name])}${name in before && " → "}${shown(after[name])}</dd></div>`)}
          <div><dt>${told.filters["action"]}</dt><dd><code>${requestId}</code></dd></div></dl>
      </details></td>
    </tr>
  `;
}

/** @param {any} value */
function shown(value) {
  if (value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
