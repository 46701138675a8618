// The page of searches.

import { html, useCallback, useEffect, useRef, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { useAccount } from "../account/account.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Failure, Loading } from "../parts/notices.js";
import { Icon } from "../parts/icons.js";
import { ItemPicture } from "../parts/pictures.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { CopyPanel } from "./copy_panel.js";
import { Examples } from "./examples.js";
import { facetFields } from "./facet_fields.js";
import { Filters } from "./filters.js";
import { HitGrid, TermLegend } from "./hits.js";
import { DropTarget, FileButton } from "./photo_input.js";
import { photoOf, takePhoto } from "./photos.js";
import { asksSomething, filterCount, newQuery, parseQuery, queryParams, SORTS, withoutFilters } from "./query.js";
import { chosenGarment, shownQuery, sorted, useResults } from "./results.js";
import { PhotoStage } from "./stage.js";

const NEAR = 0.5; // as a cosine
const NEAR_CATEGORY = 0.1; // as the term of a rank score

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const query = parseQuery(params);
  const change = (/** @type {Query} */ next) => go(address("search", queryParams(next)));
  const { limits } = useAccount();
  const fields = facetFields(limits?.filterFields ?? []);
  const results = useResults(query, fields);
  const photo = useLoaded(() => (query.photo ? photoOf(query.photo) : Promise.resolve(undefined)), [query.photo]);
  const [refusal, setRefusal] = useState(/** @type {any} */ (null));
  const search = `${params}`;
  const takeFiles = useCallback(async (/** @type {File[]} */ files) => {
    setRefusal(null);
    await takePhoto(/** @type {File} */ (files[0])).then((key) => change(newQuery(query, { photo: key })), setRefusal);
  }, [search]);
  const asked = asksSomething(query);
  const found = results.data ?? null;
  const view = { query, change, results, found, photo: photo.data, takeFiles };
  return html`
    <div class=${`search ${asked ? "asked" : "fresh"}`}>
      <${DropTarget} text=${texts.search.drop} onFiles=${takeFiles} />
      <${QueryPanel} ...${view} />
      ${refusal && html`<${Failure} error=${refusal} />`}
      ${asked ? html`<${Answer} ...${view} />` : html`<${Start} query=${query} change=${change} />`}
    </div>
  `;
}

/** What is looked for: words, photo, examples. @param {any} view */
function QueryPanel({ query, change, results, photo, takeFiles }) {
  const garments = photo?.garments ?? [];
  const asked = asksSomething(query);
  return html`
    <section class="query" aria-label=${texts.search.query}>
      ${asked ? html`<h1 class="unseen">${texts.search.title}</h1>` : html`<h1>${texts.search.heading}</h1><p class="intro">${texts.search.intro}</p>`}
      <${Words} query=${query} change=${change} />
      <div class="row photo-row">
        <${FileButton} icon="photo" label=${query.photo ? texts.search.otherPhoto : texts.search.choosePhoto} strong=${!asked} onFiles=${takeFiles} />
        <${FileButton} icon="camera" label=${texts.search.takePhoto} camera onFiles=${takeFiles} />
      </div>
      <${Examples} query=${query} onChange=${change} />
      ${!asked && html`<p class="row tries"><span class="quiet">${texts.search.try}</span>
        ${texts.search.tries.map((words) => html`<a key=${words} class="chip" href=${address("search", new URLSearchParams({ q: words }))}>${words}</a>`)}</p>`}
      ${photo && html`
        <${PhotoStage} photo=${photo} garments=${garments} chosen=${chosenGarment(query, photo)} box=${query.box} busy=${results.loading}
          onGarment=${(/** @type {number} */ garment) => change({ ...query, garment, box: null })}
          onBox=${(/** @type {any} */ box) => change({ ...query, box })}
          onRemove=${() => change({ ...query, photo: "", box: null, garment: -1 })} />
        <${GarmentChips} query=${query} photo=${photo} change=${change} />
        ${!results.loading && photo.garments?.length === 0 && !query.box && html`<p class="note">${texts.search.wholePhoto}</p>`}
      `}
    </section>
  `;
}

