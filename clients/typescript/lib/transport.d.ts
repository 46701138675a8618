import { type Transport } from "@connectrpc/connect";
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
export declare function createTransport(options?: TransportOptions): Transport;
