// Which outfits are wanted, as the address keeps it, and the calls that ask for them.

import { call } from "../api/call.js";
import { filterOf } from "../search/request.js";
import { newQuery, parseQuery } from "../search/query.js";

/** @import { OutfitItemJson, OutfitSlotJson } from "../../clients/typescript/lib/armoire/v1/outfits_pb.js" */
/** @import { Query } from "../search/query.js" */
/**
 * @typedef {object} Wanted
 * @property {string} season "" is any, and so in the next two
 * @property {string} temperature in degrees Celsius
 * @property {string} formality 0 to 1
 * @property {number} count how many outfits
 * @property {number} seed
 * @property {string} base an item that each outfit has; "" for none
 * @property {Query} filters those of a search
 */

export const COUNTS = [6, 12, 24, 48];
const ALTERNATIVES = 12;

/** @param {URLSearchParams} params @returns {Wanted} */
export function wantedOf(params) {
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  const number = (/** @type {string} */ name) => Number(text(name)) || 0;
  return {
    season: text("season"),
    temperature: text("temperature"),
    formality: text("formality"),
    count: number("count") || 6,
    seed: number("seed"),
    base: text("base"),
    filters: newQuery(parseQuery(params), {}),
  };
}

/** @param {Wanted} wanted @param {AbortSignal} signal */
export async function suggest(wanted, signal) {
  const { count, seed, base } = wanted;
  const request = { count, seed: String(seed), baseItemIds: base ? [base] : [], ...chosenFrom(wanted) };
  return (await call("OutfitService/SuggestOutfits", request, signal)).outfits ?? [];
}

/** What else could be where a piece is, without what is there now. @param {Wanted} wanted @param {string[]} others @param {OutfitItemJson} piece @param {AbortSignal} signal */
export async function alternatives(wanted, others, { itemId, slot }, signal) {
  const request = { baseItemIds: others, slot: /** @type {OutfitSlotJson} */ (slot), count: ALTERNATIVES, seed: String(wanted.seed), ...chosenFrom(wanted) };
  const { candidates = [] } = await call("OutfitService/CompleteOutfit", request, signal);
  return candidates.filter(({ item }) => item?.itemId !== itemId);
}

/** @param {Wanted} wanted @param {string[]} itemIds @param {AbortSignal} signal */
export function score(wanted, itemIds, signal) {
  return call("OutfitService/ScoreOutfit", { itemIds, occasion: occasionOf(wanted), includeCropUrls: true }, signal);
}

/** @param {Wanted} wanted */
function chosenFrom(wanted) {
  const filter = filterOf(wanted.filters);
  return { ...(filter && { filter }), occasion: occasionOf(wanted), includeCropUrls: true };
}

/** @param {Wanted} wanted */
function occasionOf({ season, temperature, formality }) {
  return {
    ...(season && { season: /** @type {any} */ (`SEASON_${season.toUpperCase()}`) }),
    ...(temperature && { temperatureC: Number(temperature) }),
    ...(formality && { formality: Number(formality) }),
  };
}
