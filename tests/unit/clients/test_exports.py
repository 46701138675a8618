from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import armoire
from armoire import AsyncClient, Client
from armoire.async_outfits import AsyncOutfits
from armoire.async_wardrobes import AsyncWardrobes
from armoire.outfits import Outfits
from armoire.v1 import catalog_pb2, inference_pb2, models_pb2, operations_pb2, outfits_pb2
from armoire.wardrobes import Wardrobes

CALLS = {
    "read_product_page",
    *(
        "start_import",
        "send_entries",
        "check_entries",
        "finish_import",
        "list_import_failures",
        "iter_import_failures",
    ),
    *("list_item_versions", "start_reindex"),
    *("export_dataset", "start_catalog_export", "get_catalog_export_part", "import_review"),
    *("list_collections", "start_backfill", "swap_collection", "drop_collection"),
    *("analyze", "analyze_batch", "detect", "detect_batch", "embed_image", "embed_images"),
    *("embed_text", "embed_texts", "health", "limits", "models", "search", "close", "with_end_user"),
    "with_metadata",
    *("analyze_many", "embed_many", "index_many"),
    *("create_product", "delete_product", "get_product", "iter_products", "list_products"),
    *("update_product", "upsert_product", "restore_product", "restore_image"),
    *("find_near_duplicates", "list_near_duplicates", "iter_near_duplicates"),
    *("erase_product", "erase_tenant", "erase_end_user"),
    *("index", "cancel_indexing_job", "get_indexing_job", "iter_indexing_jobs", "list_indexing_jobs"),
    *(
        "retry_indexing_job",
        "create_webhook",
        "list_webhooks",
        "delete_webhook",
        "test_webhook",
        "list_webhook_deliveries",
        "iter_webhook_deliveries",
        "redeliver_webhook",
        "count_indexing_jobs",
        "watch_indexing_jobs",
        "delete_indexing_jobs",
        "retry_indexing_jobs",
        "wait_for_indexing_job",
        "watch_indexing_job",
    ),
    "update_image",
    *("delete_image", "get_image", "get_image_content", "get_image_url", "get_thumbnail", "get_crop_url"),
    *("iter_images", "list_images", "get_item", "iter_items", "list_items"),
    *("correct_item", "add_item", "reject_item", "restore_item", "set_primary_item", "verify_item"),
    *("undo_correction", "list_corrections", "iter_corrections"),
    *("lease_review_items", "release_review_items", "verify_items", "get_review_statistics", "get_taxonomy"),
    *("cancel_operation", "get_operation", "iter_operations", "list_operations", "retry_operation"),
    *("wait_for_operation", "watch_operation", "audit", "start_audit"),
    *("create_upload", "upload"),
    *("load_model", "unload_model", "set_model_alias", "delete_model_alias"),
    *("list_model_events", "iter_model_events", "get_shadow_report"),
    *("create_api_key", "list_api_keys", "iter_api_keys", "rotate_api_key", "revoke_api_key"),
    *(
        "get_tenant",
        "update_tenant",
        "get_tenant_settings",
        "update_tenant_settings",
        "list_audit_records",
        "iter_audit_records",
    ),
    *("list_predictions", "iter_predictions", "profile"),
    *("get_me", "invite_user", "list_users", "iter_users", "update_user", "delete_user"),
    *("create_password_reset", "accept_invitation", "reset_password"),
}


@pytest.fixture
def source() -> Path:
    """The folder that holds the package."""
    return Path(armoire.__file__).parents[1]


