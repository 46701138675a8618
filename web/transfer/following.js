// An operation that was started here, followed to its end.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { OperationPanel, WATCH_MS } from "../jobs/operations.js";
import { hasEnded } from "../jobs/states.js";
import { useEvery } from "../parts/live.js";
import { useLoaded, usePages } from "../parts/loaded.js";
import { Unloaded } from "../parts/notices.js";
import { More } from "../parts/more.js";
import { texts } from "../texts.js";

/** @param {{ operationId: string, failures?: boolean, result?: any }} props `result` shows what came of it */
export function Following({ operationId, failures = false, result }) {
  const loaded = useLoaded((signal) => call("OperationService/GetOperation", { operationId }, signal), [operationId]);
  const operation = loaded.data?.operation;
  const ended = hasEnded(operation?.state);
  useEvery(ended ? 0 : WATCH_MS, loaded.reload);
  if (!operation) return html`<${Unloaded} loaded=${loaded} />`;
  return html`<${OperationPanel} operation=${operation} onChanged=${loaded.reload}>
    ${ended && failures && html`<${Failures} operationId=${operationId} />`}
    ${ended && result && html`<${result} operation=${operation} />`}
  <//>`;
}

/** @param {{ operationId: string }} props */
function Failures({ operationId }) {
  const list = usePages("CatalogService/ListImportFailures", "failures", { operationId });
  if (!list.rows.length) return null;
  return html`
    <p><strong>${texts.transfer.failed}</strong></p>
    <ul class="history">${list.rows.map(({ number, source, error }) => html`<li key=${number}><span class="quiet">${source}</span> ${error?.message}</li>`)}</ul>
    <${More} list=${list} />
  `;
}
