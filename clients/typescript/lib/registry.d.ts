import { type Registry } from "@bufbuild/protobuf";
/**
 * The messages that statuses carry as `google.protobuf.Any`.
 *
 * JSON cannot be read without it: a transport that does not come from `createTransport` needs it as
 * `jsonOptions: { registry: errorDetails }`.
 */
export declare const errorDetails: Registry;
