// What a look's score is made of, and what has changed of it.

import { html } from "../vendor/preact.js";
import { priceText, sentenceCase } from "../parts/values.js";
import { scoreText, texts } from "../texts.js";

/** @param {{ look: OutfitJson, before?: OutfitJson | undefined, reasons?: boolean }} props `before` is what the look is compared with */
export function Terms({ look, before, reasons = false }) {
  const pointsBefore = new Map(before?.terms?.map(({ name, points }) => [name, points ?? 0]));
  return html`<ul class="look-terms" aria-label=${texts.outfits.terms}>
    ${(look.terms ?? []).map(({ name = "", value, points = 0, reason }) => html`<li key=${name} class="look-term" title=${reason}>
      <span>${texts.outfits.termNames[name] ?? sentenceCase(name)}</span>
      <span class="meter" aria-hidden="true"><i style=${{ width: `${Math.max(0, 100 * Number(value ?? 0))}%` }}></i></span>
      <span class="score">${scoreText(points)}</span>
      ${before && html`<${Change} by=${Number(points) - Number(pointsBefore.get(name) ?? 0)} />`}
      ${reasons && reason && html`<small class="quiet">${sentenceCase(reason)}</small>`}
    </li>`)}
  </ul>`;
}

/** The score in words, the price of all pieces together, and how the score has changed. @param {{ look: OutfitJson, before?: OutfitJson | undefined }} props */
export function Score({ look, before }) {
  const score = Number(look.score ?? 0);
  return html`<p class="look-score">${texts.outfits.verdict(score)} <small class="quiet">${scoreText(score)}</small>
    ${before && html`<${Change} by=${score - Number(before.score ?? 0)} />`} <span class="end">${togetherText(look)}</span></p>`;
}

/** What the products of a look cost together; "" where one has no price, or another currency. @param {OutfitJson} look */
function togetherText({ items = [] }) {
  const prices = [...new Map(items.map(({ itemId, product }) => [product?.id ?? itemId, product?.price])).values()];
  const [{ currencyCode = "" } = {}] = prices;
  if (!currencyCode || prices.some((price) => price?.currencyCode !== currencyCode)) return "";
  const nanos = prices.reduce((sum, price) => sum + Number(price?.units ?? 0) * 1e9 + Number(price?.nanos ?? 0), 0);
  return priceText({ currencyCode, units: String(Math.floor(nanos / 1e9)), nanos: nanos % 1e9 });
}

/** How much more or less it is, where that can be seen. @param {{ by: number }} props */
export function Change({ by }) {
  if (Math.abs(by) < 0.005) return null;
  return html`<span class=${`state ${by > 0 ? "good" : "bad"}`}>${texts.outfits.change(scoreText(Math.abs(by)), by > 0)}</span>`;
}
