// The queue of a reviewer: one item after the other, decided by keys.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { ownUrl } from "../api/pictures.js";
import { cornersOf } from "../parts/boxes.js";
import { Choices, useKeys } from "../parts/keys.js";
import { useLoaded } from "../parts/loaded.js";
import { Empty, Failure, tell, Unloaded } from "../parts/notices.js";
import { ItemPicture } from "../parts/pictures.js";
import { sentenceCase } from "../parts/values.js";
import { address } from "../router.js";
import { firstCrop } from "../search/crop.js";
import { boxOf } from "../search/request.js";
import { texts } from "../texts.js";
import { AlikeDialog } from "./alike.js";
import { answerOf, Attributes, offered } from "./attributes.js";
import { ReviewPhoto, ZOOMS } from "./photo.js";
import { accept, acceptAll, add, AT_A_TIME, lease, leaseAlike, leaseOne, leave, makePrimary, redraw, reject, release, undoLast } from "./queue.js";

/** @import { Leased, Wanted } from "./queue.js" */
/** @typedef {{ isNew: boolean, corners: Corners }} Drawing */

const RENEW_MS = 120_000;
const ZOOM_KEY = "armoire-review-zoom";

/** @param {{ wanted: Wanted, attributes: TaxonomyAttributeJson[], author: string }} props */
export function Review({ wanted, attributes, author }) {
  const first = useLoaded((signal) => lease(wanted, signal), []);
  useEffect(() => leave, []);
  if (!first.data) return html`<${Unloaded} loaded=${first} />`;
  return html`<${Queue} first=${first.data} wanted=${wanted} attributes=${attributes} author=${author} />`;
}

