// The page of outfits: looks as collages, and one of them large.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { Choices, useKeys } from "../parts/keys.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Failure, Loading } from "../parts/notices.js";
import { sentenceCase } from "../parts/values.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { Collage } from "./collage.js";
import { useFeedback } from "./feedback.js";
import { idsOf, Look } from "./look.js";
import { Score, Terms } from "./terms.js";
import { suggest, wantedOf } from "./wanted.js";
import { WantedForm } from "./wanted_form.js";

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const wanted = wantedOf(params);
  const found = useLoaded((signal) => suggest(wanted, signal), [wanted]);
  const [current, setCurrent] = useState(-1);
  const opened = (params.get("look") ?? "").split(",").filter(Boolean);
  const change = (/** @type {Record<string, string>} */ changes) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
    go(address("outfits", next));
  };
  const open = (/** @type {string} */ ids) => (change({ look: ids }), scrollTo(0, 0));
  return html`
    <div class="page">
      <div class="page-head"><h1>${texts.outfits.title}</h1></div>
      ${opened.length
        ? html`<${Look} ids=${opened} looks=${found.data ?? []} wanted=${wanted} open=${open} onPlace=${setCurrent} onClose=${() => change({ look: "" })} />`
        : html`
            <${WantedForm} wanted=${wanted} />
            ${wanted.base && html`<p class="row tools"><a href=${address(`items/${wanted.base}`)}>${texts.outfits.base}</a>
              <button type="button" class="button small" onClick=${() => change({ base: "" })}>${texts.outfits.withoutBase}</button></p>`}
            <${Looks} found=${found} endUser=${wanted.endUser} current=${current} onCurrent=${setCurrent} open=${open} onOthers=${() => change({ seed: String(wanted.seed + 1) })} />`}
    </div>
  `;
}

/** @param {{ found: Loaded<OutfitJson[]>, endUser: string, current: number, onCurrent: (index: number) => void, open: (ids: string) => void, onOthers: () => void }} props */
function Looks({ found, endUser, current, onCurrent, open, onOthers }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const looks = found.data ?? [];
  const focus = (/** @type {number} */ index) => /** @type {HTMLElement | undefined} */ (place.current?.querySelectorAll(".card-whole")[index])?.focus();
  useEffect(() => focus(current), []);
  const choices = [
    ...useFeedback(endUser, idsOf(looks[current]), (skipped) => skipped && focus(current + 1)),
    { key: "ArrowLeft", shown: "←", text: texts.outfits.previous, act: () => focus(Math.max(0, current - 1)), off: current < 1 },
    { key: "ArrowRight", shown: "→", text: texts.outfits.next, act: () => focus(current + 1), off: current >= looks.length - 1 },
    { key: "n", shown: "N", text: texts.outfits.others, act: onOthers },
  ];
  useKeys(choices);
  if (found.error) return html`<${Impossible} error=${found.error} retry=${found.reload} />`;
  if (!found.data) return html`<${Loading} />`;
  return html`
    <section aria-label=${texts.outfits.looks} aria-busy=${found.loading}>
      ${looks.length
        ? html`<ul class="grid looks" ref=${place}>${looks.map((look, index) => html`<li key=${idsOf(look)} class="card">
            <button type="button" class="card-whole" aria-label=${texts.outfits.open(index + 1)} onFocus=${() => onCurrent(index)} onClick=${() => open(idsOf(look))}><${Collage} pieces=${look.items ?? []} /></button>
            <${Score} look=${look} />
            <p class="look-why">${look.explanation}</p>
            <${Terms} look=${look} />
          </li>`)}</ul>`
        : html`<${Empty} title=${texts.outfits.none}><p>${texts.outfits.noneHint}</p><//>`}
    </section>
    <div class="legend-bar"><${Choices} name=${texts.app.actions} choices=${choices} /><p class="quiet">${texts.outfits.keysHint}</p></div>
  `;
}

/** What the server says is lacking, and what to do about it. @param {{ error: any, retry: () => void }} props */
function Impossible({ error, retry }) {
  const account = useAccount();
  if (error.reason !== "OUTFIT_IMPOSSIBLE") return html`<${Failure} error=${error} retry=${retry} />`;
  return html`<${Empty} title=${sentenceCase(error.message)}>
    <p>${texts.outfits.impossibleHint}</p>
    ${may(account, "WRITE") && html`<a class="button strong" href=${address("upload")}>${texts.catalogue.add}</a>`}
    <a class="button" href=${address("outfits")}>${texts.search.clearFilters}</a>
  <//>`;
}
