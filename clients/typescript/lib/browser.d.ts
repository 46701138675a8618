/** What a page without a bundler needs: the client, and what it would otherwise import from other packages. */
export * from "./index.js";
export { create, fromJson, fromJsonString, isMessage, toJson, toJsonString } from "@bufbuild/protobuf";
export { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
export { ConnectError } from "@connectrpc/connect";
