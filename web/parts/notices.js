// What is told in place of content: that it loads, that there is none, that something failed.

import { html, useEffect, useState } from "../vendor/preact.js";
import { explained, texts } from "../texts.js";
import { Icon } from "./icons.js";

/** @param {{ text?: string }} props */
export function Loading({ text = texts.app.loading }) {
  return html`<p class="loading" role="status"><span class="spinner"></span>${text}</p>`;
}

/** @param {{ title: string, children?: any, level?: string }} props */
export function Empty({ title, children, level = "h2" }) {
  return html`<div class="empty"><${level} class="title">${title}<//>${children}</div>`;
}

/** @param {{ error: any, retry?: () => void }} props */
export function Failure({ error, retry }) {
  return html`
    <div class="failure" role="alert">
      <${Icon} name="warning" />
      <div>
        <p><strong>${texts.errors.title}</strong></p>
        <p>${explained(error)}</p>
        ${error.requestId && html`<p class="quiet">${texts.errors.id(error.requestId)}</p>`}
        ${retry && html`<button class="button" onClick=${retry}>${texts.app.retry}</button>`}
      </div>
    </div>
  `;
}

/** What stands in place of something that is asked for until it is there. @param {{ loaded: { error?: any, reload: () => void } }} props of `useLoaded` */
export function Unloaded({ loaded: { error, reload } }) {
  return error ? html`<${Failure} error=${error} retry=${reload} />` : html`<${Loading} />`;
}

const told = new EventTarget();

/** Tells something at the foot of the window, with a thing to do about it. @param {string} text @param {{ label: string, act: () => void }} [action] */
export function tell(text, action) {
  told.dispatchEvent(new CustomEvent("told", { detail: { text, action } }));
}

/** Where `tell` shows its texts; each stays until it is closed or another comes. */
export function Toast() {
  const [toast, setToast] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const show = (/** @type {any} */ event) => setToast(event.detail);
    told.addEventListener("told", show);
    return () => told.removeEventListener("told", show);
  }, []);
  const act = () => {
    setToast(null);
    toast.action.act();
  };
  return html`
    <div class="toast-place" role="status">
      ${toast &&
      html`<div class="toast">
        <span>${toast.text}</span>
        ${toast.action && html`<button class="button plain" onClick=${act}>${toast.action.label}</button>`}
        <button class="button icon-only plain" aria-label=${texts.app.close} onClick=${() => setToast(null)}>
          <${Icon} name="close" />
        </button>
      </div>`}
    </div>
  `;
}
