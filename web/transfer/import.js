// Importing a table with photos: what it holds is shown, with what is wrong, before anything is sent.

import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { Facts } from "../catalogue/facts.js";
import { Failure } from "../parts/notices.js";
import { priceText } from "../parts/values.js";
import { texts } from "../texts.js";
import { ATTRIBUTE, FIELDS, guessed, KNOWN, SAMPLE } from "./columns.js";
import { decoded, parseTable } from "./csv.js";
import { readRows } from "./entries.js";
import { Following } from "./following.js";
import { keyOf, partsOf, sendImport } from "./sending.js";

const SHOWN_ROWS = 10;
const SHOWN_PROBLEMS = 50;
const told = texts.transfer;

export function Import() {
  const [file, setFile] = useState(/** @type {{ name: string, text: string, table: CsvTable } | null} */ (null));
  const open = async (/** @type {File | undefined} */ chosen) => {
    if (!chosen) return;
    const text = decoded(await chosen.arrayBuffer());
    setFile({ name: chosen.name, text, table: parseTable(text) });
  };
  return html`
    <section class="section">
      <h2>${told.import}</h2>
      <p class="quiet">${told.importHint}</p>
      <p><label class="button file"><span>${file ? told.otherTable : told.chooseTable}</span>
        <input type="file" class="unseen" accept=".csv,.tsv,.txt,text/csv" onChange=${(/** @type {any} */ event) => open(event.currentTarget.files[0])} /></label></p>
      ${!file && html`<${Sample} />`}
      ${file && (file.table.header.length ? html`<${Preview} key=${`${file.name} ${file.text.length}`} ...${file} />` : html`<p class="failed-text">${told.noTable}</p>`)}
    </section>
  `;
}

/** What a table may have, and one to begin with. */
function Sample() {
  return html`<details>
    <summary class="button small">${told.columnsKnown}</summary>
    <${Facts} facts=${Object.entries(KNOWN).map(([field, names]) => [told.fields[field] ?? field, names.join(", ")])} />
    <p class="quiet">${told.columnsHint}</p>
    <p><a class="button small" download="products.csv" href=${`data:text/csv;charset=utf-8,${encodeURIComponent(SAMPLE)}`}>${told.sample}</a></p>
  </details>`;
}

/** @param {{ name: string, text: string, table: CsvTable }} props */
function Preview({ name, text, table }) {
  const [fields, setFields] = useState(() => guessed(table.header));
  const [currency, setCurrency] = useState("EUR");
  const [files, setFiles] = useState(() => new Map(/** @type {[string, File][]} */ ([])));
  const rows = useMemo(() => readRows(table, { fields, currency, files }), [table, fields, currency, files]);
  const good = rows.filter(({ problems }) => !problems.length);
  const sending = useSending(name, text);
  const choose = (/** @type {number} */ index, /** @type {string} */ field) => setFields(fields.map((each, place) => (place === index ? field : each === field && field !== "image" && field !== ATTRIBUTE ? "" : each)));
  if (sending.operation) return html`<${Sent} ...${sending} />`;
  return html`
    <${Columns} table=${table} fields=${fields} rows=${rows} onChoose=${choose} />
    <div class="form-grid">
      <label class="field"><span>${texts.product.currency} <small class="quiet">${told.currencyHint}</small></span>
        <input value=${currency} maxlength="3" autocomplete="off" onInput=${(/** @type {any} */ event) => setCurrency(event.currentTarget.value)} /></label>
      ${fields.includes("image") && html`<p><label class="button file"><span>${files.size ? told.photosChosen(files.size) : told.choosePhotos}</span>
        <input type="file" class="unseen" multiple accept="image/*" onChange=${(/** @type {any} */ event) => setFiles(new Map([...event.currentTarget.files].map((each) => [each.name, each])))} /></label></p>`}
    </div>
    <${Problems} rows=${rows} />
    ${sending.error && html`<${Failure} error=${sending.error} />`}
    <p><button type="button" class="button strong" disabled=${!good.length || sending.busy} onClick=${() => sending.start(good, [...fields, currency, ...files.keys()])}>${told.start(good.length, partsOf(good).filter(({ photo }) => photo).length)}</button></p>
  `;
}

