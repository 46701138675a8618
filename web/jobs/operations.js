// Operations: imports, exports, back-fills and the like, with their progress.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { useEvery } from "../parts/live.js";
import { usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Empty, tell, Unloaded } from "../parts/notices.js";
import { sentenceCase } from "../parts/values.js";
import { explained, number, texts } from "../texts.js";
import { hasEnded, mayRetry, State } from "./states.js";

const PAGE_SIZE = 20;
export const WATCH_MS = 1_000;
const IDLE_MS = 10_000;

export function Operations() {
  const list = usePages("OperationService/ListOperations", "operations", { pageSize: PAGE_SIZE });
  const open = list.rows.some(({ state }) => !hasEnded(state));
  useEvery(open ? WATCH_MS : IDLE_MS, () => list.rows.length <= PAGE_SIZE && list.reload());
  if (!list.data) return html`<${Unloaded} loaded=${list} />`;
  if (!list.rows.length) return html`<${Empty} title=${texts.jobs.noOperations}><p>${texts.jobs.noOperationsHint}</p><//>`;
  return html`
    <ul class="operations">${list.rows.map((operation) => html`<li key=${operation.id}><${OperationPanel} operation=${operation} onChanged=${list.reload} /></li>`)}</ul>
    <${More} list=${list} byButton />
  `;
}

/** One operation with its progress and what may be done with it. @param {{ operation: OperationJson, onChanged: () => void, children?: any }} props */
export function OperationPanel({ operation, onChanged, children }) {
  const account = useAccount();
  const { id = "", kind = "", state, progress = {}, error, response, cancelRequested, createTime, endTime } = operation;
  const name = texts.jobs.kinds[kind.replace("OPERATION_KIND_", "")] ?? kind;
  const act = (/** @type {"OperationService/CancelOperation" | "OperationService/RetryOperation"} */ method) => () =>
    call(method, { operationId: id }).then(onChanged, (failed) => tell(explained(failed)));
  const changes = may(account, "WRITE") || may(account, "ADMIN");
  return html`
    <section class="operation" aria-label=${name}>
      <p class="row"><strong>${name}</strong> <${State} state=${state} />
        <span class="quiet end">${texts.catalogue.when(createTime)}${endTime && ` – ${texts.catalogue.when(endTime)}`}</span></p>
      ${!hasEnded(state) && html`<${Progress} ...${progress} />`}
      ${error && html`<p class="failed-text">${error.message}</p>`}
      <${Report} response=${response} />
      ${children}
      ${changes && html`<p class="row">
        ${!hasEnded(state) && html`<button type="button" class="button small" disabled=${cancelRequested} aria-label=${`${texts.app.cancel}: ${name}`} onClick=${act("OperationService/CancelOperation")}>
          ${cancelRequested ? texts.jobs.cancelling : texts.app.cancel}</button>`}
        ${mayRetry(state) && html`<button type="button" class="button small" aria-label=${`${texts.app.retry}: ${name}`} onClick=${act("OperationService/RetryOperation")}>${texts.app.retry}</button>`}
      </p>`}
    </section>
  `;
}

/** @param {{ unit?: string, done?: string, failed?: string, total?: string, message?: string }} props */
function Progress({ unit = "", done = "0", failed = "0", total = "0", message = "" }) {
  const told = texts.jobs.progress(Number(done), Number(total), unit);
  return html`
    <progress max=${Number(total) || 1} value=${Number(total) ? Number(done) + Number(failed) : undefined} aria-label=${told}></progress>
    <p class="quiet">${[told, Number(failed) > 0 && texts.jobs.failedCount(Number(failed)), message].filter(Boolean).join(" · ")}</p>
  `;
}

/** The figures of what came of an operation. @param {{ response: any }} props */
function Report({ response }) {
  const figures = Object.entries(response ?? {}).filter(([key, value]) => key !== "@type" && ["string", "number", "boolean"].includes(typeof value) && value !== "");
  if (!figures.length) return null;
  return html`<p class="quiet">${figures.map(([key, value]) => `${words(key)}: ${figure(value)}`).join(" · ")}</p>`;
}

/** "photosIndexed" as words. @param {string} key */
function words(key) {
  return sentenceCase(key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

/** @param {any} value */
function figure(value) {
  if (typeof value === "boolean") return value ? texts.app.yes : texts.app.no;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return texts.catalogue.when(value);
  return value !== "" && Number.isFinite(Number(value)) ? number.format(Number(value)) : value;
}
