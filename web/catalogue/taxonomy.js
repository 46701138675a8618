// The words that garments are described with: categories, what they are in outfits, attributes and colours.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { useLoaded } from "../parts/loaded.js";
import { Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { texts } from "../texts.js";

const told = texts.taxonomy;
const LISTED = ["category", "color"];

export function Page() {
  const loaded = useLoaded((signal) => call("CatalogService/GetTaxonomy", {}, signal), []);
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const { taxonomy = {}, vocabularyVersion, garmentTypes = [] } = loaded.data;
  const { categories = [], attributes = [], colors = [] } = taxonomy;
  const kinds = garmentTypes.map(({ name = "", category = "", slots = [], seasons = [], synonyms = [] }) => [name, category, slots.join(", "), seasons.length < 4 ? seasons.join(", ") : told.allYear, synonyms.join(", ")]);
  return html`
    <div class="page">
      <div class="page-head"><h1>${told.title}</h1><a class="button" href=${address("catalogue")}>${texts.upload.back}</a></div>
      <p class="quiet">${told.hint} <code>${vocabularyVersion}</code></p>
      <${Words} title=${told.categories} heads=${[texts.catalogue.category, told.slot, told.synonyms]} field="category"
        rows=${categories.map(({ name = "", slot = "", synonyms = [] }) => [name, slot, synonyms.join(", ")])} />
      <${Words} title=${told.garmentTypes} heads=${[told.garmentType, texts.catalogue.category, told.slot, texts.outfits.season, told.synonyms]} rows=${kinds} />
      <${Words} title=${texts.catalogue.attributes} heads=${[texts.review.attribute, told.answers]}
        rows=${attributes.filter(({ name = "" }) => !LISTED.includes(name)).map(({ name = "", values = [] }) => [texts.filters.names[name] ?? sentenceCase(name), values.join(", ")])} />
      <${Words} title=${texts.catalogue.colors} heads=${[texts.filters.names["color"], told.family, told.synonyms]} field="color" colors=${colors}
        rows=${colors.map(({ name = "", family = "", synonyms = [] }) => [name, family, synonyms.join(", ")])} />
    </div>
  `;
}

/** @param {{ title: string, heads: string[], rows: string[][], field?: string, colors?: TaxonomyColorJson[] }} props by `field` the first word leads to its items */
function Words({ title, heads, rows, field, colors }) {
  const first = (/** @type {string} */ word) => (field ? html`<a href=${address("catalogue", new URLSearchParams({ tab: "items", [`is.${field}`]: word }))}>${word}</a>` : word);
  return html`
    <section class="section">
      <h2>${title}</h2>
      <${Table} name=${title} heads=${heads}>
        ${rows.map(([word = "", ...rest], index) => html`<tr key=${word}>
          <td>${colors && html`<span class="swatches"><i style=${{ background: `lab(${colors[index]?.lab?.join(" ")})` }}></i></span>`}${first(word)}</td>
          ${rest.map((text, place) => html`<td key=${place}>${text}</td>`)}</tr>`)}<//>
    </section>
  `;
}
