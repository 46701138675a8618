// A client of Armoire's API in another language, made with the protos alone.
//
//   node client.mjs HOST:PORT PHOTO TEXT
//
// Prints one JSON object: {services, analysis, search}. Exits 1, with the status on stderr, where a call fails.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const HERE = dirname(fileURLToPath(import.meta.url));
const PROTOS = join(HERE, "..", "..", "..", "protos");
const OPTIONS = { keepCase: true, enums: String, longs: Number, defaults: true, oneofs: true, includeDirs: [PROTOS, HERE] };
const FILES = ["armoire/v1/inference.proto", "armoire/v1/catalog.proto", "reflection.proto"];
const TIMEOUT_MS = 30_000;

function deadline() {
  return new Date(Date.now() + TIMEOUT_MS);
}

function call(client, method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: deadline() }, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

function listServices(client) {
  return new Promise((resolve, reject) => {
    const stream = client.ServerReflectionInfo({ deadline: deadline() });
    stream.on("error", reject);
    stream.on("data", (reply) => {
      stream.end();
      if (reply.error_response) reject(new Error(reply.error_response.error_message));
      else resolve(reply.list_services_response.service.map(({ name }) => name));
    });
    stream.write({ list_services: "*" });
  });
}

async function main([address, photo, text]) {
  const root = grpc.loadPackageDefinition(loader.loadSync(FILES, OPTIONS));
  const open = (Service) => new Service(address, grpc.credentials.createInsecure());
  const inference = open(root.armoire.v1.InferenceService);
  const catalog = open(root.armoire.v1.CatalogService);
  const reflection = open(root.grpc.reflection.v1alpha.ServerReflection);
  try {
    const services = await listServices(reflection);
    const analyzed = await call(inference, "Analyze", { images: [{ content: readFileSync(photo) }] });
    const search = await call(catalog, "Search", { text, top_k: 5 });
    process.stdout.write(`${JSON.stringify({ services, analysis: analyzed.results[0], search })}\n`);
  } finally {
    for (const client of [inference, catalog, reflection]) client.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
