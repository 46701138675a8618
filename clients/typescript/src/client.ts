import { type Client, createClient, type Transport } from "@connectrpc/connect";

import { CatalogService } from "./armoire/v1/catalog_pb.js";
import { InferenceService } from "./armoire/v1/inference_pb.js";
import { AccountService } from "./armoire/v1/account_pb.js";
import { AdminService } from "./armoire/v1/admin_pb.js";
import { ModelService } from "./armoire/v1/models_pb.js";
import { OperationService } from "./armoire/v1/operations_pb.js";
import { OutfitService } from "./armoire/v1/outfits_pb.js";
import { createTransport, type TransportOptions } from "./transport.js";

/** The services of a server. Each call takes a request and `{ signal, timeoutMs, headers }`. */
export interface ArmoireClient {
  readonly inference: Client<typeof InferenceService>;
  readonly catalog: Client<typeof CatalogService>;
  readonly account: Client<typeof AccountService>;
  readonly admin: Client<typeof AdminService>;
  readonly models: Client<typeof ModelService>;
  readonly operations: Client<typeof OperationService>;
  readonly outfits: Client<typeof OutfitService>;
}

/** How to reach a server, or a transport that does, such as one of `@connectrpc/connect-node`. */
export type ClientOptions = TransportOptions | { transport: Transport };

/** Makes a client of a server. It opens nothing before its first call and needs no closing. */
export function createArmoireClient(options: ClientOptions = {}): ArmoireClient {
  const transport = "transport" in options ? options.transport : createTransport(options);
  return {
    inference: createClient(InferenceService, transport),
    catalog: createClient(CatalogService, transport),
    account: createClient(AccountService, transport),
    admin: createClient(AdminService, transport),
    models: createClient(ModelService, transport),
    operations: createClient(OperationService, transport),
    outfits: createClient(OutfitService, transport),
  };
}
