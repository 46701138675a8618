// Small charts of a few numbers over time, drawn as SVG.

import { html } from "../vendor/preact.js";
import { number, texts } from "../texts.js";

const WIDTH = 320;
const HEIGHT = 64;

/**
 * A chart with what it shows in words. `values` go from the oldest to the newest.
 * @param {{ title: string, told: string, values: number[], from: string, to: string, bars?: boolean }} props
 */
export function Chart({ title, told, values, from, to, bars = false }) {
  const top = Math.max(1, ...values);
  return html`
    <figure class="chart">
      <figcaption><span>${title}</span><strong>${told}</strong></figcaption>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${title}: ${told}`}>
        ${bars ? html`<${Bars} values=${values} top=${top} />` : html`<${Area} values=${values} top=${top} />`}
      </svg>
      <p class="chart-axis quiet" aria-hidden="true"><span>${from}</span><span>${texts.app.atMost(number.format(top))}</span><span>${to}</span></p>
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