/** @param {{ query: Query, change: (query: Query) => void }} props */
function Words({ query, change }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (field.current) field.current.value = query.words;
  }, [query.words]);
  useEffect(() => {
    if (query.item && !query.words) field.current?.focus();
  }, [query.item]);
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    change({ ...query, words: field.current?.value.trim() ?? "" });
  };
  const beside = Boolean(query.photo || query.item || query.product || query.more.length);
  return html`
    <form class="words" role="search" onSubmit=${submit}>
      <input ref=${field} type="search" name="q" defaultValue=${query.words} aria-label=${texts.search.words}
        placeholder=${beside ? texts.search.wordsBesidePhoto : texts.search.wordsHint} autocomplete="off" enterkeyhint="search" />
      <button class="button strong" aria-label=${texts.search.title}><${Icon} name="search" /></button>
    </form>
  `;
}

/** The garments of the photo by name, for those who do not point. @param {{ query: Query, photo: QueryPhoto, change: (query: Query) => void }} props */
function GarmentChips({ query, photo, change }) {
  const garments = photo.garments ?? [];
  if (garments.length < 2 && !query.box) return null;
  const chosen = query.box ? -1 : chosenGarment(query, photo);
  return html`
    <ul class="chips" aria-label=${texts.search.garments}>
      ${garments.map(({ label }, index) => html`<li key=${index}>
        <button type="button" class="chip" aria-pressed=${index === chosen} onClick=${() => change({ ...query, garment: index, box: null })}>${label}</button>
      </li>`)}
      ${query.box && html`<li><button type="button" class="chip" aria-pressed="true">${texts.search.ownCrop}</button></li>`}
    </ul>
  `;
}

/** Filters and hits. @param {any} view */
function Answer({ query, change, results, found, photo }) {
  const shown = /** @type {QueryHitsJson | undefined} */ (found?.queries[shownQuery(query, photo)]);
  const count = filterCount(query);
  return html`
    <details class="filter-drawer" open=${matchMedia("(min-width: 60rem)").matches}>
      <summary class="button"><${Icon} name="filter" />${count ? texts.filters.titleWith(count) : texts.filters.title}</summary>
      <${Filters} query=${query} facets=${found?.facets ?? []} onChange=${change} />
    </details>
    <section class="results" aria-label=${texts.search.results} aria-busy=${results.loading}>
      ${results.error && html`<${Failure} error=${results.error} retry=${results.reload} />`}
      ${!results.error && !found && html`<${Waiting} query=${query} />`}
      ${!results.error && found && html`<${Hits} query=${query} change=${change} results=${results} found=${found} shown=${shown} photo=${photo} />`}
    </section>
  `;
}

/** @param {{ query: Query }} props */
function Waiting({ query }) {
  return html`
    <${Loading} text=${query.photo ? texts.search.looking : texts.search.searching} />
    <ul class="grid hits" aria-hidden="true">${Array.from({ length: 8 }, (_, index) => html`<li key=${index} class="card ghost"></li>`)}</ul>
  `;
}

