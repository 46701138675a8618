// The questions about an item: what the model takes for possible, by digits, and all that may be said.

import { html } from "../vendor/preact.js";
import { sentenceCase } from "../parts/values.js";
import { texts } from "../texts.js";

const MOST_DIGITS = 9;

/** What digits say: the model's alternatives, then other values. @param {ItemJson} item @param {TaxonomyAttributeJson | undefined} attribute */
export function offered(item, attribute) {
  const answer = item.attributes?.[attribute?.name ?? ""];
  const scores = new Map((answer?.alternatives ?? answer?.values ?? []).map(({ value = "", score }) => [value, Number(score ?? 0)]));
  const rest = (attribute?.values ?? []).filter((value) => !scores.has(value));
  return [...scores.keys(), ...rest].slice(0, MOST_DIGITS).map((value) => ({ value, score: scores.get(value) }));
}

/** What is said now, with what the reviewer has changed. @param {ItemJson} item @param {string} name @param {Answers} answers */
export function answerOf(item, name, answers) {
  if (name in answers) return answers[name] ?? "";
  const values = item.attributes?.[name]?.values ?? [];
  return name === "category" && !values.length ? (item.label ?? "") : (values[0]?.value ?? "");
}

/**
 * @param {{
 *   item: ItemJson, attributes: TaxonomyAttributeJson[], current: number, answers: Answers,
 *   onCurrent: (index: number) => void, onAnswer: (name: string, value: string) => void,
 * }} props
 */
export function Attributes({ item, attributes, current, answers, onCurrent, onAnswer }) {
  return html`<div class="questions">
    ${attributes.map((attribute, index) => {
      const name = attribute.name ?? "";
      const answer = answerOf(item, name, answers);
      return html`<div key=${name} class=${`question ${index === current ? "current" : ""}`}>
        <button type="button" class="question-name choice" aria-expanded=${index === current} onClick=${() => onCurrent(index)}>
          <span class="quiet">${texts.filters.names[name] ?? sentenceCase(name)}</span>
          <strong>${answer || texts.review.none}</strong>
          ${name in answers && html`<span class="tag">${texts.review.changed}</span>`}
        </button>
        ${index === current && html`<${Offers} item=${item} attribute=${attribute} answer=${answer} onAnswer=${(/** @type {string} */ value) => onAnswer(name, value)} />`}
      </div>`;
    })}
  </div>`;
}

/** @param {{ item: ItemJson, attribute: TaxonomyAttributeJson, answer: string, onAnswer: (value: string) => void }} props */
function Offers({ item, attribute, answer, onAnswer }) {
  const digits = offered(item, attribute);
  const others = (attribute.values ?? []).filter((value) => !digits.some((each) => each.value === value));
  return html`
    <div class="offers" role="group" aria-label=${texts.review.alternatives}>
      ${digits.map(({ value, score }, index) => html`<button type="button" key=${value} class="offer choice" aria-pressed=${value === answer} onClick=${() => onAnswer(value)}>
        <kbd aria-hidden="true">${index + 1}</kbd><span>${value}</span>
        <span class="offer-bar"><i style=${{ width: `${100 * (score ?? 0)}%` }}></i></span>
        <span class="quiet number">${score === undefined ? "" : texts.review.percent(Math.round(100 * score))}</span>
      </button>`)}
      <button type="button" class="offer choice" aria-pressed=${answer === ""} onClick=${() => onAnswer("")}>
        <kbd aria-hidden="true">0</kbd><span>${texts.review.none}</span></button>
    </div>
    ${others.length > 0 && html`<label class="field offer-more"><span>${texts.review.others}</span>
      <select onChange=${(/** @type {any} */ event) => event.target.value && onAnswer(event.target.value)}>
        <option value="">…</option>${others.map((value) => html`<option key=${value} value=${value} selected=${value === answer}>${value}</option>`)}
      </select></label>`}
  `;
}
