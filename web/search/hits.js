// Hits as cards: the picture that matches, what it is, and why it ranks where it does.

import { html } from "../vendor/preact.js";
import { Icon } from "../parts/icons.js";
import { ItemPicture } from "../parts/pictures.js";
import { colorCode, priceText } from "../parts/values.js";
import { address } from "../router.js";
import { scoreText, texts } from "../texts.js";

/** @typedef {{ more: (id: string) => void, less: (id: string) => void, but: (id: string) => void, compare: (id: string) => void, compared: string }} HitActions `compared` is the hit that waits for another one */

/** @param {{ hits: HitJson[], actions: HitActions }} props */
export function HitGrid({ hits, actions }) {
  const best = Math.max(...hits.map((hit) => Number(hit.rankScore ?? 0)), 0.5);
  return html`<ul class="grid hits">
    ${hits.map((hit) => html`<${HitCard} key=${hit.item?.id} hit=${hit} best=${best} actions=${actions} />`)}
  </ul>`;
}

/** @param {{ hit: HitJson, best: number, actions: HitActions }} props */
function HitCard({ hit, best, actions }) {
  const { item = {}, product } = hit;
  const id = item.id ?? "";
  const name = product?.displayName || item.label || "";
  return html`
    <li class="card">
      <a class="card-link" href=${address(`items/${id}`)} aria-label=${name}><${ItemPicture} itemId=${id} url=${item.cropUrl} /></a>
      <div class="card-actions">
        <${CardAction} icon="plus" name=${texts.search.moreLikeThis} of=${name} act=${() => actions.more(id)} />
        <${CardAction} icon="minus" name=${texts.search.lessLikeThis} of=${name} act=${() => actions.less(id)} />
        <${CardAction} icon="edit" name=${texts.search.thisBut} of=${name} act=${() => actions.but(id)} />
        <${CardAction} icon="compare" name=${texts.search.compare} of=${name} pressed=${actions.compared === id} act=${() => actions.compare(id)} />
      </div>
      <div class="card-text">
        <p class="card-name" title=${name}>${name}</p>
        <p class="card-side">${priceText(product?.price)}</p>
        <p class="card-kind quiet">
          <span class="swatches" aria-hidden="true">
            ${(item.colors ?? []).slice(0, 3).map((color) => html`<i style=${{ background: colorCode(color.rgb) }}></i>`)}
          </span>
          ${[item.colors?.[0]?.name, item.label].filter(Boolean).join(" ")}
          ${hit.samePhoto && html` <b>${texts.search.samePhoto}</b>`}
        </p>
        <${TermBar} terms=${hit.terms ?? []} sum=${Number(hit.rankScore ?? 0)} best=${best} />
      </div>
    </li>
  `;
}

/** @param {{ icon: any, name: string, of: string, pressed?: boolean, act: () => void }} props */
function CardAction({ icon, name, of, pressed, act }) {
  return html`<button type="button" class="card-action" aria-pressed=${pressed} title=${name} aria-label=${`${name}: ${of}`} onClick=${act}>
    <${Icon} name=${icon} />
  </button>`;
}

/** The terms of a rank score, side by side; the best hit's bar is full. @param {{ terms: ScoreTermJson[], sum: number, best: number }} props */
function TermBar({ terms, sum, best }) {
  const told = terms.map(({ name = "", value = 0 }) => `${termName(name)} ${scoreText(value)}`).join(", ");
  const label = texts.search.similarityBar(told, scoreText(sum));
  const width = (/** @type {any} */ value) => `${Math.max(0, (100 * Number(value ?? 0)) / best)}%`;
  return html`
    <div class="terms" title=${label}>
      <span class="bar" role="img" aria-label=${label}>
        ${terms.map(({ name = "", value }) => html`<i key=${name} class=${`term ${name}`} style=${{ width: width(value) }}></i>`)}
      </span>
      <span class="score">${scoreText(sum)}</span>
    </div>
  `;
}

/** What each colour of the bars stands for. @param {{ hits: HitJson[] }} props */
export function TermLegend({ hits }) {
  const names = [...new Set(hits.flatMap(({ terms = [] }) => terms.map(({ name = "" }) => name)))];
  if (names.length < 2) return null;
  return html`<ul class="legend quiet" aria-label=${texts.search.why}>
    ${names.map((name) => html`<li key=${name}><i class=${`term ${name}`}></i>${termName(name)}</li>`)}
  </ul>`;
}

/** @param {string} name */
function termName(name) {
  return texts.search.terms[name] ?? name;
}
