import { createRegistry } from "@bufbuild/protobuf";
import { file_google_rpc_error_details } from "./google/rpc/error_details_pb.js";
/**
 * The messages that statuses carry as `google.protobuf.Any`.
 *
 * JSON cannot be read without it: a transport that does not come from `createTransport` needs it as
 * `jsonOptions: { registry: errorDetails }`.
 */
export const errorDetails = createRegistry(file_google_rpc_error_details);
