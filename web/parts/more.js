// The next page of a list: asked for when its end comes near, or by a button.

import { html, useEffect, useRef } from "../vendor/preact.js";
import { texts } from "../texts.js";
import { Failure } from "./notices.js";
import { onceNear } from "./pictures.js";

/** @param {{ list: { next: string, adding: boolean, more: () => Promise<void>, moreError: any }, byButton?: boolean }} props `list` of `usePages`; `byButton` alone, for lists that are asked for again and again */
export function More({ list, byButton = false }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const { next, adding, more, moreError } = list;
  useEffect(() => (next && !moreError && !byButton && place.current ? onceNear(place.current, more) : undefined), [next, moreError]);
  if (moreError) return html`<${Failure} error=${moreError} retry=${more} />`;
  return next && html`<p class="more" ref=${place}><button type="button" class="button" disabled=${adding} onClick=${more}>
    ${adding ? texts.app.loading : texts.catalogue.more}</button></p>`;
}
