// What a look's score is made of, and what has changed of it.

import { html } from "../vendor/preact.js";
import { sentenceCase } from "../parts/values.js";
import { number, texts } from "../texts.js";

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

/** How much more or less it is, where that can be seen. @param {{ by: number }} props */
export function Change({ by }) {
  if (Math.abs(by) < 0.005) return null;
  return html`<span class=${`state ${by > 0 ? "good" : "bad"}`}>${texts.outfits.change(scoreText(Math.abs(by)), by > 0)}</span>`;
}

/** @param {any} value */
export function scoreText(value) {
  return number.format(Math.round(100 * Number(value ?? 0) + 1e-7) / 100); // halves go up, however they were added up
}
