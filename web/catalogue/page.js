// The catalogue as a grid or a table: products, photos, items.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { usePages } from "../parts/loaded.js";
import { Empty, Failure, Loading } from "../parts/notices.js";
import { More } from "../parts/more.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { CARDS, Cards } from "./cards.js";
import { Rows } from "./rows.js";

const PAGE_SIZE = 48;
export const TABS = /** @type {const} */ (["products", "photos", "items"]);
/** What each list may be ordered by, the first as it is without a choice. @type {Record<string, string[]>} */
const ORDERS = {
  products: ["create_time desc", "update_time desc", "display_name", "brand", "price", "price desc"],
  photos: ["create_time desc", "update_time desc", "name", "size_bytes desc"],
  items: [],
};

/** @typedef {{ tab: string, text: string, order: string, table: boolean, deleted: boolean }} View as the address has it */

/** @param {URLSearchParams} params @returns {View} */
function viewOf(params) {
  const tab = TABS.find((name) => name === params.get("tab")) ?? "products";
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  return { tab, text: text("q"), order: text("order"), table: text("view") === "table", deleted: text("deleted") === "1" };
}

/** @param {View} view */
function addressOf({ tab, text, order, table, deleted }) {
  const params = { tab, ...(text && { q: text }), ...(order && { order }), ...(table && { view: "table" }), ...(deleted && { deleted: "1" }) };
  return address("catalogue", new URLSearchParams(params));
}

/** @param {{ params: URLSearchParams }} props */
export function CataloguePage({ params }) {
  const account = useAccount();
  const view = viewOf(params);
  const show = (/** @type {Partial<View>} */ changes) => go(addressOf({ ...view, ...changes }));
  return html`
    <div class="page">
      <div class="page-head">
        <h1>${texts.catalogue.title}</h1>
        <div class="row">
          <a class="button" href=${address("transfer")}>${texts.transfer.title}</a>
          ${may(account, "WRITE") && html`
            <a class="button" href=${address("products/new")}><${Icon} name="plus" />${texts.product.add}</a>
            <a class="button strong" href=${address("upload")}><${Icon} name="upload" />${texts.catalogue.add}</a>`}
        </div>
      </div>
      <div class="row tabs">
        ${TABS.map((name) => html`<button type="button" key=${name} class="chip" aria-pressed=${name === view.tab}
          onClick=${() => show({ tab: name, text: "", order: "" })}>${texts.catalogue.tabs[name]}</button>`)}
        ${view.tab !== "items" && html`<label class="check end"><input type="checkbox" checked=${view.deleted}
          onChange=${() => show({ deleted: !view.deleted })} /><span>${texts.catalogue.showDeleted}</span></label>`}
      </div>
      <${Tools} key=${`${view.tab} ${view.text}`} view=${view} show=${show} />
      <${List} key=${view.tab} view=${view} show=${show} />
    </div>
  `;
}

/** What is looked for, in which order, as a grid or a table. @param {{ view: View, show: (changes: Partial<View>) => void }} props */
function Tools({ view, show }) {
  const orders = ORDERS[view.tab] ?? [];
  const look = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    show({ text: String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("q")).trim() });
  };
  return html`
    <div class="row tools">
      ${orders.length > 0 && html`
        <form class="words search-field" role="search" onSubmit=${look}>
          <input type="search" name="q" defaultValue=${view.text} aria-label=${texts.catalogue.look[view.tab]} placeholder=${texts.catalogue.look[view.tab]} autocomplete="off" />
          <button class="button icon-only" aria-label=${texts.search.go}><${Icon} name="search" /></button>
        </form>
        <label class="row"><span class="unseen">${texts.catalogue.order}</span>
          <select aria-label=${texts.catalogue.order} onChange=${(/** @type {any} */ event) => show({ order: event.currentTarget.value })}>
            ${orders.map((each, index) => html`<option key=${each} value=${index ? each : ""} selected=${each === view.order}>${texts.catalogue.orders[each]}</option>`)}
          </select></label>`}
      <div class="row end" role="group" aria-label=${texts.catalogue.view}>
        ${[false, true].map((table) => html`<button type="button" key=${table} class="button icon-only" aria-pressed=${table === view.table}
          aria-label=${table ? texts.catalogue.table : texts.catalogue.grid} title=${table ? texts.catalogue.table : texts.catalogue.grid}
          onClick=${() => show({ table })}><${Icon} name=${table ? "table" : "grid"} /></button>`)}
      </div>
    </div>
  `;
}

const ASK = /** @type {Record<string, (request: any, signal: AbortSignal) => Promise<{ rows: any[], next: string }>>} */ ({
  products: (request, signal) =>
    call("CatalogService/ListProducts", { ...request, includePrimaryCropUrls: true }, signal).then(({ products = [], nextPageToken = "" }) => ({ rows: products, next: nextPageToken })),
  photos: (request, signal) =>
    call("CatalogService/ListImages", { ...request, includeThumbnailUrls: true }, signal).then(({ images = [], nextPageToken = "" }) => ({ rows: images, next: nextPageToken })),
  items: ({ pageSize, pageToken }, signal) =>
    call("CatalogService/ListItems", { pageSize, pageToken, includeCropUrls: true }, signal).then(({ items = [], nextPageToken = "" }) => ({ rows: items, next: nextPageToken })),
});

/** @param {{ view: View, show: (changes: Partial<View>) => void }} props */
function List({ view, show }) {
  const { tab, text, order, table, deleted } = view;
  const request = { pageSize: PAGE_SIZE, ...(text && { text }), ...(order && { orderBy: order }), ...(deleted && { showDeleted: true }) };
  const list = usePages((pageToken, signal) => /** @type {any} */ (ASK[tab])({ ...request, pageToken }, signal), [tab, text, order, deleted]);
  if (list.error) return html`<${Failure} error=${list.error} retry=${list.reload} />`;
  if (!list.data) return html`<${Loading} />`;
  if (!list.rows.length && text) return html`<${Empty} title=${texts.catalogue.noneFound}><p>${texts.catalogue.noneFoundHint}</p><//>`;
  if (!list.rows.length) return html`<${Empty} title=${texts.catalogue.empty}><p>${texts.catalogue.emptyHint}</p><//>`;
  return html`
    <div aria-busy=${list.loading}>
      ${table
        ? html`<${Rows} tab=${tab} rows=${list.rows} order=${order} onOrder=${(/** @type {string} */ next) => show({ order: next })} onChanged=${list.reload} />`
        : html`<${Cards} card=${CARDS[tab]} rows=${list.rows} onChanged=${list.reload} />`}
    </div>
    <${More} list=${list} />
  `;
}