def test_public_names() -> None:
    assert set(armoire.__all__) == {
        *("AsyncClient", "Client", "RetryPolicy", "parse_price", "parse_where"),
        *("ApiKey", "LoggedPrediction", "NewApiKey", "Scope", "ServerProfile", "Tenant", "TenantUse"),
        *("Invitation", "Me", "PasswordReset", "Role", "User"),
        *("AuditFinding", "AuditReport", "BackfillReport", "Collection", "CollectionRole"),
        *("CountedItemVersions", "ItemVersions", "ReindexReport", "ReindexScope", "VersionsInUse"),
        *("AliasChange", "ModelEvent", "ModelEventKind", "ModelState", "ShadowReport", "ShadowRequirement"),
        *(
            "BlobUri",
            "Photo",
            "PhotoToIndex",
            "Upload",
            "UploadTarget",
            "AnyOf",
            "Condition",
            "Filter",
            "NumberRange",
        ),
        *("AlreadyExists", "ArmoireError", "Conflict", "DeadlineExceeded", "FailedPrecondition"),
        *("RestoredProduct", "ErasedStore", "ErasureReport"),
        *("FieldViolation", "InvalidInput", "NotFound", "Overloaded", "PermissionDenied"),
        *("QuotaExceeded", "QuotaViolation", "Resource", "ServerError", "Unavailable", "Unimplemented"),
        *(
            "AnalyzedItem",
            "AttributeValue",
            "AuditRecord",
            "Availability",
            "Box",
            "BulkProgress",
            "CatalogLimits",
            "ColorShare",
        ),
        *("CatalogExport", "CatalogExportPart", "DatasetItem", "DatasetPhoto", "DatasetSplit"),
        *("ReviewedAttribute", "ReviewedItem", "ReviewImport"),
        *("Corrected", "Correction", "CorrectionKind", "FieldChange", "Said"),
        *(
            "Occasion",
            "Outfit",
            "OutfitCandidate",
            "OutfitItem",
            "OutfitSlot",
            "OutfitTerm",
            "OutfitWeights",
            "ScoredOutfit",
            "Season",
        ),
        *(
            "EndUserData",
            "Feedback",
            "FeedbackKind",
            "NewWardrobeItem",
            "OutfitPool",
            "Preference",
            "Preferences",
            "WardrobeItem",
            "WardrobeState",
        ),
        *(
            "Agreement",
            "Coverage",
            "GarmentType",
            "ReviewerPace",
            "ReviewItem",
            "ReviewLeases",
            "ReviewStatistics",
        ),
        *("VerifiedItems", "VersionedTaxonomy"),
        *("Detection", "Detections", "Embedding", "Example", "ExampleSet", "Facet", "FacetValue"),
        *("ImportEntry", "ImportFailure", "ImportReport", "PhotoUrl", "ProductOnPage", "StartedImport"),
        *("Taxonomy", "TaxonomyAttribute", "TaxonomyCategory", "TaxonomyColor", "TenantSettings"),
        *(
            "DuplicateGroup",
            "DuplicatePhoto",
            "FoundDuplicates",
            "Health",
            "Hit",
            "Image",
            "ImageAnalysis",
            "ImageContent",
            "ImageUrl",
            "ImageEmbeddings",
            "IndexedItem",
            "NearDuplicate",
        ),
        *("IndexedVersion", "IndexingJob", "IndexingJobState", "InferenceLimits", "Item", "Limits"),
        *("IndexingJobCount", "IndexingJobFilter"),
        *("CreatedWebhook", "Webhook", "WebhookDelivery", "WebhookDeliveryState"),
        *("Model", "ModelTask", "Money", "Operation", "OperationKind", "OperationProgress"),
        *("OperationState", "Page", "Priority", "Product", "QualityIssue", "QueryHits", "RejectedCrop"),
        *(
            "ScoreTerm",
            "RankWeights",
            "ScoredValue",
            "SearchResult",
            "StageTimings",
            "TimeRange",
            "ValueSource",
        ),
    }
    assert all(hasattr(armoire, name) for name in armoire.__all__)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_both_clients_offer_the_same_calls(kind: type) -> None:
    assert {name for name, _ in inspect.getmembers(kind, callable) if name[0] != "_"} == CALLS


@pytest.mark.parametrize("kind", [Outfits, AsyncOutfits])
def test_both_clients_offer_the_same_calls_on_outfits(kind: type) -> None:
    named = {name for name, _ in inspect.getmembers(kind, callable) if name[0] != "_"}
    assert named == {"suggest", "complete", "score"}


@pytest.mark.parametrize("kind", [Wardrobes, AsyncWardrobes])
def test_both_clients_offer_the_same_calls_on_end_users(kind: type) -> None:
    named = {name for name, _ in inspect.getmembers(kind, callable) if name[0] != "_"}
    of_wardrobes = {"add", "list", "iter", "remove"}
    assert named == {
        *of_wardrobes,
        *("record_feedback", "preferences", "reset_preferences", "export"),
    }


def test_every_method_of_the_protos_is_called(source: Path) -> None:
    """Either client sends what `calls` makes, so a method that no module of it names cannot be reached."""
    texts = "".join(path.read_text() for path in (source / "armoire" / "calls").glob("*.py"))
    for proto in (inference_pb2, catalog_pb2, models_pb2, operations_pb2, outfits_pb2):
        for service in proto.DESCRIPTOR.services_by_name.values():
            missing = [
                each.name for each in service.methods if f'"{service.full_name}/{each.name}"' not in texts
            ]
            assert missing == []


def test_importing_the_client_brings_no_array_or_picture_library(source: Path) -> None:
    code = "import sys, armoire, armoire.command.main; print(sorted({'numpy', 'PIL'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
