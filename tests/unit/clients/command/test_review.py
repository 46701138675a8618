from __future__ import annotations

from typing import Any

import pytest

from armoire.v1 import corrections_pb2, exports_pb2, items_pb2, reviews_pb2, types_pb2
from tests.unit.clients.command.outcomes import documents

COVERAGE = (
    reviews_pb2.Coverage(label="dress", items=5, decided=4),
    reviews_pb2.Coverage(label="hat", items=9, decided=2),
)
STATISTICS = reviews_pb2.GetReviewStatisticsResponse(
    reviewers=[reviews_pb2.ReviewerPace(author="user:1", decisions=90, active_s=120)],
    agreements=[
        reviews_pb2.Agreement(
            attribute="category",
            model_version="m2",
            reviewed=4,
            agreed=3,
            live=True,
            confusions=[
                reviews_pb2.Confusion(model_value="hat", person_value="bag", count=1),
                reviews_pb2.Confusion(model_value="skirt", person_value="dress", count=2),
            ],
        )
    ],
    coverage=COVERAGE,
    items=14,
    verified=5,
    rejected=1,
    reviewed=6,
)


def say_leases(server: Any, item: items_pb2.Item) -> None:
    alternatives = [types_pb2.ScoredValue(value=name, score=0.5) for name in ("dress", "skirt")]
    item.attributes["category"].MergeFrom(types_pb2.AttributeValue(alternatives=alternatives))
    leased = reviews_pb2.ReviewItem(
        item=item,
        reason=corrections_pb2.REVIEW_REASON_UNCERTAIN,
        uncertainty=0.75,
        photo_url="http://shop/photo",
    )
    server.say("LeaseReviewItems", reviews_pb2.LeaseReviewItemsResponse(items=[leased], open_items=7))


def test_items_are_leased(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    say_leases(server, item)
    options = ("--max", "3", "--lease", "15m", "--category", "gown", "--never-seen", "--audit-share", "0.25")
    status, out, err = armoire("review", "lease", *options, "--reviewer", "a", "--model", "m1")
    headers, row = out.strip().splitlines()
    assert (status, headers.split()[:4]) == (0, ["item", "label", "reason", "uncertainty"])
    assert row.split()[0] == item.id
    assert "dress 50%, skirt 50%" in row
    assert "7 items left to review" in err
    (request,) = server.requests["LeaseReviewItems"]
    assert (request.reviewer, request.max_items, request.lease_s, request.audit_share) == ("a", 3, 900, 0.25)
    assert request.filter == reviews_pb2.ReviewFilter(category="gown", model_version="m1", never_seen=True)


def test_leases_as_documents(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    say_leases(server, item)
    status, out, _ = armoire("review", "lease", "--disagreements", "--json")
    (found,) = documents(out)
    assert status == 0
    assert (found["item_id"], found["reason"], found["uncertainty"]) == (item.id, "uncertain", 0.75)
    assert [each["value"] for each in found["alternatives"]["category"]] == ["dress", "skirt"]
    assert found["photo_url"] == "http://shop/photo"
    assert server.requests["LeaseReviewItems"][0].disagreements


def test_nothing_is_left(armoire: Any, server: Any) -> None:
    server.say("LeaseReviewItems", reviews_pb2.LeaseReviewItemsResponse())
    assert armoire("review", "lease") == (0, "", "0 items left to review\n")


def test_a_lease_is_of_one_kind(armoire: Any, server: Any) -> None:
    status, _, err = armoire("review", "lease", "--disagreements", "--similar-to", "i1")
    assert (status, server.requests.get("LeaseReviewItems", [])) == (2, [])
    assert "not allowed with" in err


def test_items_are_given_back(armoire: Any, server: Any) -> None:
    server.say("ReleaseReviewItems", reviews_pb2.ReleaseReviewItemsResponse(released=2))
    status, out, _ = armoire("review", "release", "i1", "i2", "--skip", "--reviewer", "a")
    assert (status, out.strip()) == (0, "2 items given back")
    (request,) = server.requests["ReleaseReviewItems"]
    assert (request.item_ids, request.skip, request.reviewer) == (["i1", "i2"], True, "a")


def test_items_are_verified(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    correction = corrections_pb2.Correction(id="c1", batch_id="b1")
    server.say("VerifyItems", reviews_pb2.VerifyItemsResponse(items=[item], corrections=[correction]))
    status, out, _ = armoire("review", "verify", item.id, "--json")
    (found,) = documents(out)
    assert (status, found["item_ids"]) == (0, [item.id])
    assert [each["correction_id"] for each in found["corrections"]] == ["c1"]
    assert armoire("review", "verify", item.id)[1].strip() == "1 item verified"


def test_the_queue_has_what_is_left_of_each_label(armoire: Any, server: Any) -> None:
    server.say("GetReviewStatistics", reviews_pb2.GetReviewStatisticsResponse(coverage=COVERAGE))
    status, out, _ = armoire("review", "queue")
    assert status == 0
    assert [row.split() for row in out.strip().splitlines()] == [
        ["label", "items", "decided", "left"],
        ["hat", "9", "2", "7"],
        ["dress", "5", "4", "1"],
    ]
    first, _ = documents(armoire("review", "queue", "--json")[1])
    assert first == {"label": "hat", "items": 9, "decided": 2, "left": 7}


def test_statistics(armoire: Any, server: Any) -> None:
    server.say("GetReviewStatistics", STATISTICS)
    options = ("--from", "2026-11-01", "--split", "test", "--splits", "0.5,0.1,0.4", "--agreement-in-time")
    status, out, _ = armoire("review", "statistics", *options)
    assert status == 0
    assert out.startswith("6 of 14 items reviewed: 5 verified, 1 rejected\n")
    lines = [line.split() for line in out.splitlines()]
    assert ["user:1", "90", "2.000", "45.000"] in lines
    assert any(line[:5] == ["category", "m2", "yes", "4", "75.0"] for line in lines)
    assert "skirt for dress, 2 times" in out
    (request,) = server.requests["GetReviewStatistics"]
    assert (request.split, request.shares.test) == (exports_pb2.DATASET_SPLIT_TEST, 0.4)
    assert (request.created_from.ToJsonString(), request.agreement_in_time) == ("2026-11-01T00:00:00Z", True)


def test_statistics_as_a_document(armoire: Any, server: Any) -> None:
    server.say("GetReviewStatistics", STATISTICS)
    (told,) = documents(armoire("review", "statistics", "--audited", "--json")[1])
    assert (told["items"], told["verified"], told["reviewers"][0]["decisions_per_minute"]) == (14, 5, 45)
    assert told["agreements"][0]["confusions"][1] == {
        "model_value": "skirt",
        "person_value": "dress",
        "count": 2,
    }
    assert told["coverage"][1]["left"] == 7
    assert server.requests["GetReviewStatistics"][0].only_audited


@pytest.mark.parametrize("splits", ["0.5,0.5", "0.5,0.4,0.3", "a,b,c"])
def test_shares_that_are_none(armoire: Any, server: Any, splits: str) -> None:
    status, _, err = armoire("review", "statistics", "--splits", splits)
    assert (status, server.requests.get("GetReviewStatistics", [])) == (2, [])
    assert splits in err
