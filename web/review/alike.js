// Items that look like the one that is reviewed, to be accepted together.

import { html, useState } from "../vendor/preact.js";
import { Dialog } from "../parts/dialog.js";
import { Failure } from "../parts/notices.js";
import { ItemPicture } from "../parts/pictures.js";
import { texts } from "../texts.js";

/** @param {{ item: ItemJson, alike: ItemJson[], accept: (items: ItemJson[]) => Promise<unknown>, onClose: () => void }} props */
export function AlikeDialog({ item, alike, accept, onClose }) {
  const [left, setLeft] = useState(/** @type {string[]} */ ([]));
  const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null) });
  const chosen = [item, ...alike.filter(({ id = "" }) => !left.includes(id))];
  const toggle = (/** @type {string} */ id) => setLeft((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id]));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setState({ busy: true, error: null });
    await accept(chosen).catch((error) => setState({ busy: false, error }));
  };
  return html`<${Dialog} title=${texts.review.alike} onClose=${onClose}>
    <p class="quiet">${alike.length ? texts.review.alikeHint(item.label ?? "") : texts.review.noneAlike}</p>
    ${state.error && html`<${Failure} error=${state.error} />`}
    <form onSubmit=${send}>
      <ul class="grid small">
        <li class="card"><${ItemPicture} itemId=${item.id ?? ""} url=${item.cropUrl} alt=${item.label} /></li>
        ${alike.map(({ id = "", label = "", cropUrl }) => html`<li key=${id} class="card"><label class="alike">
          <${ItemPicture} itemId=${id} url=${cropUrl} alt=${label} />
          <span class="check"><input type="checkbox" checked=${!left.includes(id)} onChange=${() => toggle(id)} /><span>${label}</span></span></label></li>`)}
      </ul>
      <p class="row alike-foot"><button class="button strong" autofocus disabled=${state.busy}>${texts.review.acceptAll(chosen.length)}</button>
        <button type="button" class="button" onClick=${onClose}>${texts.app.cancel}</button></p>
    </form>
  <//>`;
}
