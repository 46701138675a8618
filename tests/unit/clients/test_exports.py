from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import armoire
from armoire import AsyncClient, Client

CALLS = {
    "analyze",
    "analyze_batch",
    "close",
    "create_product",
    "delete_image",
    "delete_product",
    "detect",
    "detect_batch",
    "embed_image",
    "embed_images",
    "embed_text",
    "embed_texts",
    "get_item",
    "get_job",
    "get_product",
    "health",
    "index",
    "limits",
    "list_items",
    "list_jobs",
    "list_products",
    "models",
    "search",
    "update_product",
    "wait",
    "watch_job",
}


def test_public_names() -> None:
    assert set(armoire.__all__) == {
        *("AsyncClient", "Client", "RetryPolicy", "Photo", "parse_price", "parse_where"),
        *("AnyOf", "Condition", "NumberRange"),
        *("AlreadyExists", "ArmoireError", "Conflict", "DeadlineExceeded", "FailedPrecondition"),
        *("FieldViolation", "InvalidInput", "NotFound", "Overloaded", "PermissionDenied"),
        *("ServerError", "Unavailable", "Unimplemented"),
        *("AnalyzedItem", "AttributeValue", "Box", "CatalogLimits", "ColorShare", "Detection"),
        *("Detections", "Embedding", "Health", "Hit", "ImageAnalysis", "ImageEmbeddings"),
        *("InferenceLimits", "Item", "Job", "JobItem", "IndexingJobState", "Limits", "Model", "ModelTask"),
        *("Money", "Page", "Product", "QualityIssue", "QueryHits", "SearchResult", "StageTimings"),
    }
    assert all(hasattr(armoire, name) for name in armoire.__all__)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_both_clients_offer_the_same_calls(kind: type) -> None:
    assert {name for name, _ in inspect.getmembers(kind, callable) if name[0] != "_"} == CALLS


@pytest.mark.parametrize("name", sorted(CALLS))
def test_both_clients_take_the_same_arguments(name: str) -> None:
    blocking = inspect.signature(getattr(Client, name)).parameters
    awaited = inspect.signature(getattr(AsyncClient, name)).parameters
    assert list(blocking.values()) == list(awaited.values())


def test_importing_the_client_brings_no_array_or_picture_library() -> None:
    code = "import sys, armoire, armoire.command.main; print(sorted({'numpy', 'PIL'} & set(sys.modules)))"
    source = Path(armoire.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
