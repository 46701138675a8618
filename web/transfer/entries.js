// Rows of a table as what is imported, with what is wrong with them.

import { moneyOf } from "../parts/values.js";
import { texts } from "../texts.js";
import { ATTRIBUTE, attributeName } from "./columns.js";

const PRICE = /^(\d{1,12}(?:[.,]\d{1,9})?)\s*([A-Za-z]{3})?$/;
const THOUSANDS = /^\d{1,3}([.,]\d{3})+([.,]\d{1,2})?(\s*[A-Za-z]{3})?$/;
const BETWEEN_PHOTOS = /[|\n]|,(?=\s*https?:\/\/)/;
const AVAILABILITIES = ["IN_STOCK", "OUT_OF_STOCK", "PREORDER", "BACKORDER", "DISCONTINUED"];
const told = texts.transfer.problems;

/** @param {CsvTable} table @param {Reading} reading @returns {Row[]} */
export function readRows(table, reading) {
  return table.rows.map(({ line, cells }) => readRow(table, line, cells, reading));
}

/** @param {CsvTable} table @param {number} line @param {string[]} cells @param {Reading} reading @returns {Row} */
function readRow({ header }, line, cells, { fields, currency, files }) {
  /** @type {string[]} */
  const problems = cells.length > header.length ? [told.tooMany(cells.length, header.length)] : [];
  const text = (/** @type {string} */ field) => cells[fields.indexOf(field)]?.trim() ?? "";
  /** The value of a field, or undefined where it is empty or wrong. @template T @param {string} field @param {(text: string) => T | string} parse */
  const read = (field, parse) => {
    const value = text(field) ? parse(text(field)) : undefined;
    if (typeof value !== "string") return value;
    problems.push(`${header[fields.indexOf(field)]}: ${value}`);
    return undefined;
  };
  const priced = (/** @type {string} */ value) => price(value, text("currency") || currency);
  const product = /** @type {ProductJson} */ ({
    ...Object.fromEntries(["externalId", "displayName", "description", "brand", "category", "productType"].map((field) => [field, text(field)]).filter(([, value]) => value)),
    ...defined({ price: read("price", priced), listPrice: read("listPrice", priced), url: read("url", address)?.href, availability: read("availability", availability)?.name }),
    ...defined({ attributes: attributes(header, cells, fields) }),
  });
  if (!text("externalId")) problems.push(told.noId);
  return { line, product, photos: photos(header, cells, fields, files), problems };
}

/** @param {Record<string, any>} values */
function defined(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The price that a cell has, or what is wrong with it. @param {string} text @param {string} currency */
function price(text, currency) {
  const found = PRICE.exec(text);
  if (!found || THOUSANDS.test(text)) return told.price(text);
  const code = (found[2] ?? currency).toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? moneyOf(found[1] ?? "", code) : told.currency(code);
}

/** @param {string} text */
function address(text) {
  return /^https?:\/\/[^/\s]+/.test(text) ? { href: text } : told.url(text);
}

/** @param {string} text spelled as in_stock, "in stock", InStock, or schema.org's */
function availability(text) {
  const letters = (/** @type {string} */ word) => word.toLowerCase().replace(/[^a-z]/g, "");
  const word = letters(text.replace(/\/$/, "").split("/").at(-1) ?? "");
  const found = AVAILABILITIES.find((each) => letters(each) === word);
  return found ? { name: `AVAILABILITY_${found}` } : told.availability(text);
}

/** @param {string[]} header @param {string[]} cells @param {string[]} fields */
function attributes(header, cells, fields) {
  const named = fields.flatMap((field, index) => (field === ATTRIBUTE && cells[index]?.trim() ? [[attributeName(header[index] ?? ""), cells[index]?.trim()]] : []));
  return named.length ? Object.fromEntries(named) : undefined;
}

/** The photos of a row: addresses, or names of files that were chosen. @param {string[]} header @param {string[]} cells @param {string[]} fields @param {Map<string, File>} files @returns {Photo[]} */
function photos(header, cells, fields, files) {
  return fields.flatMap((field, index) => {
    if (field !== "image") return [];
    const places = (cells[index] ?? "").split(BETWEEN_PHOTOS).map((place) => place.trim()).filter(Boolean);
    return places.map((place) => ({ place, column: header[index] ?? "", ...source(place, files) }));
  });
}

/** @param {string} place @param {Map<string, File>} files */
function source(place, files) {
  if (place.includes("://")) return { url: place };
  const file = files.get(place.split(/[\\/]/).at(-1) ?? "");
  return file ? { file } : { problem: told.noFile(place) };
}
