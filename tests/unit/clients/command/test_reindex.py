"""`armoire reindex`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from armoire.v1 import catalog_pb2, items_pb2, operations_pb2

STARTED = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_REINDEX", state="OPERATION_STATE_QUEUED")
SERVED = items_pb2.ItemVersions(
    detector_version="d-2",
    embedder_version="e-1",
    embedder_preprocess_version="p",
    classifier_version="c-1",
    vocabulary_version="w",
)


def end_with(server: Any, **report: Any) -> None:
    """Let the operation end with this report."""
    done = operations_pb2.Operation(id="op-1", kind=STARTED.kind, state="OPERATION_STATE_SUCCEEDED")
    done.response.Pack(operations_pb2.ReindexReport(served=SERVED, **report))
    server.say("StartReindex", catalog_pb2.StartReindexResponse(operation=STARTED))
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=done)])


@pytest.mark.parametrize(
    ("options", "scope"),
    [
        ((), "REINDEX_SCOPE_ALL"),
        (("--stale", "--rate", "20", "--all-tenants"), "REINDEX_SCOPE_STALE"),
        (("--primary-items",), "REINDEX_SCOPE_PRIMARY_ITEMS"),
        (("--photo-hashes",), "REINDEX_SCOPE_PHOTO_HASHES"),
    ],
)
def test_the_photos_named_are_looked_at_anew(
    armoire: Any, server: Any, options: tuple[str, ...], scope: str
) -> None:
    end_with(server, photos=3, items=5)
    assert armoire("reindex", *options)[:2] == (0, "3 photos; 5 items, 0 stale\n")
    (request,) = server.requests["StartReindex"]
    assert catalog_pb2.ReindexScope.Name(request.scope) == scope
    wanted = (20.0, True) if "--stale" in options else (0.0, False)
    assert (request.photos_per_second, request.all_tenants) == wanted


def test_photos_that_cannot_be_looked_at_fail(armoire: Any, server: Any) -> None:
    end_with(server, photos=2, failed_photos=1, items=5, stale_items=2)
    status, out, err = armoire("reindex", "--stale")
    assert (status, out) == (1, "2 photos, 1 failed; 5 items, 2 stale\n")
    assert "1 photos could not be looked at" in err


def test_without_waiting_the_operation_is_named(armoire: Any, server: Any) -> None:
    server.say("StartReindex", catalog_pb2.StartReindexResponse(operation=STARTED))
    assert armoire("reindex", "--no-wait")[:2] == (0, "armoire operations watch op-1\n")


def test_the_status_tells_what_has_described_how_many_items(armoire: Any, server: Any) -> None:
    old = items_pb2.ItemVersions(embedder_version="e-1", embedder_preprocess_version="p")
    counted = [
        catalog_pb2.CountedItemVersions(versions=old, items=7, stale=True),
        catalog_pb2.CountedItemVersions(versions=SERVED, items=2),
    ]
    server.say("ListItemVersions", catalog_pb2.ListItemVersionsResponse(served=SERVED, versions=counted))
    status, out, _ = armoire("reindex", "--status")
    assert (status, out.splitlines()) == (
        0,
        [
            "        7 items stale    detector unknown, embedder e-1/p, vocabulary unknown",
            "        2 items current  detector d-2, embedder e-1/p, classifier c-1, vocabulary w",
            "served: detector d-2, embedder e-1/p, classifier c-1, vocabulary w",
        ],
    )
    _, out, _ = armoire("reindex", "--status", "--json")
    assert json.loads(out)["stale_items"] == 7
    assert not server.requests.get("StartReindex")
