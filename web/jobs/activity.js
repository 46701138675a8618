// How much waits, and how much is done: two small charts that go on while they are looked at.

import { html, useEffect, useReducer, useRef } from "../vendor/preact.js";
import { useEvery } from "../parts/live.js";
import { number, texts } from "../texts.js";

export const HISTORY_MS = 5 * 60_000;
const BUCKET_MS = 15_000;
const SAMPLE_MS = 2_000;
const MINUTE_MS = 60_000;
const WIDTH = 320;
const HEIGHT = 64;

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

/**
 * A chart with what it shows in words. `values` go from the oldest to the newest.
 * @param {{ title: string, told: string, values: number[], from: string, to: string, bars?: boolean }} props
 */
function Chart({ title, told, values, from, to, bars = false }) {
  const most = Math.max(0, ...values);
  const top = most || 1;
  return html`
    <figure class="chart">
      <figcaption><span>${title}</span><strong>${told}</strong></figcaption>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${title}: ${told}`}>
        ${bars ? html`<${Bars} values=${values} top=${top} />` : html`<${Area} values=${values} top=${top} />`}
      </svg>
      <p class="chart-axis quiet" aria-hidden="true"><span>${from}</span><span>${texts.app.atMost(number.format(most))}</span><span>${to}</span></p>
    </figure>
  `;
}

/** @param {{ values: number[], top: number }} props */
function Bars({ values, top }) {
  const width = WIDTH / Math.max(1, values.length);
  return html`${values.map((value, index) => {
    const height = (HEIGHT * value) / top;
    return html`<rect key=${index} class="chart-bar" x=${index * width + 1} y=${HEIGHT - height} width=${Math.max(1, width - 2)} height=${height} />`;
  })}`;
}

/** @param {{ values: number[], top: number }} props */
function Area({ values, top }) {
  const [first = 0] = values;
  const shown = values.length > 1 ? values : [first, first];
  const points = shown.map((value, index) => `${(WIDTH * index) / (shown.length - 1)},${HEIGHT - 1 - ((HEIGHT - 2) * value) / top}`);
  return html`
    <polygon class="chart-area" points=${`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} />
    <polyline class="chart-line" points=${points.join(" ")} />
  `;
}
