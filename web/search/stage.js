// The photo that is searched by: its garments as dots and boxes, and the crop.

import { html, useEffect, useState } from "../vendor/preact.js";
import { cornersOf, placed } from "../parts/boxes.js";
import { Icon } from "../parts/icons.js";
import { texts } from "../texts.js";
import { firstCrop } from "./crop.js";
import { CropEditor } from "./crop_editor.js";

/**
 * @param {{
 *   photo: QueryPhoto, garments: Garment[], chosen: number, box: Corners | null, busy: boolean,
 *   onGarment: (index: number) => void, onBox: (box: Corners | null) => void, onRemove: () => void,
 * }} props
 */
export function PhotoStage({ photo, garments, chosen, box, busy, onGarment, onBox, onRemove }) {
  const [crop, setCrop] = useState(box);
  useEffect(() => setCrop(box), [box?.join()]);
  const chosenBox = garments[chosen]?.box;
  const draw = () => setCrop(firstCrop(chosenBox ? cornersOf(chosenBox) : null, photo));
  const search = () => crop && onBox(crop);
  const remove = () => (setCrop(null), onBox(null));
  const waits = crop && crop.map(Math.round).join() !== box?.map(Math.round).join();
  return html`
    <div class="stage-frame">
      <div class=${`stage ${busy ? "busy" : ""}`}>
        <img src=${photo.url} alt=${texts.search.photo} width=${photo.width} height=${photo.height} />
        ${!crop && garments.map((garment, index) => html`<${GarmentBox} key=${index} index=${index} garment=${garment}
            size=${photo} chosen=${index === chosen} onChoose=${() => onGarment(index)} />`)}
        ${crop && html`<${CropEditor} corners=${crop} size=${photo} onChange=${setCrop} onDone=${search} />`}
      </div>
    </div>
    <div class="stage-tools">
      ${crop
        ? html`
            <button type="button" class="button small" onClick=${remove}><${Icon} name="close" />${texts.search.removeCrop}</button>
            ${waits && html`<button type="button" class="button small strong" onClick=${search}>${texts.search.searchCrop}</button>`}
            <p class="quiet hint">${texts.search.drawHint}</p>
          `
        : html`
            <button type="button" class="button small" onClick=${draw}><${Icon} name="crop" />${texts.search.drawCrop}</button>
            <button type="button" class="button small plain" onClick=${onRemove}><${Icon} name="close" />${texts.search.removePhoto}</button>
          `}
    </div>
  `;
}

/** @param {{ index: number, garment: Garment, size: { width: number, height: number }, chosen: boolean, onChoose: () => void }} props */
function GarmentBox({ index, garment, size, chosen, onChoose }) {
  const corners = cornersOf(garment.box);
  const name = texts.search.garment(index + 1, garment.label);
  return html`
    <button type="button" class="garment" style=${placed(corners, size)} aria-pressed=${chosen} aria-label=${name}
      title=${garment.label} onClick=${onChoose}><span class="dot"></span></button>
  `;
}
