// Pictures of the catalogue, fetched when they come near to what is seen.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { cropUrl, ownUrl, thumbnailUrl } from "../api/pictures.js";
import { Icon } from "./icons.js";

const AHEAD = "400px";

/** The crop of an item; `url` is what a list has told of it, if it has. @param {{ itemId: string, url?: string | undefined, alt?: string }} props */
export function ItemPicture({ itemId, url = "", alt = "" }) {
  return html`<${LatePicture} key=${itemId} alt=${alt} known=${url} ask=${() => cropUrl(itemId)} />`;
}

/** A photo of the catalogue; `url` as in `ItemPicture`. @param {{ imageId: string, url?: string | undefined, alt?: string, maxSidePx?: number }} props */
export function PhotoPicture({ imageId, url = "", alt = "", maxSidePx = 256 }) {
  return html`<${LatePicture} key=${imageId} alt=${alt} known=${url} ask=${() => thumbnailUrl(imageId, maxSidePx)} />`;
}

/** In place of a picture that is not there. @param {{ deleted?: boolean }} props */
export function NoPicture({ deleted = false }) {
  return html`<span class="picture"><${Icon} name=${deleted ? "trash" : "photo"} /></span>`;
}

/** A picture whose URL is asked for where it is not known, or no longer works. @param {{ alt: string, known: string, ask: () => Promise<string> }} props */
function LatePicture({ alt, known, ask }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const left = useRef(false);
  const [url, setUrl] = useState("");
  const asked = () => ask().then((found) => left.current || setUrl(found), () => {});
  useEffect(() => {
    const show = () => (known ? setUrl(ownUrl(known)) : asked());
    const stop = onceNear(/** @type {HTMLElement} */ (place.current), show);
    return () => {
      left.current = true;
      stop();
    };
  }, []);
  const failed = () => url && !url.startsWith("data:") && known && url === ownUrl(known) && asked();
  return html`<span class="picture" ref=${place}>${url && html`<img class="ground" src=${url} alt="" decoding="async" /><img src=${url} alt=${alt}
    decoding="async" onError=${failed} />`}</span>`;
}

/** Acts once when an element comes near to what is seen. @param {HTMLElement} element @param {() => void} act @returns {() => void} stops it */
export function onceNear(element, act) {
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
