/** Client for Armoire, the server that finds clothes. */
export { type ArmoireClient, type ClientOptions, createArmoireClient } from "./client.js";
export { ArmoireError, type ErrorFacts, type FieldViolation } from "./errors.js";
export { imageInput, type ImageSource } from "./images.js";
export { errorDetails } from "./registry.js";
export { createTransport, type TransportOptions } from "./transport.js";
export { Code } from "@connectrpc/connect";
export * from "./armoire/v1/catalog_pb.js";
export * from "./armoire/v1/images_pb.js";
export * from "./armoire/v1/indexing_pb.js";
export * from "./armoire/v1/inference_pb.js";
export * from "./armoire/v1/items_pb.js";
export * from "./armoire/v1/operations_pb.js";
export * from "./armoire/v1/products_pb.js";
export * from "./armoire/v1/search_pb.js";
export * from "./armoire/v1/types_pb.js";
export * from "./google/rpc/error_details_pb.js";
export * from "./google/rpc/status_pb.js";
export * from "./google/type/money_pb.js";
