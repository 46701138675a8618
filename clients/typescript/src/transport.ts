import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

import { errorDetails } from "./registry.js";

/** How to reach a server over HTTP. */
export interface TransportOptions {
  /** Such as "http://127.0.0.1:3000". Default: "/", the origin of the page. */
  baseUrl?: string;
  /** Default: "connect". */
  protocol?: "connect" | "grpc-web";
  /** How messages are written. Default: "binary"; "json" can be read in a browser's tools and makes photos a third larger. */
  format?: "binary" | "json";
  /** A bearer token, or what gives the token of each call. */
  token?: string | (() => string | Promise<string>);
  /** Headers of every call. Those that a call gives itself win. */
  headers?: HeadersInit;
  /** How long a call may take that names no `timeoutMs`. Default: no limit of the client's. */
  timeoutMs?: number;
  /** Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** Makes a transport on `fetch`, for browsers and for Node. */
export function createTransport(options: TransportOptions = {}): Transport {
  const { baseUrl = "/", protocol = "connect", format = "binary", timeoutMs } = options;
  const open = protocol === "connect" ? createConnectTransport : createGrpcWebTransport;
  return open({
    baseUrl,
    useBinaryFormat: format === "binary",
    jsonOptions: { registry: errorDetails },
    interceptors: [addHeaders(options)],
    fetch: reportUnreachable(options.fetch ?? globalThis.fetch),
    ...(timeoutMs === undefined ? {} : { defaultTimeoutMs: timeoutMs }),
  });
}

function addHeaders({ headers, token }: TransportOptions): Interceptor {
  return (next) => async (request) => {
    const given = new Headers(headers);
    if (token !== undefined) {
      given.set("authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
    }
    given.forEach((value, name) => {
      if (!request.header.has(name)) request.header.set(name, value);
    });
    return await next(request);
  };
}

/** Gives a failed connection the code Unavailable, as gRPC does; `fetch` alone makes it Unknown. */
function reportUnreachable(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (init?.signal?.aborted) throw error;
      throw new ConnectError("no server answers", Code.Unavailable, undefined, undefined, error);
    }
  };
}
