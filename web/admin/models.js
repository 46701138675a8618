// Models: those that are loaded or could be, what their aliases point to, and the collections of their vectors.

import { html, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { AskButton, Dialog, Field, Form } from "../parts/dialog.js";
import { useEvery } from "../parts/live.js";
import { useLoaded, usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Failure, tell, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { address } from "../router.js";
import { explained, number, sizeText, texts } from "../texts.js";

const WATCH_MS = 5_000;
const CHANGING = ["MODEL_STATE_LOADING", "MODEL_STATE_UNLOADING"];
const told = texts.admin.models;

export function Models() {
  const models = useLoaded((signal) => call("InferenceService/ListModels", { includeStored: true }, signal), []);
  const events = usePages("ModelService/ListModelEvents", "events", { pageSize: 20 });
  const graphs = models.data?.models ?? [];
  const reload = () => (models.reload(), events.reload());
  useEvery(graphs.some(({ state = "" }) => CHANGING.includes(state)) ? 1_000 : WATCH_MS, models.reload);
  if (!models.data) return html`<${Unloaded} loaded=${models} />`;
  return html`
    <${Table} heads=${[told.model, texts.jobs.state, told.aliases, told.runs, ""]}>
      ${byVersion(graphs).map((parts) => html`<${ModelRow} key=${`${parts[0]?.reference} ${parts[0]?.version}`} graphs=${parts} onChanged=${reload} />`)}<//>
    <${Collections} />
    <${History} events=${events} />
  `;
}

/** The graphs of each model together: an embedder has two. @param {ModelJson[]} graphs */
function byVersion(graphs) {
  /** @type {Map<string, ModelJson[]>} */
  const models = new Map();
  for (const graph of graphs) {
    const key = `${graph.version} ${graph.reference}`;
    models.set(key, [...(models.get(key) ?? []), graph]);
  }
  return [...models.values()];
}

/** @param {{ graphs: ModelJson[], onChanged: () => void }} props */
function ModelRow({ graphs, onChanged }) {
  const [model = {}] = graphs;
  const { name = "", version = "", reference = "", state = "", aliases = [], provider, precision, failure, license } = model;
  const memory = Number(model.memoryBytes ?? 0);
  const act = (/** @type {Promise<unknown>} */ change) => change.then(onChanged, (error) => tell(explained(error)));
  const load = () => act(call("ModelService/LoadModel", { reference }));
  const tasks = [...new Set(graphs.map(({ task = "" }) => told.tasks[task.replace("MODEL_TASK_", "")] ?? task))];
  return html`
    <tr>
      <td class="wide"><strong>${name}</strong> <code>${version || reference}</code><small>${[tasks.join(", "), precision, license].filter(Boolean).join(" · ")}</small>
        ${failure && html`<small class="failed-text">${failure}</small>`}</td>
      <td><span class=${`tag state ${state === "MODEL_STATE_READY" ? "good" : ""} ${state === "MODEL_STATE_FAILED" ? "bad" : ""}`}>${told.states[state] ?? state}</span></td>
      <td>${aliases.map((alias) => html`<${Alias} key=${alias} alias=${alias} model=${model} act=${act} />`)}</td>
      <td>${provider}<small>${[memory && sizeText(memory), model.maxBatch && told.batch(model.maxBatch)].filter(Boolean).join(" · ")}</small></td>
      <td class="acts">
        ${state === "MODEL_STATE_STORED" && html`<button type="button" class="button small" aria-label=${`${told.load}: ${name}`} onClick=${load}>${told.load}</button>`}
        ${state === "MODEL_STATE_READY" && html`
          <${SetAlias} name=${name} version=${version} onSet=${onChanged} />
          ${!aliases.length && html`<button type="button" class="button small" aria-label=${`${told.unload}: ${name}`} onClick=${() => act(call("ModelService/UnloadModel", { version }))}>${told.unload}</button>`}
        `}
      </td>
    </tr>
  `;
}

/** @param {{ alias: string, model: ModelJson, act: (change: Promise<unknown>) => Promise<void> }} props */
function Alias({ alias, model, act }) {
  const remove = () => act(call("ModelService/DeleteModelAlias", { alias, task: model.task ?? "MODEL_TASK_UNSPECIFIED" }));
  return html`<span class="tag">${alias}</span> ${alias !== "default" && html`<${AskButton} label=${texts.catalogue.remove} name=${`${texts.catalogue.remove}: ${alias}`}
    question=${told.removeAlias(alias)} hint=${told.removeAliasHint} act=${remove} />`}`;
}

/** @param {{ name: string, version: string, onSet: () => void }} props */
function SetAlias({ name, version, onSet }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const send = (/** @type {any} */ { alias }) => call("ModelService/SetModelAlias", { alias, version });
  return html`
    <button type="button" class="button small" aria-label=${`${told.setAlias}: ${name}`} onClick=${() => setOpen(true)}>${told.setAlias}</button>
    ${open && html`<${Dialog} title=${told.setAliasTitle(name)} onClose=${close}>
      <p class="quiet">${told.setAliasHint}</p>
      <${Form} submit=${told.setAlias} send=${send} onSent=${() => (close(), onSet())} onCancel=${close}>
        <${Field} label=${told.alias} name="alias" value="default" pattern="[a-z][a-z0-9_\\-]*" maxlength="63" required autocomplete="off" />
      <//>
    <//>`}
  `;
}

/** Which vectors are searched, and others that may be. */
function Collections() {
  const loaded = useLoaded((signal) => call("CatalogService/ListCollections", {}, signal), []);
  useEvery(WATCH_MS, loaded.reload);
  const rows = loaded.data?.collections ?? [];
  const act = (/** @type {Promise<unknown>} */ change) => change.then(loaded.reload, (error) => tell(explained(error)));
  const backfill = () => call("CatalogService/StartBackfill", {}).then(() => tell(told.backfillStarted, { label: texts.jobs.title, act: () => location.assign(address("jobs", new URLSearchParams({ tab: "operations" }))) }));
  return html`
    <section class="section">
      <div class="section-head"><h2>${told.collections}</h2>
        <${AskButton} label=${told.backfill} question=${told.backfillQuestion} hint=${told.backfillHint} act=${backfill} /></div>
      ${loaded.error && !loaded.data && html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`}
      <${Table} heads=${[told.collection, texts.jobs.state, `#${texts.catalogue.tabs.items}`, `#${told.lacking}`, `#${told.waiting}`, ""]}>
        ${rows.map((row) => html`<${CollectionRow} key=${row.name} row=${row} act=${act} />`)}<//>
    </section>
  `;
}

/** @param {{ row: CollectionJson, act: (change: Promise<unknown>) => Promise<void> }} props */
function CollectionRow({ row, act }) {
  const { name = "", role = "", modelVersion, items, lacking, waiting } = row;
  const live = role === "COLLECTION_ROLE_LIVE";
  const count = (/** @type {string | undefined} */ value) => number.format(Number(value ?? 0));
  return html`
    <tr>
      <td class="wide"><code>${modelVersion}</code></td>
      <td><span class=${`tag state ${live ? "good" : ""}`}>${told.roles[role] ?? role}</span></td>
      <td class="number">${count(items)}</td><td class="number">${count(lacking)}</td><td class="number">${count(waiting)}</td>
      <td class="acts">${!live && html`<${AskButton} label=${told.swap} name=${`${told.swap}: ${modelVersion}`} question=${told.swapQuestion} hint=${told.swapHint(Number(lacking ?? 0))}
        act=${() => act(call("CatalogService/SwapCollection", { collection: name }))} />`}</td>
    </tr>
  `;
}

/** @param {{ events: ReturnType<typeof usePages<"ModelService/ListModelEvents", "events">> }} props */
function History({ events }) {
  return html`
    <section class="section">
      <h2>${texts.catalogue.history}</h2>
      ${events.error && html`<${Failure} error=${events.error} retry=${events.reload} />`}
      <ol class="history">${events.rows.map((event) => html`<li key=${`${event.time} ${event.version} ${event.alias}`}>
        <p>${told.events[event.kind ?? ""] ?? event.kind} <code>${event.version || event.reference}</code>
          ${event.alias && html` <span class="tag">${event.alias}</span>`} <span class="quiet">${texts.catalogue.when(event.time)}</span></p>
        ${(event.previousVersion || event.message) && html`<p class="quiet">${event.previousVersion && told.instead(event.previousVersion)} ${event.message}</p>`}
      </li>`)}</ol>
      <${More} list=${events} byButton />
    </section>
  `;
}
