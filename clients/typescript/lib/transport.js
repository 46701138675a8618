import { Code, ConnectError } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { errorDetails } from "./registry.js";
/** Makes a transport on `fetch`, for browsers and for Node. */
export function createTransport(options = {}) {
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
function addHeaders({ headers, token }) {
    return (next) => async (request) => {
        const given = new Headers(headers);
        if (token !== undefined) {
            given.set("authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
        }
        given.forEach((value, name) => {
            if (!request.header.has(name))
                request.header.set(name, value);
        });
        return await next(request);
    };
}
/** Gives a failed connection the code Unavailable, as gRPC does; `fetch` alone makes it Unknown. */
function reportUnreachable(fetch) {
    return async (input, init) => {
        try {
            return await fetch(input, init);
        }
        catch (error) {
            if (init?.signal?.aborted)
                throw error;
            throw new ConnectError("no server answers", Code.Unavailable, undefined, undefined, error);
        }
    };
}
