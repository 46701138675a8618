// What reviewers have decided, how quickly, and how often models say what they say.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Choice } from "../parts/dialog.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Failure, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { sentenceCase } from "../parts/values.js";
import { address, go } from "../router.js";
import { number, texts } from "../texts.js";
import { verifiedSet } from "./queue.js";

const Z = 1.96;
const MOST_CONFUSED = 12;
const SETS = /** @type {Record<string, object>} */ ({
  "": {},
  audited: { onlyAudited: true },
  test: { split: "DATASET_SPLIT_TEST" },
});

/** @param {{ params: URLSearchParams }} props */
export function Statistics({ params }) {
  const of = params.get("of") ?? "";
  const shares = sharesOf(params.get("shares") ?? "");
  const told = useLoaded((signal) => call("CatalogService/GetReviewStatistics", { ...SETS[of], ...(shares && { shares }) }, signal), [of, shares]);
  if (!told.data) return html`<${Unloaded} loaded=${told} />`;
  const { agreements = [], coverage = [], reviewers = [] } = told.data;
  const choose = (/** @type {any} */ event) => go(address("review/statistics", new URLSearchParams(event.target.value ? { of: event.target.value } : {})));
  return html`
    <${Counts} told=${told.data} />
    <section class="section"><h2>${texts.review.pace}</h2><${Paces} reviewers=${reviewers} /></section>
    <section class="section">
      <div class="section-head"><h2>${texts.review.agreement}</h2>
        <${Choice} label=${texts.review.measuredOn} name="of" value=${of} onChange=${choose} options=${Object.entries(texts.review.sets)} /></div>
      <p class="quiet">${texts.review.agreementHint}</p>
      ${agreements.length ? html`<${Agreements} agreements=${agreements} />` : html`<${Empty} title=${texts.review.nothingCompared}><p>${texts.review.nothingComparedHint}</p><//>`}
    </section>
    <section class="section"><h2>${texts.review.coverage}</h2><${CoverageTable} coverage=${coverage} /></section>
    <section class="section"><h2>${texts.review.verifiedSet}</h2><${Export} /></section>
  `;
}

/** The shares of the splits, such as "0.8,0.1,0.1"; null for the server's. @param {string} text */
function sharesOf(text) {
  const [train = NaN, val = NaN, test = NaN] = text.split(",").map(Number);
  return [train, val, test].every((share) => share >= 0) ? { train, val, test } : null;
}

/** @param {{ told: GetReviewStatisticsResponseJson }} props */
function Counts({ told }) {
  const counts = [
    [texts.review.items, told.items],
    [texts.review.reviewed, told.reviewed],
    [texts.catalogue.verified, told.verified],
    [texts.review.rejected, told.rejected],
  ];
  return html`<dl class="counts">${counts.map(([name, count]) => html`<div key=${name}><dt>${name}</dt><dd>${number.format(Number(count ?? 0))}</dd></div>`)}</dl>`;
}

/** @param {{ reviewers: ReviewerPaceJson[] }} props */
function Paces({ reviewers }) {
  if (!reviewers.length) return html`<p class="quiet">${texts.review.noDecisions}</p>`;
  return html`<${Table} name=${texts.review.pace} heads=${[texts.review.reviewer, `#${texts.review.decided}`, `#${texts.review.minutes}`, `#${texts.review.perMinute}`]}>
    ${reviewers.map(({ author, decisions = 0, activeS = 0 }) => {
      const minutes = Number(activeS) / 60;
      return html`<tr key=${author}><td>${author}</td><td class="number">${number.format(Number(decisions))}</td><td class="number">${rounded(minutes)}</td>
        <td class="number">${minutes > 0 ? rounded(Number(decisions) / minutes) : "–"}</td></tr>`;
    })}<//>`;
}

