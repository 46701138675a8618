// Adds photos to the catalogue, many at a time.

import { html, useCallback, useEffect, useState } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { Empty } from "../parts/notices.js";
import { address } from "../router.js";
import { DropTarget, FileButton } from "../search/photo_input.js";
import { texts } from "../texts.js";
import { mayRetry, UploadQueue } from "./upload_queue.js";

const queue = new UploadQueue();

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const account = useAccount();
  const subject = account.me?.subject ?? "";
  const productId = params.get("product") ?? "";
  const uploads = useQueue();
  const maxBytes = Math.min(Number(account.limits?.maxImageBytes ?? 0), Number(account.limits?.maxMessageBytes ?? 0));
  const add = useCallback((/** @type {File[]} */ files) => queue.add(files, { maxBytes, productId, subject }), [maxBytes, productId, subject]);
  useEffect(() => void queue.restore(subject), [subject]);
  if (!may(account, "WRITE")) return html`<${Empty} level="h1" title=${texts.catalogue.add}><p>${texts.upload.mayNot}</p><//>`;
  return html`
    <div class="page narrow">
      <${DropTarget} text=${texts.search.drop} onFiles=${add} />
      <div class="page-head">
        <h1>${texts.catalogue.add}</h1>
        <a class="button" href=${productId ? address(`products/${productId}`) : address("catalogue", new URLSearchParams({ tab: "photos" }))}>
          ${productId ? texts.catalogue.openProduct : texts.upload.back}</a>
      </div>
      <div class="drop-zone">
        <p>${texts.upload.hint}</p>
        <div class="row"><${FileButton} icon="photo" label=${texts.upload.choose} strong multiple onFiles=${add} />
          <${FileButton} icon="camera" label=${texts.search.takePhoto} camera onFiles=${add} /></div>
      </div>
      ${uploads.length > 0 && html`<${Progress} uploads=${uploads} />`}
      <ul class="uploads">${uploads.map((upload) => html`<${UploadRow} key=${upload.key} upload=${upload} state=${upload.state} />`)}</ul>
    </div>
  `;
}

/** The uploads of the queue, followed as they change. */
function useQueue() {
  const [uploads, setUploads] = useState(queue.uploads);
  useEffect(() => {
    const follow = () => setUploads([...queue.uploads]);
    queue.addEventListener("changed", follow);
    return () => queue.removeEventListener("changed", follow);
  }, []);
  return uploads;
}

/** @param {{ uploads: Upload[] }} props */
function Progress({ uploads }) {
  const done = queue.ended;
  const failed = uploads.filter(({ state }) => state === "failed").length;
  const text = texts.upload.progress(done - failed, uploads.length);
  return html`
    <div class="upload-progress">
      <p role="status">${text}${failed > 0 && html` · ${texts.upload.failedCount(failed)}`}</p>
      <progress max=${uploads.length} value=${done} aria-label=${text}></progress>
      <div class="row">
        ${done < uploads.length && html`<button type="button" class="button small" onClick=${() => queue.cancel()}>${texts.upload.cancelAll}</button>`}
        ${uploads.some(mayRetry) && html`<button type="button" class="button small" onClick=${() => queue.retryFailed()}>${texts.upload.retryFailed}</button>`}
        ${done === uploads.length && html`<button type="button" class="button small" onClick=${() => queue.clear()}>${texts.upload.clear}</button>`}
      </div>
    </div>
  `;
}

/** @param {{ upload: Upload }} props */
function UploadRow({ upload }) {
  const [url] = useState(() => URL.createObjectURL(upload.file));
  useEffect(() => () => URL.revokeObjectURL(url), []);
  const name = upload.imageId ? html`<a href=${address(`photos/${upload.imageId}`)}>${upload.file.name}</a>` : upload.file.name;
  return html`
    <li class=${`upload ${upload.state}`}>
      <img src=${url} alt="" loading="lazy" onError=${(/** @type {any} */ event) => (event.currentTarget.style.visibility = "hidden")} />
      <span class="upload-name">${name}<small class="quiet">${upload.note}</small></span>
      <span class="tag">${texts.upload.states[upload.state]}</span>
    </li>
  `;
}
