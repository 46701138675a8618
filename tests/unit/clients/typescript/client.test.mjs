// @ts-check
// The parts of the TypeScript client that are not generated. Run by test_client.py.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  ArmoireError,
  BadRequestSchema,
  Code,
  createArmoireClient,
  ErrorInfoSchema,
  imageInput,
  QuotaFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
  StatusSchema,
} from "@armoire/client";

const BYTES = new Uint8Array([255, 216, 255, 0]);

/**
 * A `fetch` that keeps the requests and answers each with an empty message.
 *
 * @param {Request[]} kept
 * @returns {typeof fetch}
 */
function keepRequests(kept) {
  return async (input, init) => {
    kept.push(new Request(input, init));
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };
}

test("photos are blobs, buffers or bytes", async () => {
  const buffer = BYTES.buffer.slice(BYTES.byteOffset, BYTES.byteOffset + BYTES.length);
  for (const source of [BYTES, Buffer.from(BYTES), buffer, new Blob([BYTES])]) {
    const image = await imageInput(source, [{ x1: 1, y1: 2, x2: 3, y2: 4 }]);
    assert.equal(image.source.case, "content");
    assert.deepEqual([...(image.source.case === "content" ? image.source.value : [])], [...BYTES]);
    assert.equal(image.boxes[0]?.y2, 4);
  }
});

test("the status of an element has its details", () => {
  const details = [
    anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "FULL", metadata: { model: "detector" } })),
    anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds: 2n, nanos: 250_000_000 } })),
    anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [{ field: "top_k", description: "too many" }] })),
  ];
  const error = ArmoireError.fromStatus(create(StatusSchema, { code: Code.ResourceExhausted, message: "full", details }));
  assert.deepEqual([error.code, error.message, error.reason], [Code.ResourceExhausted, "full", "FULL"]);
  assert.deepEqual(error.metadata, { model: "detector" });
  assert.deepEqual(error.violations, [{ field: "top_k", description: "too many" }]);
  assert.equal(error.retryAfterMs, 2250);
  assert.equal(ArmoireError.from(error), error);
});

test("a status tells a quota and a resource", () => {
  const violations = [{ subject: "tenants/shop", description: "3 items" }];
  const details = [
    anyPack(QuotaFailureSchema, create(QuotaFailureSchema, { violations })),
    anyPack(ResourceInfoSchema, create(ResourceInfoSchema, { resourceType: "item", resourceName: "x" })),
  ];
  const error = ArmoireError.fromStatus(create(StatusSchema, { code: Code.ResourceExhausted, message: "full", details }));
  assert.deepEqual([error.quotas, error.resource], [violations, { type: "item", name: "x" }]);
});

test("an error without details has no reason and no time", () => {
  const error = ArmoireError.from(new TypeError("a defect"));
  assert.deepEqual([error.code, error.message, error.reason], [Code.Unknown, "a defect", ""]);
  assert.deepEqual([error.violations, error.retryAfterMs, error.requestId], [[], undefined, undefined]);
});

test("token and headers go with each call, and a call's own headers win", async () => {
  /** @type {Request[]} */
  const kept = [];
  const tokens = ["first", "second"];
  const client = createArmoireClient({
    baseUrl: "http://server/api",
    format: "json",
    token: async () => tokens.shift() ?? "",
    headers: { "x-request-id": "ours", "x-shop": "1" },
    fetch: keepRequests(kept),
  });
  await client.catalog.listProducts({});
  await client.catalog.listProducts({}, { headers: { "x-request-id": "theirs" } });
  const seen = kept.map(({ url, headers }) => [
    url,
    ...["authorization", "x-request-id", "x-shop"].map((name) => headers.get(name)),
  ]);
  const url = "http://server/api/armoire.v1.CatalogService/ListProducts";
  assert.deepEqual(seen, [
    [url, "Bearer first", "ours", "1"],
    [url, "Bearer second", "theirs", "1"],
  ]);
});

test("messages are binary, and the time limit is told, unless a call says otherwise", async () => {
  /** @type {Request[]} */
  const kept = [];
  const client = createArmoireClient({ baseUrl: "http://server", timeoutMs: 5000, fetch: keepRequests(kept) });
  await client.operations.listOperations({}).catch(() => undefined); // the answer is JSON
  await client.operations.listOperations({}, { timeoutMs: 0 }).catch(() => undefined);
  assert.deepEqual(
    kept.map(({ headers }) => [headers.get("content-type"), headers.get("connect-timeout-ms")]),
    [
      ["application/proto", "5000"],
      ["application/proto", null],
    ],
  );
});

test("where no server answers the code is Unavailable, and Canceled where the caller has left", async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
  listener.close();
  await once(listener, "close");
  for (const protocol of /** @type {const} */ (["connect", "grpc-web"])) {
    const { inference } = createArmoireClient({ baseUrl: `http://127.0.0.1:${port}`, protocol });
    const codes = [inference.listModels({}), inference.listModels({}, { signal: AbortSignal.abort() })].map((call) =>
      call.then(
        () => "succeeded",
        (error) => Code[ArmoireError.from(error).code],
      ),
    );
    assert.deepEqual(await Promise.all(codes), ["Unavailable", "Canceled"]);
  }
});
