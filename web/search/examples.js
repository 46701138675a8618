// What hits are to be like beside the photo and the words: items and products of the catalogue.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { useLoaded } from "../parts/loaded.js";
import { ItemPicture, NoPicture } from "../parts/pictures.js";
import { address } from "../router.js";
import { texts } from "../texts.js";

/** @param {{ query: Query, onChange: (query: Query) => void }} props */
export function Examples({ query, onChange }) {
  const { item, product, more, less } = query;
  const without = (/** @type {string[]} */ list, /** @type {string} */ id) => list.filter((each) => each !== id);
  if (!item && !product && !more.length && !less.length) return null;
  return html`<ul class="examples">
    ${item && html`<${ItemExample} kind="item" id=${item} onRemove=${() => onChange({ ...query, item: "" })} />`}
    ${product && html`<${ProductExample} id=${product} onRemove=${() => onChange({ ...query, product: "" })} />`}
    ${more.map((id) => html`<${ItemExample} key=${id} kind="more" id=${id}
        onRemove=${() => onChange({ ...query, more: without(more, id) })} />`)}
    ${less.map((id) => html`<${ItemExample} key=${id} kind="less" id=${id}
        onRemove=${() => onChange({ ...query, less: without(less, id) })} />`)}
  </ul>`;
}

/** @param {{ kind: "item" | "more" | "less", id: string, onRemove: () => void }} props */
function ItemExample({ kind, id, onRemove }) {
  return html`<${Example} kind=${kind} href=${address(`items/${id}`)} onRemove=${onRemove}><${ItemPicture} itemId=${id} /><//>`;
}

/** @param {{ id: string, onRemove: () => void }} props */
function ProductExample({ id, onRemove }) {
  const { data } = useLoaded((signal) => call("CatalogService/GetProduct", { productId: id }, signal), [id]);
  const item = data?.product?.primaryItemId;
  return html`<${Example} kind="product" href=${address(`products/${id}`)} onRemove=${onRemove}>
    ${item ? html`<${ItemPicture} itemId=${item} />` : html`<${NoPicture} />`}
  <//>`;
}

/** @param {{ kind: "item" | "product" | "more" | "less", href: string, onRemove: () => void, children?: any }} props */
function Example({ kind, href, onRemove, children }) {
  const name = texts.search.asked[kind];
  return html`<li class=${`example ${kind}`}>
    <a href=${href} aria-label=${name} title=${name}>${children}</a>
    <span>${name}</span>
    <button type="button" class="button icon-only plain" aria-label=${texts.search.takeAway(name)} onClick=${onRemove}>
      <${Icon} name="close" />
    </button>
  </li>`;
}
