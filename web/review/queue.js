// Which items are to be reviewed, and what a reviewer decides of one.

import { call } from "../api/call.js";
import { facetRequest } from "../search/request.js";
import { newQuery, parseQuery } from "../search/query.js";

/** @import { CorrectionJson } from "../../clients/typescript/lib/armoire/v1/corrections_pb.js" */
/** @import { ItemJson, RejectReasonJson } from "../../clients/typescript/lib/armoire/v1/items_pb.js" */

const PAGE_SIZE = 100;
export const NEWEST = 500;
const PERSON = "VALUE_SOURCE_PERSON";
const HISTORY = 50;
const DECISIONS = ["CORRECTION_KIND_CORRECT", "CORRECTION_KIND_REJECT", "CORRECTION_KIND_VERIFY"];

/** Of the newest items those that nobody has decided on, the least sure first. @param {AbortSignal} signal */
export async function openQueue(signal) {
  /** @type {ItemJson[]} */
  const items = [];
  let pageToken = "";
  do {
    const page = await call("CatalogService/ListItems", { pageSize: PAGE_SIZE, pageToken }, signal);
    items.push(...(page.items ?? []));
    pageToken = page.nextPageToken ?? "";
  } while (pageToken && items.length < NEWEST);
  const open = items.slice(0, NEWEST).filter((item) => !item.verifyTime && item.labelSource !== PERSON);
  return open.sort((one, other) => certainty(one) - certainty(other));
}

/** The probability of the item's category. @param {ItemJson} item */
export function certainty(item) {
  return Number(item.attributes?.["category"]?.values?.[0]?.score ?? 0);
}

/** The categories of the catalogue, the most frequent first. @param {AbortSignal} signal @returns {Promise<string[]>} */
export async function openCategories(signal) {
  const anything = newQuery(parseQuery(new URLSearchParams()), {});
  const { facets = [] } = await call("CatalogService/Search", facetRequest(anything, "category"), signal);
  return (facets[0]?.values ?? []).map(({ value = "" }) => value);
}

/** @param {ItemJson} item */
export function accept({ id = "", etag = "" }) {
  return call("CatalogService/VerifyItem", { itemId: id, etag });
}

/** @param {ItemJson} item @param {string} label */
export function relabel({ id = "", etag = "" }, label) {
  return call("CatalogService/CorrectItem", { itemId: id, etag, label });
}

/** @param {ItemJson} item @param {RejectReasonJson} reason */
export function reject({ id = "", etag = "" }, reason) {
  return call("CatalogService/RejectItem", { itemId: id, etag, reason });
}

/** Takes back the last decision of an author that still stands; null where there is none. @param {string} author @returns {Promise<ItemJson | null>} */
export async function undoLast(author) {
  const { corrections = [] } = await call("CatalogService/ListCorrections", { author, pageSize: HISTORY });
  const last = standing(corrections);
  if (!last) return null;
  const { item } = await call("CatalogService/UndoCorrection", { correctionId: last.id ?? "" });
  return item ?? null;
}

/** The newest decision that is not taken back. @param {CorrectionJson[]} corrections newest first */
function standing(corrections) {
  const undone = new Set(corrections.map(({ undoneCorrectionId }) => undoneCorrectionId));
  return corrections.find(({ id, kind }) => DECISIONS.includes(kind ?? "") && !undone.has(id));
}
