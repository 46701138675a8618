// Which items the queue has, as the address keeps it.

import { html } from "../vendor/preact.js";
import { Choice } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";

/** @import { Wanted } from "./queue.js" */

const SHARES = ["0.1", "0.25", "1"];

/** @param {{ wanted: Wanted, categories: string[] }} props */
export function QueueFilter({ wanted, categories }) {
  const change = (/** @type {Partial<Wanted>} */ changes) => {
    const { queue, category, version, audit, neverSeen } = { ...wanted, ...changes };
    const known = { queue, category, version, audit: audit ? String(audit) : "", seen: neverSeen ? "0" : "" };
    go(address("review", new URLSearchParams(Object.entries(known).filter(([, value]) => value))));
  };
  const value = (/** @type {any} */ event) => String(event.target.value);
  return html`
    <details class="filter-drawer review-filter" open=${matchMedia("(min-width: 45rem)").matches}>
      <summary class="button"><${Icon} name="filter" />${texts.filters.title}</summary>
      <div class="row tools">
      <${Choice} label=${texts.catalogue.order} name="queue" value=${wanted.queue} onChange=${(/** @type {any} */ event) => change({ queue: value(event) })}
        options=${[["", texts.review.useful], ["disagreements", texts.review.disagreements]]} />
      <${Choice} label=${texts.catalogue.category} name="category" value=${wanted.category} onChange=${(/** @type {any} */ event) => change({ category: value(event) })}
        options=${[["", texts.review.anything], ...categories.map((each) => [each, each])]} />
      <${Choice} label=${texts.review.audit} name="audit" value=${String(wanted.audit)} onChange=${(/** @type {any} */ event) => change({ audit: Number(value(event)) })}
        options=${[["0", texts.review.none], ...SHARES.map((share) => [share, texts.review.percent(100 * Number(share))])]} />
      <label class="check"><input type="checkbox" checked=${wanted.neverSeen} onChange=${() => change({ neverSeen: !wanted.neverSeen })} /><span>${texts.review.neverSeen}</span></label>
      ${wanted.version && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => change({ version: "" })}>${texts.review.ofVersion(wanted.version)}</button>`}
      </div>
    </details>
  `;
}
