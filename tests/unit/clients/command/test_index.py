from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire import UploadTarget
from armoire.v1 import indexing_pb2, uploads_pb2
from tests.unit.clients.command.outcomes import JOB, REFUSED, documents, is_bad, jobs_of


def test_index_prints_jobs(armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any) -> None:
    def outcome(request: Any) -> Any:
        return refusal.status if is_bad(request) else job("QUEUED", image_name=request.image_name)

    server.say("IndexImages", lambda requests, _: jobs_of(requests, outcome))
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    status, out, _ = armoire("index", *photos, "--json")
    first, bad, _last = documents(out)
    assert status == 1
    assert first == {**JOB, "image": photos[0], "state": "QUEUED", "searchable": False, "items": []}
    assert bad == {"image": photos[1], "job_id": None, "state": None, "items": [], "error": REFUSED}
    assert armoire("index", photos[0])[1] == f"job-1  QUEUED     {photos[0]}\n"


def test_index_waits(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say(
        "WatchIndexingJob",
        [indexing_pb2.WatchIndexingJobResponse(job=job(each)) for each in ("ANALYZING", "COMPLETE")],
    )
    status, out, _ = armoire("index", photos[0], "--wait", "--json")
    assert status == 0
    assert documents(out) == [{**JOB, "image": photos[0]}]
    assert armoire("index", photos[0], "--wait")[1] == f"job-1  COMPLETE   {photos[0]}  dress*\n"


def test_several_photos_are_sent_over_a_stream_and_then_waited_for(
    armoire: Any, server: Any, photos: list[str], job: Any, fail: Any
) -> None:
    deleted = fail(grpc.StatusCode.ALREADY_EXISTS, "taken", reason="IDEMPOTENCY_KEY_OF_DELETED").status

    def outcome(request: Any) -> Any:
        return deleted if request.image_name == "c.png" else job("QUEUED", image_name=request.image_name)

    server.say("IndexImages", lambda requests, _: jobs_of(requests, outcome))
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("COMPLETE"))])
    gone = str(Path(photos[0]).with_name("gone.png"))
    status, out, err = armoire("index", photos[0], gone, photos[2], "--wait", "--json")
    first, unreadable, last = documents(out)
    assert status == 1
    assert (first["image"], first["state"]) == (photos[0], "COMPLETE")
    assert (unreadable["image"], unreadable["error"]["reason"]) == (gone, "UNREADABLE_FILE")
    assert last["error"]["message"].startswith(f"{photos[2]} was indexed before and deleted since")
    assert len(err.splitlines()) == 2
    assert len(server.requests["WatchIndexingJob"]) == 1


def test_a_photo_has_the_same_key_alone_and_among_others(
    armoire: Any, server: Any, photos: list[str], job: Any
) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say("IndexImages", lambda requests, _: jobs_of(requests, lambda _: job("QUEUED")))
    for arguments in ([photos[0]], [photos[0], photos[2]], [photos[0], photos[2], "--again"]):
        armoire("index", *arguments)
    (alone,) = [request.idempotency_key for request in server.requests["IndexImage"]]
    one, two, fresh, _ = [request.idempotency_key for request in server.requests["IndexImages"]]
    assert alone == one
    assert len({one, two, fresh}) == 3


def test_index_does_not_wait_for_what_is_done(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("COMPLETE")))
    assert armoire("index", photos[0], "--wait")[0] == 0
    assert server.requests["WatchIndexingJob"] == []


def test_index_waits_until_what_is_done_can_be_found(
    armoire: Any, server: Any, photos: list[str], job: Any
) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("COMPLETE", searchable=False)))
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("COMPLETE"))])
    assert armoire("index", photos[0], "--wait")[0] == 0
    assert len(server.requests["WatchIndexingJob"]) == 1


def test_index_tells_of_a_failed_job(
    armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any
) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say(
        "WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("FAILED", error=refusal.status))]
    )
    status, out, _ = armoire("index", photos[0], "--wait", "--json")
    (document,) = documents(out)
    assert status == 1
    assert (document["job_id"], document["state"], document["error"]) == ("job-1", "FAILED", REFUSED)


