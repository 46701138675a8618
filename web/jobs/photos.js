// Jobs: photos that wait, are worked on, or have ended; those that failed with their reasons.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { AskButton } from "../parts/dialog.js";
import { useEvery, useStream } from "../parts/live.js";
import { useLoaded, usePages } from "../parts/loaded.js";
import { More } from "../parts/more.js";
import { Empty, tell, Unloaded } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { address, go } from "../router.js";
import { explained, number, texts } from "../texts.js";
import { Activity, Ends, HISTORY_MS } from "./activity.js";
import { hasEnded, JOB_STATES, mayRetry, reasonOf, State, stateName } from "./states.js";

/** @typedef {{ state: string, reason: string }} Filter */

const PAGE_SIZE = 50;
const COUNT_MS = 1_000;
const RECOUNT_MS = 10_000;

/** @param {{ params: URLSearchParams }} props */
export function Photos({ params }) {
  const filter = { state: params.get("state") ?? "", reason: params.get("reason") ?? "" };
  const counts = useLoaded((signal) => call("CatalogService/CountIndexingJobs", {}, signal), []);
  const changed = useChangedJobs();
  const dirty = useRef(false);
  useEffect(() => void (dirty.current = true), [changed.jobs]);
  useEvery(COUNT_MS, () => {
    if (dirty.current) counts.reload();
    dirty.current = false;
  });
  useEvery(RECOUNT_MS, counts.reload);
  const rows = counts.data?.counts ?? [];
  const waiting = rows.filter(({ state }) => !hasEnded(state)).reduce((sum, { count }) => sum + Number(count), 0);
  if (!counts.data) return html`<${Unloaded} loaded=${counts} />`;
  return html`
    <${Activity} waiting=${waiting} ends=${changed.ends} />
    <${StateChips} counts=${rows} filter=${filter} />
    ${mayRetry(filter.state) && html`<${DeadLetters} counts=${rows} filter=${filter} onDone=${counts.reload} />`}
    <${JobTable} key=${`${filter.state} ${filter.reason}`} filter=${filter} changed=${changed.jobs} onChanged=${changed.follow} />
  `;
}

/** The jobs that have changed while the page is open, and when those of the last minutes ended. */
function useChangedJobs() {
  const ends = useRef(new Ends());
  const from = useRef(new Date(Date.now() - HISTORY_MS).toISOString());
  const [jobs, setJobs] = useState(/** @type {Record<string, IndexingJobJson>} */ ({}));
  const follow = (/** @type {IndexingJobJson} */ job) => {
    ends.current.add(job);
    setJobs((before) => (isOlder(job, before[job.id ?? ""]) ? before : { ...before, [job.id ?? ""]: job }));
  };
  useStream("CatalogService/WatchIndexingJobs", () => ({ changedFrom: from.current }), ({ job }) => {
    from.current = job.updateTime ?? from.current;
    follow(job);
  });
  return { ends: ends.current, jobs, follow };
}

/** Whether a job is as it was before what is known of it: answers of calls may come later than the stream. @param {IndexingJobJson} job @param {IndexingJobJson | undefined} known */
function isOlder(job, known) {
  return known !== undefined && comparable(job.updateTime) < comparable(known.updateTime);
}

