// One photo: its items, what it lacks, what was found and not kept.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { useLoaded } from "../parts/loaded.js";
import { Unloaded } from "../parts/notices.js";
import { address, go } from "../router.js";
import { number, texts } from "../texts.js";
import { BoxedPhoto } from "./boxed_photo.js";
import { deleteImage } from "./changes.js";
import { Facts } from "./facts.js";
import { ItemCard } from "./cards.js";

/** @param {{ id: string }} props */
export function Page({ id }) {
  const account = useAccount();
  const loaded = useLoaded((signal) => openPhoto(id, signal), [id]);
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const { image, items } = loaded.data;
  const name = image.name || texts.catalogue.photo;
  const here = address(`photos/${id}`);
  const remove = () => deleteImage(id, name, () => go(here)).then(() => go(address("catalogue", new URLSearchParams({ tab: "photos" }))), () => {});
  return html`
    <div class="page">
      <div class="page-head">
        <h1>${name}</h1>
        ${may(account, "WRITE") && html`<button type="button" class="button" onClick=${remove}><${Icon} name="trash" />${texts.catalogue.remove}</button>`}
      </div>
      <div class="detail">
        <div class="detail-pictures">
          <${BoxedPhoto} imageId=${id} width=${image.width ?? 1} height=${image.height ?? 1} items=${items} alt=${name} />
          ${image.productId && html`<p><a class="button small" href=${address(`products/${image.productId}`)}>${texts.catalogue.openProduct}</a></p>`}
        </div>
        <div class="detail-text">
          <h2>${texts.catalogue.items}</h2>
          ${items.length ? html`<ul class="grid small">${items.map((item) => html`<${ItemCard} key=${item.id} row=${item} />`)}</ul>` : html`<p class="quiet">${texts.catalogue.noItems}</p>`}
          <${Facts} facts=${facts(image)} />
        </div>
      </div>
    </div>
  `;
}

/** @param {string} imageId @param {AbortSignal} signal */
async function openPhoto(imageId, signal) {
  const [{ image = {} }, { items = [] }] = await Promise.all([
    call("CatalogService/GetImage", { imageId }, signal),
    call("CatalogService/ListItems", { imageId, pageSize: 100, includeCropUrls: true }, signal),
  ]);
  return { image, items };
}

/** @param {ImageJson} image @returns {[string, any][]} */
function facts(image) {
  const issue = (/** @type {string} */ name) => texts.catalogue.issues[name] ?? name;
  const rejected = (image.rejectedCrops ?? []).map(({ label, reason = "" }) => `${label} (${issue(reason)})`);
  return [
    [texts.catalogue.size, `${texts.catalogue.pixels(image.width ?? 0, image.height ?? 0)}, ${image.format}, ${number.format(Math.ceil(Number(image.sizeBytes ?? 0) / 1024))} KB`],
    [texts.catalogue.warnings, (image.warnings ?? []).map(issue).join(", ")],
    [texts.catalogue.rejected, rejected.join(", ")],
    [texts.catalogue.added, texts.catalogue.when(image.createTime)],
    [texts.catalogue.changed, texts.catalogue.when(image.updateTime)],
  ];
}
