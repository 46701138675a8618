// Facts of a thing, as a list of names and values; those without a value are left out.

import { html } from "../vendor/preact.js";

/** @param {{ facts: [name: string, value: any][] }} props */
export function Facts({ facts }) {
  const known = facts.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false);
  return html`<dl class="facts">
    ${known.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