/** Each attribute with its versions, the newest last, and what is mixed up. @param {{ agreements: AgreementJson[] }} props */
function Agreements({ agreements }) {
  const [chosen, setChosen] = useState("");
  const key = (/** @type {AgreementJson} */ { attribute, modelVersion, preprocessVersion }) => `${attribute} ${modelVersion} ${preprocessVersion}`;
  const shown = agreements.find((each) => key(each) === chosen) ?? agreements.find(({ attribute, live }) => attribute === "category" && live) ?? agreements[0];
  return html`
    <${Table} name=${texts.review.agreement} heads=${[texts.review.attribute, texts.review.model, `#${texts.review.compared}`, `#${texts.review.agrees}`, texts.review.interval, ""]}>
      ${agreements.map((each) => html`<tr key=${key(each)}>
        <td>${texts.filters.names[each.attribute ?? ""] ?? sentenceCase(each.attribute ?? "")}</td>
        <td><a href=${address("review", new URLSearchParams({ version: each.modelVersion ?? "" }))}>${each.modelVersion}</a> ${each.live && html`<span class="tag">${texts.review.live}</span>`}</td>
        <td class="number">${number.format(Number(each.reviewed ?? 0))}</td>
        <td class="number">${share(each)}</td>
        <td class="wide"><${Interval} agreement=${each} /></td>
        <td class="acts"><button type="button" class="button small" aria-pressed=${each === shown} aria-label=${`${texts.review.confused}: ${each.attribute} ${each.modelVersion}`}
          onClick=${() => setChosen(key(each))}>${texts.review.confused}</button></td></tr>`)}<//>
    <${Difference} versions=${agreements.filter(({ attribute }) => attribute === shown?.attribute)} />
    ${shown && html`<${Confusions} agreement=${shown} />`}
  `;
}

/** What the newest version has changed, where there is one before it. @param {{ versions: AgreementJson[] }} props */
function Difference({ versions }) {
  const [before, after] = versions.slice(-2);
  if (!before?.reviewed || !after?.reviewed) return null;
  const [change, low, high] = difference(before, after);
  return html`<p>${texts.review.difference(after.modelVersion ?? "", before.modelVersion ?? "", points(change), points(low), points(high))} ${low <= 0 && high >= 0 && texts.review.tooFew}</p>`;
}

/**
 * How much more often the second agrees, with the interval as if they were measured on different items, which is the wider one.
 * Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
 * @param {AgreementJson} before @param {AgreementJson} after @returns {[number, number, number]}
 */
export function difference(before, after) {
  const [low, high] = wilson(Number(before.agreed), Number(before.reviewed));
  const [least, most] = wilson(Number(after.agreed), Number(after.reviewed));
  const [p, q] = [Number(before.agreed) / Number(before.reviewed), Number(after.agreed) / Number(after.reviewed)];
  return [q - p, q - p - Math.hypot(q - least, high - p), q - p + Math.hypot(most - q, p - low)];
}

/** The Wilson interval of a share, on a line from 0 to 1. @param {{ agreement: AgreementJson }} props */
function Interval({ agreement }) {
  const [low, high] = wilson(Number(agreement.agreed ?? 0), Number(agreement.reviewed ?? 0));
  const text = texts.review.between(percent(low), percent(high));
  return html`<span class="interval" role="img" aria-label=${text} title=${text}><i style=${{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }}></i></span> <span class="quiet">${text}</span>`;
}

/** @param {number} agreed @param {number} all @returns {[number, number]} Source: Wilson 1927, "Probable inference". */
export function wilson(agreed, all) {
  if (!all) return [0, 1];
  const p = agreed / all;
  const middle = (p + (Z * Z) / (2 * all)) / (1 + (Z * Z) / all);
  const half = (Z / (1 + (Z * Z) / all)) * Math.sqrt((p * (1 - p)) / all + (Z * Z) / (4 * all * all));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** What the model says where people say something else. @param {{ agreement: AgreementJson }} props */
function Confusions({ agreement }) {
  const wrong = (agreement.confusions ?? []).filter(({ modelValue = "", personValue = "" }) => modelValue !== personValue);
  const title = texts.review.confusedOf(agreement.attribute ?? "", agreement.modelVersion ?? "");
  if (!wrong.length) return html`<p class="quiet">${texts.review.noneConfused(agreement.attribute ?? "")}</p>`;
  return html`<${Table} name=${title} caption=${title} heads=${[texts.review.modelSays, texts.review.personSays, `#${texts.review.times}`]}>
    ${wrong.slice(0, MOST_CONFUSED).map(({ modelValue = "", personValue = "", count = 0 }) => html`<tr key=${`${modelValue}|${personValue}`}>
      <td>${modelValue || texts.review.none}</td><td>${personValue || texts.review.none}</td><td class="number">${number.format(Number(count))}</td></tr>`)}<//>`;
}

