// The photo of an item that is reviewed: its boxes, at a zoom that stays, and a box that is drawn.

import { html, useEffect, useRef } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { ownUrl } from "../api/pictures.js";
import { cornersOf, placed } from "../parts/boxes.js";
import { useLoaded } from "../parts/loaded.js";
import { CropEditor } from "../search/crop_editor.js";
import { texts } from "../texts.js";

export const ZOOMS = [1, 1.5, 2, 3, 4, 6];

/**
 * @param {{
 *   item: ItemJson, url: string, zoom: number, drawn: Corners | null, fresh: boolean,
 *   onDraw: (corners: Corners) => void, onDrawn: () => void,
 * }} props
 * `drawn` is the box that is being drawn, in pixels of the photo; null for none. If it is `fresh`, each drag draws another one.
 */
export function ReviewPhoto({ item, url, zoom, drawn, fresh, onDraw, onDrawn }) {
  const frame = useRef(/** @type {HTMLElement | null} */ (null));
  const size = { width: item.imageWidth ?? 1, height: item.imageHeight ?? 1 };
  const others = useLoaded((signal) => call("CatalogService/ListItems", { imageId: item.imageId ?? "", pageSize: 100 }, signal), [item.id, item.etag]);
  const corners = cornersOf(item.box);
  useEffect(() => {
    const { clientWidth = 0, clientHeight = 0, scrollWidth = 0, scrollHeight = 0 } = frame.current ?? {};
    const [x1, y1, x2, y2] = corners;
    frame.current?.scrollTo({
      left: ((x1 + x2) / 2 / size.width) * scrollWidth - clientWidth / 2,
      top: ((y1 + y2) / 2 / size.height) * scrollHeight - clientHeight / 2,
    });
  }, [item.id, zoom, url]);
  const boxes = (others.data?.items ?? [item]).filter(({ id, wholeImage }) => !wholeImage && id !== item.id);
  return html`
    <div class="zoomed" ref=${frame} tabindex="0" role="group" aria-label=${texts.review.wholePhoto}>
      <div class=${`stage zoom-ground ${fresh ? "fresh" : ""}`} style=${{ width: `min(${100 * zoom}%, ${(zoom * size.width) / size.height} * min(62vh, 40rem))`, aspectRatio: `${size.width} / ${size.height}` }}>
        ${url && html`<img src=${ownUrl(url)} alt=${item.imageName || texts.catalogue.photo} />`}
        ${!drawn && boxes.map((other) => html`<span key=${other.id} class="other-box" style=${placed(cornersOf(other.box), size)}><span>${other.label}</span></span>`)}
        ${!drawn && !item.wholeImage && html`<span class="other-box this-box" style=${placed(corners, size)}><span>${item.label}</span></span>`}
        ${drawn && html`<${CropEditor} corners=${drawn} size=${size} onChange=${onDraw} onDone=${(/** @type {boolean} */ byKey) => byKey && onDrawn()} />`}
      </div>
    </div>
  `;
}
