// How much waits, and how much is done: two small charts that go on while they are looked at.

import { html, useEffect, useReducer, useRef } from "../vendor/preact.js";
import { Chart } from "../parts/chart.js";
import { useEvery } from "../parts/live.js";
import { texts } from "../texts.js";

/** @import { IndexingJobJson } from "armoire/indexing" */

export const HISTORY_MS = 5 * 60_000;
const BUCKET_MS = 15_000;
const SAMPLE_MS = 2_000;
const MINUTE_MS = 60_000;

/** When jobs have ended well, by their id. */
export class Ends {
  /** @type {Map<string, number>} */
  #times = new Map();

  /** @param {IndexingJobJson} job */
  add({ id = "", state, updateTime = "" }) {
    if (state === "INDEXING_JOB_STATE_COMPLETE") this.#times.set(id, Date.parse(updateTime));
  }

  /** How many in each 15 seconds of the last 5 minutes, the oldest first. @param {number} now ms */
  buckets(now) {
    const counts = Array.from({ length: HISTORY_MS / BUCKET_MS }, () => 0);
    for (const [id, time] of this.#times) {
      const index = counts.length - 1 - Math.floor(Math.max(0, now - time) / BUCKET_MS);
      if (index < 0) this.#times.delete(id);
      else counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts;
  }

  /** @param {number} now ms */
  inLastMinute(now) {
    return this.buckets(now).slice(-MINUTE_MS / BUCKET_MS).reduce((sum, count) => sum + count, 0);
  }
}

/** @param {{ waiting: number, ends: Ends }} props */
export function Activity({ waiting, ends }) {
  const [, draw] = useReducer((turn) => turn + 1, 0);
  const depths = useRef(/** @type {number[]} */ ([]));
  const latest = useRef(waiting);
  latest.current = waiting;
  const sample = () => {
    depths.current = [...depths.current, latest.current].slice(-HISTORY_MS / SAMPLE_MS);
    draw(0);
  };
  useEffect(sample, [waiting]);
  useEvery(SAMPLE_MS, sample);
  const now = Date.now();
  return html`
    <div class="charts">
      <${Chart} title=${texts.jobs.depth} told=${texts.jobs.depthTold(waiting)} values=${depths.current} from=${texts.jobs.sinceOpened} to=${texts.jobs.now} />
      <${Chart} title=${texts.jobs.rate} told=${texts.jobs.rateTold(ends.inLastMinute(now))} values=${ends.buckets(now)} bars from=${texts.jobs.fiveMinutesAgo} to=${texts.jobs.now} />
    </div>
  `;
}
