// Each part of the server, tried by a call that needs it.

import { html } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { thumbnailUrl } from "../api/pictures.js";
import { hasEnded, stateName } from "../jobs/states.js";
import { useEvery } from "../parts/live.js";
import { useLoaded } from "../parts/loaded.js";
import { tell } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { explained, texts } from "../texts.js";

/** @typedef {{ good: boolean | null, told: string }} Finding */

const LOOK_MS = 10_000;
const told = texts.admin.health;

/** What is tried of each part. @type {Record<string, (signal: AbortSignal) => Promise<Finding>>} */
const PARTS = {
  server: tryServer,
  models: tryModels,
  database: tryDatabase,
  vectors: tryVectors,
  pictures: tryPictures,
  jobs: tryJobs,
  audit: lastAudit,
};

export function Health() {
  const compare = () => call("CatalogService/AuditCatalog", {}).then(() => tell(told.compareBegun), (error) => tell(explained(error)));
  return html`
    <${Table} heads=${[told.part, texts.jobs.state, told.finding, `#${told.took}`]}>
      ${Object.entries(PARTS).map(([name, attempt]) => html`<${Part} key=${name} name=${name} attempt=${attempt} />`)}<//>
    <p class="row"><span class="quiet">${told.hint}</span>
      <button type="button" class="button small" onClick=${compare}>${told.compare}</button></p>
  `;
}

/** @param {{ name: string, attempt: (signal: AbortSignal) => Promise<Finding> }} props */
function Part({ name, attempt }) {
  const loaded = useLoaded((signal) => timed(attempt, signal), [name]);
  useEvery(LOOK_MS, loaded.reload);
  const finding = loaded.error ? { good: false, told: explained(loaded.error), tookMs: null } : loaded.data;
  return html`
    <tr>
      <th scope="row">${told.parts[name]}</th>
      <td>${finding && finding.good !== null && html`<span class=${`tag state ${finding.good ? "good" : "bad"}`}>${finding.good ? told.good : told.bad}</span>`}</td>
      <td class="wide">${finding?.told ?? texts.app.loading}</td>
      <td class="number">${finding && finding.tookMs !== null && told.ms(Math.round(finding.tookMs))}</td>
    </tr>
  `;
}

/** @param {(signal: AbortSignal) => Promise<Finding>} attempt @param {AbortSignal} signal */
async function timed(attempt, signal) {
  const begin = performance.now();
  const finding = await attempt(signal);
  return { ...finding, tookMs: performance.now() - begin };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryServer(signal) {
  const { ok } = await fetch("/readyz", { signal });
  return { good: ok, told: ok ? told.ready : texts.errors.starting };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryModels(signal) {
  const { models = [] } = await call("InferenceService/ListModels", {}, signal);
  const failed = models.filter(({ state }) => state === "MODEL_STATE_FAILED");
  const names = [...new Set(models.map(({ name = "" }) => name))];
  return { good: models.length > 0 && !failed.length, told: failed[0]?.failure ?? names.join(", ") };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryDatabase(signal) {
  const { use = {} } = await call("AdminService/GetTenant", {}, signal);
  return { good: true, told: told.keeps(Number(use.items ?? 0), Number(use.bytes ?? 0)) };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryVectors(signal) {
  const { collections = [] } = await call("CatalogService/ListCollections", {}, signal);
  const live = collections.find(({ role }) => role === "COLLECTION_ROLE_LIVE");
  const lacking = Number(live?.lacking ?? 0);
  await call("CatalogService/Search", { text: "garment", topK: 1 }, signal);
  return { good: Boolean(live) && lacking === 0, told: told.vectors(Number(live?.items ?? 0), lacking, Number(live?.waiting ?? 0)) };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryPictures(signal) {
  const { items = [] } = await call("CatalogService/ListItems", { pageSize: 1 }, signal);
  const [newest] = items;
  if (!newest) return { good: true, told: told.noPictures };
  const { ok } = await fetch(await thumbnailUrl(newest.imageId ?? "", 256), { signal, cache: "no-store" });
  return { good: ok, told: ok ? told.picture : told.pictureLost };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function tryJobs(signal) {
  const { counts = [] } = await call("CatalogService/CountIndexingJobs", {}, signal);
  const sum = (/** @type {(state: string | undefined) => boolean} */ wanted) =>
    counts.filter(({ state }) => wanted(state)).reduce((all, { count }) => all + Number(count), 0);
  const failed = sum((state) => stateName(state) === "FAILED");
  return { good: failed === 0, told: told.jobs(sum((state) => !hasEnded(state)), failed) };
}

/** @param {AbortSignal} signal @returns {Promise<Finding>} */
async function lastAudit(signal) {
  const { operations = [] } = await call("OperationService/ListOperations", { kinds: ["OPERATION_KIND_AUDIT"], states: ["OPERATION_STATE_SUCCEEDED"], pageSize: 1 }, signal);
  const [last] = operations;
  if (!last) return { good: null, told: told.noAudit };
  const report = /** @type {any} */ (last.response ?? {});
  const differences = ["lost", "doubled", "stale", "orphaned"].reduce((sum, name) => sum + Number(report[name] ?? 0), 0);
  const open = differences - Number(report.repaired ?? 0);
  return { good: open === 0, told: `${texts.catalogue.when(last.endTime)}: ${told.differences(open)}` };
}
