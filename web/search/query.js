// A search as the address has it: what is looked for, and the filters.

/** @type {Query} */
const NOTHING = {
  photo: "",
  garment: -1,
  box: null,
  words: "",
  item: "",
  product: "",
  more: [],
  less: [],
  values: {},
  from: "",
  to: "",
  since: "",
  until: "",
  minScore: 0,
  group: true,
  sort: "",
};
export const SORTS = /** @type {const} */ (["", "price", "price-desc", "newest"]);
const FILTER = "is.";

/** @param {URLSearchParams} params @returns {Query} */
export function parseQuery(params) {
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  const list = (/** @type {string} */ name) => text(name).split(",").filter(Boolean);
  return {
    photo: text("photo"),
    garment: params.has("garment") ? Number(text("garment")) || 0 : -1,
    box: parseBox(text("box")),
    words: text("q"),
    item: text("item"),
    product: text("product"),
    more: list("more"),
    less: list("less"),
    values: parseValues(params),
    from: text("from"),
    to: text("to"),
    since: parseDay(text("since")),
    until: parseDay(text("until")),
    minScore: Number(text("min")) || 0,
    group: text("group") !== "0",
    sort: SORTS.find((each) => each === text("sort")) ?? "",
  };
}

/** The address of a query; what is as by default is left out. @param {Query} query */
export function queryParams(query) {
  const params = new URLSearchParams();
  const set = (/** @type {string} */ name, /** @type {string | number} */ value) => value && params.set(name, String(value));
  set("q", query.words);
  set("photo", query.photo);
  if (query.photo && query.garment >= 0) params.set("garment", String(query.garment));
  set("box", query.box ? query.box.map(Math.round).join() : "");
  set("item", query.item);
  set("product", query.product);
  set("more", query.more.join());
  set("less", query.less.join());
  for (const [field, values] of Object.entries(query.values)) {
    for (const value of values) params.append(FILTER + field, value);
  }
  set("from", query.from);
  set("to", query.to);
  set("since", query.since);
  set("until", query.until);
  set("min", query.minScore);
  if (!query.group) params.set("group", "0");
  set("sort", query.sort);
  return params;
}

/** A query with the filters of another one, and nothing else of it. @param {Query} query @param {Partial<Query>} changes */
export function newQuery(query, changes) {
  const { values, from, to, since, until, minScore, group, sort } = query;
  return { ...NOTHING, values, from, to, since, until, minScore, group, sort, ...changes };
}

/** @param {Query} query */
export function withoutFilters(query) {
  return { ...query, values: {}, from: "", to: "", since: "", until: "", minScore: 0 };
}

/** Whether anything is looked for. @param {Query} query */
export function asksSomething(query) {
  return Boolean(query.photo || query.words || query.item || query.product || query.more.length);
}

/** How many filters are set. @param {Query} query */
export function filterCount(query) {
  const values = Object.values(query.values).reduce((sum, each) => sum + each.length, 0);
  return values + Number(Boolean(query.from || query.to)) + Number(Boolean(query.since || query.until)) + Number(query.minScore > 0);
}

/** Whether the photo alone is looked for, so that each of its garments has hits of its own. @param {Query} query */
export function isPlainPhoto(query) {
  return Boolean(query.photo) && positives(query) === 1 && query.less.length === 0;
}

/** How many examples hits are to be like. @param {Query} query */
export function positives(query) {
  return [query.photo, query.words, query.item, query.product].filter(Boolean).length + query.more.length;
}

/** @param {string} text @returns {Corners | null} */
function parseBox(text) {
  const numbers = text.split(",").map(Number);
  return text && numbers.length === 4 && numbers.every(Number.isFinite) ? /** @type {Corners} */ (numbers) : null;
}

/** @param {string} text */
function parseDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) && Date.parse(text) ? text : "";
}

/** @param {URLSearchParams} params */
function parseValues(params) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const [name, value] of params) {
    if (name.startsWith(FILTER)) (values[name.slice(FILTER.length)] ??= []).push(value);
  }
  return values;
}
