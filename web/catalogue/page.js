// The catalogue as grids: products, photos, items.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { usePages } from "../parts/loaded.js";
import { Empty, Failure, Loading } from "../parts/notices.js";
import { ItemPicture, PhotoPicture } from "../parts/pictures.js";
import { priceText } from "../parts/values.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { restoreImage, restoreProduct } from "./changes.js";

/** @import { ImageJson } from "../../clients/typescript/lib/armoire/v1/images_pb.js" */
/** @import { ItemJson } from "../../clients/typescript/lib/armoire/v1/items_pb.js" */
/** @import { ProductJson } from "../../clients/typescript/lib/armoire/v1/products_pb.js" */

const PAGE_SIZE = 48;
const TABS = /** @type {const} */ (["products", "photos", "items"]);

/** @param {{ params: URLSearchParams }} props */
export function CataloguePage({ params }) {
  const account = useAccount();
  const tab = TABS.find((name) => name === params.get("tab")) ?? "products";
  const deleted = params.get("deleted") === "1";
  const show = (/** @type {Record<string, string>} */ changes) => go(address("catalogue", new URLSearchParams({ tab, ...changes })));
  return html`
    <div class="page">
      <div class="page-head">
        <h1>${texts.catalogue.title}</h1>
        ${may(account, "WRITE") && html`<a class="button strong" href=${address("upload")}><${Icon} name="upload" />${texts.catalogue.add}</a>`}
      </div>
      <div class="row tabs">
        ${TABS.map((name) => html`<button type="button" key=${name} class="chip" aria-pressed=${name === tab}
          onClick=${() => show({ tab: name })}>${texts.catalogue.tabs[name]}</button>`)}
        ${tab !== "items" && html`<label class="check end"><input type="checkbox" checked=${deleted}
          onChange=${() => show(deleted ? {} : { deleted: "1" })} /><span>${texts.catalogue.showDeleted}</span></label>`}
      </div>
      <${Grid} key=${tab} tab=${tab} deleted=${deleted} />
    </div>
  `;
}

const ASK = /** @type {Record<string, (request: any, signal: AbortSignal) => Promise<{ rows: any[], next: string }>>} */ ({
  products: (request, signal) =>
    call("CatalogService/ListProducts", { ...request, includePrimaryCropUrls: true }, signal).then(({ products = [], nextPageToken = "" }) => ({ rows: products, next: nextPageToken })),
  photos: (request, signal) =>
    call("CatalogService/ListImages", { ...request, includeThumbnailUrls: true }, signal).then(({ images = [], nextPageToken = "" }) => ({ rows: images, next: nextPageToken })),
  items: ({ showDeleted: _, ...request }, signal) =>
    call("CatalogService/ListItems", { ...request, includeCropUrls: true }, signal).then(({ items = [], nextPageToken = "" }) => ({ rows: items, next: nextPageToken })),
});
const CARDS = /** @type {Record<string, any>} */ ({ products: ProductCard, photos: PhotoCard, items: ItemCard });

/** @param {{ tab: string, deleted: boolean }} props */
function Grid({ tab, deleted }) {
  const request = (/** @type {string} */ pageToken) => ({ pageSize: PAGE_SIZE, pageToken, ...(deleted && { showDeleted: true }) });
  const list = usePages((pageToken, signal) => /** @type {any} */ (ASK[tab])(request(pageToken), signal), [tab, deleted]);
  if (list.error) return html`<${Failure} error=${list.error} retry=${list.reload} />`;
  if (!list.data) return html`<${Loading} />`;
  if (!list.rows.length) return html`<${Empty} title=${texts.catalogue.empty}><p>${texts.catalogue.emptyHint}</p><//>`;
  return html`
    <ul class="grid">
      ${list.rows.map((row) => html`<${CARDS[tab]} key=${row.id} row=${row} onChanged=${list.reload} />`)}
    </ul>
    ${list.moreError && html`<${Failure} error=${list.moreError} retry=${list.more} />`}
    ${list.next && html`<p class="more"><button type="button" class="button" disabled=${list.adding} onClick=${list.more}>
      ${list.adding ? texts.app.loading : texts.catalogue.more}</button></p>`}
  `;
}

/** @param {{ row: ProductJson, onChanged: () => void }} props */
function ProductCard({ row, onChanged }) {
  const { id = "", displayName = "", primaryItemId, primaryCropUrl, price, brand, deleteTime } = row;
  const picture = primaryItemId && !deleteTime ? html`<${ItemPicture} itemId=${primaryItemId} url=${primaryCropUrl} />` : html`<span class="picture"></span>`;
  return html`<${Card} href=${address(`products/${id}`)} name=${displayName} side=${priceText(price)} kind=${brand ?? ""}
    deleted=${Boolean(deleteTime)} onRestore=${() => restoreProduct(id, displayName).then(onChanged)}>${picture}<//>`;
}

/** @param {{ row: ImageJson, onChanged: () => void }} props */
function PhotoCard({ row, onChanged }) {
  const { id = "", name = "", width = 0, height = 0, thumbnailUrl, deleteTime } = row;
  const picture = deleteTime ? html`<span class="picture"></span>` : html`<${PhotoPicture} imageId=${id} url=${thumbnailUrl} />`;
  return html`<${Card} href=${address(`photos/${id}`)} name=${name || texts.catalogue.photo} kind=${texts.catalogue.pixels(width, height)}
    deleted=${Boolean(deleteTime)} onRestore=${() => restoreImage(id, name).then(onChanged)}>${picture}<//>`;
}

/** @param {{ row: ItemJson }} props */
export function ItemCard({ row }) {
  const { id = "", label = "", imageName = "", cropUrl } = row;
  return html`<${Card} href=${address(`items/${id}`)} name=${label} kind=${imageName}><${ItemPicture} itemId=${id} url=${cropUrl} /><//>`;
}

/**
 * @param {{ href: string, name: string, side?: string, kind: string, deleted?: boolean, onRestore?: () => void, children?: any }} props
 */
function Card({ href, name, side = "", kind, deleted = false, onRestore, children }) {
  const account = useAccount();
  const body = html`
    ${children}
    <span class="card-text">
      <span class="card-name" title=${name}>${name}</span>
      <span class="card-side">${side}</span>
      <span class="card-kind quiet">${kind}</span>
    </span>
  `;
  if (!deleted) return html`<li class="card"><a class="card-whole" href=${href}>${body}</a></li>`;
  return html`<li class="card deleted">
    <div class="card-whole">${body}</div>
    <p class="card-foot"><span class="tag">${texts.catalogue.deleted}</span>
      ${may(account, "WRITE") && html`<button type="button" class="button small" aria-label=${`${texts.catalogue.restore}: ${name}`} onClick=${onRestore}>
        <${Icon} name="restore" />${texts.catalogue.restore}</button>`}</p>
  </li>`;
}
