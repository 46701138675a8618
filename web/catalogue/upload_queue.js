// Photos on their way into the catalogue. The queue goes on while other pages are looked at, and after a reload: the
// browser keeps what has not ended.

import { answered, store } from "../api/browser_store.js";
import { call, failure, stream, unreachable } from "../api/call.js";
import { explained, texts } from "../texts.js";

const AT_ONCE = 3;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const ENDED = /** @type {UploadState[]} */ (["done", "failed", "cancelled"]);
const RECONNECT_MS = 1000;
const STATES = /** @type {Record<string, UploadState>} */ ({
  INDEXING_JOB_STATE_QUEUED: "queued",
  INDEXING_JOB_STATE_CROPPING: "working",
  INDEXING_JOB_STATE_ANALYZING: "working",
  INDEXING_JOB_STATE_COMPLETE: "done",
  INDEXING_JOB_STATE_FAILED: "failed",
  INDEXING_JOB_STATE_CANCELLED: "cancelled",
});

/** @param {Upload} upload */
export const mayRetry = ({ state, file }) => state === "failed" && TYPES.includes(file.type);

export class UploadQueue extends EventTarget {
  /** @type {Upload[]} */
  uploads = [];
  /** @type {Map<string, IndexingJobJson>} jobs as they were told last; one may be told before its own answer comes */
  #jobs = new Map();
  #leaving = new AbortController();
  #watching = false;

  /** @param {File[]} files @param {{ maxBytes: number, productId: string, subject: string }} of the server, and of all these files */
  add(files, { maxBytes, productId, subject }) {
    const made = files.map((file) => ({ ...newUpload(file, refusal(file, maxBytes)), productId, subject }));
    this.uploads = [...this.uploads, ...made];
    for (const upload of made) keep(upload);
    this.#go();
  }

  /** Goes on with what the browser has kept of an earlier visit. @param {string} subject who uses the page */
  async restore(subject) {
    const known = new Set(this.uploads.map(({ key }) => key));
    const found = (await kept()).filter((upload) => upload.subject === subject && !known.has(upload.key));
    this.uploads = [...this.uploads, ...found.map((upload) => ({ ...upload, state: /** @type {UploadState} */ (upload.jobId ? "queued" : "waiting") }))];
    this.#go();
    for (const { jobId } of found.filter((upload) => upload.jobId)) {
      void call("CatalogService/GetIndexingJob", { jobId }).then(({ job }) => job && this.#follow(job), () => this.#lost(jobId));
    }
  }

  /** Sends none of those that wait; what was sent stays. */
  cancel() {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    for (const upload of this.uploads) {
      if (upload.state === "waiting" || upload.state === "sending") this.#set(upload, { state: "cancelled" });
    }
  }

  retryFailed() {
    for (const upload of this.uploads) {
      const again = { key: newKey(), state: /** @type {UploadState} */ ("waiting"), note: "", jobId: "" };
      if (mayRetry(upload)) this.#set(upload, again);
    }
    this.#go();
  }

  /** Forgets those that have ended. */
  clear() {
    this.uploads = this.uploads.filter(({ state }) => !ENDED.includes(state));
    this.#tell();
  }

  get ended() {
    return this.uploads.filter(({ state }) => ENDED.includes(state)).length;
  }

  #go() {
    const sending = this.uploads.filter(({ state }) => state === "sending").length;
    const waiting = this.uploads.filter(({ state }) => state === "waiting");
    for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - sending))) void this.#send(upload);
    if (!this.#watching && this.uploads.some(({ state }) => !ENDED.includes(state))) void this.#watch();
    this.#tell();
  }

  /** @param {Upload} upload */
  async #send(upload) {
    this.#set(upload, { state: "sending" });
    try {
      const job = await sent(upload, this.#leaving.signal);
      const latest = this.#jobs.get(job.id ?? "") ?? job;
      this.#set(upload, { jobId: job.id ?? "", imageId: job.imageId ?? "", ...toldBy(latest) });
    } catch (error) {
      if (upload.state === "sending") this.#set(upload, { state: "failed", note: explained(error) });
    }
    this.#go();
  }

  /** Follows the jobs of this tenant until all of ours have ended. */
  async #watch() {
    this.#watching = true;
    const stop = new AbortController();
    let from = new Date().toISOString();
    while (this.ended < this.uploads.length) {
      try {
        for await (const { job } of /** @type {AsyncGenerator<{ job: IndexingJobJson }>} */ (
          stream("CatalogService/WatchIndexingJobs", { changedFrom: from }, stop.signal)
        )) {
          from = job.updateTime ?? from;
          this.#follow(job);
          if (this.ended === this.uploads.length) break;
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
    stop.abort();
    this.#watching = false;
  }

  /** The job is gone: somebody has removed it. @param {string} jobId */
  #lost(jobId) {
    const upload = this.uploads.find((each) => each.jobId === jobId);
    if (upload) this.#set(upload, { state: "failed", note: texts.errors.gone });
  }

  /** @param {IndexingJobJson} job */
  #follow(job) {
    this.#jobs.set(job.id ?? "", job);
    const upload = this.uploads.find(({ jobId }) => jobId === job.id);
    if (upload) this.#set(upload, toldBy(job));
  }

  /** @param {Upload} upload @param {Partial<Upload>} changes */
  #set(upload, changes) {
    const before = upload.key;
    Object.assign(upload, changes);
    if (before !== upload.key) forget(before);
    if (changes.key || changes.jobId || ENDED.includes(upload.state)) keep(upload);
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("changed"));
  }
}

