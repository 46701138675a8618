// The ways a photo comes in: chosen, taken, dropped, pasted.

import { html, useEffect, useState } from "../vendor/preact.js";
import { Icon } from "../parts/icons.js";

export const ACCEPTED = "image/jpeg,image/png,image/webp,image/*";

/** @typedef {(files: File[]) => void} TakeFiles */

/** A button that opens the dialog of files. @param {{ label: string, icon: any, onFiles: TakeFiles, strong?: boolean, camera?: boolean, multiple?: boolean }} props */
export function FileButton({ label, icon, onFiles, strong = false, camera = false, multiple = false }) {
  const take = (/** @type {any} */ event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    if (files.length) onFiles(files);
  };
  return html`
    <label class=${`button file ${strong ? "strong" : ""} ${camera ? "camera" : ""}`}>
      <${Icon} name=${icon} />${label}
      <input type="file" class="unseen" accept=${ACCEPTED} capture=${camera ? "environment" : undefined}
        multiple=${multiple} onChange=${take} />
    </label>
  `;
}

/** Takes files that are dropped on the window or pasted; shows where they fall. @param {{ text: string, onFiles: TakeFiles }} props */
export function DropTarget({ text, onFiles }) {
  const [over, setOver] = useState(false);
  useEffect(() => listen(setOver, onFiles), [onFiles]);
  return over && html`<div class="drop-target" aria-hidden="true"><p><${Icon} name="photo" />${text}</p></div>`;
}

/** @param {(over: boolean) => void} setOver @param {TakeFiles} onFiles */
function listen(setOver, onFiles) {
  const leaving = new AbortController();
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ act) =>
    document.addEventListener(type, act, { signal: leaving.signal });
  const take = (/** @type {Event} */ event, /** @type {DataTransfer | null} */ data) => {
    const files = [...(data?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  };
  on("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  });
  on("dragleave", (event) => event.relatedTarget || setOver(false));
  on("drop", (event) => (setOver(false), take(event, event.dataTransfer)));
  on("paste", (event) => take(event, event.clipboardData));
  return () => leaving.abort();
}
