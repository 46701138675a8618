// Calls of the API, as JSON over the Connect protocol.

/** @import { Methods } from "./methods.js" */
/** @typedef {{ field?: string, description?: string }} Violation */

/** A call that failed, or that reached no server (`unavailable`). */
export class CallError extends Error {
  /** @param {string} code a code of Connect, such as "not_found" @param {string} message */
  constructor(code, message, { reason = "", requestId = "", retryAfterS = 0, violations = /** @type {Violation[]} */ ([]) } = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.requestId = requestId;
    this.retryAfterS = retryAfterS;
    this.violations = violations;
  }
}

/** Tells when a call is refused because nobody is signed in. */
export const signedOut = new EventTarget();

/**
 * @template {keyof Methods} M
 * @param {M} method
 * @param {Methods[M][0]} request
 * @param {AbortSignal} [signal]
 * @returns {Promise<Methods[M][1]>}
 */
export async function call(method, request, signal) {
  const headers = { "content-type": "application/json", "connect-protocol-version": "1" };
  const body = JSON.stringify(request);
  const response = await reach(`/armoire.v1.${method}`, { method: "POST", headers, body, signal: signal ?? null });
  if (!response.ok) throw await failure(response);
  return response.json();
}

/**
 * A stream of the server's, message by message.
 * @template T
 * @param {string} method
 * @param {object} request
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<T>}
 * Source: https://connectrpc.com/docs/protocol, "Streaming RPCs".
 */
export async function* stream(method, request, signal) {
  const headers = { "content-type": "application/connect+json", "connect-protocol-version": "1" };
  const body = envelope(JSON.stringify(request));
  const response = await reach(`/armoire.v1.${method}`, { method: "POST", headers, body, signal });
  if (!response.ok || !response.body) throw await failure(response);
  for await (const { last, message } of envelopes(response.body.getReader())) {
    if (!last) yield message;
    else if (message.error) throw fromBody(message.error, response);
  }
}

/**
 * Sends a stream of requests; returns the one answer at its end.
 * @template {keyof Methods} M
 * @param {M} method
 * @param {Methods[M][0][]} requests
 * @param {AbortSignal} signal
 * @returns {Promise<Methods[M][1]>}
 */
export async function collect(method, requests, signal) {
  const headers = { "content-type": "application/connect+json", "connect-protocol-version": "1" };
  const body = new Blob(requests.map((request) => envelope(JSON.stringify(request))));
  const response = await reach(`/armoire.v1.${method}`, { method: "POST", headers, body, signal });
  if (!response.ok || !response.body) throw await failure(response);
  let answer = /** @type {Methods[M][1]} */ ({});
  for await (const { last, message } of envelopes(response.body.getReader())) {
    if (!last) answer = message;
    else if (message.error) throw fromBody(message.error, response);
  }
  return answer;
}

/** The error that a response tells, in Connect's JSON or in problem details. @param {Response} response */
export async function failure(response) {
  const body = await response.json().catch(() => ({}));
  const error = fromBody(body, response);
  if (error.code === "unauthenticated" && body.code) signedOut.dispatchEvent(new Event("signed-out"));
  return error;
}

/** @param {string} path @param {RequestInit} init */
async function reach(path, init) {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable();
  }
}

/** What is thrown where nothing answers. */
export function unreachable() {
  return new CallError("unavailable", "no server answers", { reason: "UNREACHABLE" });
}

/** @param {any} body @param {Response} response */
function fromBody(body, response) {
  /** @type {any[]} */
  const details = body.details ?? [];
  const debug = (/** @type {string} */ type) => details.find((detail) => detail.type === type)?.debug ?? {};
  return new CallError(body.code ?? "unknown", body.message ?? response.statusText, {
    reason: debug("google.rpc.ErrorInfo").reason ?? "",
    violations: debug("google.rpc.BadRequest").fieldViolations ?? [],
    requestId: response.headers.get("x-request-id") ?? "",
    retryAfterS: Number(response.headers.get("retry-after") ?? 0),
  });
}

/** @param {string} text */
function envelope(text) {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(5 + bytes.length);
  new DataView(whole.buffer).setUint32(1, bytes.length);
  whole.set(bytes, 5);
  return whole;
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {AsyncGenerator<{last: boolean, message: any}>} */
async function* envelopes(reader) {
  let held = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held = joined(held, value);
    for (let size = sizeOf(held); held.length >= size; size = sizeOf(held)) {
      const message = JSON.parse(new TextDecoder().decode(held.subarray(5, size)));
      yield { last: (Number(held[0]) & 2) !== 0, message };
      held = held.slice(size);
    }
  }
}

/** How long the envelope at the beginning of the bytes is. @param {Uint8Array} bytes */
function sizeOf(bytes) {
  return bytes.length < 5 ? 5 : 5 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function joined(one, other) {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
