// One look, large: its pieces, of which each can be swapped, and what that does to the score.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { Choices, useKeys } from "../parts/keys.js";
import { useLoaded } from "../parts/loaded.js";
import { Failure, Loading } from "../parts/notices.js";
import { ItemPicture } from "../parts/pictures.js";
import { priceText } from "../parts/values.js";
import { address } from "../router.js";
import { scoreText, texts } from "../texts.js";
import { Collage, nameOf, ordered, slotOf } from "./collage.js";
import { useFeedback } from "./feedback.js";
import { Change, Score, Terms } from "./terms.js";
import { alternatives, score } from "./wanted.js";

/** @import { Wanted } from "./wanted.js" */

/** A look by its items, as the address has it. @param {OutfitJson | undefined} look */
export function idsOf(look) {
  return (look?.items ?? []).map(({ itemId }) => itemId).join();
}

/**
 * @param {{
 *   ids: string[], looks: OutfitJson[], wanted: Wanted,
 *   open: (ids: string) => void, onPlace: (index: number) => void, onClose: () => void,
 * }} props
 * `looks` are those of the list; the one that is open may have been one of them before pieces were swapped.
 */
export function Look({ ids, looks, wanted, open, onPlace, onClose }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const trail = useTrail(wanted, ids);
  const { scored } = trail;
  const [chosen, setChosen] = useState("");
  const [swapping, setSwapping] = useState(false);
  const pieces = ordered(scored.data?.outfit?.items ?? []);
  const piece = pieces.find(({ itemId }) => itemId === chosen) ?? pieces[0];
  const found = useLoaded((signal) => swapping && piece ? alternatives(wanted, ids.filter((id) => id !== piece.itemId), piece, signal) : Promise.resolve([]), [ids, swapping && piece?.itemId]);
  const index = looks.findIndex((look) => idsOf(look) === trail.first);
  useEffect(() => {
    setSwapping(false);
    place.current?.focus({ preventScroll: true });
  }, [trail.now]);
  useEffect(() => onPlace(index), [index]);
  const choose = (/** @type {OutfitItemJson} */ { itemId = "" }) => (setChosen(itemId), place.current?.focus({ preventScroll: true }));
  const swap = (/** @type {string} */ itemId) => {
    if (scored.loading || found.loading) return;
    const next = ids.map((id) => (id === piece?.itemId ? itemId : id)).join();
    setChosen(itemId);
    trail.add(next);
    open(next);
  };
  const said = (/** @type {boolean} */ skipped) => (skipped && looks[index + 1] ? open(idsOf(looks[index + 1])) : scored.reload());
  const choices = [
    ...useFeedback(wanted.endUser, trail.now, said),
    { key: "s", shown: "S", text: texts.outfits.swap, act: () => setSwapping(!swapping), strong: true, pressed: swapping, off: !piece },
    { key: "Backspace", shown: "⌫", text: texts.catalogue.undo, act: () => open(trail.before), off: !trail.before },
    { key: "ArrowLeft", shown: "←", text: texts.outfits.previous, act: () => open(idsOf(looks[index - 1])), off: index < 1 },
    { key: "ArrowRight", shown: "→", text: texts.outfits.next, act: () => open(idsOf(looks[index + 1])), off: index >= looks.length - 1 },
    { key: "Escape", shown: "Esc", text: texts.app.back, act: swapping ? () => setSwapping(false) : onClose },
  ];
  const digits = swapping ? (found.data ?? []).map(({ item }) => () => swap(item?.itemId ?? "")) : pieces.map((each) => () => choose(each));
  useKeys([...choices, ...digits.map((act, digit) => ({ key: String(digit + 1), shown: "", text: "", act }))]);
  const look = scored.data?.outfit;
  return html`
    <section class="detail look" tabindex="-1" ref=${place} aria-label=${texts.outfits.look} aria-busy=${scored.loading || found.loading}>
      ${scored.error && html`<${Failure} error=${scored.error} retry=${scored.reload} />`}
      ${!look && !scored.error && html`<${Loading} />`}
      ${look && html`
        <${Collage} pieces=${pieces} draw=${(/** @type {OutfitItemJson} */ each) => html`<${Piece} key=${each.itemId} piece=${each} number=${pieces.indexOf(each) + 1} chosen=${each === piece} numbered=${!swapping} act=${() => choose(each)} />`} />
        <div class="detail-text">
          <${Told} look=${look} before=${trail.outfit} problems=${scored.data?.problems ?? []} />
          ${piece && html`<${Chosen} piece=${piece} />`}
          ${swapping && html`<${Alternatives} found=${found} now=${Number(look.score ?? 0)} act=${swap} />`}
        </div>`}
    </section>
    <div class="legend-bar"><${Choices} name=${texts.app.actions} choices=${choices} /><p class="quiet">${swapping ? texts.outfits.swapHint : texts.outfits.pieceHint}</p></div>
  `;
}

