// Two items beside each other: what is the same, and what is not.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Unloaded } from "../parts/notices.js";
import { colorCode, priceText, sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { scoreText, texts } from "../texts.js";

/** @typedef {{ item: ItemJson, product: ProductJson | null }} Side */

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const ids = [params.get("one") ?? "", params.get("other") ?? ""];
  const loaded = useLoaded((signal) => Promise.all(ids.every(Boolean) ? ids.map((id) => openSide(id, signal)) : []), ids);
  if (!ids.every(Boolean)) return html`<${Empty} level="h1" title=${texts.search.compare}><p>${texts.compare.lacking}</p><a class="button strong" href=${address("")}>${texts.search.title}</a><//>`;
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const sides = loaded.data;
  return html`
    <div class="page narrow">
      <div class="page-head"><h1>${texts.search.compare}</h1><button type="button" class="button" onClick=${() => history.back()}>${texts.app.back}</button></div>
      <p role="status">${similarity(sides)}</p>
      <div class="table-frame"><table class="table compare">
        <thead><tr><th><span class="unseen">${texts.catalogue.picture}</span></th>${sides.map(({ item, product }) => html`<th key=${item.id} scope="col"><a href=${address(`items/${item.id}`)}>
          <img src=${`data:image/jpeg;base64,${item.crop ?? ""}`} alt="" />${product?.displayName || sentenceCase(item.label ?? "")}</a></th>`)}</tr></thead>
        <tbody>${rows(sides).map(([name, values]) => html`<tr key=${name} class=${values[0] === values[1] ? "quiet" : ""}>
          <th scope="row">${name}</th>
          ${values.map((value, index) => html`<td key=${index}>${value || "–"}</td>`)}</tr>`)}
          <tr><th scope="row">${texts.catalogue.colors}</th>${sides.map(({ item }) => html`<td key=${item.id}><${Swatches} colors=${item.colors ?? []} /></td>`)}</tr>
        </tbody>
      </table></div>
    </div>
  `;
}

/** @param {string} itemId @param {AbortSignal} signal @returns {Promise<Side>} */
async function openSide(itemId, signal) {
  const { item = {} } = await call("CatalogService/GetItem", { itemId, includeCrop: true, includeEmbedding: true }, signal);
  const productId = item.productId ?? "";
  const product = productId ? (await call("CatalogService/GetProduct", { productId }, signal)).product : null;
  return { item, product: product ?? null };
}

/** What is told of both; each value as text. @param {Side[]} sides @returns {[name: string, values: string[]][]} */
function rows(sides) {
  const each = (/** @type {(side: Side) => string | undefined} */ of) => sides.map((side) => of(side) ?? "");
  const names = [...new Set(sides.flatMap(({ item }) => Object.keys(item.attributes ?? {})))].sort();
  /** @type {[string, string[]][]} */
  const all = [
    [texts.catalogue.price, each(({ product }) => priceText(product?.price))],
    [texts.catalogue.brand, each(({ product }) => product?.brand)],
    [texts.catalogue.availability, each(({ product }) => sentenceCase((product?.availability ?? "").replace("AVAILABILITY_", "").toLowerCase()))],
    ...names.map((name) => /** @type {[string, string[]]} */ ([texts.filters.names[name] ?? sentenceCase(name), each(({ item }) => item.attributes?.[name]?.values?.[0]?.value)])),
  ];
  return all.filter(([, values]) => values.some(Boolean));
}

/** The cosine of both embeddings, which have length 1. @param {Side[]} sides */
function similarity(sides) {
  const [one, other] = sides.map(({ item }) => item.embedding);
  if (!one?.values || !other || one.modelVersion !== other.modelVersion) return texts.compare.models;
  const values = (other.values ?? []).map(Number);
  const cosine = one.values.map(Number).reduce((sum, value, index) => sum + value * (values[index] ?? 0), 0);
  return texts.compare.similarity(scoreText(cosine));
}

/** @param {{ colors: { name?: string, rgb?: number }[] }} props */
function Swatches({ colors }) {
  return html`<span class="swatches" aria-hidden="true">${colors.slice(0, 4).map(({ rgb }) => html`<i style=${{ background: colorCode(rgb) }}></i>`)}</span>
    ${colors.slice(0, 4).map(({ name }) => name).join(", ")}`;
}
