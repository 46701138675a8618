"""`armoire backfill`."""

from __future__ import annotations

from typing import Any

import pytest

from armoire.v1 import catalog_pb2, operations_pb2

STARTED = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_BACKFILL", state="OPERATION_STATE_QUEUED")
LIVE = catalog_pb2.Collection(
    name="items_a", role="COLLECTION_ROLE_LIVE", model_version="a", preprocess_version="1", items=3
)
NEXT = catalog_pb2.Collection(
    name="items_b", role="COLLECTION_ROLE_NEXT", model_version="b", preprocess_version="1", items=2, lacking=1
)


def end_with(server: Any, **report: Any) -> None:
    """Let a back-fill end with this report."""
    done = operations_pb2.Operation(id="op-1", kind=STARTED.kind, state="OPERATION_STATE_SUCCEEDED")
    done.response.Pack(operations_pb2.BackfillReport(collection="items_b", **report))
    server.say("StartBackfill", catalog_pb2.StartBackfillResponse(operation=STARTED))
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=done)])


def test_a_back_fill_is_waited_for_and_reported(armoire: Any, server: Any) -> None:
    end_with(server, items=3, vectors=3, overlap=0.5, sampled=3)
    status, out, _ = armoire("backfill", "start", "--embedder", "b", "--rate", "20", "--swap")
    assert (status, out.splitlines()) == (
        0,
        [
            "items_b: 3 items, 3 vectors, 0 lacking",
            "overlap of the 10 nearest: 0.500, on average over 3 items",
            "`armoire backfill swap` lets searches go to it",
        ],
    )
    request = server.requests["StartBackfill"][0]
    assert (request.embedder_version, request.photos_per_second, request.swap) == ("b", 20.0, True)


def test_a_collection_that_lacks_items_fails(armoire: Any, server: Any) -> None:
    end_with(server, items=2, vectors=2, lacking=1, failed_photos=1)
    status, out, err = armoire("backfill", "start")
    assert status == 1
    assert "1 lacking, 1 photos failed" in out
    assert "is not complete" in err


def test_without_waiting_the_operation_is_named(armoire: Any, server: Any) -> None:
    server.say("StartBackfill", catalog_pb2.StartBackfillResponse(operation=STARTED))
    assert armoire("backfill", "start", "--no-wait")[:2] == (0, "armoire operations watch op-1\n")


@pytest.mark.parametrize(
    ("word", "role"), [("swap", "COLLECTION_ROLE_NEXT"), ("rollback", "COLLECTION_ROLE_PREVIOUS")]
)
def test_searches_go_to_the_other_collection(armoire: Any, server: Any, word: str, role: str) -> None:
    beside = catalog_pb2.Collection()
    beside.CopyFrom(NEXT)
    beside.role = role
    server.say("ListCollections", catalog_pb2.ListCollectionsResponse(collections=[LIVE, beside]))
    server.say("SwapCollection", catalog_pb2.SwapCollectionResponse(collections=[LIVE, beside]))
    assert armoire("backfill", word, "--allow-lacking")[0] == 0
    request = server.requests["SwapCollection"][0]
    assert (request.collection, request.allow_lacking) == ("items_b", True)


def test_there_may_be_nothing_to_go_to(armoire: Any, server: Any) -> None:
    server.say("ListCollections", catalog_pb2.ListCollectionsResponse(collections=[LIVE]))
    for word, told in (("swap", "no NEXT"), ("rollback", "no PREVIOUS"), ("drop", "no collection beside")):
        status, _, err = armoire("backfill", word)
        assert status == 1
        assert told in err


def test_the_collection_beside_the_live_one_is_dropped(armoire: Any, server: Any) -> None:
    server.say("ListCollections", catalog_pb2.ListCollectionsResponse(collections=[LIVE, NEXT]))
    server.say("DropCollection", catalog_pb2.DropCollectionResponse())
    assert armoire("backfill", "status")[1].splitlines() == [
        "LIVE     a/1  3 items, 0 lacking, 0 waiting  items_a",
        "NEXT     b/1  2 items, 1 lacking, 0 waiting  items_b",
    ]
    assert armoire("backfill", "drop")[:2] == (0, "dropped items_b\n")
    assert server.requests["DropCollection"][0].collection == "items_b"
