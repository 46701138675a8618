// @ts-check
import { createHash } from "node:crypto";

import { toJson } from "@bufbuild/protobuf";
import { ArmoireError, errorDetails } from "@armoire/client";
import { Code } from "@connectrpc/connect";

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const VARYING = new Set(["createTime", "updateTime", "deleteTime", "etag", "timings"]);

/** Renders what one run was told so that it can be compared with another run. */
export class Canonical {
  /** @type {Map<string, string>} */
  #ids = new Map();

  /** @param {string} run the name of the run, which its products have in their names */
  constructor(run) {
    this.run = run;
  }

  /**
   * A message in proto3 JSON, with ids by the order in which they first came, and without times.
   *
   * @template {import("@bufbuild/protobuf").DescMessage} Desc
   * @param {Desc} schema
   * @param {import("@bufbuild/protobuf").MessageShape<Desc>} message
   */
  message(schema, message) {
    return this.value(toJson(schema, message, { registry: errorDetails }));
  }

  /**
   * @param {unknown} value
   * @returns {unknown}
   */
  value(value) {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((element) => this.value(element));
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(
      members.map(([name, member]) => [name, VARYING.has(name) ? `<${name}>` : this.value(member)]),
    );
  }

  /**
   * What a call that must fail says. Words that are not the server's are left out.
   *
   * @param {Promise<unknown>} call
   */
  async failure(call) {
    const error = await call.then(
      () => undefined,
      (thrown) => ArmoireError.from(thrown),
    );
    if (error === undefined) return "succeeded";
    const { reason, message, metadata, violations, retryAfterMs, requestId } = error;
    const code = Code[error.code];
    if (reason === "") return { code };
    return this.value({ code, reason, message, metadata, violations, retryAfterMs, requestId });
  }

  /** @param {string} text */
  #text(text) {
    const known = text.replaceAll(this.run, "<run>");
    return known.replaceAll(UUID, (id) => {
      if (!this.#ids.has(id)) this.#ids.set(id, `<id ${this.#ids.size + 1}>`);
      return this.#ids.get(id) ?? id;
    });
  }
}

/** @param {string | Uint8Array | undefined} bytes */
export function sha256(bytes) {
  return createHash("sha256").update(bytes ?? "").digest("hex");
}

/**
 * The width and the height of a lossy WebP. Source: RFC 9649, section 2.5; RFC 6386, section 9.1.
 *
 * @param {string | Uint8Array | undefined} bytes
 */
export function sizeOfWebp(bytes) {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("the content of a picture must be bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [26, 28].map((offset) => view.getUint16(offset, true) & 0x3fff);
}