/** @param {any} props */
function Hits({ query, change, results, found, shown, photo }) {
  const { me } = useAccount();
  const hits = sorted(shown?.hits ?? [], query.sort);
  const [first, setFirst] = useState("");
  const wanted = understood(shown?.appliedFilter);
  const compare = (/** @type {string} */ id) => {
    if (!first || first === id) return setFirst(first ? "" : id);
    go(address("compare", new URLSearchParams({ one: first, other: id })));
    scrollTo(0, 0);
  };
  const actions = {
    more: (/** @type {string} */ id) => change({ ...query, more: added(query.more, id), less: query.less.filter((/** @type {string} */ each) => each !== id) }),
    less: (/** @type {string} */ id) => change({ ...query, less: added(query.less, id), more: query.more.filter((/** @type {string} */ each) => each !== id) }),
    but: (/** @type {string} */ id) => change(newQuery(query, { item: id })),
    compare,
    compared: first,
  };
  return html`
    <div class="results-head">
      <div class="results-title" role="status">
        <h2>${texts.search.hits(hits.length, Boolean(found.next))}${texts.search.hitsFor(subjectName(query, shown, photo))}</h2>
      </div>
      ${results.loading && html`<span class="spinner" role="status" aria-label=${texts.search.searching}></span>`}
      <${TermLegend} hits=${hits} />
      <select class="sort" aria-label=${texts.catalogue.order} onChange=${(/** @type {any} */ event) => change({ ...query, sort: event.currentTarget.value })}>
        ${SORTS.map((each) => html`<option key=${each} value=${each} selected=${each === query.sort}>${texts.search.orders[each]}</option>`)}
      </select>
      <${CopyPanel} key=${JSON.stringify(query)} request=${found.request} withKey=${Boolean(me?.user)} />
    </div>
    ${first && html`<p class="note" role="status">${texts.search.compareWith}
      <button type="button" class="button small plain" onClick=${() => setFirst("")}>${texts.app.cancel}</button></p>`}
    ${hits.length > 0 && wanted && html`<p class="note">${texts.search.understood} ${wanted}</p>`}
    ${hits.length > 0 && hits.every(isFar) && html`<p class="note">${texts.search.far}</p>`}
    ${hits.length
      ? html`<${HitGrid} hits=${hits} actions=${actions} />`
      : !wanted && !filterCount(query) ? html`<${EmptyCatalogue} />`
      : html`<${Empty} title=${wanted ? texts.search.nothingOf(wanted) : texts.search.noHits}>
          <p>${wanted ? texts.search.wordsHide : texts.search.noHitsHint}</p>
          ${wanted && html`<button type="button" class="button" onClick=${() => change({ ...query, words: "" })}>${texts.search.withoutWords}</button>`}
          ${filterCount(query) > 0 && html`<button type="button" class="button" onClick=${() => change(withoutFilters(query))}>${texts.search.clearFilters}</button>`}
        <//>`}
    ${found.next && hits.length > 0 && html`<p class="more"><button type="button" class="button" disabled=${results.adding} onClick=${results.more}>
      ${results.adding ? texts.app.loading : texts.catalogue.more}</button></p>`}
  `;
}

/** What the words were understood to ask for. @param {FilterJson | undefined} filter */
function understood(filter) {
  return (filter?.conditions ?? []).map(({ field = "", anyOf }) => `${texts.filters.names[field] ?? field}: ${(anyOf?.values ?? []).join(" / ")}`).join(", ");
}

/** Whether a hit is neither similar nor of a category that is looked for. @param {HitJson} hit */
function isFar({ score, terms = [] }) {
  const category = terms.find(({ name }) => name === "same_category");
  return Number(score ?? 0) < NEAR && category !== undefined && Number(category.value ?? 0) < NEAR_CATEGORY;
}

/** @param {Query} query @param {QueryHitsJson | undefined} shown @param {QueryPhoto | undefined} photo */
function subjectName(query, shown, photo) {
  const alone = [query.photo, query.words, query.item, query.product].filter(Boolean).length + query.more.length === 1 && !query.less.length;
  if (query.photo && alone) {
    if (query.box) return texts.search.forCrop;
    return photo?.garments?.length ? texts.search.forGarment(shown?.label ?? "") : texts.search.forPhoto;
  }
  if (alone && query.words) return `“${query.words}”`;
  if (alone && query.product) return texts.search.forProduct;
  return alone ? texts.search.forItem : texts.search.forExamples;
}

/** @param {string[]} list @param {string} id */
function added(list, id) {
  return list.includes(id) ? list : [...list, id];
}

/** What is shown before anything is looked for. @param {{ query: Query, change: (query: Query) => void }} props */
function Start({ query, change }) {
  const recent = useLoaded((signal) => call("CatalogService/ListItems", { pageSize: 12, includeCropUrls: true }, signal), []);
  const items = recent.data?.items ?? [];
  if (recent.error) return html`<${Failure} error=${recent.error} retry=${recent.reload} />`;
  if (recent.loading) return html`<${Loading} />`;
  if (!items.length) return html`<${EmptyCatalogue} />`;
  return html`
    <section class="start">
      <h2>${texts.search.start}</h2>
      <ul class="grid small">
        ${items.map((item) => html`<li key=${item.id} class="card">
          <button type="button" class="card-link" aria-label=${`${texts.search.moreLikeThis}: ${item.label}`}
            onClick=${() => change(newQuery(query, { item: item.id ?? "" }))}><${ItemPicture} itemId=${item.id ?? ""} url=${item.cropUrl} /></button>
        </li>`)}
      </ul>
    </section>
  `;
}

function EmptyCatalogue() {
  return html`<${Empty} title=${texts.search.emptyCatalogue}>
    <p>${texts.search.emptyCatalogueHint}</p>
    <a class="button strong" href=${address("upload")}>${texts.catalogue.add}</a>
  <//>`;
}
