// @ts-check
import { createArmoireClient, createTransport, errorDetails } from "@armoire/client";
import { createTransport as createBundledTransport } from "@armoire/client/browser";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";

import { createGrpcJsTransport } from "./grpc_js.mjs";

const jsonOptions = { registry: errorDetails };

/**
 * What opens a transport of each kind to the server whose HTTP is at `baseUrl` and whose gRPC is at `address`.
 *
 * @type {Record<string, (baseUrl: string, address: string) => import("@connectrpc/connect").Transport>}
 */
export const TRANSPORTS = {
  "grpc-js": (_, address) => createGrpcJsTransport(address),
  "connect-node gRPC": (_, address) => createGrpcTransport({ baseUrl: `http://${address}` }),
  "connect-node binary": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true }),
  "connect-web JSON": (baseUrl) => web.createConnectTransport({ baseUrl, jsonOptions }),
  "connect-web gRPC-Web": (baseUrl) => web.createGrpcWebTransport({ baseUrl }),
  client: (baseUrl) => createTransport({ baseUrl }),
  "client for browsers": (baseUrl) => createBundledTransport({ baseUrl, format: "json" }),
};

/**
 * Runs a scenario with each transport, one after the other, and prints what came of it by the transport's name. Of one
 * that fails that is `{ thrown }`.
 *
 * @param {(client: import("@armoire/client").ArmoireClient, name: string) => Promise<unknown>} scenario
 * @param {string} baseUrl
 * @param {string} address
 */
export async function runWithEach(scenario, baseUrl, address) {
  /** @type {Record<string, unknown>} */
  const told = {};
  for (const [name, open] of Object.entries(TRANSPORTS)) {
    const client = createArmoireClient({ transport: open(baseUrl, address) });
    told[name] = await scenario(client, name).catch((error) => ({ thrown: String(error?.stack ?? error) }));
  }
  process.stdout.write(JSON.stringify(told), () => process.exit(0));
}
