import { createClient } from "@connectrpc/connect";
import { CatalogService } from "./armoire/v1/catalog_pb.js";
import { InferenceService } from "./armoire/v1/inference_pb.js";
import { AccountService } from "./armoire/v1/account_pb.js";
import { AdminService } from "./armoire/v1/admin_pb.js";
import { ModelService } from "./armoire/v1/models_pb.js";
import { OperationService } from "./armoire/v1/operations_pb.js";
import { OutfitService } from "./armoire/v1/outfits_pb.js";
import { createTransport } from "./transport.js";
/** Makes a client of a server. It opens nothing before its first call and needs no closing. */
export function createArmoireClient(options = {}) {
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
