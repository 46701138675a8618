// @ts-check
// What people do with a server, against a running one:
//
//   node catalogue.mjs BASE_URL ADDRESS PHOTO
//
// Prints what the server said to each transport, in a form that does not differ from transport to transport.
import { readFileSync } from "node:fs";

import {
  AnalyzeResponseSchema,
  GetCatalogLimitsResponseSchema,
  GetImageResponseSchema,
  GetInferenceLimitsResponseSchema,
  GetProductResponseSchema,
  imageInput,
  IndexingJobSchema,
  IndexingJobState,
  ItemSchema,
  ListModelsResponseSchema,
  ProductSchema,
  Rendition,
  SearchResponseSchema,
  UpdateProductResponseSchema,
} from "@armoire/client";

import { Canonical, sha256, sizeOfWebp } from "./canonical.mjs";
import { runWithEach } from "./transports.mjs";

const NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057";
const OPTIONS = { timeoutMs: 120_000, headers: { "x-request-id": "conformance" } };

/**
 * @typedef {import("@armoire/client").ArmoireClient} Client
 * @typedef {{client: Client, photo: import("@armoire/client").ImageInput, canonical: Canonical, run: string}} Run
 */

/** @param {Run} run */
async function describeServer({ client, canonical }) {
  return {
    inference: canonical.message(GetInferenceLimitsResponseSchema, await client.inference.getInferenceLimits({}, OPTIONS)),
    catalog: canonical.message(GetCatalogLimitsResponseSchema, await client.catalog.getCatalogLimits({}, OPTIONS)),
    models: canonical.message(ListModelsResponseSchema, await client.inference.listModels({}, OPTIONS)),
  };
}

/** @param {Run} run */
async function analyze({ client, photo, canonical }) {
  const broken = await imageInput(new TextEncoder().encode("not a picture"));
  const request = { images: [photo, broken], includeEmbeddings: true };
  return canonical.message(AnalyzeResponseSchema, await client.inference.analyze(request, OPTIONS));
}

/**
 * Indexes the photo with a product; a job's states never go back.
 *
 * @param {Run} run
 */
async function index({ client, photo, canonical, run }) {
  const product = {
    externalId: `${run}-1`,
    displayName: "Weekend set",
    brand: run,
    category: "t-shirt",
    price: { currencyCode: "EUR", units: 19n, nanos: 900_000_000 },
    attributes: { material: "linen" },
  };
  const request = { image: photo, imageName: "weekend.jpg", owner: { case: /** @type {const} */ ("product"), value: product } };
  const { job } = await client.catalog.indexImage(request, OPTIONS);
  /** @type {IndexingJobState[]} */
  const states = [];
  let last = job;
  for await (const response of client.catalog.watchIndexingJob({ jobId: job?.id ?? "" }, OPTIONS)) {
    last = response.job;
    states.push(last?.state ?? IndexingJobState.UNSPECIFIED);
  }
  if (last === undefined) throw new Error("the stream had no job");
  const ascending = states.every((state, index) => index === 0 || state >= (states[index - 1] ?? 0));
  return { job: last, told: { ascending, last: canonical.message(IndexingJobSchema, last) } };
}

/**
 * @param {Run} run
 * @param {import("@armoire/client").IndexingJob} job
 */
async function readBack(run, { imageId, productId }) {
  const { client, canonical } = run;
  const product = await client.catalog.getProduct({ key: { case: "productId", value: productId } }, OPTIONS);
  const image = await client.catalog.getImage({ imageId }, OPTIONS);
  const original = await client.catalog.getImageContent({ imageId }, OPTIONS);
  const thumbnail = { imageId, rendition: Rendition.THUMBNAIL, maxSidePx: 64 };
  const small = await client.catalog.getImageContent(thumbnail, OPTIONS);
  return {
    product: canonical.message(GetProductResponseSchema, product),
    image: canonical.message(GetImageResponseSchema, image),
    original: [original.mediaType, sha256(original.result.value)],
    thumbnail: [small.mediaType, sizeOfWebp(small.result.value)], // made of another size once that one is stored
    items: (await pagesOfItems(run, productId)).map((item) => canonical.message(ItemSchema, item)),
  };
}

