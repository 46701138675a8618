// Pictures of items and photos, each asked for once while the page is open.

import { call } from "./call.js";

const LINK_MARGIN_MS = 60_000;

/** @type {Map<string, Promise<string>>} */
const crops = new Map();
/** @type {Map<string, Promise<{ url: string, until: number }>>} */
const links = new Map();

/** The crop of an item, as a URL of this page's own; "" where there is none. @param {string} itemId */
export function cropUrl(itemId) {
  return remembered(crops, itemId, async () => {
    const { item } = await call("CatalogService/GetItem", { itemId, includeCrop: true });
    return item?.crop ? `data:image/jpeg;base64,${item.crop}` : "";
  });
}

/** A link to a thumbnail of a photo. @param {string} imageId @param {number} maxSidePx */
export async function thumbnailUrl(imageId, maxSidePx) {
  const key = `${imageId} ${maxSidePx}`;
  const kept = await links.get(key)?.catch(() => undefined);
  if (kept && kept.until < Date.now() + LINK_MARGIN_MS) links.delete(key);
  return (await remembered(links, key, () => askLink(imageId, maxSidePx))).url;
}

/** @param {string} imageId @param {number} maxSidePx */
async function askLink(imageId, maxSidePx) {
  const rendition = "RENDITION_THUMBNAIL";
  const link = await call("CatalogService/GetImageContent", { imageId, rendition, maxSidePx, asUrl: true });
  return { url: ownUrl(link.url ?? ""), until: Date.parse(link.urlExpireTime ?? "") };
}

/** A URL of the server, as this page reaches it. @param {string} url */
export function ownUrl(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

/**
 * What a key has, or what is made for it now; a failure is forgotten, so that it can be tried again.
 * @template T
 * @param {Map<string, Promise<T>>} kept
 * @param {string} key
 * @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
function remembered(kept, key, make) {
  const known = kept.get(key);
  if (known) return known;
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}
