// Keys that work wherever the focus is, and buttons that do the same.

import { html, useLayoutEffect, useRef } from "../vendor/preact.js";

/** @typedef {{ key: string, shown: string, text: string, act: () => void, strong?: boolean, pressed?: boolean, off?: boolean, hint?: string }} Choice `hint` says more than its text */

/** Acts on keys, but in fields, and on Enter where it follows a link or opens something. @param {Choice[]} choices */
export function useKeys(choices) {
  const latest = useRef(choices);
  latest.current = choices;
  useLayoutEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (target.closest("input, textarea, select, dialog")) return;
      if (event.key === "Enter" && target.closest("a, summary, button:not(.choice)")) return;
      const choice = latest.current.find(({ key }) => key === event.key || key === event.key.toLowerCase());
      if (!choice || choice.off) return;
      event.preventDefault();
      choice.act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** The legend that is always there: what each key does. @param {{ name: string, choices: Choice[] }} props */
export function Choices({ name, choices }) {
  return html`<div class="row choices" role="group" aria-label=${name}>
    ${choices.map(({ shown, text, act, strong, pressed, off, hint }) => html`<button type="button" key=${shown} class=${`button choice ${strong ? "strong" : ""}`}
      title=${hint} aria-pressed=${pressed} disabled=${off} onClick=${act}>${text}<kbd aria-hidden="true">${shown}</kbd></button>`)}
  </div>`;
}
