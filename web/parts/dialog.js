// A dialog over the page, which Escape closes, and a question that has to be answered before something is done.

import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { texts } from "../texts.js";
import { Failure, tell } from "./notices.js";

/** @param {{ title: string, onClose: () => void, children?: any }} props */
export function Dialog({ title, onClose, children }) {
  const place = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const before = document.activeElement;
    place.current?.showModal();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  return html`
    <dialog class="dialog" ref=${place} aria-label=${title} onClose=${onClose}>
      <h2>${title}</h2>
      ${children}
    </dialog>
  `;
}

/**
 * A button that asks before it acts.
 * @param {{ label: any, name?: string, question: string, hint: string, act: () => Promise<unknown>, small?: boolean }} props
 * `name` is what the button is called, where `label` alone does not say it.
 */
export function AskButton({ label, name, question, hint, act, small = true }) {
  const [open, setOpen] = useState(false);
  return html`
    <button type="button" class=${`button ${small ? "small" : ""}`} aria-label=${name} onClick=${() => setOpen(true)}>${label}</button>
    ${open && html`<${Dialog} title=${question} onClose=${() => setOpen(false)}>
      <p class="quiet">${hint}</p>
      <${Form} submit=${label} send=${act} onSent=${() => setOpen(false)} onCancel=${() => setOpen(false)} />
    <//>`}
  `;
}

/**
 * A form that sends its fields once, and shows what is wrong with them.
 * @param {{ submit: any, send: (fields: any, form: HTMLFormElement) => Promise<any>, onSent?: (answer: any) => void, onCancel?: () => void, children?: any }} props
 */
export function Form({ submit, send, onSent, onCancel, children }) {
  const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null) });
  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    setState({ busy: true, error: null });
    try {
      const answer = await send(Object.fromEntries(new FormData(form)), form);
      setState({ busy: false, error: null });
      onSent?.(answer);
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return html`
    <form class="form" onSubmit=${onSubmit}>
      ${state.error && html`<${Failure} error=${state.error} />`}
      ${children}
      <p class="row">
        <button class="button strong" disabled=${state.busy}>${submit}</button>
        ${onCancel && html`<button type="button" class="button" onClick=${onCancel}>${texts.app.cancel}</button>`}
      </p>
    </form>
  `;
}

/** A named field; further properties are those of the input. @param {any} props */
export function Field({ label, hint, type = "text", value = "", ...rest }) {
  return html`<label class="field">
    <span>${label}${hint && html` <small class="quiet">${hint}</small>`}</span>
    <input type=${type} defaultValue=${value} ...${rest} />
  </label>`;
}

/** A choice of one. @param {{ label: string, name: string, value?: string, options: [value: string, text: string][], onChange?: (event: any) => void }} props */
export function Choice({ label, name, value = "", options, onChange }) {
  return html`<label class="field">
    <span>${label}</span>
    <select name=${name} onChange=${onChange}>
      ${options.map(([each, text]) => html`<option key=${each} value=${each} selected=${each === value}>${text}</option>`)}
    </select>
  </label>`;
}

/** A text that is shown once, such as a new key, to be copied. @param {{ title: string, hint: string, secret: string, onClose: () => void }} props */
export function Secret({ title, hint, secret, onClose }) {
  const copy = () => navigator.clipboard.writeText(secret).then(() => tell(texts.app.copied), () => {});
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <p class="quiet">${hint}</p>
      <code class="secret">${secret}</code>
      <p class="row"><button type="button" class="button strong" onClick=${copy}>${texts.app.copy}</button>
        <button type="button" class="button" onClick=${onClose}>${texts.app.close}</button></p>
    <//>
  `;
}
