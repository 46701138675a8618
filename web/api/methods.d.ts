// The calls that the page makes: the JSON of the request, and of the response.

import type {
  AcceptInvitationRequestJson,
  AcceptInvitationResponseJson,
  ChangePasswordRequestJson,
  ChangePasswordResponseJson,
  GetMeRequestJson,
  GetMeResponseJson,
  ResetPasswordRequestJson,
  ResetPasswordResponseJson,
  SignInRequestJson,
  SignInResponseJson,
  SignOutRequestJson,
  SignOutResponseJson,
} from "armoire/account";
import type {
  CreateApiKeyRequestJson,
  CreateApiKeyResponseJson,
  CreatePasswordResetRequestJson,
  CreatePasswordResetResponseJson,
  DeleteUserRequestJson,
  DeleteUserResponseJson,
  GetTenantRequestJson,
  GetTenantResponseJson,
  GetTenantSettingsRequestJson,
  GetTenantSettingsResponseJson,
  InviteUserRequestJson,
  InviteUserResponseJson,
  ListApiKeysRequestJson,
  ListApiKeysResponseJson,
  ListAuditRecordsRequestJson,
  ListAuditRecordsResponseJson,
  ListUsersRequestJson,
  ListUsersResponseJson,
  RevokeApiKeyRequestJson,
  RevokeApiKeyResponseJson,
  RotateApiKeyRequestJson,
  RotateApiKeyResponseJson,
  UpdateTenantRequestJson,
  UpdateTenantResponseJson,
  UpdateTenantSettingsRequestJson,
  UpdateTenantSettingsResponseJson,
  UpdateUserRequestJson,
  UpdateUserResponseJson,
} from "armoire/admin";
import type {
  AuditCatalogRequestJson,
  AuditCatalogResponseJson,
  GetCatalogLimitsRequestJson,
  GetCatalogLimitsResponseJson,
  ListCollectionsRequestJson,
  ListCollectionsResponseJson,
  ListItemVersionsRequestJson,
  ListItemVersionsResponseJson,
  StartBackfillRequestJson,
  StartBackfillResponseJson,
  StartReindexRequestJson,
  StartReindexResponseJson,
  SwapCollectionRequestJson,
  SwapCollectionResponseJson,
} from "armoire/catalog";
import type {
  AddItemRequestJson,
  AddItemResponseJson,
  CorrectItemRequestJson,
  CorrectItemResponseJson,
  ListCorrectionsRequestJson,
  ListCorrectionsResponseJson,
  RejectItemRequestJson,
  RejectItemResponseJson,
  SetPrimaryItemRequestJson,
  SetPrimaryItemResponseJson,
  UndoCorrectionRequestJson,
  UndoCorrectionResponseJson,
  VerifyItemRequestJson,
  VerifyItemResponseJson,
} from "armoire/corrections";
import type {
  GetCatalogExportPartRequestJson,
  GetCatalogExportPartResponseJson,
  StartCatalogExportRequestJson,
  StartCatalogExportResponseJson,
} from "armoire/exports";
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
} from "armoire/images";
import type {
  FinishImportRequestJson,
  FinishImportResponseJson,
  ImportEntriesRequestJson,
  ImportEntriesResponseJson,
  ListImportFailuresRequestJson,
  ListImportFailuresResponseJson,
  StartImportRequestJson,
  StartImportResponseJson,
} from "armoire/imports";
import type {
  CancelIndexingJobRequestJson,
  CancelIndexingJobResponseJson,
  CountIndexingJobsRequestJson,
  CountIndexingJobsResponseJson,
  DeleteIndexingJobsRequestJson,
  DeleteIndexingJobsResponseJson,
  GetIndexingJobRequestJson,
  GetIndexingJobResponseJson,
  ListIndexingJobsRequestJson,
  ListIndexingJobsResponseJson,
  RetryIndexingJobRequestJson,
  RetryIndexingJobResponseJson,
  RetryIndexingJobsRequestJson,
  RetryIndexingJobsResponseJson,
} from "armoire/indexing";
import type { ListModelsRequestJson, ListModelsResponseJson } from "armoire/inference";
import type {
  GetItemRequestJson,
  GetItemResponseJson,
  ListItemsRequestJson,
  ListItemsResponseJson,
} from "armoire/items";
import type {
  DeleteModelAliasRequestJson,
  DeleteModelAliasResponseJson,
  ListModelEventsRequestJson,
  ListModelEventsResponseJson,
  LoadModelRequestJson,
  LoadModelResponseJson,
  SetModelAliasRequestJson,
  SetModelAliasResponseJson,
  UnloadModelRequestJson,
  UnloadModelResponseJson,
} from "armoire/models";
import type {
  CancelOperationRequestJson,
  CancelOperationResponseJson,
  GetOperationRequestJson,
  GetOperationResponseJson,
  ListOperationsRequestJson,
  ListOperationsResponseJson,
  RetryOperationRequestJson,
  RetryOperationResponseJson,
} from "armoire/operations";
import type {
  CompleteOutfitRequestJson,
  CompleteOutfitResponseJson,
  ScoreOutfitRequestJson,
  ScoreOutfitResponseJson,
  SuggestOutfitsRequestJson,
  SuggestOutfitsResponseJson,
} from "armoire/outfits";
import type {
  CreateProductRequestJson,
  CreateProductResponseJson,
  DeleteProductRequestJson,
  DeleteProductResponseJson,
  GetProductRequestJson,
  GetProductResponseJson,
  ListProductsRequestJson,
  ListProductsResponseJson,
  RestoreProductRequestJson,
  RestoreProductResponseJson,
  UpdateProductRequestJson,
  UpdateProductResponseJson,
} from "armoire/products";
import type {
  GetReviewStatisticsRequestJson,
  GetReviewStatisticsResponseJson,
  GetTaxonomyRequestJson,
  GetTaxonomyResponseJson,
  LeaseReviewItemsRequestJson,
  LeaseReviewItemsResponseJson,
  ReleaseReviewItemsRequestJson,
  ReleaseReviewItemsResponseJson,
  VerifyItemsRequestJson,
  VerifyItemsResponseJson,
} from "armoire/reviews";
import type { SearchRequestJson, SearchResponseJson } from "armoire/search";
import type { RecordFeedbackRequestJson, RecordFeedbackResponseJson } from "armoire/wardrobe";