/** The first rows, and above each column what it is taken for. @param {{ table: CsvTable, fields: string[], rows: Row[], onChoose: (index: number, field: string) => void }} props */
function Columns({ table, fields, rows, onChoose }) {
  return html`
    <p>${told.preview(Math.min(SHOWN_ROWS, rows.length), rows.length)}</p>
    <div class="table-frame" tabindex="0" role="group" aria-label=${told.columns}>
      <table class="table preview">
        <thead>
          <tr><th>${told.line}</th>${table.header.map((name, index) => html`<th key=${index}>${name}
            <select aria-label=${told.columnIs(name)} onChange=${(/** @type {any} */ event) => onChoose(index, event.currentTarget.value)}>
              ${["", ...FIELDS, ATTRIBUTE].map((field) => html`<option key=${field} value=${field} selected=${field === fields[index]}>${told.fields[field]}</option>`)}
            </select></th>`)}</tr>
        </thead>
        <tbody>${table.rows.slice(0, SHOWN_ROWS).map(({ line, cells }, row) => html`<tr key=${line} class=${rows[row]?.problems.length ? "wrong" : ""}>
          <td class="number">${line}</td>
          ${table.header.map((_, index) => html`<td key=${index} class=${fields[index] ? "" : "quiet"}>${shown(rows[row], fields[index], cells[index] ?? "")}</td>`)}</tr>`)}</tbody>
      </table>
    </div>
  `;
}

/** A cell as it was understood. @param {Row | undefined} row @param {string | undefined} field @param {string} cell */
function shown(row, field, cell) {
  if (field === "price" && row?.product.price) return priceText(row.product.price);
  return cell.length > 80 ? `${cell.slice(0, 80)} …` : cell;
}

/** @param {{ rows: Row[] }} props */
function Problems({ rows }) {
  const wrong = rows.filter(({ problems }) => problems.length);
  const lacking = rows.filter(({ problems }) => !problems.length).flatMap(({ line, photos }) => photos.filter(({ problem }) => problem).map(({ problem = "" }) => ({ line, problems: [problem] })));
  const all = [...wrong, ...lacking];
  if (!all.length) return html`<p class="note" role="status">${told.allGood(rows.length)}</p>`;
  return html`
    <div role="status"><p><strong>${told.wrong(wrong.length, lacking.length)}</strong></p></div>
    <ul class="history">
      ${all.slice(0, SHOWN_PROBLEMS).map(({ line, problems }, index) => html`<li key=${index}><span class="quiet">${told.lineNumber(line)}</span> ${problems.join("; ")}</li>`)}
      ${all.length > SHOWN_PROBLEMS && html`<li class="quiet">${told.furtherProblems(all.length - SHOWN_PROBLEMS)}</li>`}
    </ul>
  `;
}

/** @param {string} name @param {string} text */
function useSending(name, text) {
  const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null), operation: /** @type {OperationJson | null} */ (null), sent: 0, all: 0 });
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  const set = (/** @type {object} */ changes) => setState((before) => ({ ...before, ...changes }));
  const start = async (/** @type {Row[]} */ rows, /** @type {string[]} */ choices) => {
    const parts = partsOf(rows);
    set({ busy: true, error: null, all: parts.length });
    try {
      const operation = await sendImport(name, parts, keyOf([name, text, ...choices]), (begun, sent) => set({ operation: begun, sent }), leaving.current.signal);
      set({ operation, busy: false });
    } catch (error) {
      if (!leaving.current.signal.aborted) set({ error, busy: false });
    }
  };
  const cancel = () => {
    leaving.current.abort();
    set({ busy: false });
    return call("OperationService/CancelOperation", { operationId: state.operation?.id ?? "" });
  };
  return { ...state, start, cancel };
}

/** What was sent, and what comes of it. @param {any} props of `useSending` */
function Sent({ operation, sent, all, busy, error, cancel }) {
  return html`
    ${busy && html`<div class="upload-progress">
      <p role="status">${told.sent(sent, all)}</p>
      <progress max=${all} value=${sent} aria-label=${told.sent(sent, all)}></progress>
      <p class="row"><button type="button" class="button small" onClick=${() => cancel().catch(() => {})}>${texts.app.cancel}</button> <span class="quiet">${told.stayHere}</span></p>
    </div>`}
    ${error && html`<${Failure} error=${error} /><p>${told.again}</p>`}
    ${!busy && html`<${Following} operationId=${operation.id} failures />`}
  `;
}
