// Shows openapi.json: the calls by service, their schemas, a command for each, and a form to try it.

const BASE = new URL(".", document.baseURI).href.replace(/\/$/, "");
const STREAM = "application/connect+json";
const FORM = "multipart/form-data";
const JSON_TYPE = "application/json";

/** An element; an attribute that is a function listens to the event of its name. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

// Texts: paragraphs, lists, `code` and [links](address) are all the Markdown that descriptions have.

function inline(text) {
  return text.split(/(`[^`]+`|\[[^\]]+\]\([^)]+\))/).map((part) => {
    const link = /^\[([^\]]+)\]\((https?:[^)]+)\)$/.exec(part);
    if (link) return element("a", { href: link[2], rel: "noreferrer" }, link[1]);
    return /^`.+`$/.test(part) ? element("code", {}, part.slice(1, -1)) : part;
  });
}

function listed(lines) {
  return element("ul", {}, ...lines.map((line) => element("li", {}, ...inline(line.slice(2)))));
}

function paragraphs(text = "") {
  return text.split("\n\n").filter(Boolean).flatMap((paragraph) => {
    const lines = paragraph.split("\n");
    const items = lines.filter((line) => line.startsWith("- "));
    const rest = lines.filter((line) => !line.startsWith("- ")).join(" ").trim();
    return [...(rest ? [element("p", {}, ...inline(rest))] : []), ...(items.length ? [listed(items)] : [])];
  });
}

// Schemas: a nested message is shown when it is opened, so that recursive ones end.

class Schemas {
  constructor(api) {
    this.api = api;
  }

  resolve(node) {
    if (!node?.$ref) return node;
    const found = node.$ref.slice(2).split("/").reduce((level, key) => level[key], this.api);
    return { ...found, ...node, $ref: undefined };
  }

  typeName(schema) {
    const known = this.resolve(schema);
    if (known.type === "array") return `list of ${this.typeName(known.items)}`;
    if (known.additionalProperties?.type || known.additionalProperties?.$ref) {
      return `map of text to ${this.typeName(known.additionalProperties)}`;
    }
    if (known.contentMediaType) return "file";
    return known.title ?? known.format ?? known.contentEncoding ?? [known.type ?? "any"].flat().join(" or ");
  }

  /** The message or enum inside lists and maps. */
  core(schema) {
    const known = this.resolve(schema);
    if (known.type === "array") return this.core(known.items);
    const values = known.additionalProperties;
    return values?.$ref || values?.type ? this.core(values) : known;
  }

  fields(schema) {
    const known = this.resolve(schema);
    const entries = Object.entries(known.properties ?? {});
    if (!entries.length) return element("p", { class: "quiet" }, "No fields.");
    const needed = new Set(known.required);
    return element("ul", { class: "fields" }, ...entries.map(([name, each]) => this.field(name, each, needed.has(name))));
  }

  field(name, schema, needed) {
    const head = [element("code", { class: "name" }, name), " ", element("span", { class: "quiet" }, this.typeName(schema))];
    if (needed) head.push(" ", element("span", { class: "needed" }, "required"));
    if (schema.readOnly) head.push(" ", element("span", { class: "quiet" }, "· set by the server"));
    const core = this.core(schema);
    const own = schema.description ? paragraphs(schema.description) : [];
    if (!core.properties && !core.enum) return element("li", {}, ...head, ...own);
    return element("li", {}, unfolding(head, () => [...paragraphs(core === schema ? "" : core.description), this.inside(core)]), ...own);
  }

  inside(core) {
    if (core.properties) return this.fields(core);
    return element("p", {}, ...core.enum.flatMap((value) => [element("code", {}, value), " "]));
  }
}

/** Details whose content is made when they are opened for the first time. */
function unfolding(head, content, attributes = {}) {
  const details = element("details", attributes, element("summary", {}, ...head));
  details.addEventListener("toggle", () => details.append(...content()), { once: true });
  return details;
}

// Commands: those of the description, with this server's address and the request that is being edited.

const shellQuoted = (text) => text.replaceAll("'", `'"'"'`);

