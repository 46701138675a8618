// A text that is shown once, such as a new key, to be copied.

import { html } from "../vendor/preact.js";
import { Dialog } from "../parts/dialog.js";
import { tell } from "../parts/notices.js";
import { texts } from "../texts.js";

/** @param {{ title: string, hint: string, secret: string, onClose: () => void }} props */
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
