// Which outfits are wanted, as the address keeps it, and the calls that ask for them.

import { call } from "../api/call.js";
import { filterOf } from "../search/request.js";
import { newQuery, parseQuery } from "../search/query.js";

/** @typedef {ReturnType<typeof wantedOf>} Wanted what is not said is "" */

export const COUNTS = [6, 12, 24, 48];
const ALTERNATIVES = 12;

/** @param {URLSearchParams} params */
export function wantedOf(params) {
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  return {
    season: text("season"),
    temperature: text("temperature"),
    formality: text("formality"),
    count: Number(text("count")) || 6,
    seed: Number(text("seed")) || 0,
    base: text("base"),
    endUser: text("user"),
    owned: text("pool") === "wardrobe",
    filters: newQuery(parseQuery(params), {}),
  };
}

/** @param {Wanted} wanted @param {AbortSignal} signal */
export async function suggest(wanted, signal) {
  const { count, seed, base } = wanted;
  const request = { count, seed: String(seed), baseItemIds: base ? [base] : [], repeatDays: 0, ...chosenFrom(wanted) };
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
  return call("OutfitService/ScoreOutfit", { itemIds, occasion: occasionOf(wanted), endUser: wanted.endUser, includeCropUrls: true }, signal);
}

/** @param {Wanted} wanted */
function chosenFrom(wanted) {
  const filter = filterOf(wanted.filters);
  const { endUser, owned } = wanted;
  return { ...(filter && { filter }), endUser, ...(endUser && owned && { pool: /** @type {const} */ ("OUTFIT_POOL_WARDROBE") }), occasion: occasionOf(wanted), includeCropUrls: true };
}

/** @param {Wanted} wanted */
function occasionOf({ season, temperature, formality }) {
  return {
    ...(season && { season: /** @type {any} */ (`SEASON_${season.toUpperCase()}`) }),
    ...(temperature && { temperatureC: Number(temperature) }),
    ...(formality && { formality: Number(formality) }),
  };
}
