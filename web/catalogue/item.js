// One item: its crop, what is known of it, who said so, and where it comes from.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { Icon } from "../parts/icons.js";
import { useLoaded } from "../parts/loaded.js";
import { Failure, Unloaded } from "../parts/notices.js";
import { colorCode, sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { number, texts } from "../texts.js";
import { BoxedPhoto } from "./boxed_photo.js";
import { Facts } from "./facts.js";

const PERSON = "VALUE_SOURCE_PERSON";

/** @param {{ id: string }} props */
export function Page({ id }) {
  const loaded = useLoaded((signal) => openItem(id, signal), [id]);
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const { item, siblings } = loaded.data;
  const similar = new URLSearchParams({ item: id });
  return html`
    <div class="page">
      <div class="page-head">
        <h1>${sentenceCase(item.label ?? "")}</h1>
        <p class="row">
          <a class="button" href=${address("outfits", new URLSearchParams({ base: id }))}>${texts.outfits.complete}</a>
          <a class="button strong" href=${address("search", similar)}><${Icon} name="search" />${texts.catalogue.findSimilar}</a>
        </p>
      </div>
      <div class="detail">
        <div class="detail-pictures">
          <img class="crop-picture" src=${item.crop ? `data:image/jpeg;base64,${item.crop}` : ""} alt=${item.label} />
          <${BoxedPhoto} imageId=${item.imageId ?? ""} width=${item.imageWidth ?? 1} height=${item.imageHeight ?? 1}
            items=${siblings} current=${id} alt=${item.imageName ?? texts.catalogue.photo} />
          <p class="row">
            <a class="button small" href=${address(`photos/${item.imageId}`)}>${texts.catalogue.openPhoto}</a>
            ${item.productId && html`<a class="button small" href=${address(`products/${item.productId}`)}>${texts.catalogue.openProduct}</a>`}
          </p>
        </div>
        <${Description} item=${item} />
      </div>
    </div>
  `;
}

/** @param {string} itemId @param {AbortSignal} signal */
async function openItem(itemId, signal) {
  const { item = {} } = await call("CatalogService/GetItem", { itemId, includeCrop: true, includeAlternatives: true }, signal);
  const { items = [] } = await call("CatalogService/ListItems", { imageId: item.imageId ?? "", pageSize: 100 }, signal);
  return { item, siblings: items };
}

/** @param {{ item: ItemJson }} props */
function Description({ item }) {
  const account = useAccount();
  const attributes = Object.entries(item.attributes ?? {}).sort(([one], [other]) => one.localeCompare(other));
  return html`
    <div class="detail-text">
      <h2>${texts.catalogue.attributes}</h2>
      <dl class="attributes">
        ${attributes.map(([name, value]) => html`<${Attribute} key=${name} name=${name} value=${value} />`)}
        ${item.categories && html`<${Attribute} name=${texts.catalogue.classifier} value=${{ values: item.categories }} />`}
      </dl>
      <${Colors} colors=${item.colors ?? []} />
      <${Facts} facts=${facts(item)} />
      <${History} itemId=${item.id ?? ""} allowed=${may(account, "REVIEW") || may(account, "READ")} />
    </div>
  `;
}

/** @param {ItemJson} item @returns {[string, any][]} */
function facts(item) {
  const percent = (/** @type {any} */ value) => (value === undefined ? "" : `${Math.round(Number(value) * 100)} %`);
  const version = (/** @type {string | undefined} */ model, /** @type {string | undefined} */ prepared) =>
    model && html`<code>${model}</code> <span class="quiet">${texts.catalogue.preprocessing} <code>${prepared}</code></span>`;
  return [
    [texts.catalogue.score, item.wholeImage ? "" : percent(item.score)],
    [texts.catalogue.garmentScore, percent(item.garmentScore)],
    [texts.catalogue.warnings, (item.warnings ?? []).map((issue) => texts.catalogue.issues[issue] ?? issue).join(", ")],
    [texts.catalogue.verified, texts.catalogue.when(item.verifyTime)],
    [texts.catalogue.product, item.primaryInProduct && texts.catalogue.primary],
    [texts.catalogue.photo, item.wholeImage && texts.catalogue.wholeImage],
    [texts.catalogue.embedder, version(item.modelVersion, item.preprocessVersion)],
    [texts.catalogue.classifier, version(item.classifierVersion, item.classifierPreprocessVersion)],
    [texts.catalogue.added, texts.catalogue.when(item.createTime)],
    [texts.catalogue.changed, texts.catalogue.when(item.updateTime)],
  ];
}

/** An attribute with what else the model thought of. @param {{ name: string, value: AttributeValueJson }} props */
function Attribute({ name, value }) {
  const { values = [], alternatives = [], source } = value;
  const said = new Set(values.map((each) => each.value));
  const shown = [...values, ...alternatives.filter((each) => !said.has(each.value))].slice(0, 5);
  return html`<div class="attribute">
    <dt>${texts.filters.names[name] ?? sentenceCase(name)} ${source === PERSON && html`<span class="tag">${texts.catalogue.byPerson}</span>`}</dt>
    <dd>${shown.map((each, index) => html`<${Alternative} key=${each.value} value=${each} first=${index === 0} />`)}</dd>
  </div>`;
}

/** @param {{ value: ScoredValueJson, first: boolean }} props */
function Alternative({ value, first }) {
  const share = Number(value.score ?? 0);
  return html`<span class=${`alternative ${first ? "first" : "quiet"}`}>
    <span class="alternative-name">${value.value}</span>
    <span class="meter" aria-hidden="true"><i style=${{ width: `${100 * share}%` }}></i></span>
    <span class="score">${number.format(Math.round(100 * share))} %</span>
  </span>`;
}

/** @param {{ colors: ColorShareJson[] }} props */
function Colors({ colors }) {
  if (!colors.length) return null;
  return html`
    <h2>${texts.catalogue.colors}</h2>
    <div class="color-strip" aria-hidden="true">
      ${colors.map(({ rgb, fraction }) => html`<i style=${{ background: colorCode(rgb), flexGrow: Number(fraction ?? 0) }}></i>`)}
    </div>
    <p class="quiet">${colors.map(({ name, fraction }) => `${name} ${Math.round(100 * Number(fraction ?? 0))} %`).join(", ")}</p>
  `;
}

/** @param {{ itemId: string, allowed: boolean }} props */
function History({ itemId, allowed }) {
  const loaded = useLoaded((signal) => (allowed ? call("CatalogService/ListCorrections", { itemId, pageSize: 50 }, signal) : Promise.resolve({})), [itemId]);
  const corrections = /** @type {CorrectionJson[]} */ (/** @type {any} */ (loaded.data)?.corrections ?? []);
  return html`
    <h2>${texts.catalogue.history}</h2>
    ${loaded.error && html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`}
    ${loaded.data && !corrections.length && html`<p class="quiet">${texts.catalogue.noHistory}</p>`}
    <ol class="history">
      ${corrections.map((correction) => html`<li key=${correction.id}>
        <p><strong>${texts.catalogue.kinds[correction.kind ?? ""] ?? correction.kind}</strong>
          <span class="quiet"> ${correction.author} · ${texts.catalogue.when(correction.createTime)}</span></p>
        ${(correction.changes ?? []).map((change) => html`<p class="quiet">${texts.catalogue.change(change.field ?? "", change.before ?? "", change.after ?? "")}</p>`)}
      </li>`)}
    </ol>
  `;
}