/** @param {File} file @param {string} refused @returns {Upload} */
function newUpload(file, refused) {
  return { key: newKey(), file, productId: "", subject: "", state: refused ? "failed" : "waiting", note: refused, jobId: "", imageId: "" };
}

function newKey() {
  return `page-${[...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-")}`;
}

/** Why the server would not take a file; "" where it may. @param {File} file @param {number} maxBytes */
function refusal(file, maxBytes) {
  if (!TYPES.includes(file.type)) return texts.upload.notAPhoto;
  return maxBytes && file.size > maxBytes ? texts.upload.tooLarge(Math.floor(maxBytes / 2 ** 20)) : "";
}

/** Sends the file as a form, which needs no base64. @param {Upload} upload @param {AbortSignal} signal @returns {Promise<IndexingJobJson>} */
async function sent({ file, key, productId }, signal) {
  const body = new FormData();
  body.set("image", file);
  body.set("idempotency_key", key);
  if (productId) body.set("product_id", productId);
  const headers = { "x-requested-with": "armoire" };
  const response = await fetch("/v1/index", { method: "POST", body, headers, signal }).catch((error) => {
    if (signal.aborted) throw error;
    throw unreachable();
  });
  if (!response.ok) throw await failure(response);
  return (await response.json()).job;
}

/** @param {IndexingJobJson} job @returns {{ state: UploadState, note: string }} */
function toldBy(job) {
  const state = STATES[job.state ?? ""] ?? "queued";
  const labels = (job.items ?? []).map(({ label = "" }) => label);
  const notes = { done: texts.upload.found(labels, Boolean(job.nearDuplicateOf)), failed: texts.errors.invalid(job.error?.message ?? "") };
  return { state, note: /** @type {Record<string, string>} */ (notes)[state] ?? "" };
}

/** Keeps an upload for the next visit, until it has ended; a browser without storage keeps none. @param {Upload} upload */
function keep(upload) {
  if (ENDED.includes(upload.state)) return forget(upload.key);
  void store("uploads").then((uploads) => answered(uploads.put({ ...upload }, upload.key))).catch(() => {});
}

/** @param {string} key */
function forget(key) {
  void store("uploads").then((uploads) => answered(uploads.delete(key))).catch(() => {});
}

/** @returns {Promise<Upload[]>} */
function kept() {
  return store("uploads").then((uploads) => answered(uploads.getAll())).catch(() => []);
}
