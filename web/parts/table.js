// Tables that scroll by themselves where the window is narrow.

import { html } from "../vendor/preact.js";
import { texts } from "../texts.js";

/**
 * Heads that begin with "#" are of numbers; one that is "" is of buttons. With a `name`, a table without links is scrolled by keys.
 * @param {{ heads: string[], name?: string, caption?: string, busy?: boolean, children?: any }} props
 */
export function Table({ heads, name, caption, busy, children }) {
  return html`<div class="table-frame" tabindex=${name && 0} role=${name && "group"} aria-label=${name} aria-busy=${busy}>
    <table class="table">
      ${caption && html`<caption>${caption}</caption>`}
      <thead><tr>${heads.map((head) => html`<th key=${head} class=${head.startsWith("#") ? "number" : ""}>
        ${head ? head.replace("#", "") : html`<span class="unseen">${texts.app.actions}</span>`}</th>`)}</tr></thead>
      <tbody>${children}</tbody>
    </table>
  </div>`;
}