/** A time of JSON, which has no, 3, 6 or 9 digits of a second, with all of them. */
function comparable(time = "") {
  const [seconds = "", fraction = ""] = time.replace("Z", "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}

/** @param {{ counts: IndexingJobCountJson[], filter: Filter }} props */
function StateChips({ counts, filter }) {
  const all = (/** @type {string} */ state) =>
    counts.filter((each) => !state || stateName(each.state) === state).reduce((sum, { count }) => sum + Number(count), 0);
  const show = (/** @type {string} */ state) => go(address("jobs", new URLSearchParams(state ? { state } : {})));
  return html`
    <div class="row tools" role="group" aria-label=${texts.jobs.state}>
      ${["", ...JOB_STATES].map((state) => html`<button type="button" key=${state} class="chip" aria-pressed=${state === filter.state} onClick=${() => show(state)}>
        ${texts.jobs.states[state]} <span class="count">${number.format(all(state))}</span></button>`)}
    </div>
  `;
}

/** What may be done with all jobs that failed or were cancelled, by their reason. @param {{ counts: IndexingJobCountJson[], filter: Filter, onDone: () => void }} props */
function DeadLetters({ counts, filter, onDone }) {
  const account = useAccount();
  const ofState = counts.filter(({ state }) => stateName(state) === filter.state);
  const reasons = ofState.map(({ reason = "" }) => reason).filter(Boolean);
  const count = ofState.filter(({ reason = "" }) => !filter.reason || reason === filter.reason).reduce((sum, each) => sum + Number(each.count), 0);
  const choose = (/** @type {any} */ event) => {
    const reason = event.currentTarget.value;
    go(address("jobs", new URLSearchParams({ state: filter.state, ...(reason && { reason }) })));
  };
  if (!count) return null;
  const wanted = /** @type {any} */ ({ states: [`INDEXING_JOB_STATE_${filter.state}`], ...(filter.reason && { reasons: [filter.reason] }) });
  const retry = async () => {
    tell(texts.jobs.retried(await eachPage("CatalogService/RetryIndexingJobs", wanted, ({ retried = 0 }) => retried)));
    onDone();
  };
  const drop = async () => {
    tell(texts.jobs.dropped(await eachPage("CatalogService/DeleteIndexingJobs", wanted, ({ deleted = 0 }) => deleted)));
    onDone();
  };
  return html`
    <div class="row tools">
      ${reasons.length > 0 && html`<label class="row"><span>${texts.jobs.reason}</span>
        <select onChange=${choose}>
          <option value="" selected=${!filter.reason}>${texts.jobs.anyReason}</option>
          ${reasons.map((reason) => html`<option key=${reason} value=${reason} selected=${reason === filter.reason}>${reason}</option>`)}
        </select></label>`}
      ${may(account, "WRITE") && html`
        <button type="button" class="button small" onClick=${() => retry().catch((error) => tell(explained(error)))}>${texts.jobs.retryAll(count)}</button>
        <${AskButton} label=${texts.jobs.dropAll(count)} question=${texts.jobs.dropQuestion(count)} hint=${texts.jobs.dropHint} act=${drop} />
      `}
    </div>
  `;
}

/** Goes on with a call on many jobs to its end; returns the sum. @param {"CatalogService/RetryIndexingJobs" | "CatalogService/DeleteIndexingJobs"} method @param {object} filter @param {(answer: any) => number} countOf */
async function eachPage(method, filter, countOf) {
  let sum = 0;
  let pageToken = "";
  do {
    const answer = await call(method, { filter, pageToken });
    sum += countOf(answer);
    pageToken = answer.nextPageToken ?? "";
  } while (pageToken);
  return sum;
}

/** @param {{ filter: Filter, changed: Record<string, IndexingJobJson>, onChanged: (job: IndexingJobJson) => void }} props */
function JobTable({ filter, changed, onChanged }) {
  const states = /** @type {any} */ (filter.state ? [`INDEXING_JOB_STATE_${filter.state}`] : []);
  const request = { pageSize: PAGE_SIZE, states, reasons: filter.reason ? [filter.reason] : [] };
  const list = usePages("CatalogService/ListIndexingJobs", "jobs", request);
  if (!list.data) return html`<${Unloaded} loaded=${list} />`;
  const rows = withChanges(list.rows, changed, filter);
  if (!rows.length) return html`<${Empty} title=${texts.jobs.none}><p>${texts.jobs.noneHint}</p><//>`;
  return html`
    <${Table} heads=${[texts.catalogue.photo, texts.jobs.state, texts.jobs.outcome, `#${texts.jobs.attempts}`, texts.catalogue.changed, ""]}>
      ${rows.map((job) => html`<${JobRow} key=${job.id} job=${job} onChanged=${onChanged} />`)}<//>
    <${More} list=${list} />
  `;
}

/** The rows as they are now, with those that have come since; newest first. @param {IndexingJobJson[]} rows @param {Record<string, IndexingJobJson>} changed @param {Filter} filter */
function withChanges(rows, changed, filter) {
  const known = new Set(rows.map(({ id }) => id));
  const newest = rows[0]?.createTime ?? "";
  const added = Object.values(changed).filter(({ id, createTime = "" }) => !known.has(id) && createTime >= newest);
  const all = [...added.sort((one, other) => (other.createTime ?? "").localeCompare(one.createTime ?? "")), ...rows];
  return all
    .map((job) => changed[job.id ?? ""] ?? job)
    .filter(({ state, error }) => (!filter.state || stateName(state) === filter.state) && (!filter.reason || reasonOf(error) === filter.reason));
}

/** @param {{ job: IndexingJobJson, onChanged: (job: IndexingJobJson) => void }} props */
function JobRow({ job, onChanged }) {
  const account = useAccount();
  const { id = "", imageId = "", imageName, state, error, items = [], attempts = 0, updateTime } = job;
  const name = imageName || texts.catalogue.photo;
  const act = (/** @type {"CatalogService/RetryIndexingJob" | "CatalogService/CancelIndexingJob"} */ method) => () =>
    call(method, { jobId: id }).then(({ job: now }) => now && onChanged(now), (failed) => tell(explained(failed)));
  return html`
    <tr>
      <td class="wide">${imageId ? html`<a href=${address(`photos/${imageId}`)}>${name}</a>` : name}</td>
      <td><${State} state=${state} /></td>
      <td class="wide">${error ? html`${reasonOf(error)}<small>${error.message}</small>` : items.map(({ label }) => label).join(", ")}</td>
      <td class="number">${attempts}</td>
      <td class="time">${texts.catalogue.when(updateTime)}</td>
      <td class="acts">${may(account, "WRITE") && html`
        ${!hasEnded(state) && html`<button type="button" class="button small" aria-label=${`${texts.app.cancel}: ${name}`} onClick=${act("CatalogService/CancelIndexingJob")}>${texts.app.cancel}</button>`}
        ${mayRetry(state) && html`<button type="button" class="button small" aria-label=${`${texts.app.retry}: ${name}`} onClick=${act("CatalogService/RetryIndexingJob")}>${texts.app.retry}</button>`}
      `}</td>
    </tr>
  `;
}
