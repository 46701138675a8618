// The pages of reviewers: the queue, and what has come of it.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Unloaded } from "../parts/notices.js";
import { Tabs } from "../parts/tabs.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { QueueFilter } from "./filter.js";
import { wantedOf } from "./queue.js";
import { Review } from "./review.js";
import { Statistics } from "./statistics.js";

/** @param {{ id: string, params: URLSearchParams }} props */
export function Page({ id, params }) {
  const account = useAccount();
  if (!may(account, "REVIEW")) return html`<${Empty} level="h1" title=${texts.review.title}><p>${texts.review.mayNot}</p><//>`;
  const told = id === "statistics";
  return html`
    <div class="page">
      <div class="page-head"><h1>${told ? texts.review.statistics : texts.review.title}</h1></div>
      <${Tabs} name=${texts.review.title} current=${told ? 1 : 0} tabs=${[[texts.review.queue, address("review")], [texts.review.statistics, address("review/statistics")]]} />
      ${told ? html`<${Statistics} params=${params} />` : html`<${Queue} params=${params} author=${account.me?.subject ?? ""} />`}
    </div>
  `;
}

/** @param {{ params: URLSearchParams, author: string }} props */
function Queue({ params, author }) {
  const taxonomy = useLoaded((signal) => call("CatalogService/GetTaxonomy", {}, signal), []);
  if (!taxonomy.data) return html`<${Unloaded} loaded=${taxonomy} />`;
  const attributes = taxonomy.data.taxonomy?.attributes ?? [];
  const wanted = wantedOf(params);
  return html`
    <${QueueFilter} wanted=${wanted} categories=${attributes.find(({ name }) => name === "category")?.values ?? []} />
    <${Review} key=${JSON.stringify(wanted)} wanted=${wanted} attributes=${attributes} author=${author} />
  `;
}
