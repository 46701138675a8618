// Shows the search as code, to be copied.

import { html, useRef, useState } from "../vendor/preact.js";
import { Icon } from "../parts/icons.js";
import { tell } from "../parts/notices.js";
import { texts } from "../texts.js";
import { curlCommand, pythonProgram } from "./snippet.js";

/** @param {{ request: SearchRequestJson, withKey: boolean }} props */
export function CopyPanel({ request, withKey }) {
  const [kind, setKind] = useState("curl");
  const shown = useRef(/** @type {HTMLElement | null} */ (null));
  const code = kind === "curl" ? curlCommand(request, location.origin, withKey) : pythonProgram(request);
  const tab = (/** @type {string} */ name, /** @type {string} */ label) => html`
    <button type="button" class="button small" aria-pressed=${kind === name} onClick=${() => setKind(name)}>${label}</button>
  `;
  return html`
    <details class="copy">
      <summary class="button small"><${Icon} name="code" />${texts.search.copy}</summary>
      <div class="copy-body">
        <p class="quiet">${texts.search.copyHint}</p>
        <div class="row">
          ${tab("curl", texts.search.copyCurl)} ${tab("python", texts.search.copyPython)}
          <button type="button" class="button small strong" onClick=${() => copy(code, shown.current)}>${texts.search.copy}</button>
        </div>
        <pre tabindex="0" ref=${shown}><code data-kind=${kind}>${code}</code></pre>
      </div>
    </details>
  `;
}

/** Copies a text; where the browser does not let pages do so, the text is selected instead. @param {string} text @param {HTMLElement | null} shown */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    tell(texts.app.copied);
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
  }
}