def test_index_again_uses_the_same_keys(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    for arguments in ([], [], ["--again"], ["--product-id", "p"], ["--product-name", "n"]):
        armoire("index", photos[0], *arguments)
    copy = Path(photos[0]).with_name("copy.png")
    copy.write_bytes(Path(photos[0]).read_bytes())
    for other in (photos[2], str(copy)):
        armoire("index", other)
    keys = [request.idempotency_key for request in server.requests["IndexImage"]]
    assert keys[0] == keys[1]
    assert len({*keys}) == 6
    assert max(map(len, keys)) <= 64


def test_index_creates_one_product_for_all_photos(
    armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any
) -> None:
    queued = indexing_pb2.IndexImageResponse(job=job("QUEUED", product_id="product-1"))
    server.say("IndexImage", lambda request: refusal if is_bad(request) else queued)
    bad, first, second = photos[1], photos[0], photos[2]
    options = (
        "--product-name",
        "Red dress",
        "--category",
        "dress",
        "--price",
        "19.90",
        "--external-id",
        "SKU-1",
    )
    status, out, _ = armoire("index", bad, first, second, *options, "--currency", "USD", "--json")
    assert status == 1
    assert [document["image"] for document in documents(out)] == [bad, first, second]
    requests = server.requests["IndexImage"]
    assert [request.WhichOneof("owner") for request in requests] == ["product", "product", "product_id"]
    product = requests[1].product
    assert (product.display_name, product.category, requests[1].image_name) == ("Red dress", "dress", "a.png")
    assert product.external_id == "SKU-1"
    assert (product.price.currency_code, product.price.units, product.price.nanos) == ("USD", 19, 900_000_000)
    assert requests[2].product_id == "product-1"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--category", "dress"], "give --product-name too"),
        (["--price", "5"], "give --product-name too"),
        (["--external-id", "SKU-1"], "give --product-name too"),
        (["--product-name", "a", "--price", "cheap"], "--price: 'cheap' is not a price"),
        (["--product-name", "a", "--product-id", "b"], "not both"),
        (["--product-name", "a", "--products", "t.csv"], "--products names the products"),
        (["--concurrency", "0"], "whole number from 1"),
        (["--timeout-s", "0"], "seconds above 0"),
        (["--timeout-s", "soon"], "seconds above 0"),
    ],
)
def test_index_options_that_make_no_sense(
    armoire: Any, photos: list[str], options: list[str], complaint: str
) -> None:
    status, out, err = armoire("index", photos[0], *options)
    assert (status, out) == (2, "")
    assert complaint in err


def test_a_photo_that_was_deleted_since_is_indexed_again_where_told_to(
    armoire: Any, server: Any, photos: list[str], fail: Any
) -> None:
    taken = fail(grpc.StatusCode.ALREADY_EXISTS, "the key is taken", reason="IDEMPOTENCY_KEY_OF_DELETED")
    server.say("IndexImage", taken)
    status, out, err = armoire("index", photos[0], "--json")
    assert status == 1
    said = f"{photos[0]} was indexed before and deleted since: --again indexes it once more"
    assert err == f"armoire: {said} (request id request-1)\n"
    (document,) = documents(out)
    assert (document["error"]["reason"], document["error"]["message"]) == ("IDEMPOTENCY_KEY_OF_DELETED", said)


def test_another_key_that_is_taken_is_told_in_the_servers_words(
    armoire: Any, server: Any, photos: list[str], fail: Any
) -> None:
    server.say("IndexImage", fail(grpc.StatusCode.ALREADY_EXISTS, "taken", reason="IDEMPOTENCY_KEY_REUSED"))
    assert armoire("index", photos[0])[2] == f"armoire: {photos[0]}: taken (request id request-1)\n"


def test_a_job_that_was_cancelled_is_not_waited_for(
    armoire: Any, server: Any, photos: list[str], job: Any
) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("CANCELLED")))
    status, out, err = armoire("index", photos[0], "--wait", "--json")
    assert (status, documents(out)[0]["state"]) == (1, "CANCELLED")
    assert err == f"armoire: {photos[0]}: its job was cancelled: armoire jobs retry job-1\n"
    assert server.requests["WatchIndexingJob"] == []


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED])
def test_a_wait_that_breaks_names_photo_and_job(
    armoire: Any, server: Any, photos: list[str], job: Any, fail: Any, code: grpc.StatusCode
) -> None:
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say("WatchIndexingJob", [fail(code, "gone", reason="WHY")])
    status, out, err = armoire("index", photos[0], "--wait", "--json")
    assert status == 1
    assert err.startswith(f"armoire: {photos[0]} is sent, but job job-1 could not be waited for: gone")
    assert documents(out)[0]["error"]["reason"] == "WHY"


def test_photos_are_uploaded_where_asked_for(
    armoire: Any, server: Any, photos: list[str], job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, bytes]] = []

    def keep(target: UploadTarget, content: bytes, *_: object) -> None:
        sent.append((target.url, content))

    monkeypatch.setattr("armoire.async_transport.send_photo", keep)
    server.say(
        "CreateUpload", uploads_pb2.CreateUploadResponse(upload_id="upload-1", url="http://127.0.0.1/up")
    )
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    status, out, _ = armoire("index", photos[0], photos[2], "--upload", "--json")
    assert (status, [document["image"] for document in documents(out)]) == (0, [photos[0], photos[2]])
    requests = server.requests["IndexImage"]
    assert {request.image.upload_id for request in requests} == {"upload-1"}
    assert sorted(request.image_name for request in requests) == sorted(
        Path(photo).name for photo in (photos[0], photos[2])
    )
    assert all(request.idempotency_key for request in requests)
    assert sorted(content for _, content in sent) == sorted(
        Path(photo).read_bytes() for photo in (photos[0], photos[2])
    )


def test_a_copy_of_a_photo_is_told(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    done = job("COMPLETE", near_duplicate_of={"image_id": "image-0", "distance": 3})
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=done))
    line = f"job-1  COMPLETE   {photos[0]}  dress*  (a copy of the photo image-0)\n"
    assert armoire("index", photos[0])[1] == line
    _, out, _ = armoire("index", photos[0], "--json")
    assert documents(out)[0]["near_duplicate_of"] == {"image_id": "image-0", "distance": 3}