/** @param {{ first: Leased, wanted: Wanted, attributes: TaxonomyAttributeJson[], author: string }} props */
function Queue({ first, wanted, attributes, author }) {
  const queue = useQueue(first, wanted);
  const step = useStep();
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [answers, setAnswers] = useState(/** @type {Answers} */ ({}));
  const [current, setCurrent] = useState(0);
  const [drawing, setDrawing] = useState(/** @type {Drawing | null} */ (null));
  const [alike, setAlike] = useState(/** @type {ItemJson[] | null} */ (null));
  const zoom = useZoom();
  const [leased] = queue.left;
  const item = leased?.item;
  const attribute = attributes[current];
  const stay = () => place.current?.focus({ preventScroll: true }); // so that Enter presses no button of before
  useEffect(() => {
    setAnswers({});
    setCurrent(0);
    setDrawing(null);
    stay();
  }, [item?.id]);
  const answer = (/** @type {string} */ name, /** @type {string} */ value) => {
    const same = item && value === answerOf(item, name, {});
    setAnswers(({ [name]: _, ...rest }) => (same ? rest : { ...rest, [name]: value }));
    stay();
  };
  const decide = (/** @type {(item: ItemJson) => Promise<unknown>} */ decision) => () => {
    if (item) void step.run(() => decision(item).then(() => queue.decided([item.id ?? ""])));
  };
  const skip = () => {
    const id = item?.id ?? "";
    if (item) void step.run(() => release([id], { skip: true }).then(() => queue.decided([id], 0)));
    stay();
  };
  const refresh = async (/** @type {ItemJson} */ { id = "" }) => {
    const again = await leaseOne(id);
    if (again) queue.put(again);
  };
  const change = (/** @type {(item: ItemJson) => Promise<unknown>} */ work, /** @type {string} */ text) => () => {
    if (item) void step.run(() => work(item).then(() => refresh(item)).then(() => tell(text)));
    stay();
  };
  const saveBox = () => {
    if (!item || !drawing) return;
    const { isNew, corners } = drawing;
    const box = boxOf(/** @type {Corners} */ (corners.map((side) => Math.round(side * 10) / 10)));
    const label = answers["category"] ?? "";
    const done = isNew ? () => add(item, box, label) : () => redraw(item, box).then(() => refresh(item));
    void step.run(async () => {
      await done();
      setDrawing(null);
      if (isNew) setAnswers({});
      tell(isNew ? texts.review.added : texts.review.redrawn);
    });
    stay();
  };
  const undo = () => {
    void step.run(async () => {
      const back = await undoLast(author);
      if (!back) return tell(texts.review.nothingToUndo);
      for (const id of [...back].reverse()) {
        const again = await leaseOne(id);
        if (again) queue.put(again, true);
      }
      queue.undone(back.length);
      tell(texts.review.undone);
    });
    stay();
  };
  const lookAlike = () => {
    if (item) void step.run(async () => setAlike((await leaseAlike(item.id ?? "")).map((each) => each.item ?? {})));
  };
  const off = !item;
  const rejected = (/** @type {RejectReasonJson} */ reason) => decide((each) => reject(each, reason));
  const choices = drawing
    ? [
        { key: "Enter", shown: "Enter", text: drawing.isNew ? texts.review.addBox : texts.review.saveBox, act: saveBox, strong: true },
        { key: "Escape", shown: "Esc", text: texts.app.cancel, act: () => (setDrawing(null), stay()) },
      ]
    : [
        { key: "Enter", shown: "Enter", text: Object.keys(answers).length ? texts.review.acceptChanged : texts.review.accept, act: decide((each) => accept(each, answers)), strong: true, off },
        { key: "x", shown: "X", text: texts.review.notAGarment, act: rejected("REJECT_REASON_NOT_A_GARMENT"), off },
        { key: "d", shown: "D", text: texts.review.duplicate, act: rejected("REJECT_REASON_DUPLICATE"), off },
        { key: "b", shown: "B", text: texts.review.badBox, act: rejected("REJECT_REASON_BAD_BOX"), off },
        { key: "p", shown: "P", text: texts.review.primary, hint: texts.review.primaryHint, act: change(makePrimary, texts.review.isPrimary), off },
        { key: "m", shown: "M", text: texts.review.alike, hint: texts.review.alikeTip, act: lookAlike, off },
        { key: "n", shown: "N", text: texts.outfits.next, hint: texts.review.nextHint, act: () => (queue.later(), stay()), off: queue.left.length < 2 },
        { key: "s", shown: "S", text: texts.review.skip, hint: texts.review.skipHint, act: skip, off },
        { key: "Backspace", shown: "⌫", text: texts.catalogue.undo, act: undo },
      ];
  const pictures = [
    { key: "r", shown: "R", text: texts.review.redraw, act: () => item && setDrawing({ isNew: false, corners: cornersOf(item.box) }), off: off || Boolean(drawing) },
    { key: "a", shown: "A", text: texts.review.draw, act: () => item && setDrawing({ isNew: true, corners: firstCrop(null, sizeOf(item)) }), off: off || Boolean(drawing) },
    { key: "+", shown: "+", text: texts.review.zoomIn, act: () => zoom.by(1), off: zoom.level === ZOOMS.length - 1 },
    { key: "-", shown: "−", text: texts.review.zoomOut, act: () => zoom.by(-1), off: !zoom.level },
  ];
  const digits = item && attribute ? offered(item, attribute).map(({ value }, index) => ({ key: String(index + 1), act: () => answer(attribute.name ?? "", value) })) : [];
  const move = (/** @type {number} */ by) => () => (setCurrent((now) => Math.min(attributes.length - 1, Math.max(0, now + by))), stay());
  const silent = [
    ...digits,
    { key: "0", act: () => attribute && answer(attribute.name ?? "", "") },
    { key: "ArrowDown", act: move(1) },
    { key: "ArrowUp", act: move(-1) },
  ].map((each) => ({ shown: each.key, text: "", ...each }));
  useKeys([...choices, ...pictures, ...(drawing ? [] : silent)]);
  useEffect(() => {
    for (const { item: next, photoUrl } of queue.left.slice(1, 3)) [next?.cropUrl, photoUrl].forEach((url) => url && (new Image().src = ownUrl(url)));
  }, [item?.id]);
  const acceptAlike = (/** @type {ItemJson[]} */ chosen) => acceptAll(chosen).then(() => {
    queue.decided(chosen.map(({ id = "" }) => id));
    setAlike(null);
  });
  return html`
    <p class="quiet" role="status">${texts.review.progress(queue.count, queue.open)}</p>
    ${(step.error ?? queue.error) && html`<${Failure} error=${step.error ?? queue.error} />`}
    <section class="detail review" tabindex="-1" ref=${place} aria-label=${item ? texts.review.item(item.label ?? "") : texts.review.title}>
      ${item && leased
        ? html`
            <div class="review-pictures">
              <${ReviewPhoto} item=${item} url=${leased.photoUrl ?? ""} zoom=${ZOOMS[zoom.level]} drawn=${drawing?.corners ?? null} fresh=${drawing?.isNew ?? false}
                onDraw=${(/** @type {Corners} */ corners) => setDrawing((now) => now && { ...now, corners })} onDrawn=${saveBox} />
              <${Choices} name=${texts.review.pictures} choices=${pictures} />
              ${drawing && html`<p class="quiet">${drawing.isNew ? texts.review.drawNewHint : texts.review.drawHint}</p>`}
            </div>
            <div class="detail-text">
              <div class="review-item">
                <${ItemPicture} key=${`${item.id} ${item.etag}`} itemId=${item.id ?? ""} url=${item.cropUrl} alt=${item.label} />
                <div>
                  <p class="review-label"><a href=${address(`items/${item.id}`)}>${sentenceCase((answers["category"] ?? item.label) || texts.review.none)}</a></p>
                  <p class="quiet">${texts.review.reasons[leased.reason ?? ""] ?? ""} ${texts.review.unsure(Math.round(100 * Number(leased.uncertainty ?? 0)))}</p>
                  ${item.verifyTime && html`<p class="quiet">${texts.review.saidBefore}</p>`}
                </div>
              </div>
              <${Attributes} item=${item} attributes=${attributes} current=${current} answers=${answers}
                onCurrent=${(/** @type {number} */ index) => (setCurrent(index), stay())} onAnswer=${answer} />
            </div>
          `
        : html`<${Empty} title=${texts.review.done}><p>${texts.review.doneHint}</p><//>`}
    </section>
    <div class="legend-bar">
      <${Choices} name=${texts.review.decisions} choices=${choices} />
      <p class="quiet">${texts.review.keysHint}</p>
    </div>
    ${alike && item && html`<${AlikeDialog} item=${item} alike=${alike} accept=${acceptAlike} onClose=${() => (setAlike(null), stay())} />`}
  `;
}

/** @param {ItemJson} item */
function sizeOf({ imageWidth = 1, imageHeight = 1 }) {
  return { width: imageWidth, height: imageHeight };
}

/** The items that are left, which is added to before it is empty. @param {Leased} first @param {Wanted} wanted */
function useQueue(first, wanted) {
  const [state, setState] = useState({ left: first.items, open: first.open, count: 0 });
  const [error, setError] = useState(/** @type {any} */ (null));
  const gone = useRef(new Set()); // decided on, while an older answer of the server may still have them
  const busy = useRef(false);
  const fill = () => {
    if (busy.current) return;
    busy.current = true;
    lease(wanted)
      .then(({ items, open }) => {
        setError(null);
        setState((now) => {
          const fresh = items.filter(({ item }) => !gone.current.has(item?.id) && !now.left.some((each) => each.item?.id === item?.id));
          return { ...now, left: [...now.left, ...fresh], open };
        });
      }, setError)
      .finally(() => (busy.current = false));
  };
  useEffect(() => {
    const timer = setInterval(fill, RENEW_MS);
    return () => clearInterval(timer);
  }, []);
  const decided = (/** @type {string[]} */ ids, by = ids.length) => {
    ids.forEach((id) => gone.current.add(id));
    const left = state.left.filter(({ item }) => !ids.includes(item?.id ?? ""));
    setState((now) => ({ left: now.left.filter(({ item }) => !ids.includes(item?.id ?? "")), open: Math.max(0, now.open - by), count: now.count + by }));
    if (left.length <= AT_A_TIME / 2) fill();
  };
  const put = (/** @type {ReviewItemJson} */ leased, front = false) => {
    const id = leased.item?.id;
    gone.current.delete(id);
    setState((now) => ({
      ...now,
      left: front ? [leased, ...now.left.filter(({ item }) => item?.id !== id)] : now.left.map((each) => (each.item?.id === id ? leased : each)),
    }));
  };
  const undone = (/** @type {number} */ by) => setState((now) => ({ ...now, count: Math.max(0, now.count - by), open: now.open + by }));
  const later = () => setState((now) => ({ ...now, left: [...now.left.slice(1), ...now.left.slice(0, 1)] }));
  return { ...state, error, decided, put, undone, later };
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

/** How near the photo is looked at; it stays from item to item, and over a reload. */
function useZoom() {
  const [level, setLevel] = useState(Math.min(ZOOMS.length - 1, Number(sessionStorage.getItem(ZOOM_KEY) ?? 0)));
  const by = (/** @type {number} */ steps) => setLevel((now) => {
    const next = Math.min(ZOOMS.length - 1, Math.max(0, now + steps));
    sessionStorage.setItem(ZOOM_KEY, String(next));
    return next;
  });
  return { level, by };
}
