// Pictures of the catalogue, asked for when they come near to what is seen.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { cropUrl, thumbnailUrl } from "../api/pictures.js";

const AHEAD = "400px";

/** The crop of an item. @param {{ itemId: string, alt?: string }} props */
export function ItemPicture({ itemId, alt = "" }) {
  return html`<${LatePicture} key=${itemId} alt=${alt} ask=${() => cropUrl(itemId)} />`;
}

/** A photo of the catalogue. @param {{ imageId: string, alt?: string, maxSidePx?: number }} props */
export function PhotoPicture({ imageId, alt = "", maxSidePx = 256 }) {
  return html`<${LatePicture} key=${imageId} alt=${alt} ask=${() => thumbnailUrl(imageId, maxSidePx)} />`;
}

/** @param {{ alt: string, ask: () => Promise<string> }} props */
function LatePicture({ alt, ask }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [url, setUrl] = useState("");
  useEffect(() => {
    let left = false;
    const asked = () => ask().then((found) => left || setUrl(found), () => {});
    const stop = onceNear(/** @type {HTMLElement} */ (place.current), asked);
    return () => {
      left = true;
      stop();
    };
  }, []);
  return html`<span class="picture" ref=${place}>${url && html`<img class="ground" src=${url} alt="" decoding="async" /><img src=${url} alt=${alt} decoding="async" />`}</span>`;
}

/** @param {HTMLElement} element @param {() => void} act */
function onceNear(element, act) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: AHEAD },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
