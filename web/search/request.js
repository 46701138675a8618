// From a query to the messages that ask it.

/** @import { BoxJson } from "../../clients/typescript/lib/armoire/v1/types_pb.js" */
/** @import { ExampleJson, FilterJson, SearchRequestJson } from "../../clients/typescript/lib/armoire/v1/search_pb.js" */
/** @import { Corners, Query } from "./query.js" */
import { positives } from "./query.js";

export const PAGE_SIZE = 24;
/** So many of the best hits are put in another order together. */
export const SORTED_SIZE = 96;
const ANYTHING = "garment";

/**
 * @param {Query} query
 * @param {string} content the photo in base64, "" without one
 * @param {BoxJson[]} boxes of the photo; none lets the server look for garments
 * @param {string[]} facets
 * @returns {SearchRequestJson}
 */
export function searchRequest(query, content, boxes, facets) {
  const filter = filterOf(query);
  return {
    ...subject(query, content, boxes),
    topK: query.sort ? SORTED_SIZE : PAGE_SIZE,
    ...(query.group && { groupByProduct: true }),
    ...(query.minScore > 0 && { minScore: query.minScore }),
    ...(filter && { filter }),
    ...(facets.length && { facets }),
    includeCropUrls: true,
  };
}

/**
 * Counts the values of a field among the items that all other filters let through.
 * @param {Query} query
 * @param {string} field
 * @returns {SearchRequestJson}
 */
export function facetRequest(query, field) {
  const { [field]: _, ...values } = query.values;
  const filter = filterOf({ ...query, values });
  return { text: ANYTHING, topK: 1, facets: [field], ...(filter && { filter }) };
}

/** @param {Query} query @returns {FilterJson | null} */
export function filterOf(query) {
  const conditions = Object.entries(query.values)
    .filter(([, values]) => values.length)
    .map(([field, values]) => ({ field, anyOf: { values } }));
  const atLeast = price(query.from);
  const atMost = price(query.to);
  const range = { ...(atLeast !== null && { atLeast }), ...(atMost !== null && { atMost }) };
  const prices = Object.keys(range).length ? [{ field: "price", range }] : [];
  return conditions.length + prices.length ? { conditions: [...conditions, ...prices] } : null;
}

/** The corners as the API has them. @param {Corners} corners @returns {BoxJson} */
export function boxOf([x1, y1, x2, y2]) {
  return { x1, y1, x2, y2 };
}

/** What hits are to be like. @param {Query} query @param {string} content @param {BoxJson[]} boxes @returns {SearchRequestJson} */
function subject(query, content, boxes) {
  const image = { content, ...(boxes.length && { boxes }) };
  if (positives(query) > 1 || query.less.length) return { examples: exampleSet(query, image) };
  if (query.photo) return { image };
  if (query.item) return { itemId: query.item };
  if (query.product) return { productId: query.product };
  return query.more[0] ? { itemId: query.more[0] } : { text: query.words };
}

/** @param {Query} query @param {{ content: string }} image */
function exampleSet(query, image) {
  const items = [query.item, ...query.more].filter(Boolean).map((itemId) => ({ itemId }));
  /** @type {ExampleJson[]} */
  const positive = [
    ...(query.photo ? [{ image }] : []),
    ...items,
    ...(query.product ? [{ productId: query.product }] : []),
    ...(query.words ? [{ text: query.words }] : []),
  ];
  return { positive, ...(query.less.length && { negative: query.less.map((itemId) => ({ itemId })) }) };
}

/** A price as typed, with a point or a comma; null for none. @param {string} text */
function price(text) {
  const amount = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(amount) ? amount : null;
}
