// @ts-check
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { StatusSchema } from "@armoire/client";
import grpc from "@grpc/grpc-js";

/** @typedef {import("@bufbuild/protobuf").DescMessage} DescMessage */
/** @typedef {import("@bufbuild/protobuf").DescMethod} DescMethod */
/** @typedef {import("@connectrpc/connect").Transport} Transport */

/**
 * A transport that makes its calls with @grpc/grpc-js.
 *
 * @param {string} address host:port
 * @returns {Transport}
 */
export function createGrpcJsTransport(address) {
  const client = new grpc.Client(address, grpc.credentials.createInsecure());
  return {
    async unary(method, signal, timeoutMs, header, input) {
      const request = create(method.input, input);
      const { promise, settle } = pending();
      const call = client.makeUnaryRequest(...invocation(method, request, header, timeoutMs), settle);
      cancelWith(signal, call);
      const message = await promise;
      return { stream: false, service: method.parent, method, message, header: new Headers(), trailer: new Headers() };
    },

    async stream(method, signal, timeoutMs, header, input) {
      const request = create(method.input, await only(input));
      const call = client.makeServerStreamRequest(...invocation(method, request, header, timeoutMs));
      cancelWith(signal, call);
      const message = responses(call);
      return { stream: true, service: method.parent, method, message, header: new Headers(), trailer: new Headers() };
    },
  };
}

/** @returns {{promise: Promise<any>, settle: (error: grpc.ServiceError | null, value?: any) => void}} */
function pending() {
  /** @type {(error: grpc.ServiceError | null, value?: any) => void} */
  let settle = () => {};
  const promise = new Promise((resolve, reject) => {
    settle = (error, value) => (error ? reject(connectError(error)) : resolve(value));
  });
  return { promise, settle };
}

/**
 * The arguments of a call of grpc-js.
 *
 * @param {DescMethod} method
 * @param {any} request
 * @param {HeadersInit | undefined} header
 * @param {number | undefined} timeoutMs
 * @returns {[string, (message: any) => Buffer, (data: Buffer) => any, any, grpc.Metadata, grpc.CallOptions]}
 */
function invocation(method, request, header, timeoutMs) {
  const metadata = new grpc.Metadata();
  new Headers(header).forEach((value, name) => metadata.set(name, value));
  const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
  return [
    `/${method.parent.typeName}/${method.name}`,
    (message) => Buffer.from(toBinary(method.input, message)),
    (data) => fromBinary(method.output, data),
    request,
    metadata,
    options,
  ];
}

/**
 * @param {AbortSignal | undefined} signal
 * @param {{cancel(): void}} call
 */
function cancelWith(signal, call) {
  if (signal?.aborted) call.cancel();
  else signal?.addEventListener("abort", () => call.cancel());
}

/** @param {grpc.ClientReadableStream<any>} call */
async function* responses(call) {
  try {
    yield* call;
  } catch (error) {
    throw connectError(/** @type {grpc.ServiceError} */ (error));
  }
}

/**
 * The one request of a server stream.
 *
 * @param {AsyncIterable<any>} input
 */
async function only(input) {
  for await (const message of input) return message;
}

/** @param {grpc.ServiceError} error */
function connectError(error) {
  const packed = error.metadata?.get("grpc-status-details-bin")[0];
  const status = packed === undefined ? undefined : fromBinary(StatusSchema, /** @type {Buffer} */ (packed));
  const header = new Headers();
  for (const value of error.metadata?.get("x-request-id") ?? []) header.set("x-request-id", String(value));
  const made = new ConnectError(error.details, /** @type {number} */ (error.code) ?? Code.Unknown, header);
  made.details = (status?.details ?? []).map(({ typeUrl, value }) => ({ type: typeUrl.replace(/^.*\//, ""), value }));
  return made;
}
