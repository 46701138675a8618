// What the server works on: photos that are indexed, and operations.

import { html } from "../vendor/preact.js";
import { Tabs } from "../parts/tabs.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { Operations } from "./operations.js";
import { Photos } from "./photos.js";

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const tab = params.get("tab") === "operations" ? "operations" : "photos";
  return html`
    <div class="page">
      <div class="page-head"><h1>${texts.jobs.title}</h1></div>
      <${Tabs} name=${texts.jobs.title} current=${tab === "photos" ? 0 : 1} tabs=${[[texts.jobs.tabs.photos, address("jobs")], [texts.jobs.tabs.operations, address("jobs?tab=operations")]]} />
      ${tab === "photos" ? html`<${Photos} params=${params} />` : html`<${Operations} />`}
    </div>
  `;
}
