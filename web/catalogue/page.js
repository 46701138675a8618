// The catalogue as a grid or a table: products, photos, items.

import { html, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { useLoaded, usePages } from "../parts/loaded.js";
import { Empty, Unloaded } from "../parts/notices.js";
import { More } from "../parts/more.js";
import { Tabs } from "../parts/tabs.js";
import { address, go } from "../router.js";
import { Filters } from "../search/filters.js";
import { filterCount, newQuery, parseQuery, queryParams, withoutFilters } from "../search/query.js";
import { filterOf, whereText } from "../search/request.js";
import { countedFacets } from "../search/results.js";
import { texts } from "../texts.js";
import { CARDS, Cards, CHUNK } from "./cards.js";
import { Rows } from "./rows.js";

const MOST_ITEMS = 200;
export const TABS = /** @type {const} */ (["products", "photos", "items"]);
/** What each list may be ordered by, the first as it is without a choice. @type {Record<string, string[]>} */
const ORDERS = {
  products: ["create_time desc", "update_time desc", "display_name", "brand", "price", "price desc"],
  photos: ["create_time desc", "update_time desc", "name", "size_bytes desc"],
  items: [],
};

/** What each list may be filtered by, and which field has when its rows were added. @type {Record<string, { fields: string[], time: string }>} */
const FILTERS = {
  products: { fields: ["category", "color", "brand", "product_type", "availability"], time: "product_create_time" },
  items: { fields: ["category", "color", "pattern", "style", "brand", "availability"], time: "create_time" },
};

/** @typedef {{ tab: string, text: string, order: string, table: boolean, deleted: boolean, filters: Query }} View as the address has it */

/** @param {URLSearchParams} params @returns {View} */
function viewOf(params) {
  const tab = TABS.find((name) => name === params.get("tab")) ?? "products";
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  return { tab, text: text("q"), order: text("order"), table: text("view") === "table", deleted: text("deleted") === "1", filters: newQuery(parseQuery(params), { group: true }) };
}

/** @param {View} view */
function addressOf({ tab, text, order, table, deleted, filters }) {
  const params = { tab, ...(text && { q: text }), ...(order && { order }), ...(table && { view: "table" }), ...(deleted && { deleted: "1" }) };
  return address("catalogue", new URLSearchParams([...Object.entries(params), ...queryParams(filters)]));
}

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const account = useAccount();
  const view = viewOf(params);
  const show = (/** @type {Partial<View>} */ changes) => go(addressOf({ ...view, ...changes }));
  return html`
    <div class="page widest">
      <div class="page-head">
        <h1>${texts.catalogue.title}</h1>
        <div class="row">
          <a class="button" href=${address("taxonomy")}>${texts.taxonomy.title}</a>
          <a class="button" href=${address("transfer")}>${texts.transfer.title}</a>
          ${may(account, "WRITE") && html`
            <a class="button" href=${address("products/new")}><${Icon} name="plus" />${texts.product.add}</a>
            <a class="button strong" href=${address("upload")}><${Icon} name="upload" />${texts.catalogue.add}</a>`}
        </div>
      </div>
      <${Tabs} name=${texts.catalogue.title} current=${TABS.indexOf(/** @type {any} */ (view.tab))}
        tabs=${TABS.map((tab) => [texts.catalogue.tabs[tab], addressOf({ ...view, tab, text: "", order: "", filters: withoutFilters(view.filters) })])}>
        ${view.tab !== "items" && html`<label class="check end"><input type="checkbox" checked=${view.deleted}
          onChange=${() => show({ deleted: !view.deleted, filters: withoutFilters(view.filters) })} /><span>${texts.catalogue.onlyDeleted}</span></label>`}
      <//>
      <${Tools} key=${`${view.tab} ${view.text}`} view=${view} show=${show} />
      ${FILTERS[view.tab] && !view.deleted && html`<${Narrowing} key=${`f ${view.tab}`} view=${view} show=${show} />`}
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
          <button class="button icon-only" aria-label=${texts.search.title}><${Icon} name="search" /></button>
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

/** By which fields the list is filtered; the values are counted once it is opened. @param {{ view: View, show: (changes: Partial<View>) => void }} props */
function Narrowing({ view, show }) {
  const { limits } = useAccount();
  const count = filterCount(view.filters);
  const [open, setOpen] = useState(count > 0 && matchMedia("(min-width: 60rem)").matches);
  const fields = (FILTERS[view.tab]?.fields ?? []).filter((field) => limits?.filterFields?.includes(field));
  const counted = useLoaded((signal) => (open ? countedFacets(view.filters, fields, signal) : Promise.resolve([])), [open, view.filters, fields]);
  return html`
    <details class="filter-drawer" aria-busy=${counted.loading} open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
      <summary class="button"><${Icon} name="filter" />${count ? texts.filters.titleWith(count) : texts.filters.title}</summary>
      ${open && html`<${Filters} wide query=${view.filters} facets=${counted.data ?? []} ofHits=${false} note=${view.tab === "products" ? texts.filters.ofItems : ""} onChange=${(/** @type {Query} */ filters) => show({ filters })} />`}
    </details>
  `;
}

/** The call that lists each, the field of its rows, and what brings their pictures. @type {Record<string, [method: any, field: string, pictures: object]>} */
const LISTS = {
  products: ["CatalogService/ListProducts", "products", { includePrimaryCropUrls: true }],
  photos: ["CatalogService/ListImages", "images", { includeThumbnailUrls: true }],
  items: ["CatalogService/ListItems", "items", { includeCropUrls: true }],
};

/** Products with the item that passes the filter, where the one that represents them does not. @param {ProductJson[]} products @param {string} where @param {AbortSignal} signal */
async function fitting(products, where, signal) {
  const ids = products.map(({ id }) => `"${id}"`).join("|");
  const { items = [] } = ids ? await call("CatalogService/ListItems", { where: `${where},product_id=${ids}`, includeCropUrls: true, pageSize: MOST_ITEMS }, signal).catch(() => ({ items: [] })) : {}; // without it they are shown as they are
  return products.map((product) => {
    const its = items.filter(({ productId }) => productId === product.id);
    const item = its.find(({ id }) => id === product.primaryItemId) ?? its[0];
    return item ? { ...product, primaryItemId: item.id, primaryCropUrl: item.cropUrl } : product;
  });
}

/** @param {{ view: View, show: (changes: Partial<View>) => void }} props */
function List({ view, show }) {
  const { tab, text, order, table, deleted, filters } = view;
  const [method, field, pictures] = /** @type {any} */ (LISTS[tab]);
  const where = FILTERS[tab] ? whereText(filterOf(filters, FILTERS[tab].time)) : "";
  const asked = tab === "items" ? {} : { ...(text && { text }), ...(order && { orderBy: order }), ...(deleted && { onlyDeleted: true }) };
  const list = usePages(method, field, { pageSize: CHUNK, ...pictures, ...asked, ...(where && { where }) }, tab === "products" && where ? (rows, signal) => fitting(rows, where, signal) : undefined);
  if (!list.data) return html`<${Unloaded} loaded=${list} />`;
  const none = !list.rows.length && !list.next;
  if (none && where) return html`<${Empty} title=${texts.search.noHits}><button type="button" class="button" onClick=${() => show({ filters: withoutFilters(filters) })}>${texts.search.clearFilters}</button><//>`;
  if (none && text) return html`<${Empty} title=${texts.catalogue.noneFound}><p>${texts.catalogue.noneFoundHint}</p>
    <a class="button" href=${address("search", new URLSearchParams({ q: text }))}>${texts.catalogue.lookFor(text)}</a><//>`;
  if (none && deleted) return html`<${Empty} title=${texts.catalogue.noneDeleted}><p>${texts.catalogue.noneDeletedHint}</p><//>`;
  if (none) return html`<${Empty} title=${texts.catalogue.empty}><p>${texts.catalogue.emptyHint}</p><//>`;
  return html`
    <div aria-busy=${list.loading}>
      ${table
        ? html`<${Rows} tab=${tab} rows=${list.rows} order=${order} onOrder=${(/** @type {string} */ next) => show({ order: next })} onChanged=${list.reload} />`
        : html`<${Cards} card=${CARDS[tab]} rows=${list.rows} onChanged=${list.reload} />`}
    </div>
    <${More} list=${list} />
  `;
}