export interface Methods {
  "AccountService/AcceptInvitation": [AcceptInvitationRequestJson, AcceptInvitationResponseJson];
  "AccountService/ChangePassword": [ChangePasswordRequestJson, ChangePasswordResponseJson];
  "AccountService/GetMe": [GetMeRequestJson, GetMeResponseJson];
  "AccountService/ResetPassword": [ResetPasswordRequestJson, ResetPasswordResponseJson];
  "AccountService/SignIn": [SignInRequestJson, SignInResponseJson];
  "AccountService/SignOut": [SignOutRequestJson, SignOutResponseJson];
  "AdminService/CreateApiKey": [CreateApiKeyRequestJson, CreateApiKeyResponseJson];
  "AdminService/CreatePasswordReset": [CreatePasswordResetRequestJson, CreatePasswordResetResponseJson];
  "AdminService/DeleteUser": [DeleteUserRequestJson, DeleteUserResponseJson];
  "AdminService/GetTenant": [GetTenantRequestJson, GetTenantResponseJson];
  "AdminService/GetTenantSettings": [GetTenantSettingsRequestJson, GetTenantSettingsResponseJson];
  "AdminService/InviteUser": [InviteUserRequestJson, InviteUserResponseJson];
  "AdminService/ListApiKeys": [ListApiKeysRequestJson, ListApiKeysResponseJson];
  "AdminService/ListAuditRecords": [ListAuditRecordsRequestJson, ListAuditRecordsResponseJson];
  "AdminService/ListUsers": [ListUsersRequestJson, ListUsersResponseJson];
  "AdminService/RevokeApiKey": [RevokeApiKeyRequestJson, RevokeApiKeyResponseJson];
  "AdminService/RotateApiKey": [RotateApiKeyRequestJson, RotateApiKeyResponseJson];
  "AdminService/UpdateTenant": [UpdateTenantRequestJson, UpdateTenantResponseJson];
  "AdminService/UpdateTenantSettings": [UpdateTenantSettingsRequestJson, UpdateTenantSettingsResponseJson];
  "AdminService/UpdateUser": [UpdateUserRequestJson, UpdateUserResponseJson];
  "CatalogService/AddItem": [AddItemRequestJson, AddItemResponseJson];
  "CatalogService/AuditCatalog": [AuditCatalogRequestJson, AuditCatalogResponseJson];
  "CatalogService/CancelIndexingJob": [CancelIndexingJobRequestJson, CancelIndexingJobResponseJson];
  "CatalogService/CorrectItem": [CorrectItemRequestJson, CorrectItemResponseJson];
  "CatalogService/CountIndexingJobs": [CountIndexingJobsRequestJson, CountIndexingJobsResponseJson];
  "CatalogService/CreateProduct": [CreateProductRequestJson, CreateProductResponseJson];
  "CatalogService/DeleteImage": [DeleteImageRequestJson, DeleteImageResponseJson];
  "CatalogService/DeleteIndexingJobs": [DeleteIndexingJobsRequestJson, DeleteIndexingJobsResponseJson];
  "CatalogService/DeleteProduct": [DeleteProductRequestJson, DeleteProductResponseJson];
  "CatalogService/FinishImport": [FinishImportRequestJson, FinishImportResponseJson];
  "CatalogService/GetCatalogExportPart": [GetCatalogExportPartRequestJson, GetCatalogExportPartResponseJson];
  "CatalogService/GetCatalogLimits": [GetCatalogLimitsRequestJson, GetCatalogLimitsResponseJson];
  "CatalogService/GetImage": [GetImageRequestJson, GetImageResponseJson];
  "CatalogService/GetImageContent": [GetImageContentRequestJson, GetImageContentResponseJson];
  "CatalogService/GetIndexingJob": [GetIndexingJobRequestJson, GetIndexingJobResponseJson];
  "CatalogService/GetItem": [GetItemRequestJson, GetItemResponseJson];
  "CatalogService/GetProduct": [GetProductRequestJson, GetProductResponseJson];
  "CatalogService/GetReviewStatistics": [GetReviewStatisticsRequestJson, GetReviewStatisticsResponseJson];
  "CatalogService/GetTaxonomy": [GetTaxonomyRequestJson, GetTaxonomyResponseJson];
  "CatalogService/ImportEntries": [ImportEntriesRequestJson, ImportEntriesResponseJson];
  "CatalogService/LeaseReviewItems": [LeaseReviewItemsRequestJson, LeaseReviewItemsResponseJson];
  "CatalogService/ListCollections": [ListCollectionsRequestJson, ListCollectionsResponseJson];
  "CatalogService/ListCorrections": [ListCorrectionsRequestJson, ListCorrectionsResponseJson];
  "CatalogService/ListImages": [ListImagesRequestJson, ListImagesResponseJson];
  "CatalogService/ListImportFailures": [ListImportFailuresRequestJson, ListImportFailuresResponseJson];
  "CatalogService/ListIndexingJobs": [ListIndexingJobsRequestJson, ListIndexingJobsResponseJson];
  "CatalogService/ListItemVersions": [ListItemVersionsRequestJson, ListItemVersionsResponseJson];
  "CatalogService/ListItems": [ListItemsRequestJson, ListItemsResponseJson];
  "CatalogService/ListProducts": [ListProductsRequestJson, ListProductsResponseJson];
  "CatalogService/RejectItem": [RejectItemRequestJson, RejectItemResponseJson];
  "CatalogService/ReleaseReviewItems": [ReleaseReviewItemsRequestJson, ReleaseReviewItemsResponseJson];
  "CatalogService/RestoreImage": [RestoreImageRequestJson, RestoreImageResponseJson];
  "CatalogService/RestoreProduct": [RestoreProductRequestJson, RestoreProductResponseJson];
  "CatalogService/RetryIndexingJob": [RetryIndexingJobRequestJson, RetryIndexingJobResponseJson];
  "CatalogService/RetryIndexingJobs": [RetryIndexingJobsRequestJson, RetryIndexingJobsResponseJson];
  "CatalogService/Search": [SearchRequestJson, SearchResponseJson];
  "CatalogService/SetPrimaryItem": [SetPrimaryItemRequestJson, SetPrimaryItemResponseJson];
  "CatalogService/StartBackfill": [StartBackfillRequestJson, StartBackfillResponseJson];
  "CatalogService/StartCatalogExport": [StartCatalogExportRequestJson, StartCatalogExportResponseJson];
  "CatalogService/StartImport": [StartImportRequestJson, StartImportResponseJson];
  "CatalogService/StartReindex": [StartReindexRequestJson, StartReindexResponseJson];
  "CatalogService/SwapCollection": [SwapCollectionRequestJson, SwapCollectionResponseJson];
  "CatalogService/UndoCorrection": [UndoCorrectionRequestJson, UndoCorrectionResponseJson];
  "CatalogService/UpdateProduct": [UpdateProductRequestJson, UpdateProductResponseJson];
  "CatalogService/VerifyItem": [VerifyItemRequestJson, VerifyItemResponseJson];
  "CatalogService/VerifyItems": [VerifyItemsRequestJson, VerifyItemsResponseJson];
  "InferenceService/ListModels": [ListModelsRequestJson, ListModelsResponseJson];
  "ModelService/DeleteModelAlias": [DeleteModelAliasRequestJson, DeleteModelAliasResponseJson];
  "ModelService/ListModelEvents": [ListModelEventsRequestJson, ListModelEventsResponseJson];
  "ModelService/LoadModel": [LoadModelRequestJson, LoadModelResponseJson];
  "ModelService/SetModelAlias": [SetModelAliasRequestJson, SetModelAliasResponseJson];
  "ModelService/UnloadModel": [UnloadModelRequestJson, UnloadModelResponseJson];
  "OperationService/CancelOperation": [CancelOperationRequestJson, CancelOperationResponseJson];
  "OperationService/GetOperation": [GetOperationRequestJson, GetOperationResponseJson];
  "OperationService/ListOperations": [ListOperationsRequestJson, ListOperationsResponseJson];
  "OperationService/RetryOperation": [RetryOperationRequestJson, RetryOperationResponseJson];
  "OutfitService/CompleteOutfit": [CompleteOutfitRequestJson, CompleteOutfitResponseJson];
  "OutfitService/RecordFeedback": [RecordFeedbackRequestJson, RecordFeedbackResponseJson];
  "OutfitService/ScoreOutfit": [ScoreOutfitRequestJson, ScoreOutfitResponseJson];
  "OutfitService/SuggestOutfits": [SuggestOutfitsRequestJson, SuggestOutfitsResponseJson];
}