function command(operation, example, request) {
  const source = operation["x-codeSamples"][0].source.replaceAll('"$SERVER', `"${BASE}`);
  if (example === undefined) return source;
  const length = new TextEncoder().encode(request).length;
  const octal = [0, length >>> 24, length >>> 16, length >>> 8, length].map((byte) => `\\${(byte & 255).toString(8).padStart(3, "0")}`);
  return source
    .replace(/printf '(\\\d{3}){5}/, () => `printf '${octal.join("")}`)
    .replace(shellQuoted(JSON.stringify(example)), () => shellQuoted(request));
}

function commandBox(label) {
  const text = element("pre", { class: "command", tabindex: "0" });
  const copy = element("button", { type: "button", click: () => copied(text, copy) }, "Copy");
  return { node: element("div", {}, element("div", { class: "row" }, element("h3", {}, label), copy), text), text };
}

async function copied(text, button) {
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "Selected";
  }
}

// Calls.

function envelope(text) {
  const message = new TextEncoder().encode(text);
  const bytes = new Uint8Array(5 + message.length);
  new DataView(bytes.buffer).setUint32(1, message.length);
  bytes.set(message, 5);
  return bytes;
}

/** The messages of a response in envelopes, as they arrive. */
async function* envelopes(response) {
  const reader = response.body.getReader();
  let held = new Uint8Array();
  for (;;) {
    while (held.length >= 5) {
      const length = new DataView(held.buffer, held.byteOffset).getUint32(1);
      if (held.length < 5 + length) break;
      yield { ends: (held[0] & 2) !== 0, text: new TextDecoder().decode(held.slice(5, 5 + length)) };
      held = held.slice(5 + length);
    }
    const { done, value } = await reader.read();
    if (done) return;
    held = Uint8Array.from([...held, ...value]);
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function show(response, state, output, started) {
  const kind = response.headers.get("content-type") ?? "";
  if (kind.startsWith(STREAM)) {
    for await (const { ends, text } of envelopes(response)) {
      const failed = ends && JSON.parse(text).error;
      output.append(`${ends ? "end of stream " : ""}${pretty(text)}\n`);
      if (failed) return told(state, `${failed.code}`, false);
    }
  } else {
    output.append(pretty(await response.text()));
  }
  const id = response.headers.get("x-request-id");
  const details = [`${Math.round(performance.now() - started)} ms`, ...(id ? [`request id ${id}`] : [])];
  return told(state, `${response.status} ${response.statusText} · ${details.join(" · ")}`, response.ok);
}

function told(state, text, good) {
  state.textContent = text;
  state.className = good ? "good" : "bad";
}

/** The header with the key that was entered, which is kept nowhere else. */
function authorization() {
  const key = document.getElementById("key").value.trim();
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** A form that makes the call; `request` is what fetch takes beside the address. */
function trial(path, inputs, request) {
  const state = element("span", { role: "status" });
  const output = element("pre", { tabindex: "0", hidden: true, "aria-label": "Response" });
  const stop = element("button", { type: "button", hidden: true }, "Stop");
  const form = element("form", {}, ...inputs, element("p", { class: "row" }, element("button", {}, "Send"), stop, state), output);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const aborting = new AbortController();
    stop.onclick = () => aborting.abort();
    stop.hidden = output.hidden = false;
    output.textContent = "";
    told(state, "Waiting …", true);
    const started = performance.now();
    try {
      const { headers, ...rest } = request();
      const response = await fetch(BASE + path, { ...rest, headers: { ...headers, ...authorization() }, signal: aborting.signal });
      await show(response, state, output, started);
    } catch (error) {
      told(state, error.name === "AbortError" ? "Stopped." : `No response: ${error.message}`, false);
    }
    stop.hidden = true;
  });
  return form;
}

function textTrial(path, kind, example, changed) {
  const area = element("textarea", { spellcheck: "false", "aria-label": "Request" });
  area.value = JSON.stringify(example, null, 2);
  area.addEventListener("input", () => {
    try {
      changed(JSON.stringify(JSON.parse(area.value)));
      area.removeAttribute("aria-invalid");
    } catch {
      area.setAttribute("aria-invalid", "true");
    }
  });
  return trial(path, [area], () => {
    const body = kind === STREAM ? envelope(area.value) : area.value;
    return { method: "POST", headers: { "content-type": kind }, body };
  });
}

function formTrial(path, schema, schemas) {
  const inputs = Object.entries(schema.properties).map(([name, each]) => {
    const file = name === "image";
    const hint = file ? undefined : schemas.typeName(each);
    return [name, element("input", { id: `${path}-${name}`, type: file ? "file" : "text", multiple: file && each.type === "array", placeholder: hint })];
  });
  const grid = element("div", { class: "inputs" });
  for (const [name, input] of inputs) grid.append(element("label", { for: input.id }, name), input);
  return trial(path, [grid], () => {
    const body = new FormData();
    for (const [name, input] of inputs) {
      for (const file of input.files ?? []) body.append(name, file);
      if (!input.files && input.value) body.append(name, input.value);
    }
    return { method: "POST", body };
  });
}

// The page.

function callBody(path, item, schemas) {
  const operation = item.post ?? item.get;
  const called = path.replaceAll(/{(\w+)}/g, (_, name) => operation.parameters.find((each) => each.name === name).example);
  const [kind, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const example = media?.example ?? media?.["x-envelope-example"];
  const boxes = Object.entries(item).map(([verb, each]) => ({ each, box: commandBox(verb === "get" && item.post ? "curl, with GET" : "curl") }));
  const commands = (request) => {
    for (const { each, box } of boxes) box.text.textContent = command(each, example, request);
  };
  commands(JSON.stringify(example));
  return element("div", { class: "body" },
    element("p", { class: "path" }, element("code", {}, path)),
    ...paragraphs(operation.description),
    ...boxes.map(({ box }) => box.node),
    element("h3", {}, "Try it"),
    tryPart(called, kind, media, example, commands, schemas),
    ...requestParts(media, operation.requestBody, schemas),
    ...responseParts(operation, schemas));
}

function tryPart(path, kind, media, example, commands, schemas) {
  if (kind === FORM) return formTrial(path, schemas.resolve(media.schema), schemas);
  if (kind) return textTrial(path, kind, example, commands);
  return trial(path, [], () => ({}));
}

const shownSchema = (media) => media["x-envelope-schema"] ?? media.schema;

function requestParts(media, body, schemas) {
  if (!media) return [];
  const schema = shownSchema(media);
  const description = schemas.resolve(schema).description;
  return [element("h3", {}, "Request"), ...paragraphs(body.description), ...paragraphs(description), schemas.fields(schema)];
}

function responseParts(operation, schemas) {
  const parts = Object.entries(operation.responses).map(([status, each]) => {
    const response = schemas.resolve(each);
    const media = Object.values(response.content ?? {})[0];
    const head = [element("strong", {}, status), ` ${response.description}`];
    return media ? unfolding(head, () => [schemas.fields(shownSchema(media))]) : element("p", {}, ...head);
  });
  return [element("h3", {}, "Responses"), ...parts];
}

function call(path, item, schemas) {
  const operation = item.post ?? item.get;
  const verbs = Object.keys(item).map((verb) => verb.toUpperCase()).join(", ");
  const brief = (operation.description ?? "").split(/(?<=[.;])\s/)[0].replaceAll("`", "");
  const head = [element("span", { class: "verb" }, verbs), " ", element("strong", {}, operation.summary), " ", element("span", { class: "quiet" }, brief)];
  const details = unfolding(head, () => [callBody(path, item, schemas)], { class: "call", id: operation.operationId });
  details.dataset.text = `${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase();
  return details;
}

function section(tag, calls) {
  return element("section", {}, element("h2", {}, tag.name), ...paragraphs(tag.description), ...calls);
}

function indexOf(tag, calls) {
  const links = calls.map((each) => element("li", {}, element("a", { href: `#${each.id}` }, each.querySelector("strong").textContent)));
  return [element("h2", {}, tag.name), element("ul", {}, ...links)];
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.matches("details")) return;
  target.open = true;
  target.scrollIntoView();
}

function find(text) {
  for (const each of document.querySelectorAll(".call")) each.hidden = !each.dataset.text.includes(text.trim().toLowerCase());
}

function render(api) {
  const schemas = new Schemas(api);
  const main = document.getElementById("calls");
  main.replaceChildren(...paragraphs(api.info.description));
  for (const tag of api.tags) {
    const items = Object.entries(api.paths).filter(([, item]) => (item.post ?? item.get).tags.includes(tag.name));
    const calls = items.map(([path, item]) => call(path, item, schemas));
    main.append(section(tag, calls));
    document.getElementById("index").append(...indexOf(tag, calls));
  }
  document.getElementById("find").addEventListener("input", (event) => find(event.target.value));
  addEventListener("hashchange", openTarget);
  openTarget();
}

try {
  const response = await fetch("openapi.json");
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  render(await response.json());
} catch (error) {
  document.getElementById("calls").replaceChildren(`openapi.json could not be shown: ${error.message}`);
}
