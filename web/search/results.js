// The hits of a query, as state.

import { call } from "../api/call.js";
import { useLoaded } from "../parts/loaded.js";
import { useState } from "../vendor/preact.js";
import { mainGarment, photoOf } from "./photos.js";
import { asksSomething, isPlainPhoto } from "./query.js";
import { boxOf, facetRequest, searchRequest } from "./request.js";

/** The results of a query, and how to get more of them. @param {Query} query @param {string[]} fields to count values of */
export function useResults(query, fields) {
  const key = JSON.stringify(isPlainPhoto(query) ? { ...query, garment: -1 } : query);
  const loaded = useLoaded((signal) => results(query, fields, signal), [key, fields.join()]);
  const [adding, setAdding] = useState(false);
  const more = async () => {
    setAdding(true);
    const found = /** @type {Results} */ (loaded.data);
    await nextPage(found).then(loaded.set).finally(() => setAdding(false));
  };
  return { ...loaded, adding, more };
}

/** Hits in the order that was chosen; those without a price come last. @param {HitJson[]} hits @param {string} sort */
export function sorted(hits, sort) {
  const price = (/** @type {HitJson} */ { product }) => (product?.price?.currencyCode ? Number(product.price.units ?? 0) + Number(product.price.nanos ?? 0) / 1e9 : null);
  const time = (/** @type {HitJson} */ { item }) => Date.parse(item?.createTime ?? "");
  const by = (/** @type {number} */ sign) => (/** @type {HitJson} */ one, /** @type {HitJson} */ other) => (price(one) === null || price(other) === null ? Number(price(one) === null) - Number(price(other) === null) : sign * (Number(price(one)) - Number(price(other))));
  if (sort === "price") return hits.toSorted(by(1));
  if (sort === "price-desc") return hits.toSorted(by(-1));
  return sort === "newest" ? hits.toSorted((one, other) => time(other) - time(one)) : hits;
}

/** Which of the results' queries has the hits that are shown. @param {Query} query @param {QueryPhoto | undefined} photo */
export function shownQuery(query, photo) {
  if (!isPlainPhoto(query) || query.box) return 0;
  return Math.max(0, chosenGarment(query, photo));
}

/** The index of the garment that is looked for; -1 where none was found. @param {Query} query @param {QueryPhoto | undefined} photo */
export function chosenGarment(query, photo) {
  const garments = photo?.garments ?? [];
  return garments[query.garment] ? query.garment : mainGarment(garments);
}

/** The values of fields with their counts, those of a chosen field as if nothing of it were. @param {Query} query @param {string[]} fields @param {AbortSignal} signal */
export async function countedFacets(query, fields, signal) {
  const chosen = fields.filter((field) => query.values[field]?.length);
  const together = fields.filter((field) => !chosen.includes(field));
  const answers = await Promise.all([together, ...chosen.map((field) => [field])].filter((some) => some.length)
    .map((some) => call("CatalogService/Search", facetRequest(query, some), signal)));
  const found = answers.flatMap(({ facets = [] }) => facets);
  return fields.flatMap((field) => found.filter((facet) => facet.field === field));
}

/** @param {Query} query @param {string[]} fields @param {AbortSignal} signal @returns {Promise<Results | null>} */
async function results(query, fields, signal) {
  if (!asksSomething(query)) return null;
  const [first, ...counts] = await Promise.all([
    hits(query, fields, signal),
    ...fields
      .filter((field) => query.values[field]?.length)
      .map((field) => call("CatalogService/Search", facetRequest(query, [field]), signal)),
  ]);
  const recounted = new Map(counts.flatMap(({ facets }) => facets ?? []).map((facet) => [facet.field, facet]));
  return { ...first, facets: first.facets.map((facet) => recounted.get(facet.field) ?? facet) };
}

/** @param {Query} query @param {string[]} fields @param {AbortSignal} signal @returns {Promise<Results>} */
async function hits(query, fields, signal) {
  const photo = query.photo ? await photoOf(query.photo) : undefined;
  if (photo && !photo.garments) {
    const found = await ask(searchRequest(plain(query), photo.content, [], fields), signal);
    photo.garments = found.queries
      .filter(({ wholeImage }) => !wholeImage)
      .map(({ box, label }) => ({ box: /** @type {BoxJson} */ (box), label: label ?? "" }));
    if (isPlainPhoto(query) && !query.box) return found;
  }
  return ask(searchRequest(query, photo?.content ?? "", boxes(query, photo), fields), signal);
}

/** The photo alone, whatever is looked for beside it. @param {Query} query @returns {Query} */
function plain(query) {
  return { ...query, words: "", item: "", product: "", more: [], less: [] };
}

/** @param {Query} query @param {QueryPhoto | undefined} photo @returns {BoxJson[]} */
function boxes(query, photo) {
  if (query.box) return [boxOf(query.box)];
  const found = (photo?.garments ?? []).map(({ box }) => box);
  return isPlainPhoto(query) ? found : found.slice(chosenGarment(query, photo)).slice(0, 1);
}

/** @param {SearchRequestJson} request @param {AbortSignal} signal @returns {Promise<Results>} */
async function ask(request, signal) {
  const { queries = [], facets = [], nextPageToken = "" } = await call("CatalogService/Search", { ...request, includeCropUrls: true }, signal);
  return { request, queries, facets, next: nextPageToken };
}

/** The results with those of the next page. @param {Results} found @returns {Promise<Results>} */
async function nextPage(found) {
  const { facets: _, ...same } = found.request;
  const page = await ask({ ...same, pageToken: found.next }, AbortSignal.timeout(60_000));
  const queries = found.queries.map((query, index) => ({
    ...query,
    hits: [...(query.hits ?? []), ...(page.queries[index]?.hits ?? [])],
  }));
  return { ...found, queries, next: page.next };
}
