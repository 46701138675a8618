// The page of reviewers: one item after the other, the least sure first, decided by keys.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { cropUrl } from "../api/pictures.js";
import { BoxedPhoto } from "../catalogue/boxed_photo.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Failure, Loading, tell } from "../parts/notices.js";
import { ItemPicture } from "../parts/pictures.js";
import { sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { accept, certainty, openCategories, openQueue, reject, relabel, undoLast } from "./queue.js";

/** @import { ItemJson } from "../../clients/typescript/lib/armoire/v1/items_pb.js" */
/** @typedef {{ key: string, shown: string, text: string, act: () => void, strong?: boolean }} Choice */

const MOST_DIGITS = 9;

export function ReviewPage() {
  const account = useAccount();
  const queue = useLoaded(openQueue, []);
  const categories = useLoaded(openCategories, []);
  const error = queue.error ?? categories.error;
  if (!may(account, "REVIEW")) return html`<${Empty} level="h1" title=${texts.review.title}><p>${texts.review.mayNot}</p><//>`;
  if (error) return html`<div class="page"><${Failure} error=${error} retry=${() => (queue.reload(), categories.reload())} /></div>`;
  if (!queue.data || !categories.data) return html`<div class="page"><${Loading} /></div>`;
  return html`<${Review} items=${queue.data} categories=${categories.data} author=${account.me?.subject ?? ""} />`;
}

/** @param {{ items: ItemJson[], categories: string[], author: string }} props */
function Review({ items, categories, author }) {
  const [left, setLeft] = useState(items);
  const [decided, setDecided] = useState(0);
  const step = useStep();
  const [item] = left;
  const next = (/** @type {number} */ by) => {
    setLeft((before) => before.slice(1));
    setDecided((before) => before + by);
  };
  const decide = (/** @type {(item: ItemJson) => Promise<unknown>} */ decision) => () =>
    item && step.run(() => decision(item).then(() => next(1)));
  const undo = () =>
    step.run(async () => {
      const back = await undoLast(author);
      if (!back) return tell(texts.review.nothingToUndo);
      setLeft((before) => [back, ...before.filter(({ id }) => id !== back.id)]);
      setDecided((before) => Math.max(0, before - 1));
      tell(texts.review.undone);
    });
  const choices = [
    { key: "Enter", shown: "Enter", text: texts.review.accept, act: decide(accept), strong: true },
    { key: "x", shown: "X", text: texts.review.notAGarment, act: decide((each) => reject(each, "REJECT_REASON_NOT_A_GARMENT")) },
    { key: "d", shown: "D", text: texts.review.duplicate, act: decide((each) => reject(each, "REJECT_REASON_DUPLICATE")) },
    { key: "b", shown: "B", text: texts.review.badBox, act: decide((each) => reject(each, "REJECT_REASON_BAD_BOX")) },
    { key: "s", shown: "S", text: texts.review.skip, act: () => item && next(0) },
    { key: "Backspace", shown: "⌫", text: texts.catalogue.undo, act: undo },
  ];
  const labels = categories.slice(0, MOST_DIGITS).map((label, index) => ({
    key: String(index + 1), shown: String(index + 1), text: label, act: decide((each) => relabel(each, label)),
  }));
  useKeys([...choices, ...labels]);
  useEffect(() => {
    if (left[1]) void cropUrl(left[1].id ?? "").catch(() => {});
  }, [left]);
  return html`
    <div class="page">
      <div class="page-head"><h1>${texts.review.title}</h1>
        <p class="quiet" role="status">${texts.review.progress(decided, left.length)}</p></div>
      ${step.error && html`<${Failure} error=${step.error} />`}
      ${item ? html`<${ItemToReview} key=${item.id} item=${item} labels=${labels} />` : html`<${Empty} title=${texts.review.done}><p>${texts.review.doneHint}</p><//>`}
      <${Choices} name=${texts.review.decisions} choices=${choices} />
    </div>
  `;
}

/** Runs one step at a time, and keeps what went wrong with the last. */
function useStep() {
  const busy = useRef(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  const run = async (/** @type {() => Promise<unknown>} */ act) => {
    if (busy.current) return;
    busy.current = true;
    await act().then(() => setError(null), setError);
    busy.current = false;
  };
  return { run, error };
}

/** Acts on keys wherever the focus is, but in fields, and on Enter where it presses something. @param {Choice[]} choices */
function useKeys(choices) {
  const latest = useRef(choices);
  latest.current = choices;
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input, textarea")) return;
      if (event.key === "Enter" && target.closest("a, button, summary")) return;
      const choice = latest.current.find(({ key }) => key === event.key || key === event.key.toLowerCase());
      if (!choice) return;
      event.preventDefault();
      choice.act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** @param {{ item: ItemJson, labels: Choice[] }} props */
function ItemToReview({ item, labels }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const { data } = useLoaded((signal) => call("CatalogService/ListItems", { imageId: item.imageId ?? "", pageSize: 100 }, signal), [item.id]);
  useEffect(() => place.current?.focus({ preventScroll: true }), []); // so that Enter presses no button of before
  const others = Object.entries(item.attributes ?? {}).filter(([name]) => name !== "category").sort();
  return html`
    <section class="detail review" tabindex="-1" ref=${place} aria-label=${texts.review.item(item.label ?? "")}>
      <div class="review-pictures">
        <div class="main-picture"><${ItemPicture} itemId=${item.id ?? ""} alt=${item.label} /></div>
        <${BoxedPhoto} imageId=${item.imageId ?? ""} width=${item.imageWidth ?? 1} height=${item.imageHeight ?? 1}
          items=${data?.items ?? [item]} current=${item.id ?? ""} alt=${item.imageName ?? texts.catalogue.photo} />
      </div>
      <div class="detail-text">
        <p class="review-label"><a href=${address(`items/${item.id}`)}>${sentenceCase(item.label ?? "")}</a> <span class="quiet">${texts.review.sure(Math.round(100 * certainty(item)))}</span></p>
        <p class="quiet">${others.map(([name, { values }]) => `${texts.filters.names[name] ?? sentenceCase(name)}: ${values?.[0]?.value ?? ""}`).join(" · ")}</p>
        <h2>${texts.review.labels}</h2>
        <${Choices} name=${texts.review.labels} choices=${labels} />
      </div>
    </section>
  `;
}

/** Buttons with the keys that do the same: the legend that is always there. @param {{ name: string, choices: Choice[] }} props */
function Choices({ name, choices }) {
  return html`<div class="row choices" role="group" aria-label=${name}>
    ${choices.map(({ shown, text, act, strong }) => html`<button type="button" key=${shown} class=${`button ${strong ? "strong" : ""}`} onClick=${act}>
      ${text}<kbd aria-hidden="true">${shown}</kbd></button>`)}
  </div>`;
}
