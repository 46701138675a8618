// An import on its way: its entries, sent a few at a time, from where an earlier try has stopped.

import { base64 } from "../api/base64.js";
import { call, collect } from "../api/call.js";

/** @typedef {{ row: Row, photo: Photo | null }} Part what one entry holds */

const MOST_ENTRIES = 64;
const MOST_BYTES = 4 * 2 ** 20;

/** The entries of the rows: one for each photo, or one for a row without any. @param {Row[]} rows @returns {Part[]} */
export function partsOf(rows) {
  return rows.flatMap((row) => {
    /** @type {(Photo | null)[]} */
    const photos = row.photos.length ? row.photos : [null];
    return photos.map((photo) => ({ row, photo }));
  });
}

/**
 * Sends all entries; returns the operation that imports them.
 * @param {string} name of the table
 * @param {Part[]} parts
 * @param {string} key the same for the same import
 * @param {(operation: OperationJson, sent: number) => void} onSent
 * @param {AbortSignal} signal
 */
export async function sendImport(name, parts, key, onSent, signal) {
  const begun = await call("CatalogService/StartImport", { source: name, idempotencyKey: key }, signal);
  const operation = /** @type {OperationJson} */ (begun.operation);
  let next = Number(begun.nextNumber ?? 1);
  onSent(operation, next - 1);
  while (!begun.finished && next <= parts.length) {
    const entries = await nextEntries(name, parts, next);
    const requests = entries.map((entry) => ({ operationId: operation.id ?? "", entry }));
    const answer = await collect("CatalogService/ImportEntries", requests, signal);
    next = Number(answer.nextNumber);
    onSent(operation, next - 1);
  }
  const ended = await call("CatalogService/FinishImport", { operationId: operation.id ?? "" }, signal);
  return /** @type {OperationJson} */ (ended.operation);
}

/** As many entries as go into one request. @param {string} name @param {Part[]} parts @param {number} first from 1 @returns {Promise<ImportEntryJson[]>} */
async function nextEntries(name, parts, first) {
  const entries = [];
  let bytes = 0;
  for (let number = first; number <= parts.length && entries.length < MOST_ENTRIES && bytes < MOST_BYTES; number++) {
    const part = /** @type {Part} */ (parts[number - 1]);
    entries.push(await entryOf(name, part, number));
    bytes += part.photo?.file?.size ?? 0;
  }
  return entries;
}

/** @param {string} name @param {Part} part @param {number} number @returns {Promise<ImportEntryJson>} */
async function entryOf(name, { row, photo }, number) {
  const source = photo ? `${name}, line ${row.line}, column ${photo.column}` : `${name}, line ${row.line}`;
  const further = photo !== null && photo !== row.photos[0];
  const product = further ? { externalId: row.product.externalId ?? "" } : row.product;
  const entry = { number: String(number), source, product };
  if (!photo) return entry;
  const imageName = photo.place.split(/[\\/]/).at(-1) ?? "";
  if (photo.problem) return { ...entry, imageName, problem: photo.problem };
  return { ...entry, imageName, ...(photo.file ? { content: await base64(photo.file) } : { url: photo.url ?? "" }) };
}

/** A key that the same table with the same choices gets again. @param {string[]} texts */
export function keyOf(texts) {
  // FNV-1a with 32 bits, twice with different beginnings. Source: https://datatracker.ietf.org/doc/draft-eastlake-fnv/
  const hash = (/** @type {number} */ begin) => {
    let value = begin;
    for (const text of texts) for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    return (value >>> 0).toString(36);
  };
  return `page-${hash(0x811c9dc5)}-${hash(0x2b5f1c93)}`;
}
