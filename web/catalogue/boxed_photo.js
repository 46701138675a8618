// A photo of the catalogue with the boxes of its items.

import { html, useEffect, useState } from "../vendor/preact.js";
import { thumbnailUrl } from "../api/pictures.js";
import { cornersOf, placed } from "../parts/boxes.js";
import { address } from "../router.js";
import { texts } from "../texts.js";

const SIDE_PX = 1024;

/**
 * @param {{ imageId: string, width: number, height: number, items: ItemJson[], current?: string, alt: string }} props
 * `current` is the id of the item that the page is about.
 */
export function BoxedPhoto({ imageId, width, height, items, current = "", alt }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let left = false;
    thumbnailUrl(imageId, SIDE_PX).then((found) => left || setUrl(found), () => {});
    return () => void (left = true);
  }, [imageId]);
  const boxes = items.filter((item) => !item.wholeImage);
  return html`
    <div class="stage-frame">
      <div class="stage">
        ${url ? html`<img src=${url} alt=${alt} width=${width} height=${height} />` : html`<span class="stage-wait" style=${{ aspectRatio: `${width} / ${height}` }}></span>`}
        ${boxes.map((item, index) => html`<a key=${item.id} class="garment" href=${address(`items/${item.id}`)} title=${item.label}
          aria-label=${texts.search.garment(index + 1, item.label ?? "")} aria-current=${item.id === current ? "true" : undefined}
          style=${placed(cornersOf(item.box), { width, height })}><span class="dot"></span></a>`)}
      </div>
    </div>
  `;
}
