// One product: its facts, photos and items.

import { html, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, tell, Unloaded } from "../parts/notices.js";
import { ItemPicture, PhotoPicture } from "../parts/pictures.js";
import { priceText, sentenceCase } from "../parts/values.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { deleteProduct } from "./changes.js";
import { Facts } from "./facts.js";
import { ItemCard } from "./cards.js";
import { ProductForm } from "./product_form.js";

/** @param {{ id: string }} props */
export function Page({ id }) {
  return id === "new" ? html`<${NewProduct} />` : html`<${KnownProduct} id=${id} />`;
}

function NewProduct() {
  const account = useAccount();
  if (!may(account, "WRITE")) return html`<${Empty} level="h1" title=${texts.product.add}><p>${texts.upload.mayNot}</p><//>`;
  return html`
    <div class="page narrow">
      <div class="page-head"><h1>${texts.product.add}</h1></div>
      <${ProductForm} product=${{}} onSaved=${(/** @type {ProductJson} */ { id = "" }) => go(address(`products/${id}`))} onCancel=${() => go(address("catalogue"))} />
    </div>
  `;
}

/** @param {{ id: string }} props */
function KnownProduct({ id }) {
  const account = useAccount();
  const [editing, setEditing] = useState(false);
  const loaded = useLoaded((signal) => openProduct(id, signal), [id]);
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const { product, images, items } = loaded.data;
  const name = product.displayName ?? "";
  const saved = () => (setEditing(false), tell(texts.app.saved), loaded.reload());
  if (editing) {
    return html`
      <div class="page narrow">
        <div class="page-head"><h1>${texts.product.editing(name)}</h1></div>
        <${ProductForm} product=${product} onSaved=${saved} onCancel=${() => setEditing(false)} />
      </div>
    `;
  }
  return html`
    <div class="page">
      <${Head} id=${id} product=${product} onEdit=${() => setEditing(true)} />
      <div class="detail">
        <div class="detail-pictures">
          ${product.primaryItemId && html`<div class="main-picture"><${ItemPicture} itemId=${product.primaryItemId} alt=${name} /></div>`}
          <div class="section-head"><h2>${texts.catalogue.tabs.photos}</h2>
            ${may(account, "WRITE") && html`<a class="button small" href=${address("upload", new URLSearchParams({ product: id }))}><${Icon} name="upload" />${texts.catalogue.add}</a>`}</div>
          ${!images.length && html`<p class="quiet">${texts.product.noPhotos}</p>`}
          <ul class="grid small">${images.map(({ id: imageId = "", name: file, thumbnailUrl }) => html`<li key=${imageId} class="card">
            <a class="card-link" href=${address(`photos/${imageId}`)} aria-label=${file}><${PhotoPicture} imageId=${imageId} url=${thumbnailUrl} /></a></li>`)}</ul>
        </div>
        <div class="detail-text">
          ${product.description && html`<p>${product.description}</p>`}
          <${Facts} facts=${facts(product)} />
          ${items.length > 0 && html`<h2>${texts.catalogue.tabs.items}</h2>`}
          <ul class="grid small">${items.map((item) => html`<${ItemCard} key=${item.id} row=${item} />`)}</ul>
        </div>
      </div>
    </div>
  `;
}

/** @param {{ id: string, product: ProductJson, onEdit: () => void }} props */
function Head({ id, product, onEdit }) {
  const account = useAccount();
  const name = product.displayName ?? "";
  const remove = () => deleteProduct(id, name, () => go(address(`products/${id}`))).then(() => go(address("catalogue")), () => {});
  return html`
    <div class="page-head">
      <h1>${name}</h1>
      <div class="row">
        ${product.primaryItemId && html`<a class="button strong" href=${address("search", new URLSearchParams({ product: id }))}><${Icon} name="search" />${texts.catalogue.findSimilar}</a>`}
        ${may(account, "WRITE") && html`
          <button type="button" class="button" onClick=${onEdit}><${Icon} name="edit" />${texts.product.edit}</button>
          <button type="button" class="button" onClick=${remove}><${Icon} name="trash" />${texts.catalogue.remove}</button>`}
      </div>
    </div>
  `;
}

/** @param {string} productId @param {AbortSignal} signal */
async function openProduct(productId, signal) {
  const [{ product = {} }, { images = [] }, { items = [] }] = await Promise.all([
    call("CatalogService/GetProduct", { productId }, signal),
    call("CatalogService/ListImages", { productId, pageSize: 100, includeThumbnailUrls: true }, signal),
    call("CatalogService/ListItems", { productId, pageSize: 100, includeCropUrls: true }, signal),
  ]);
  return { product, images, items };
}

/** @param {ProductJson} product @returns {[string, any][]} */
function facts(product) {
  const availability = (product.availability ?? "").replace("AVAILABILITY_", "").toLowerCase();
  const page = product.url && html`<a href=${product.url} rel="noreferrer" target="_blank">${product.url}</a>`;
  return [
    [texts.catalogue.price, priceText(product.price)],
    [texts.product.listPrice, priceText(product.listPrice)],
    [texts.catalogue.brand, product.brand],
    [texts.catalogue.category, product.category || product.productType],
    [texts.catalogue.availability, sentenceCase(availability)],
    [texts.catalogue.externalId, product.externalId && html`<code>${product.externalId}</code>`],
    ...Object.entries(product.attributes ?? {}).sort().map(([name, value]) => /** @type {[string, any]} */ ([sentenceCase(name), value])),
    [texts.catalogue.page, page],
    [texts.catalogue.added, texts.catalogue.when(product.createTime)],
    [texts.catalogue.changed, texts.catalogue.when(product.updateTime)],
  ];
}
