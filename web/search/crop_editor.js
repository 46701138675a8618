// The crop on the photo, with handles for mouse, touch and keys.

import { html, useRef } from "../vendor/preact.js";
import { texts } from "../texts.js";
import { placed } from "../parts/boxes.js";
import { keyStep, moved } from "./crop.js";

/** @import { Part, Size } from "./crop.js" */
/** @typedef {{ part: Part, from: Corners, x: number, y: number }} Drag */

const CORNERS = /** @type {const} */ (["nw", "ne", "sw", "se"]);

/**
 * @param {{ corners: Corners, size: Size, onChange: (corners: Corners) => void, onDone: (byKey: boolean) => void }} props
 * `onChange` follows each movement; `onDone` comes when a pointer lets go, or with Enter.
 */
export function CropEditor({ corners, size, onChange, onDone }) {
  const ground = useRef(/** @type {HTMLElement | null} */ (null));
  const drag = useRef(/** @type {Drag | null} */ (null));
  const pixels = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = /** @type {HTMLElement} */ (ground.current).getBoundingClientRect();
    return [((event.clientX - left) / width) * size.width, ((event.clientY - top) / height) * size.height];
  };
  const begin = (/** @type {PointerEvent} */ event) => {
    const [x = 0, y = 0] = pixels(event);
    const part = /** @type {HTMLElement} */ (event.target).dataset["part"];
    drag.current = { part: /** @type {Part} */ (part ?? "se"), from: part ? corners : [x, y, x, y], x, y };
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
  };
  const follow = (/** @type {PointerEvent} */ event) => {
    if (!drag.current) return;
    const { part, from, x, y } = drag.current;
    const [nowX = 0, nowY = 0] = pixels(event);
    if (nowX !== x || nowY !== y) onChange(moved(from, part, nowX - x, nowY - y, size));
  };
  const end = () => {
    if (drag.current) onDone(false);
    drag.current = null;
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const part = /** @type {Part} */ (/** @type {HTMLElement} */ (event.target).dataset["part"]);
    const step = keyStep(event, size);
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (step) onChange(moved(corners, part, ...step, size));
    else onDone(true);
  };
  return html`
    <div class="crop-ground" ref=${ground} onPointerDown=${begin} onPointerMove=${follow} onPointerUp=${end}
      onPointerCancel=${end} onKeyDown=${press}>
      <div class="crop" style=${placed(corners, size)}>
        <button type="button" class="crop-move" data-part="move" aria-label=${texts.search.moveCrop}></button>
        ${CORNERS.map(
          (corner) => html`<button type="button" key=${corner} class=${`crop-corner ${corner}`} data-part=${corner}
            aria-label=${texts.search.corner[corner]}></button>`,
        )}
      </div>
    </div>
  `;
}
