// What the server works on: photos that are indexed, and operations.

import { html } from "../vendor/preact.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { Operations } from "./operations.js";
import { Photos } from "./photos.js";

const TABS = /** @type {const} */ (["photos", "operations"]);

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const tab = params.get("tab") === "operations" ? "operations" : "photos";
  const show = (/** @type {string} */ name) => go(address("jobs", new URLSearchParams(name === "photos" ? {} : { tab: name })));
  return html`
    <div class="page">
      <div class="page-head"><h1>${texts.jobs.title}</h1></div>
      <div class="row tabs">
        ${TABS.map((name) => html`<button type="button" key=${name} class="chip" aria-pressed=${name === tab} onClick=${() => show(name)}>
          ${texts.jobs.tabs[name]}</button>`)}
      </div>
      ${tab === "photos" ? html`<${Photos} params=${params} />` : html`<${Operations} />`}
    </div>
  `;
}
