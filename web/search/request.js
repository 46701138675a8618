// From a query to the messages that ask it.

import { positives } from "./query.js";

export const PAGE_SIZE = 24;
/** So many of the best hits are put in another order together. */
export const SORTED_SIZE = 96;
const ANYTHING = "garment";
const DAY_MS = 24 * 60 * 60_000;

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
 * Counts the values of fields among the items that all other filters let through.
 * @param {Query} query
 * @param {string[]} fields
 * @returns {SearchRequestJson}
 */
export function facetRequest(query, fields) {
  const values = Object.fromEntries(Object.entries(query.values).filter(([field]) => !fields.includes(field)));
  const filter = filterOf({ ...query, values });
  return { text: ANYTHING, topK: 1, facets: fields, ...(filter && { filter }) };
}

/** @param {Query} query @param {string} timeField whose days count @returns {FilterJson | null} */
export function filterOf(query, timeField = "create_time") {
  const conditions = Object.entries(query.values)
    .filter(([, values]) => values.length)
    .map(([field, values]) => /** @type {ConditionJson} */ ({ field, anyOf: { values } }));
  const atLeast = price(query.from);
  const atMost = price(query.to);
  const range = { ...(atLeast !== null && { atLeast }), ...(atMost !== null && { atMost }) };
  const days = { ...(query.since && { atLeast: midnight(query.since) }), ...(query.until && { lessThan: midnight(query.until, 1) }) };
  if (Object.keys(range).length) conditions.push({ field: "price", range });
  if (Object.keys(days).length) conditions.push({ field: timeField, timeRange: days });
  return conditions.length ? { conditions } : null;
}

/** Conditions in the short form that clients, commands and lists take. @param {FilterJson | null | undefined} filter */
export function whereText(filter) {
  return (filter?.conditions ?? []).flatMap(({ field, anyOf, range, timeRange }) => {
    const { atLeast, atMost, lessThan } = /** @type {Record<string, any>} */ ({ ...range, ...timeRange });
    if (anyOf) return [`${field}=${(anyOf.values ?? []).map((value) => JSON.stringify(value)).join("|")}`];
    return Object.entries({ ">=": atLeast, "<=": atMost, "<": lessThan }).flatMap(([sign, bound]) => (bound === undefined ? [] : [`${field}${sign}${bound}`]));
  }).join(",");
}

/** When a day begins, or one of the days after it. @param {string} day @param {number} [after] */
function midnight(day, after = 0) {
  return new Date(Date.parse(day) + after * DAY_MS).toISOString();
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