/**
 * All items of a product, read one a page and sorted by label: those of one photo come in the order of their ids.
 *
 * @param {Run} run
 * @param {string} productId
 */
async function pagesOfItems({ client }, productId) {
  const items = [];
  let pageToken = "";
  do {
    const page = await client.catalog.listItems({ productId, pageSize: 1, pageToken }, OPTIONS);
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return items.sort((one, other) => (one.label < other.label ? -1 : 1));
}

/** @param {Run} run */
async function search({ client, photo, canonical, run }) {
  const conditions = [
    { field: "brand", test: { case: /** @type {const} */ ("anyOf"), value: { values: [run] } } },
    { field: "price", test: { case: /** @type {const} */ ("range"), value: { atMost: 20 } } },
  ];
  const filter = { conditions };
  /** @type {import("@bufbuild/protobuf").MessageInitShape<typeof import("@armoire/client").SearchRequestSchema>[]} */
  const requests = [
    { query: { case: "text", value: "a red t-shirt" }, filter, topK: 2 },
    { query: { case: "image", value: photo }, filter, topK: 5, minScore: 0.1 },
  ];
  const found = [];
  for (const request of requests) {
    let page = await client.catalog.search(request, OPTIONS);
    found.push(canonical.message(SearchResponseSchema, { ...page, nextPageToken: "" }));
    while (page.nextPageToken !== "") {
      page = await client.catalog.search({ ...request, pageToken: page.nextPageToken }, OPTIONS);
      found.push(canonical.message(SearchResponseSchema, { ...page, nextPageToken: "" }));
    }
  }
  return found;
}

/**
 * @param {Run} run
 * @param {import("@armoire/client").IndexingJob} job
 */
async function changeProducts({ client, canonical, run }, { productId }) {
  const change = { product: { id: productId, displayName: "Linen set", brand: "left" }, updateMask: { paths: ["display_name"] } };
  const updated = await client.catalog.updateProduct(change, OPTIONS);
  await client.catalog.createProduct({ product: { displayName: "Scarf", externalId: `${run}-2` } }, OPTIONS);
  const first = await client.catalog.listProducts({ pageSize: 1 }, OPTIONS);
  const second = await client.catalog.listProducts({ pageSize: 1, pageToken: first.nextPageToken }, OPTIONS);
  return {
    updated: canonical.message(UpdateProductResponseSchema, updated),
    listed: [...first.products, ...second.products].map((product) => canonical.message(ProductSchema, product)),
  };
}

/** @param {Run} run */
async function fail({ client, photo, canonical, run }) {
  const { catalog, inference, operations } = client;
  const watch = async () => {
    for await (const _ of catalog.watchIndexingJob({ jobId: NOBODY }, OPTIONS));
  };
  return {
    notFound: await canonical.failure(catalog.getProduct({ key: { case: "productId", value: NOBODY } }, OPTIONS)),
    notFoundInStream: await canonical.failure(watch()),
    invalid: await canonical.failure(catalog.search({ query: { case: "text", value: "hat" }, topK: 100_000 }, OPTIONS)),
    noQuery: await canonical.failure(catalog.search({}, OPTIONS)),
    taken: await canonical.failure(catalog.createProduct({ product: { displayName: "Scarf", externalId: `${run}-2` } }, OPTIONS)),
    noOperation: await canonical.failure(operations.getOperation({ operationId: NOBODY }, OPTIONS)),
    wrongModel: await canonical.failure(inference.embedText({ texts: ["hat"], modelVersion: "another" }, OPTIONS)),
    aborted: await canonical.failure(inference.analyze({ images: [photo] }, { signal: AbortSignal.abort() })),
  };
}

/**
 * @param {Client} client
 * @param {string} name
 */
async function scenario(client, name) {
  const id = `conformance ${name}`;
  const run = { client, photo, canonical: new Canonical(id), run: id };
  const server = await describeServer(run);
  const analysis = await analyze(run);
  const { job, told: indexed } = await index(run);
  const stored = await readBack(run, job);
  const found = await search(run);
  const products = await changeProducts(run, job);
  const failures = await fail(run);
  return { server, analysis, indexed, stored, found, products, failures };
}

const [, , baseUrl = "", address = "", path = ""] = process.argv;
const photo = await imageInput(readFileSync(path));
await runWithEach(scenario, baseUrl, address);
