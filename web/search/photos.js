// Photos that are searched by. This browser keeps the last few, so that an address with one can be loaded again.

import { base64 } from "../api/base64.js";
import { answered, store } from "../api/browser_store.js";
import { CallError } from "../api/call.js";
import { texts } from "../texts.js";

const SENT_TYPES = ["image/jpeg", "image/png", "image/webp"];
const MAX_BYTES = 4 * 2 ** 20;
const MAX_SIDE_PX = 2048;
const KEPT = 20;

/** @type {Map<string, Promise<QueryPhoto>>} */
const opened = new Map();

/** Takes a photo to search by; returns its key. @param {Blob & { name?: string }} file */
export async function takePhoto(file) {
  const blob = await sendable(file);
  const key = newKey();
  opened.set(key, openPhoto(blob));
  await opened.get(key);
  await keep(key, blob).catch(() => {}); // without storage the photo lasts as long as the page
  return key;
}

/** The photo of a key. Raises CallError where this browser does not have it any more. @param {string} key */
export function photoOf(key) {
  const known = opened.get(key);
  if (known) return known;
  const found = kept(key).then((blob) => {
    if (!blob) throw new CallError("", texts.errors.photoLost, { reason: "PHOTO_LOST" });
    return openPhoto(blob);
  });
  opened.set(key, found);
  found.catch(() => opened.delete(key));
  return found;
}

/** The garment that takes up most of the photo. @param {Garment[]} garments */
export function mainGarment(garments) {
  const areas = garments.map(({ box }) => (Number(box.x2) - Number(box.x1)) * (Number(box.y2) - Number(box.y1)));
  return areas.indexOf(Math.max(...areas));
}

/** The file, or a smaller JPEG of it where it is large or of another type. @param {Blob & { name?: string }} file */
async function sendable(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new CallError("", texts.errors.notAPhoto(file.name ?? texts.search.photo), { reason: "NOT_A_PHOTO" });
  });
  const side = Math.max(bitmap.width, bitmap.height);
  if (SENT_TYPES.includes(file.type) && file.size <= MAX_BYTES) return file;
  const scale = Math.min(1, MAX_SIDE_PX / side);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((made) => resolve(made ?? file), "image/jpeg", 0.92));
}

/** @param {Blob} blob @returns {Promise<QueryPhoto>} */
async function openPhoto(blob) {
  const { width, height } = await createImageBitmap(blob);
  return { url: URL.createObjectURL(blob), content: await base64(blob), width, height };
}

/** Sorts by when it was made. */
function newKey() {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return `${Date.now().toString(36)}-${Number(random).toString(36)}`;
}

/** @param {string} key @param {Blob} blob */
async function keep(key, blob) {
  const photos = await store("photos");
  await answered(photos.put(blob, key));
  const keys = await answered(photos.getAllKeys());
  for (const old of keys.slice(0, -KEPT)) photos.delete(old);
}

/** @param {string} key @returns {Promise<Blob | undefined>} */
async function kept(key) {
  return store("photos").then((photos) => answered(photos.get(key))).catch(() => undefined);
}
