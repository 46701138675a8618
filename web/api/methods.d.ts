// The calls that the page makes: the JSON of the request, and of the response.

import type {
  AcceptInvitationRequestJson,
  AcceptInvitationResponseJson,
  GetMeRequestJson,
  GetMeResponseJson,
  SignInRequestJson,
  SignInResponseJson,
  SignOutRequestJson,
  SignOutResponseJson,
} from "../../clients/typescript/lib/armoire/v1/account_pb.js";
import type {
  GetCatalogLimitsRequestJson,
  GetCatalogLimitsResponseJson,
} from "../../clients/typescript/lib/armoire/v1/catalog_pb.js";
import type {
  CorrectItemRequestJson,
  CorrectItemResponseJson,
  ListCorrectionsRequestJson,
  ListCorrectionsResponseJson,
  RejectItemRequestJson,
  RejectItemResponseJson,
  UndoCorrectionRequestJson,
  UndoCorrectionResponseJson,
  VerifyItemRequestJson,
  VerifyItemResponseJson,
} from "../../clients/typescript/lib/armoire/v1/corrections_pb.js";
import type {
  DeleteImageRequestJson,
  DeleteImageResponseJson,
  GetImageContentRequestJson,
  GetImageContentResponseJson,
  GetImageRequestJson,
  GetImageResponseJson,
  ListImagesRequestJson,
  ListImagesResponseJson,
  RestoreImageRequestJson,
  RestoreImageResponseJson,
} from "../../clients/typescript/lib/armoire/v1/images_pb.js";
import type {
  GetItemRequestJson,
  GetItemResponseJson,
  ListItemsRequestJson,
  ListItemsResponseJson,
} from "../../clients/typescript/lib/armoire/v1/items_pb.js";
import type {
  DeleteProductRequestJson,
  DeleteProductResponseJson,
  GetProductRequestJson,
  GetProductResponseJson,
  ListProductsRequestJson,
  ListProductsResponseJson,
  RestoreProductRequestJson,
  RestoreProductResponseJson,
} from "../../clients/typescript/lib/armoire/v1/products_pb.js";
import type { SearchRequestJson, SearchResponseJson } from "../../clients/typescript/lib/armoire/v1/search_pb.js";

export interface Methods {
  "AccountService/AcceptInvitation": [AcceptInvitationRequestJson, AcceptInvitationResponseJson];
  "AccountService/GetMe": [GetMeRequestJson, GetMeResponseJson];
  "AccountService/SignIn": [SignInRequestJson, SignInResponseJson];
  "AccountService/SignOut": [SignOutRequestJson, SignOutResponseJson];
  "CatalogService/CorrectItem": [CorrectItemRequestJson, CorrectItemResponseJson];
  "CatalogService/DeleteImage": [DeleteImageRequestJson, DeleteImageResponseJson];
  "CatalogService/DeleteProduct": [DeleteProductRequestJson, DeleteProductResponseJson];
  "CatalogService/GetCatalogLimits": [GetCatalogLimitsRequestJson, GetCatalogLimitsResponseJson];
  "CatalogService/GetImage": [GetImageRequestJson, GetImageResponseJson];
  "CatalogService/GetImageContent": [GetImageContentRequestJson, GetImageContentResponseJson];
  "CatalogService/GetItem": [GetItemRequestJson, GetItemResponseJson];
  "CatalogService/GetProduct": [GetProductRequestJson, GetProductResponseJson];
  "CatalogService/ListCorrections": [ListCorrectionsRequestJson, ListCorrectionsResponseJson];
  "CatalogService/ListImages": [ListImagesRequestJson, ListImagesResponseJson];
  "CatalogService/ListItems": [ListItemsRequestJson, ListItemsResponseJson];
  "CatalogService/ListProducts": [ListProductsRequestJson, ListProductsResponseJson];
  "CatalogService/RejectItem": [RejectItemRequestJson, RejectItemResponseJson];
  "CatalogService/RestoreImage": [RestoreImageRequestJson, RestoreImageResponseJson];
  "CatalogService/RestoreProduct": [RestoreProductRequestJson, RestoreProductResponseJson];
  "CatalogService/Search": [SearchRequestJson, SearchResponseJson];
  "CatalogService/UndoCorrection": [UndoCorrectionRequestJson, UndoCorrectionResponseJson];
  "CatalogService/VerifyItem": [VerifyItemRequestJson, VerifyItemResponseJson];
}
