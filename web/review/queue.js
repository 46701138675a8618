// What a reviewer has to look at, and what they decide of it.

import { call, stream } from "../api/call.js";

/** @typedef {{ queue: string, category: string, version: string, audit: number, neverSeen: boolean }} Wanted */
/** @typedef {{ items: ReviewItemJson[], open: number }} Leased */

export const AT_A_TIME = 10;
const ALIKE = 24;
const HISTORY = 100;
const DECISIONS = ["CORRECT", "ADD", "REJECT", "VERIFY", "SET_PRIMARY"].map((kind) => `CORRECTION_KIND_${kind}`);
const KEY = "armoire-reviewer";

/** The name of this window, which tells it apart from others of the same user; it stays over a reload. */
function reviewer() {
  const known = sessionStorage.getItem(KEY);
  const name = known ?? `window-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  if (!known) sessionStorage.setItem(KEY, name);
  return name;
}

/** What the address says of the queue. @param {URLSearchParams} params @returns {Wanted} */
export function wantedOf(params) {
  return {
    queue: params.get("queue") ?? "",
    category: params.get("category") ?? "",
    version: params.get("version") ?? "",
    audit: Math.min(1, Math.max(0, Number(params.get("audit") ?? 0) || 0)),
    neverSeen: params.get("seen") === "0",
  };
}

let left = Promise.resolve();

/** Gives all back; whatever is wanted next is asked for after it, or it would be given back, too. */
export function leave() {
  left = release().then(() => {}, () => {});
}

/** Renews what this window has, and adds to it. @param {Wanted} wanted @param {AbortSignal} [signal] @returns {Promise<Leased>} */
export async function lease(wanted, signal) {
  await left;
  const filter = { category: wanted.category, modelVersion: wanted.version, neverSeen: wanted.neverSeen };
  const queue = { auditShare: wanted.audit, disagreements: wanted.queue === "disagreements" };
  return ask({ maxItems: AT_A_TIME, filter, ...queue }, signal);
}

/** One item, whatever else is wanted; null where another reviewer has it. @param {string} itemId */
export async function leaseOne(itemId) {
  return (await ask({ itemId })).items[0] ?? null;
}

/** Open items that look like one, and are taken for the same. @param {string} itemId */
export async function leaseAlike(itemId) {
  return (await ask({ similarToItemId: itemId, maxItems: ALIKE })).items;
}

/** @param {object} request @param {AbortSignal} [signal] @returns {Promise<Leased>} */
async function ask(request, signal) {
  const own = { reviewer: reviewer(), includePictureUrls: true };
  const { items = [], openItems = 0 } = await call("CatalogService/LeaseReviewItems", { ...own, ...request }, signal);
  return { items, open: Number(openItems) };
}

/** Gives items back, all where none are named; those that are skipped rest for an hour. @param {string[]} itemIds */
export function release(itemIds = [], { skip = false } = {}) {
  return call("CatalogService/ReleaseReviewItems", { reviewer: reviewer(), itemIds, skip });
}

/** Says what is right, and agrees with the rest. @param {ItemJson} item @param {Answers} answers */
export function accept({ id = "", etag = "" }, answers) {
  const { category, ...others } = answers;
  const attributes = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, said(value)]));
  if (category === "") attributes["category"] = said("");
  if (!Object.keys(answers).length) return call("CatalogService/VerifyItem", { itemId: id, etag });
  return call("CatalogService/CorrectItem", { itemId: id, etag, verify: true, attributes, ...(category && { label: category }) });
}

/** @param {string} value @returns {AttributeCorrectionJson} */
function said(value) {
  return value ? { values: [value] } : { cleared: true };
}

/** @param {ItemJson[]} items */
export function acceptAll(items) {
  return call("CatalogService/VerifyItems", { items: items.map(({ id = "", etag = "" }) => ({ itemId: id, etag })) });
}

/** @param {ItemJson} item @param {RejectReasonJson} reason */
export function reject({ id = "", etag = "" }, reason) {
  return call("CatalogService/RejectItem", { itemId: id, etag, reason });
}

/** Lets an item represent its product, or its photo where it has none. @param {ItemJson} item */
export function makePrimary({ id = "", etag = "", productId }) {
  const target = productId ? "PRIMARY_TARGET_PRODUCT" : "PRIMARY_TARGET_IMAGE";
  return call("CatalogService/SetPrimaryItem", { itemId: id, etag, target });
}

/** @param {ItemJson} item @param {BoxJson} box */
export function redraw({ id = "", etag = "" }, box) {
  return call("CatalogService/CorrectItem", { itemId: id, etag, box });
}

/** @param {ItemJson} beside an item of the same photo @param {BoxJson} box @param {string} label */
export function add({ imageId = "" }, box, label) {
  return call("CatalogService/AddItem", { imageId, box, label });
}

/**
 * Takes back the last decision of an author that still stands, with all that was decided by the same key press.
 * @param {string} author
 * @returns {Promise<string[] | null>} the ids of the items that are back; null where there is no decision
 */
export async function undoLast(author) {
  const { corrections = [] } = await call("CatalogService/ListCorrections", { author, pageSize: HISTORY });
  const standing = stands(corrections);
  const [last] = standing;
  if (!last) return null;
  const together = last.batchId ? standing.filter(({ batchId }) => batchId === last.batchId) : [last];
  /** @type {string[]} */
  const back = [];
  for (const { id = "" } of together) {
    const { item } = await call("CatalogService/UndoCorrection", { correctionId: id });
    if (item?.id) back.push(item.id);
  }
  return back;
}

/** The decisions that are not taken back. @param {CorrectionJson[]} corrections newest first */
function stands(corrections) {
  const undone = new Set(corrections.map(({ undoneCorrectionId }) => undoneCorrectionId));
  return corrections.filter(({ id, kind, changes = [] }) => DECISIONS.includes(kind ?? "") && changes.length && !undone.has(id));
}

/**
 * The reviewed items as one COCO document, without pictures.
 * @param {AbortSignal} signal
 * @param {(photos: number) => void} onPhoto
 * Source: https://cocodataset.org/#format-data
 */
export async function verifiedSet(signal, onPhoto) {
  /** @type {{ id: number, name: string }[]} */
  const categories = [];
  /** @type {object[]} */
  const images = [];
  /** @type {object[]} */
  const annotations = [];
  const request = { includePartlyReviewed: true };
  for await (const part of /** @type {AsyncGenerator<ExportDatasetResponseJson>} */ (stream("CatalogService/ExportDataset", request, signal))) {
    (part.info?.categories ?? []).forEach((name) => categories.push({ id: categories.length + 1, name }));
    if (!part.photo) continue;
    const { imageId, imageName, width, height, split, items = [] } = part.photo;
    images.push({ id: images.length + 1, file_name: imageName || imageId, width, height, image_id: imageId, split: split?.replace("DATASET_SPLIT_", "").toLowerCase() });
    for (const { item = {}, category = "" } of items) {
      const known = categories.find(({ name }) => name === category);
      if (!known) categories.push({ id: categories.length + 1, name: category });
      const { x1 = 0, y1 = 0, x2 = 0, y2 = 0 } = item.box ?? {};
      const [w, h] = [Number(x2) - Number(x1), Number(y2) - Number(y1)];
      const of = { image_id: images.length, category_id: known?.id ?? categories.length, item_id: item.id };
      annotations.push({ id: annotations.length + 1, ...of, bbox: [x1, y1, w, h], area: w * h, iscrowd: 0 });
    }
    onPhoto(images.length);
  }
  return { images, annotations, categories };
}
