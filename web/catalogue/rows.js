// Products, photos and items as a table, whose heads order it.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { Icon } from "../parts/icons.js";
import { ItemPicture, NoPicture, PhotoPicture } from "../parts/pictures.js";
import { priceText, sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { sizeText, texts } from "../texts.js";
import { restoreImage, restoreProduct } from "./changes.js";

/** @typedef {{ name: string, order?: string, number?: boolean }} Column */

/** @type {Record<string, Column[]>} */
const COLUMNS = {
  products: [
    { name: texts.catalogue.name, order: "display_name" },
    { name: texts.catalogue.brand, order: "brand" },
    { name: texts.catalogue.category },
    { name: texts.catalogue.price, order: "price", number: true },
    { name: texts.catalogue.availability },
    { name: texts.catalogue.externalId },
    { name: texts.catalogue.changed, order: "update_time" },
  ],
  photos: [
    { name: texts.catalogue.name, order: "name" },
    { name: texts.catalogue.pixelSize },
    { name: texts.catalogue.size, order: "size_bytes", number: true },
    { name: texts.catalogue.warnings },
    { name: texts.catalogue.added, order: "create_time" },
  ],
  items: [{ name: texts.catalogue.item }, { name: texts.catalogue.colors }, { name: texts.catalogue.photo }, { name: texts.catalogue.verified }, { name: texts.catalogue.added }],
};
const ROWS = /** @type {Record<string, any>} */ ({ products: ProductRow, photos: PhotoRow, items: ItemRow });

/** @param {{ tab: string, rows: any[], order: string, onOrder: (order: string) => void, onChanged: () => void }} props */
export function Rows({ tab, rows, order, onOrder, onChanged }) {
  const columns = COLUMNS[tab] ?? [];
  return html`
    <div class="table-frame">
      <table class="table">
        <thead><tr><th><span class="unseen">${texts.catalogue.picture}</span></th>
          ${columns.map((column) => html`<${Head} key=${column.name} column=${column} order=${order} onOrder=${onOrder} />`)}</tr></thead>
        <tbody>${rows.map((row) => html`<${ROWS[tab]} key=${row.id} row=${row} onChanged=${onChanged} />`)}</tbody>
      </table>
    </div>
  `;
}

/** @param {{ column: Column, order: string, onOrder: (order: string) => void }} props */
function Head({ column, order, onOrder }) {
  const { name, order: by, number } = column;
  const [field, direction] = (order || "create_time desc").split(" ");
  const descends = direction === "desc";
  const sorted = field !== by ? undefined : descends ? "descending" : "ascending";
  const turn = () => onOrder(sorted === "ascending" ? `${by} desc` : `${by}`);
  return html`<th class=${number ? "number" : ""} aria-sort=${sorted}>
    ${by ? html`<button type="button" class="button plain small" onClick=${turn}>${name}${sorted && html`<span aria-hidden="true">${descends ? "▾" : "▴"}</span>`}</button>` : name}
  </th>`;
}

/** @param {{ row: ProductJson, onChanged: () => void }} props */
function ProductRow({ row, onChanged }) {
  const { id = "", displayName = "", primaryItemId, price, brand, category, productType, availability = "", externalId, updateTime, deleteTime } = row;
  return html`<tr>
    <td>${primaryItemId && !deleteTime ? html`<${ItemPicture} itemId=${primaryItemId} url=${row.primaryCropUrl} />` : html`<${NoPicture} deleted=${Boolean(deleteTime)} />`}</td>
    <td class="wide"><${Name} href=${address(`products/${id}`)} name=${displayName} deleted=${Boolean(deleteTime)} onRestore=${() => restoreProduct(id, displayName).then(onChanged, () => {})} /></td>
    <td>${brand}</td>
    <td>${category || productType}</td>
    <td class="number">${priceText(price)}</td>
    <td>${sentenceCase(availability.replace("AVAILABILITY_", "").toLowerCase())}</td>
    <td>${externalId}</td>
    <td class="time">${texts.catalogue.when(updateTime)}</td>
  </tr>`;
}

/** @param {{ row: ImageJson, onChanged: () => void }} props */
function PhotoRow({ row, onChanged }) {
  const { id = "", name = "", width = 0, height = 0, sizeBytes, warnings = [], createTime, deleteTime } = row;
  return html`<tr>
    <td>${deleteTime ? html`<${NoPicture} deleted />` : html`<${PhotoPicture} imageId=${id} url=${row.thumbnailUrl} />`}</td>
    <td class="wide"><${Name} href=${address(`photos/${id}`)} name=${name || texts.catalogue.photo} deleted=${Boolean(deleteTime)} onRestore=${() => restoreImage(id, name).then(onChanged, () => {})} /></td>
    <td>${texts.catalogue.pixels(width, height)}</td>
    <td class="number">${sizeText(Number(sizeBytes ?? 0))}</td>
    <td>${warnings.map((issue) => texts.catalogue.issues[issue] ?? issue).join(", ")}</td>
    <td class="time">${texts.catalogue.when(createTime)}</td>
  </tr>`;
}

/** @param {{ row: ItemJson }} props */
function ItemRow({ row }) {
  const { id = "", label = "", colors = [], imageId, imageName, verifyTime, createTime } = row;
  return html`<tr>
    <td><${ItemPicture} itemId=${id} url=${row.cropUrl} /></td>
    <td class="wide"><${Name} href=${address(`items/${id}`)} name=${label} /></td>
    <td>${colors.slice(0, 3).map(({ name }) => name).join(", ")}</td>
    <td class="wide"><a href=${address(`photos/${imageId}`)}>${imageName || texts.catalogue.photo}</a></td>
    <td class="time">${texts.catalogue.when(verifyTime)}</td>
    <td class="time">${texts.catalogue.when(createTime)}</td>
  </tr>`;
}

/** @param {{ href: string, name: string, deleted?: boolean, onRestore?: () => void }} props */
function Name({ href, name, deleted = false, onRestore }) {
  const account = useAccount();
  if (!deleted) return html`<a href=${href}>${name}</a>`;
  return html`${name} <span class="tag">${texts.catalogue.deleted}</span>
    ${may(account, "WRITE") && html` <button type="button" class="button small" aria-label=${`${texts.catalogue.restore}: ${name}`} onClick=${onRestore}>
      <${Icon} name="restore" />${texts.catalogue.restore}</button>`}`;
}
