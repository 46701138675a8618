// What looks are for and made of; each change is a new address.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Choice, Field } from "../parts/dialog.js";
import { useLoaded } from "../parts/loaded.js";
import { namedColor } from "../parts/values.js";
import { address, go } from "../router.js";
import { texts } from "../texts.js";
import { COUNTS } from "./wanted.js";

/** @import { Wanted } from "./wanted.js" */

/** Its fields have the names that the address has. @param {{ wanted: Wanted }} props */
export function WantedForm({ wanted }) {
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    go(address("outfits", new URLSearchParams([...fields].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value))));
  };
  const { season, temperature, formality, count, seed, base, endUser, owned, filters } = wanted;
  return html`
    <form class="look-wanted" onChange=${apply} onSubmit=${apply}>
      <div class="row tools">
        <${Choice} label=${texts.outfits.season} name="season" value=${season} options=${Object.entries(texts.outfits.seasons)} />
        <${Field} key=${`t${temperature}`} label=${texts.outfits.temperature} name="temperature" type="number" min="-60" max="60" step="any" value=${temperature} />
        <${Choice} label=${texts.outfits.formality} name="formality" value=${formality} options=${texts.outfits.formalities} />
        <${Field} key=${`p${filters.to}`} label=${texts.outfits.price} name="to" inputmode="decimal" value=${filters.to} autocomplete="off" />
        <${Choice} label=${texts.outfits.looks} name="count" value=${String(count)} options=${COUNTS.map((each) => [String(each), String(each)])} />
        <${Field} key=${`u${endUser}`} label=${texts.outfits.endUser} name="user" maxlength="128" value=${endUser} autocomplete="off" />
        ${endUser && html`<label class="check"><input type="checkbox" name="pool" value="wardrobe" checked=${owned} /><span>${texts.outfits.owned}</span></label>`}
        <input type="hidden" name="base" value=${base} /><input type="hidden" name="seed" value=${seed || ""} />
      </div>
      <${Colors} chosen=${filters.values["color"] ?? []} />
    </form>
  `;
}

/** @param {{ chosen: string[] }} props */
function Colors({ chosen }) {
  const { data } = useLoaded((signal) => call("CatalogService/GetTaxonomy", {}, signal), []);
  const known = data?.taxonomy?.attributes?.find(({ name }) => name === "color")?.values ?? [];
  const all = [...new Set([...chosen, ...known])];
  return html`<details class="look-colors">
    <summary class="button small">${texts.outfits.colors(chosen.length)}</summary>
    <div class="chips" role="group" aria-label=${texts.outfits.colors(0)}>
      ${all.map((color) => html`<label key=${color} class="check"><input type="checkbox" name="is.color" value=${color} checked=${chosen.includes(color)} />
        <i class="swatch" style=${{ background: namedColor(color) }}></i><span>${color}</span></label>`)}
    </div>
  </details>`;
}