/** @param {{ look: OutfitJson, before: OutfitJson | undefined, problems: string[] }} props */
function Told({ look, before, problems }) {
  return html`
    <div role="status">
      <${Score} look=${look} before=${before} />
      <p class="look-why">${look.explanation}</p>
      ${problems.map((problem) => html`<p key=${problem} class="failed-text">${texts.outfits.problem(problem)}</p>`)}
    </div>
    <${Terms} look=${look} before=${before} reasons />
  `;
}

/** @param {{ piece: OutfitItemJson }} props */
function Chosen({ piece }) {
  const { product, itemId } = piece;
  return html`<h2><a href=${address(`items/${itemId}`)}>${nameOf(piece)}</a></h2>
    <p class="quiet">${[texts.outfits.slots[slotOf(piece)], product?.displayName, priceText(product?.price)].filter(Boolean).join(" · ")}</p>`;
}

/** The looks that swaps have led through, the last with its score. @param {Wanted} wanted @param {string[]} ids */
function useTrail(wanted, ids) {
  const now = ids.join();
  const [steps, setSteps] = useState([now]);
  const seen = useRef(/** @type {Map<string, OutfitJson>} */ (new Map()));
  const known = steps.includes(now) ? steps : [now];
  const at = known.lastIndexOf(now);
  const before = known[at - 1] ?? "";
  const add = (/** @type {string} */ next) => setSteps([...known.slice(0, at + 1), next]);
  const scored = useLoaded(async (signal) => {
    const answer = await score(wanted, ids, signal);
    seen.current.set(now, answer.outfit ?? {});
    return answer;
  }, [ids]);
  return { now, first: known[0], before, outfit: seen.current.get(before), scored, add };
}

/** @param {{ piece: OutfitItemJson, number: number, chosen: boolean, numbered: boolean, act: () => void }} props while a piece is swapped, digits are of what may come */
function Piece({ piece, number, chosen, numbered, act }) {
  return html`<button type="button" class="piece choice" aria-pressed=${chosen} aria-label=${`${number}: ${nameOf(piece)}, ${texts.outfits.slots[slotOf(piece)]}`} onClick=${act}>
    <${ItemPicture} itemId=${piece.itemId ?? ""} url=${piece.cropUrl} />${numbered && html`<kbd aria-hidden="true">${number}</kbd>`}
  </button>`;
}

/** @param {{ found: Loaded<OutfitCandidateJson[]>, now: number, act: (itemId: string) => void }} props */
function Alternatives({ found, now, act }) {
  if (found.error && found.error.reason !== "OUTFIT_IMPOSSIBLE") return html`<${Failure} error=${found.error} retry=${found.reload} />`;
  if (found.loading) return html`<${Loading} />`;
  if (!found.data?.length) return html`<p class="quiet">${texts.outfits.noOther}</p>`;
  return html`<ul class="grid small alternatives" aria-label=${texts.outfits.alternatives}>
    ${found.data.map(({ item = {}, outfit }, index) => html`<li key=${item.itemId} class="card"><button type="button" class="card-whole choice" onClick=${() => act(item.itemId ?? "")}>
      <${ItemPicture} itemId=${item.itemId ?? ""} url=${item.cropUrl} />
      <span class="card-text"><span class="card-name">${nameOf(item)}</span>${index < 9 && html`<kbd aria-hidden="true">${index + 1}</kbd>`}
        <span>${scoreText(outfit?.score)} <${Change} by=${Number(outfit?.score ?? 0) - now} /></span></span>
    </button></li>`)}
  </ul>`;
}
