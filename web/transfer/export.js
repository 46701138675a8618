// The whole catalogue in files: written by the server, then fetched.

import { html, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { useLoaded } from "../parts/loaded.js";
import { Failure, tell } from "../parts/notices.js";
import { explained, sizeText, texts } from "../texts.js";
import { Following } from "./following.js";

const told = texts.transfer;

export function Export() {
  const last = useLoaded((signal) => call("OperationService/ListOperations", { kinds: ["OPERATION_KIND_EXPORT"], pageSize: 1 }, signal), []);
  const [begun, setBegun] = useState("");
  const shown = begun || last.data?.operations?.[0]?.id;
  const start = () => call("CatalogService/StartCatalogExport", {}).then(({ operation }) => setBegun(operation?.id ?? ""), (error) => tell(explained(error)));
  return html`
    <section class="section">
      <h2>${told.export}</h2>
      <p class="quiet">${told.exportHint}</p>
      <p><button type="button" class="button" onClick=${start}>${told.exportStart}</button></p>
      ${last.error && html`<${Failure} error=${last.error} retry=${last.reload} />`}
      ${shown && html`<${Following} key=${shown} operationId=${shown} result=${Parts} />`}
    </section>
  `;
}

/** @param {{ operation: OperationJson }} props */
function Parts({ operation }) {
  /** @type {CatalogExportPartJson[]} */
  const parts = /** @type {any} */ (operation.response)?.parts ?? [];
  const expires = /** @type {any} */ (operation.response)?.expireTime;
  if (!parts.length || Date.parse(expires) < Date.now()) return null;
  const save = (/** @type {string} */ part) => download(operation.id ?? "", part).catch((error) => tell(explained(error)));
  return html`
    <ul class="row">${parts.map(({ name = "", sizeBytes }) => html`<li key=${name}>
      <button type="button" class="button small" onClick=${() => save(name)}>${name} <span class="quiet">${sizeText(Number(sizeBytes ?? 0))}</span></button></li>`)}</ul>
  `;
}

/** Fetches a part, and has the browser save it. @param {string} operationId @param {string} part */
async function download(operationId, part) {
  const { content = "" } = await call("CatalogService/GetCatalogExportPart", { operationId, part });
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/x-ndjson" }));
  link.download = part;
  link.click();
  URL.revokeObjectURL(link.href);
}
