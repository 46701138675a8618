// The fields of a product, to make one or to change one.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Choice, Field, Form } from "../parts/dialog.js";
import { amountText, moneyOf } from "../parts/values.js";
import { texts } from "../texts.js";

const AVAILABILITIES = ["UNSPECIFIED", "IN_STOCK", "OUT_OF_STOCK", "PREORDER", "BACKORDER", "DISCONTINUED"];
/** @type {[string, string][]} */
const AVAILABILITY_OPTIONS = AVAILABILITIES.map((name) => [`AVAILABILITY_${name}`, texts.product.availabilities[name] ?? name]);
const AMOUNT = "[0-9]+([.,][0-9]{1,9})?";

/** @param {{ product: ProductJson, onSaved: (product: ProductJson) => void, onCancel: () => void }} props */
export function ProductForm({ product, onSaved, onCancel }) {
  const { id, displayName, externalId, brand, category, productType, price, listPrice, url, availability, description, attributes = {} } = product;
  const send = (/** @type {Record<string, string>} */ fields) => save(id ? { id, etag: product.etag ?? "" } : {}, fields);
  const lines = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`).join("\n");
  return html`
    <${Form} submit=${id ? texts.app.save : texts.product.add} send=${send} onSent=${(/** @type {any} */ { product: saved }) => onSaved(saved)} onCancel=${onCancel}>
      <${Field} label=${texts.catalogue.name} name="displayName" value=${displayName} required autocomplete="off" />
      <div class="form-grid">
        <${Field} label=${texts.catalogue.brand} name="brand" value=${brand} autocomplete="off" />
        <${Field} label=${texts.catalogue.category} hint=${texts.product.categoryHint} name="category" value=${category || productType} autocomplete="off" />
        <${Field} label=${texts.catalogue.externalId} hint=${texts.product.externalIdHint} name="externalId" value=${externalId} autocomplete="off" />
        <${Choice} label=${texts.catalogue.availability} name="availability" value=${availability ?? "AVAILABILITY_UNSPECIFIED"} options=${AVAILABILITY_OPTIONS} />
        <${Field} label=${texts.catalogue.price} name="price" value=${amountText(price)} inputmode="decimal" pattern=${AMOUNT} autocomplete="off" />
        <${Field} label=${texts.product.listPrice} name="listPrice" value=${amountText(listPrice)} inputmode="decimal" pattern=${AMOUNT} autocomplete="off" />
        <${Field} label=${texts.product.currency} hint=${texts.product.currencyHint} name="currency" value=${price?.currencyCode ?? listPrice?.currencyCode} pattern="[A-Z]{3}" maxlength="3" autocomplete="off" />
      </div>
      <${Field} label=${texts.catalogue.page} name="url" type="url" value=${url} autocomplete="off" />
      <label class="field"><span>${texts.catalogue.description}</span><textarea name="description" defaultValue=${description ?? ""}></textarea></label>
      <label class="field"><span>${texts.product.attributes} <small class="quiet">${texts.product.attributesHint}</small></span>
        <textarea name="attributes" defaultValue=${lines}></textarea></label>
    <//>
  `;
}

/** @param {{ id?: string, etag?: string }} known of a product that is changed @param {Record<string, string>} fields @returns {Promise<{ product?: ProductJson }>} */
function save(known, fields) {
  const { price = "", listPrice = "", currency = "", attributes = "", ...texts } = fields;
  const money = (/** @type {string} */ amount) => (amount ? moneyOf(amount, currency) : undefined);
  const product = /** @type {ProductJson} */ ({ ...known, ...texts, price: money(price), listPrice: money(listPrice), attributes: attributesOf(attributes) });
  if (!known.id) return call("CatalogService/CreateProduct", { product });
  return call("CatalogService/UpdateProduct", { product, updateMask: "displayName,brand,category,productType,externalId,availability,price,listPrice,url,description,attributes" });
}

/** A line each, such as "material: linen". @param {string} lines @returns {Record<string, string>} */
function attributesOf(lines) {
  const pairs = lines.split("\n").map((line) => line.split(/:(.*)/s).slice(0, 2).map((part) => part.trim()));
  return Object.fromEntries(pairs.filter(([name, value]) => name && value));
}
