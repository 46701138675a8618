// The parts of a page, of which one is shown.

import { html } from "../vendor/preact.js";

/** @param {{ name: string, tabs: [text: string, url: string][], current: number, children?: any }} props */
export function Tabs({ name, tabs, current, children }) {
  return html`<nav class="row tabs" aria-label=${name}>
    ${tabs.map(([text, url], index) => html`<a key=${url} class="chip" href=${url} aria-current=${index === current ? "page" : undefined}>${text}</a>`)}
    ${children}
  </nav>`;
}
