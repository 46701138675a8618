// What the tenant keeps and may do, and how its searches rank.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Field, Form } from "../parts/dialog.js";
import { useLoaded } from "../parts/loaded.js";
import { tell, Unloaded } from "../parts/notices.js";
import { texts } from "../texts.js";

const LIMITS = /** @type {const} */ (["requestsPerMinute", "megapixelsPerMinute", "maxItems", "maxBytes"]);
const WEIGHTS = /** @type {const} */ (["category", "attributes", "color", "shape", "brand", "price"]);
const told = texts.admin.tenant;

export function TenantPanel() {
  const loaded = useLoaded(openTenant, []);
  if (!loaded.data) return html`<${Unloaded} loaded=${loaded} />`;
  const { tenant, use, settings } = loaded.data;
  const saved = () => (tell(texts.app.saved), loaded.reload());
  return html`
    <p>${told.keeps(tenant.id ?? "", Number(use.items ?? 0), Number(use.bytes ?? 0))}</p>
    <section class="section" key=${tenant.etag}>
      <h2>${told.limits}</h2>
      <p class="quiet">${told.limitsHint}</p>
      <${Form} submit=${texts.app.save} send=${(/** @type {any} */ fields) => call("AdminService/UpdateTenant", { tenant: changedTenant(tenant, fields) })} onSent=${saved}>
        <div class="form-grid">${LIMITS.map((name) => html`<${Field} key=${name} label=${told.names[name]} name=${name} type="number" min="0" step="1" value=${tenant[name] ?? ""} placeholder=${told.server} />`)}</div>
      <//>
    </section>
    <section class="section" key=${settings.etag}>
      <h2>${told.ranking}</h2>
      <p class="quiet">${told.rankingHint}</p>
      <${Form} submit=${texts.app.save} send=${(/** @type {any} */ fields) => call("AdminService/UpdateTenantSettings", { settings: changedSettings(settings, fields) })} onSent=${saved}>
        <div class="form-grid">${WEIGHTS.map((name) => html`<${Field} key=${name} label=${told.weights[name]} name=${name} type="number" min="0" step="0.05" value=${settings.rankWeights?.[name] ?? ""} placeholder=${told.server} />`)}</div>
      <//>
    </section>
  `;
}

/** @param {AbortSignal} signal */
async function openTenant(signal) {
  const [{ tenant = {}, use = {} }, { settings = {} }] = await Promise.all([
    call("AdminService/GetTenant", {}, signal),
    call("AdminService/GetTenantSettings", {}, signal),
  ]);
  return { tenant, use, settings };
}

/** The tenant with the limits as typed; what is empty is the server's. @param {TenantJson} tenant @param {Record<string, string>} fields @returns {TenantJson} */
function changedTenant(tenant, fields) {
  const { requestsPerMinute: _r, megapixelsPerMinute: _m, maxItems: _i, maxBytes: _b, ...same } = tenant;
  return { ...same, ...filledIn(fields) };
}

/** @param {TenantSettingsJson} settings @param {Record<string, string>} fields @returns {TenantSettingsJson} */
function changedSettings(settings, fields) {
  const { rankWeights: _, vocabularyVersion: _v, ...same } = settings;
  const weights = filledIn(fields);
  return Object.keys(weights).length ? { ...same, rankWeights: weights } : same;
}

/** @param {Record<string, string>} fields @returns {Record<string, any>} */
function filledIn(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "").map(([name, value]) => [name, Number(value)]));
}
