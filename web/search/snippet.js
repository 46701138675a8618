// The search that is shown, as a command and as a program.

import { whereText } from "./request.js";

const FILE = "photo.jpg";
const PHOTO = "@PHOTO@";

/** @param {SearchRequestJson} request @param {string} origin @param {boolean} withKey */
export function curlCommand(request, origin, withKey) {
  const [before = "", after] = JSON.stringify(withoutContent(request)).split(PHOTO);
  const key = withKey ? ` -H "authorization: Bearer $ARMOIRE_API_KEY"` : "";
  const url = `${origin}/armoire.v1.CatalogService/Search`;
  const curl = `curl -H 'content-type: application/json'${key}`;
  if (after === undefined) return `${curl} -d ${quoted(before)} \\\n  ${url}`;
  return `{ printf %s ${quoted(before)}; base64 -w0 ${FILE}; printf %s ${quoted(after)}; } |\n  ${curl} --data-binary @- ${url}`;
}

/** @param {SearchRequestJson} request */
export function pythonProgram(request) {
  const subject = pythonSubject(request);
  const settings = [
    ...(request.filter ? [`where=${pythonText(whereText(request.filter))}`] : []),
    `top_k=${request.topK}`,
    ...(request.minScore ? [`min_score=${request.minScore}`] : []),
    ...(request.groupByProduct ? ["group_by_product=True"] : []),
  ];
  const names = ["Box", "ExampleSet", "Example", "Photo"].filter((name) => subject.includes(`${name}(`)).sort();
  return [
    `from armoire import ${["Client", ...names].sort().join(", ")}`,
    "",
    `with Client("127.0.0.1:50051") as client:  # the gRPC address of the server`,
    `    found = client.search(\n        ${[subject, ...settings].join(",\n        ")},\n    )`,
    "    for query in found.queries:",
    "        for hit in query.hits:",
    "            print(round(hit.rank_score, 3), hit.item.label, hit.item.id)",
  ].join("\n");
}

/** The request with a mark in place of the photo. @param {SearchRequestJson} request @returns {SearchRequestJson} */
function withoutContent(request) {
  const marked = (/** @type {string} */ key, /** @type {unknown} */ value) => (key === "content" ? PHOTO : value);
  const { facets: _, includeCropUrls: _urls, ...shown } = request;
  return JSON.parse(JSON.stringify(shown, marked));
}

/** @param {SearchRequestJson} request */
function pythonSubject({ image, examples, itemId, productId, text }) {
  if (image) return pythonPhoto(image);
  if (itemId) return `item_id=${pythonText(itemId)}`;
  if (productId) return `product_id=${pythonText(productId)}`;
  if (!examples) return `text=${pythonText(text ?? "")}`;
  const negative = examples.negative ? `, ${tuple(examples.negative.map(pythonExample))}` : "";
  return `examples=ExampleSet(${tuple((examples.positive ?? []).map(pythonExample))}${negative})`;
}

/** @param {ExampleJson} example */
function pythonExample({ image, itemId, productId, text }) {
  if (image) return `Example(${pythonPhoto(image)})`;
  if (itemId) return `Example(item_id=${pythonText(itemId)})`;
  return productId ? `Example(product_id=${pythonText(productId)})` : `Example(text=${pythonText(text ?? "")})`;
}

/** @param {ImageInputJson} image */
function pythonPhoto({ boxes }) {
  return boxes?.length ? `Photo("${FILE}", boxes=${tuple(boxes.map(pythonBox))})` : `"${FILE}"`;
}

/** @param {BoxJson} box */
function pythonBox(box) {
  return `Box(${[box.x1, box.y1, box.x2, box.y2].join(", ")})`;
}

/** @param {string[]} parts */
function tuple(parts) {
  return `(${parts.join(", ")},)`;
}

/** A text of Python: JSON's escapes are Python's. @param {string} text */
function pythonText(text) {
  return JSON.stringify(text);
}

/** A text of the shell. @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