/** @param {{ coverage: CoverageJson[] }} props */
function CoverageTable({ coverage }) {
  if (!coverage.length) return html`<p class="quiet">${texts.review.noItems}</p>`;
  return html`<${Table} name=${texts.review.coverage} heads=${[texts.review.label, `#${texts.review.items}`, `#${texts.review.decidedOn}`, texts.review.share]}>
    ${coverage.map(({ label = "", items = 0, decided = 0 }) => html`<tr key=${label}>
      <td><a href=${address("review", new URLSearchParams({ category: label }))}>${label || texts.review.none}</a></td><td class="number">${number.format(Number(items))}</td>
      <td class="number">${number.format(Number(decided))}</td><td><span class="interval" role="img" aria-label=${percent(Number(decided) / Number(items))}>
        <i style=${{ width: `${(100 * Number(decided)) / Number(items)}%` }}></i></span></td></tr>`)}<//>`;
}

/** The verified set as a file, and the commands that bring it with its pictures. */
function Export() {
  const [state, setState] = useState({ photos: 0, busy: false, error: /** @type {any} */ (null), url: "" });
  const leaving = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => leaving.current?.abort(), []);
  const make = async () => {
    const stop = (leaving.current = new AbortController());
    setState({ photos: 0, busy: true, error: null, url: "" });
    try {
      const set = await verifiedSet(stop.signal, (photos) => setState((now) => ({ ...now, photos })));
      const url = URL.createObjectURL(new Blob([JSON.stringify(set)], { type: "application/json" }));
      setState({ photos: set.images.length, busy: false, error: null, url });
    } catch (error) {
      setState((now) => ({ ...now, busy: false, error: stop.signal.aborted ? null : error }));
    }
  };
  return html`
    <p class="quiet">${texts.review.exportHint}</p>
    <pre class="code"><code>armoire export dataset garments --format yolo --partly-reviewed</code></pre>
    ${state.error && html`<${Failure} error=${state.error} retry=${make} />`}
    <p class="row">
      ${state.busy
        ? html`<button type="button" class="button" onClick=${() => leaving.current?.abort()}>${texts.app.cancel}</button>`
        : html`<button type="button" class="button strong" onClick=${make}>${texts.review.makeFile}</button>`}
      <span role="status">${state.busy || state.url ? texts.review.exported(state.photos) : ""}</span>
      ${state.url && html`<a class="button" href=${state.url} download="verified.coco.json">${texts.review.saveFile}</a>`}
    </p>
  `;
}

/** @param {AgreementJson} agreement */
function share({ agreed, reviewed }) {
  return Number(reviewed ?? 0) ? percent(Number(agreed) / Number(reviewed)) : "–";
}

/** @param {number} value */
function percent(value) {
  return texts.review.percent(Math.round(1000 * value) / 10);
}

/** A difference of shares in points. @param {number} value */
function points(value) {
  return `${value < 0 ? "−" : "+"}${number.format(Math.round(1000 * Math.abs(value)) / 10)}`;
}

/** @param {number} value */
function rounded(value) {
  return number.format(Math.round(10 * value) / 10);
}
