// Tables as text: CSV files with any of the usual delimiters.

const DELIMITERS = [",", ";", "\t", "|"];
const MARKS = /** @type {[number[], string][]} */ ([[[0xff, 0xfe], "utf-16le"], [[0xfe, 0xff], "utf-16be"]]);

/** The text of a file: UTF-8, UTF-16 with a mark, else Windows-1252. @param {ArrayBuffer} content */
export function decoded(content) {
  const bytes = new Uint8Array(content);
  const marked = MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return new TextDecoder(marked[1]).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The table of a text. Source: RFC 4180. @param {string} text @returns {CsvTable} */
export function parseTable(text) {
  const records = [...parsed(text, delimiterOf(text))].filter(({ cells }) => cells.some((cell) => cell.trim()));
  const [first, ...rows] = records;
  return { header: first?.cells.map((cell) => cell.trim()) ?? [], rows };
}

/** What parts the first line into most columns. @param {string} text */
function delimiterOf(text) {
  const columns = (/** @type {string} */ delimiter) => parsed(text, delimiter).next().value?.cells.length ?? 0;
  return DELIMITERS.reduce((best, each) => (columns(each) > columns(best) ? each : best));
}

/** @param {string} text @param {string} delimiter @returns {Generator<{ line: number, cells: string[] }>} */
function* parsed(text, delimiter) {
  let line = 1;
  let record = { line, cells: /** @type {string[]} */ ([]) };
  const quoted = /"((?:[^"]|"")*)"?/y; // two quotes stand for one
  const end = new RegExp(`\\${delimiter}|\\r\\n|\\n|\\r|$`, "g");
  for (let place = 0; place <= text.length; ) {
    let cell = "";
    if (text[place] === '"') {
      quoted.lastIndex = place;
      cell = (quoted.exec(text)?.[1] ?? "").replaceAll('""', '"');
      place = quoted.lastIndex;
      line += cell.split("\n").length - 1;
    }
    end.lastIndex = place;
    const found = /** @type {RegExpExecArray} */ (end.exec(text));
    record.cells.push(cell + text.slice(place, found.index));
    place = found.index + Math.max(1, found[0].length);
    if (found[0] === delimiter) continue;
    line += 1;
    yield record;
    record = { line, cells: [] };
  }
}
