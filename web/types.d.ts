// Types of all modules, for the checks alone: the JSON of the API's messages, and what the page passes from module to module.

import type * as account from "armoire/account";
import type * as admin from "armoire/admin";
import type * as catalog from "armoire/catalog";
import type * as corrections from "armoire/corrections";
import type * as exports from "armoire/exports";
import type * as images from "armoire/images";
import type * as imports from "armoire/imports";
import type * as indexing from "armoire/indexing";
import type * as inference from "armoire/inference";
import type * as items from "armoire/items";
import type * as operations from "armoire/operations";
import type * as outfits from "armoire/outfits";
import type * as products from "armoire/products";
import type * as reviews from "armoire/reviews";
import type * as search from "armoire/search";
import type * as types from "armoire/types";
import type * as users from "armoire/users";
import type * as money from "google/money";

declare global {
  type GetMeResponseJson = account.GetMeResponseJson;
  type ApiKeyJson = admin.ApiKeyJson;
  type AuditRecordJson = admin.AuditRecordJson;
  type TaxonomyAttributeJson = admin.TaxonomyAttributeJson;
  type TaxonomyColorJson = admin.TaxonomyColorJson;
  type TenantJson = admin.TenantJson;
  type TenantSettingsJson = admin.TenantSettingsJson;
  type CollectionJson = catalog.CollectionJson;
  type GetCatalogLimitsResponseJson = catalog.GetCatalogLimitsResponseJson;
  type AttributeCorrectionJson = corrections.AttributeCorrectionJson;
  type CorrectionJson = corrections.CorrectionJson;
  type CatalogExportPartJson = exports.CatalogExportPartJson;
  type ExportDatasetResponseJson = exports.ExportDatasetResponseJson;
  type ImageJson = images.ImageJson;
  type ImportEntryJson = imports.ImportEntryJson;
  type IndexingJobCountJson = indexing.IndexingJobCountJson;
  type IndexingJobJson = indexing.IndexingJobJson;
  type ModelJson = inference.ModelJson;
  type ItemJson = items.ItemJson;
  type RejectReasonJson = items.RejectReasonJson;
  type OperationJson = operations.OperationJson;
  type OutfitCandidateJson = outfits.OutfitCandidateJson;
  type OutfitItemJson = outfits.OutfitItemJson;
  type OutfitJson = outfits.OutfitJson;
  type OutfitSlotJson = outfits.OutfitSlotJson;
  type ProductJson = products.ProductJson;
  type AgreementJson = reviews.AgreementJson;
  type CoverageJson = reviews.CoverageJson;
  type GetReviewStatisticsResponseJson = reviews.GetReviewStatisticsResponseJson;
  type ReviewItemJson = reviews.ReviewItemJson;
  type ReviewerPaceJson = reviews.ReviewerPaceJson;
  type ConditionJson = search.ConditionJson;
  type ExampleJson = search.ExampleJson;
  type FacetJson = search.FacetJson;
  type FilterJson = search.FilterJson;
  type HitJson = search.HitJson;
  type QueryHitsJson = search.QueryHitsJson;
  type ScoreTermJson = search.ScoreTermJson;
  type SearchRequestJson = search.SearchRequestJson;
  type AttributeValueJson = types.AttributeValueJson;
  type BoxJson = types.BoxJson;
  type ColorShareJson = types.ColorShareJson;
  type ImageInputJson = types.ImageInputJson;
  type ScoredValueJson = types.ScoredValueJson;
  type UserJson = users.UserJson;
  type MoneyJson = money.MoneyJson;

  /** What is asked for as state; `data` stays while it is asked for again. */
  type Loaded<T> = { data?: T; error?: any; loading: boolean; reload: () => void; set: (data: T) => void };

  /** Pixels of the upright picture. */
  type Corners = [x1: number, y1: number, x2: number, y2: number];

  /** A search as the address has it. */
  type Query = {
    /** The key of a photo that this browser keeps. */
    photo: string;
    /** Which of the photo's garments is looked for; -1 is the largest. */
    garment: number;
    /** A crop of the photo, in place of a garment. */
    box: Corners | null;
    words: string;
    /** An item of the catalogue to look like. */
    item: string;
    /** A product to look like. */
    product: string;
    /** Further items to look like. */
    more: string[];
    /** Items not to look like. */
    less: string[];
    /** Filters: for each field the values of which one must hold. */
    values: Record<string, string[]>;
    /** The lowest and the highest price, as typed. */
    from: string;
    to: string;
    /** The first and the last day, as 2026-11-30. */
    since: string;
    until: string;
    /** The least cosine similarity; 0 lets all through. */
    minScore: number;
    /** One hit for each product. */
    group: boolean;
    /** The order of the best hits; "" is the best first. */
    sort: string;
  };

  type Garment = { box: BoxJson; label: string };

  /** A photo that is searched by; its content is in base64, its garments are what the server has found. */
  type QueryPhoto = { url: string; content: string; width: number; height: number; garments?: Garment[] };

  /** Of the first page; one query for each garment of a photo that is looked for by itself, else one. */
  type Results = { request: SearchRequestJson; queries: QueryHitsJson[]; facets: FacetJson[]; next: string };

  /** The value of each attribute that a reviewer says anew; "" where none applies. */
  type Answers = Record<string, string>;

  type UploadState = "waiting" | "sending" | "queued" | "working" | "done" | "failed" | "cancelled";
  type Upload = {
    /** Makes one photo of a file that is sent twice. */
    key: string;
    file: File;
    /** Of the product that it shows, "" for none. */
    productId: string;
    /** Who adds it. */
    subject: string;
    state: UploadState;
    /** What was found, or what is wrong. */
    note: string;
    jobId: string;
    imageId: string;
  };

  /** Rows without empty ones; `line` is where a row begins, from 1. */
  type CsvTable = { header: string[]; rows: { line: number; cells: string[] }[] };
  type Photo = { place: string; column: string; file?: File; url?: string; problem?: string };
  type Row = { line: number; product: ProductJson; photos: Photo[]; problems: string[] };
  /** What each column is, the currency of prices that name none, and photos by their names. */
  type Reading = { fields: string[]; currency: string; files: Map<string, File> };
}
