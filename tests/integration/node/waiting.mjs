// @ts-check
// Calls that their caller ends, against a server whose Search and WatchIndexingJob wait until their caller leaves, whose
// GetItem answers once one of them waits, and whose GetImage answers once none does:
//
//   node waiting.mjs BASE_URL ADDRESS
//
// Prints what became of them with each transport.
import { ArmoireError } from "@armoire/client";
import { Code } from "@connectrpc/connect";

import { Canonical } from "./canonical.mjs";
import { runWithEach } from "./transports.mjs";

/** @typedef {import("@armoire/client").ArmoireClient} Client */

/** Of a call that must succeed. */
const LIMIT = { timeoutMs: 120_000 };

/** @param {Client} client */
async function cancelStream({ catalog }) {
  const leaving = new AbortController();
  const stream = catalog.watchIndexingJob({ jobId: "mine" }, { signal: leaving.signal })[Symbol.asyncIterator]();
  const first = await stream.next();
  leaving.abort();
  const code = await codeOf(stream.next());
  await catalog.getImage({}, LIMIT);
  return { first: first.value?.job?.id, code };
}

/** @param {Client} client */
async function cancelCall({ catalog }) {
  const leaving = new AbortController();
  const code = codeOf(catalog.search({}, { signal: leaving.signal }));
  await catalog.getItem({}, LIMIT);
  leaving.abort();
  await catalog.getImage({}, LIMIT);
  return await code;
}

/** @param {Client} client */
async function overrunStream({ catalog }) {
  const watch = async () => {
    for await (const _ of catalog.watchIndexingJob({ jobId: "mine" }, { timeoutMs: 100 }));
  };
  const code = await codeOf(watch());
  await catalog.getImage({}, LIMIT);
  return code;
}

/** @param {Client} client */
async function overrunCall({ catalog }) {
  const code = await codeOf(catalog.search({}, { timeoutMs: 100 }));
  await catalog.getImage({}, LIMIT);
  return code;
}

/** @param {Promise<unknown>} call */
async function codeOf(call) {
  return await call.then(
    () => "succeeded",
    (error) => Code[ArmoireError.from(error).code],
  );
}

/**
 * @param {Client} client
 * @param {string} name
 */
async function scenario(client, name) {
  const canonical = new Canonical(name);
  const id = (/** @type {string} */ value) => ({ ...LIMIT, headers: { "x-request-id": value } });
  return {
    cancelledStream: await cancelStream(client),
    cancelledCall: await cancelCall(client),
    overrunStream: await overrunStream(client),
    overrunCall: await overrunCall(client),
    overloaded: await canonical.failure(client.catalog.getProduct({}, id("full"))),
    broken: await canonical.failure(client.catalog.listProducts({}, id("bug"))),
  };
}

const [, , baseUrl = "", address = ""] = process.argv;
await runWithEach(scenario, baseUrl, address);
