"""`armoire import`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire.v1 import catalog_pb2, imports_pb2, operations_pb2

TABLE = "external_id,display_name,price,image\nS-1,Coat,5 EUR,a.png\nS-2,Hat,cheap,\nS-3,Cap,,gone.png\n"


def operation(state: str, **report: int) -> operations_pb2.Operation:
    made = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_IMPORT", state=f"OPERATION_STATE_{state}")
    if report:
        made.response.Pack(imports_pb2.ImportReport(**report))
    return made


@pytest.fixture
def table(tmp_path: Path, photos: list[str]) -> str:
    path = tmp_path / "products.csv"
    path.write_text(TABLE)
    return str(path)


@pytest.fixture
def kept() -> list[int]:
    """The numbers that the server has kept."""
    return []


@pytest.fixture
def importing(server: Any, kept: list[int], fail: Any) -> Any:
    """A server that breaks the first stream after one entry, and then keeps what it is sent."""

    def break_off(requests: Iterator[Any], _: Any) -> Any:
        kept.append(next(requests).entry.number)
        return fail(grpc.StatusCode.UNAVAILABLE, retry_after_ms=1)

    def keep(requests: Iterator[Any], _: Any) -> Any:
        kept.extend(number for each in requests if (number := each.entry.number) not in kept)
        return imports_pb2.ImportEntriesResponse(next_number=max(kept) + 1)

    started = imports_pb2.StartImportResponse(operation=operation("QUEUED"), next_number=1)
    server.say("StartImport", started)
    server.say("ImportEntries", break_off, keep)
    server.say("FinishImport", imports_pb2.FinishImportResponse(operation=operation("RUNNING")))
    done = operation("SUCCEEDED", entries=3, failed=2, products_created=2, photos_indexed=1)
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=done)])
    failure = imports_pb2.ImportFailure(number=2, source="products.csv, line 3")
    failure.error.CopyFrom(fail(grpc.StatusCode.INVALID_ARGUMENT, "cheap", reason="X").status)
    server.say("ListImportFailures", imports_pb2.ListImportFailuresResponse(failures=[failure]))
    return server


def test_entries_are_sent_until_they_are_kept_and_reported(
    armoire: Any, importing: Any, kept: list[int], table: str, tmp_path: Path
) -> None:
    report = tmp_path / "failed.jsonl"
    status, out, err = armoire("import", "csv", table, "--rate", "7", "--report", str(report))
    assert (status, kept) == (1, [1, 2, 3])
    assert out == "3 entries: 2 products created, 0 updated; 1 photo indexed, 0 known before; 2 failed\n"
    assert "products.csv, line 3: cheap" in err
    first, second, third = (each.entry for each in importing.requests["ImportEntries"][-3:])
    assert (first.product.external_id, first.image_name, first.source) == (
        "S-1",
        "a.png",
        "products.csv, line 2, column image",
    )
    assert first.content == (tmp_path / "a.png").read_bytes()
    assert second.problem == "column price: 'cheap' is not a price such as '19.90 EUR' or 19.90"
    assert third.product.external_id == "S-3"
    assert "gone.png: No such file" in third.problem
    request = importing.requests["StartImport"][0]
    assert (request.source, request.photos_per_second, request.again) == ("products.csv", 7.0, False)
    (line,) = report.read_text().splitlines()
    assert json.loads(line)["error"]["reason"] == "X"


def test_the_same_command_finds_its_import_and_another_one_does_not(
    armoire: Any, importing: Any, table: str
) -> None:
    for options in ((), (), ("--rate", "3"), ("--again",), ("--again",)):
        armoire("import", "csv", table, *options)
    keys = [request.idempotency_key for request in importing.requests["StartImport"]]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_an_interrupted_import_goes_on(armoire: Any, importing: Any, kept: list[int], table: str) -> None:
    kept += [1, 2]
    started = imports_pb2.StartImportResponse(operation=operation("CANCELLED"), next_number=3)
    importing.say("StartImport", started)
    importing.say("RetryOperation", operations_pb2.RetryOperationResponse(operation=operation("QUEUED")))
    status, _, err = armoire("import", "csv", table, "--no-wait")
    assert status == 0
    assert "2 entries sent before" in err
    assert {each.entry.number for each in importing.requests["ImportEntries"]} == {3}
    assert importing.requests["RetryOperation"][0].operation_id == "op-1"


def test_what_was_imported_is_not_sent_again(armoire: Any, importing: Any, table: str) -> None:
    done = imports_pb2.StartImportResponse(operation=operation("SUCCEEDED"), next_number=4, finished=True)
    importing.say("StartImport", done)
    _, out, err = armoire("import", "csv", table, "--json")
    assert "--again" in err
    assert importing.requests["ImportEntries"] == []
    assert json.loads(out.splitlines()[-1])["photos_indexed"] == 1


def test_a_dry_run_lets_the_server_check_everything_and_starts_nothing(
    armoire: Any, server: Any, table: str, tmp_path: Path, fail: Any
) -> None:
    """The first stream breaks."""
    refused = imports_pb2.ImportFailure(number=1, source="products.csv, line 2", external_id="S-1")
    refused.error.CopyFrom(fail(grpc.StatusCode.INVALID_ARGUMENT, "too long", reason="X").status)
    reply = imports_pb2.ImportEntriesResponse(next_number=4, failures=[refused])
    server.say("GetCatalogLimits", catalog_pb2.GetCatalogLimitsResponse())

    def break_off(requests: Iterator[Any], _: Any) -> Any:
        next(requests)
        return fail(grpc.StatusCode.UNAVAILABLE, retry_after_ms=1)

    def answer(requests: Iterator[Any], _: Any) -> Any:
        list(requests)
        return reply

    server.say("ImportEntries", break_off, answer)
    report = tmp_path / "refused.jsonl"
    status, out, err = armoire("import", "csv", table, "--dry-run", "--again", "--report", str(report))
    assert status == 1
    assert out.splitlines()[0] == "3 rows: 2 products, 2 photos (0 to be fetched)"
    assert err == "armoire: products.csv, line 2 (S-1): too long\n"
    assert json.loads(report.read_text())["external_id"] == "S-1"
    asked = server.requests["ImportEntries"][-3:]
    assert all(each.validate_only and each.again and not each.operation_id for each in asked)
    first, second, third = (each.entry for each in asked)
    assert first.content == (tmp_path / "a.png").read_bytes()
    assert second.problem == "column price: 'cheap' is not a price such as '19.90 EUR' or 19.90"
    assert "gone.png: No such file" in third.problem
    assert "StartImport" not in server.requests


def test_a_dry_run_without_a_server_checks_rows_and_paths(
    armoire: Any, server: Any, table: str, fail: Any
) -> None:
    server.say("GetCatalogLimits", fail(grpc.StatusCode.UNAVAILABLE, "gone"))
    status, _, err = armoire("import", "csv", table, "--dry-run", "--timeout", "1")
    assert status == 1
    assert "only what needs no server is checked" in err
    assert "armoire: products.csv, line 3: column price: 'cheap'" in err
    assert "armoire: products.csv, line 4, column image: there is no file" in err
    assert "ImportEntries" not in server.requests


def test_a_folder_and_a_list_of_urls(armoire: Any, importing: Any, tmp_path: Path, table: str) -> None:
    urls = tmp_path / "urls.txt"
    urls.write_text("S-1 https://shop.example/a.jpg\n")
    armoire("import", "manifest", str(urls))
    last = importing.requests["ImportEntries"][-1].entry
    assert (last.url, last.product.external_id, last.image_name) == (
        "https://shop.example/a.jpg",
        "S-1",
        "a.jpg",
    )


def test_pages_are_read_by_the_server(armoire: Any, importing: Any, tmp_path: Path, fail: Any) -> None:
    saved, url = tmp_path / "saved.html", "https://shop.example/red"
    saved.write_text("<html>")
    product = {"external_id": "S-9", "display_name": "Dress"}
    found = {"product": product, "image_urls": ["https://shop.example/a.jpg", "https://shop.example/b.jpg"]}
    refusal = fail(grpc.StatusCode.FAILED_PRECONDITION, "robots", reason="ROBOTS_DISALLOW")
    importing.say("ReadProductPage", imports_pb2.ReadProductPageResponse(products=[found]), refusal)
    armoire("import", "page", str(saved), url, "--base-url", "https://shop.example/")
    sent, asked = importing.requests["ReadProductPage"]
    assert (sent.content, sent.base_url, asked.url) == (b"<html>", "https://shop.example/", url)
    entries = [each.entry for each in importing.requests["ImportEntries"]][-3:]
    assert [each.url.rpartition("/")[2] for each in entries] == ["a.jpg", "b.jpg", ""]
    assert [each.product.external_id for each in entries] == ["S-9", "S-9", ""]
    assert entries[2].problem == "robots"


def test_a_cancelled_import_fails(armoire: Any, importing: Any, table: str) -> None:
    stopped = operations_pb2.WatchOperationResponse(operation=operation("CANCELLED"))
    importing.say("WatchOperation", [stopped])
    status, _, err = armoire("import", "csv", table)
    assert status == 1
    assert "is CANCELLED; the same command goes on with it" in err
