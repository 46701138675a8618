// What every hit must be: values with their counts, the price, the least similarity.

import { html, useState } from "../vendor/preact.js";
import { namedColor, sentenceCase } from "../parts/values.js";
import { number, scoreText, texts } from "../texts.js";
import { filterCount, withoutFilters } from "./query.js";

/** @typedef {(query: Query) => void} Change */

const SHOWN = 7;

/** @param {{ query: Query, facets: FacetJson[], onChange: Change, ofHits?: boolean, wide?: boolean, note?: string }} props `ofHits` are some that only searches have */
export function Filters({ query, facets, onChange, ofHits = true, wide = false, note }) {
  const count = filterCount(query);
  return html`
    <section class=${`filters ${wide ? "wide" : ""}`} aria-label=${texts.filters.title}>
      ${count > 0 && html`<button type="button" class="button small" onClick=${() => onChange(withoutFilters(query))}>
        ${texts.search.clearFilters}
      </button>`}
      ${note && html`<p class="quiet hint">${note}</p>`}
      ${facets.map((facet) => html`<${FacetValues} key=${facet.field} facet=${facet} query=${query} onChange=${onChange} />`)}
      <${Range} key=${`${query.from} ${query.to}`} title=${texts.filters.price} names=${["from", "to"]} query=${query} onChange=${onChange}
        inputmode="decimal" pattern="[0-9]+([.,][0-9]+)?" hint=${texts.filters.priceHint} />
      <${Range} key=${`${query.since} ${query.until}`} title=${texts.catalogue.added} names=${["since", "until"]} query=${query} onChange=${onChange} type="date" />
      ${ofHits && html`
        <${LeastSimilarity} key=${query.minScore} query=${query} onChange=${onChange} />
        <label class="check">
          <input type="checkbox" checked=${query.group} onChange=${() => onChange({ ...query, group: !query.group })} />
          <span>${texts.filters.group}</span>
        </label>
      `}
    </section>
  `;
}

/** @param {{ facet: FacetJson, query: Query, onChange: Change }} props */
function FacetValues({ facet, query, onChange }) {
  const [open, setOpen] = useState(false);
  const { field = "", values = [] } = facet;
  const chosen = query.values[field] ?? [];
  const counted = new Map(values.map(({ value = "", count = "0" }) => [value, Number(count)]));
  const all = [...new Set([...chosen, ...counted.keys()])];
  if (all.length === 0) return null;
  const toggle = (/** @type {string} */ value) => {
    const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
    onChange({ ...query, values: { ...query.values, [field]: next } });
  };
  return html`
    <fieldset class="facet">
      <legend>${texts.filters.names[field] ?? sentenceCase(field)}</legend>
      ${(open ? all : all.slice(0, Math.max(SHOWN, chosen.length))).map(
        (value) => html`<${FacetValue} key=${value} value=${value} count=${counted.get(value) ?? 0}
          color=${field === "color"} checked=${chosen.includes(value)} onToggle=${() => toggle(value)} />`,
      )}
      ${!open && all.length > Math.max(SHOWN, chosen.length) && html`<button type="button" class="button small plain" onClick=${() => setOpen(true)}>
        ${texts.filters.more(all.length - SHOWN)}
      </button>`}
    </fieldset>
  `;
}

/** @param {{ value: string, count: number, color: boolean, checked: boolean, onToggle: () => void }} props */
function FacetValue({ value, count, color, checked, onToggle }) {
  const background = color ? namedColor(value) : "";
  return html`
    <label class="check">
      <input type="checkbox" checked=${checked} onChange=${onToggle} aria-label=${texts.filters.value(value, count)} />
      ${background && html`<i class="swatch" style=${{ background }}></i>`}
      <span class="check-text">${value}</span>
      <span class="count quiet">${number.format(count)}</span>
    </label>
  `;
}

/** Two bounds, of prices or of days; further properties are those of their fields. @param {any} props `names` are those of the query */
function Range({ title, names, query, onChange, hint, ...field }) {
  const apply = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const bounds = [...new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))].map(([name, value]) => [name, String(value).trim()]);
    onChange({ ...query, ...Object.fromEntries(bounds) });
  };
  return html`
    <form class="facet" onSubmit=${apply}>
      <fieldset>
        <legend>${title}</legend>
        <div class="bounds">
          ${names.map((/** @type {"from" | "to" | "since" | "until"} */ name) => html`<label key=${name} class="bound"><span class="quiet">${texts.filters[name]}</span>
            <input name=${name} defaultValue=${query[name]} autocomplete="off" title=${hint} ...${field} /></label>`)}
          <button class="button small">${texts.filters.apply}</button>
        </div>
      </fieldset>
    </form>
  `;
}

/** @param {{ query: Query, onChange: Change }} props */
function LeastSimilarity({ query, onChange }) {
  const [value, setValue] = useState(query.minScore);
  const change = (/** @type {any} */ event) => onChange({ ...query, minScore: Number(event.currentTarget.value) });
  return html`
    <div class="facet range">
      <p class="facet-title"><span>${texts.filters.minScore}</span><output class="quiet">${value > 0 ? scoreText(value) : texts.filters.any}</output></p>
      <input type="range" aria-label=${texts.filters.minScore} min="0" max="1" step="0.05" value=${value}
        onInput=${(/** @type {any} */ event) => setValue(Number(event.currentTarget.value))} onChange=${change} />
    </div>
  `;
}
