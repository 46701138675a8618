// Products, photos and items as cards with their pictures.

import { html, useMemo } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { Icon } from "../parts/icons.js";
import { ItemPicture, NoPicture, PhotoPicture } from "../parts/pictures.js";
import { priceText } from "../parts/values.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { restoreImage, restoreProduct } from "./changes.js";

/** Cards that are laid out together, only where they are near to what is seen. Whole rows, of up to six columns or of ten. */
export const CHUNK = 60;

/** A grid of any length. @param {{ card: any, rows: any[], onChanged: () => void }} props */
export function Cards({ card, rows, onChanged }) {
  const chunks = Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, index) => rows.slice(index * CHUNK, (index + 1) * CHUNK));
  return chunks.map((chunk, index) => html`<${Chunk} key=${index} card=${card} rows=${chunk} onChanged=${onChanged} />`);
}

/** Some cards, which are compared with those of before only where one has changed. @param {{ card: any, rows: any[], onChanged: () => void }} props */
function Chunk({ card, rows, onChanged }) {
  return useMemo(() => html`<ul class="grid chunk">${rows.map((row) => html`<${card} key=${row.id} row=${row} onChanged=${onChanged} />`)}</ul>`, [card, onChanged, rows.length, ...fixed(rows)]);
}

/** As many values for each chunk, whatever its length. @param {any[]} rows */
function fixed(rows) {
  return Array.from({ length: CHUNK }, (_, index) => rows[index]);
}

/** @param {{ row: ProductJson, onChanged: () => void }} props */
function ProductCard({ row, onChanged }) {
  const { id = "", displayName = "", primaryItemId, price, brand, deleteTime } = row;
  const picture = primaryItemId && !deleteTime ? html`<${ItemPicture} itemId=${primaryItemId} url=${row.primaryCropUrl} />` : html`<${NoPicture} deleted=${Boolean(deleteTime)} />`;
  return html`<${Card} href=${address(`products/${id}`)} name=${displayName} side=${priceText(price)} kind=${brand ?? ""}
    deleted=${Boolean(deleteTime)} onRestore=${() => restoreProduct(id, displayName).then(onChanged, () => {})}>${picture}<//>`;
}

/** @param {{ row: ImageJson, onChanged: () => void }} props */
function PhotoCard({ row, onChanged }) {
  const { id = "", name = "", width = 0, height = 0, deleteTime } = row;
  const picture = deleteTime ? html`<${NoPicture} deleted />` : html`<${PhotoPicture} imageId=${id} url=${row.thumbnailUrl} />`;
  return html`<${Card} href=${address(`photos/${id}`)} name=${name || texts.catalogue.photo} kind=${texts.catalogue.pixels(width, height)}
    deleted=${Boolean(deleteTime)} onRestore=${() => restoreImage(id, name).then(onChanged, () => {})}>${picture}<//>`;
}

/** @param {{ row: ItemJson }} props */
export function ItemCard({ row }) {
  const { id = "", label = "", imageName = "" } = row;
  return html`<${Card} href=${address(`items/${id}`)} name=${label} kind=${imageName}><${ItemPicture} itemId=${id} url=${row.cropUrl} /><//>`;
}

export const CARDS = /** @type {Record<string, any>} */ ({ products: ProductCard, photos: PhotoCard, items: ItemCard });

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
