// Deleting and restoring, told at the foot of the window with a way back.

import { call } from "../api/call.js";
import { tell } from "../parts/notices.js";
import { explained, texts } from "../texts.js";

/** @param {string} imageId @param {string} name */
export function restoreImage(imageId, name) {
  return told(call("CatalogService/RestoreImage", { imageId }), texts.catalogue.restored(name));
}

/** @param {string} productId @param {string} name */
export function restoreProduct(productId, name) {
  return told(call("CatalogService/RestoreProduct", { productId }), texts.catalogue.restored(name));
}

/** @param {string} imageId @param {string} name @param {() => void} onUndone */
export function deleteImage(imageId, name, onUndone) {
  const undo = () => restoreImage(imageId, name).then(onUndone, () => {});
  return told(call("CatalogService/DeleteImage", { imageId }), texts.catalogue.removed(name), undo);
}

/** @param {string} productId @param {string} name @param {() => void} onUndone */
export function deleteProduct(productId, name, onUndone) {
  const undo = () => restoreProduct(productId, name).then(onUndone, () => {});
  return told(call("CatalogService/DeleteProduct", { productId }), texts.catalogue.removed(name), undo);
}

/** @param {Promise<unknown>} change @param {string} text @param {() => void} [undo] */
async function told(change, text, undo) {
  try {
    await change;
  } catch (error) {
    tell(explained(error));
    throw error;
  }
  tell(text, undo && { label: texts.catalogue.undo, act: undo });
}
