// The pieces of a look where they are worn: from outerwear down to shoes, and accessories aside.

import { html } from "../vendor/preact.js";
import { ItemPicture } from "../parts/pictures.js";
import { sentenceCase } from "../parts/values.js";

const ROWS = [["OUTERWEAR", "LAYER", "TOP"], ["ONE_PIECE", "BOTTOM"], ["HOSIERY", "SHOES"]];
const ASIDE = ["ACCESSORIES"];

/** @param {OutfitItemJson} piece */
export function slotOf({ slot = "OUTFIT_SLOT_UNSPECIFIED" }) {
  return slot.replace("OUTFIT_SLOT_", "");
}

/** What a piece is; its product may be named after a whole set. @param {OutfitItemJson} piece */
export function nameOf({ color, garmentType }) {
  return sentenceCase([color, garmentType].filter(Boolean).join(" "));
}

/** In the order of a collage. @param {OutfitItemJson[]} pieces */
export function ordered(pieces) {
  return [...ROWS, ASIDE].flatMap((slots) => inSlots(pieces, slots));
}

/** @param {{ pieces: OutfitItemJson[], draw?: (piece: OutfitItemJson) => any }} props `draw` makes something else of each than its picture */
export function Collage({ pieces, draw = picture }) {
  const rows = ROWS.map((slots) => inSlots(pieces, slots)).filter((row) => row.length);
  const aside = inSlots(pieces, ASIDE);
  return html`<span class="collage">
    <span class="collage-body">${rows.map((row, index) => html`<span key=${index} class="collage-row">${row.map(draw)}</span>`)}</span>
    ${aside.length > 0 && html`<span class="collage-aside">${aside.map(draw)}</span>`}
  </span>`;
}

/** @param {OutfitItemJson} piece */
function picture({ itemId = "", cropUrl }) {
  return html`<span key=${itemId} class="piece"><${ItemPicture} itemId=${itemId} url=${cropUrl} /></span>`;
}

/** @param {OutfitItemJson[]} pieces @param {string[]} slots */
function inSlots(pieces, slots) {
  return slots.flatMap((slot) => pieces.filter((piece) => slotOf(piece) === slot));
}
