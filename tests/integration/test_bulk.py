"""Work on many photos without a server, and beside one: embeddings in files, and a shared back-fill."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import armoire
from armoire.messages.collections import backfill_report_from_any
from demo.server import ServerProcess
from services.bulk.__main__ import main
from tests import milvus
from tests.polling import until
from tests.unit.services.inference.repository.conftest import EMBEDDER, second_version

BROKEN = "a broken ü.jpg"


@pytest.fixture
def photos(tmp_path: Path, samples: list[Path]) -> Path:
    folder = tmp_path / "photos/below"
    folder.mkdir(parents=True)
    for photo in samples[:7]:
        shutil.copy(photo, folder)
    (folder.parent / BROKEN).write_bytes(b"not a picture")
    return folder.parent


def rows_of(out: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of all parts, by photo."""
    rows: dict[str, list[dict[str, object]]] = {}
    for row in pa.concat_tables([pq.read_table(part) for part in sorted(out.iterdir())]).to_pylist():
        rows.setdefault(row["photo"], []).append(row)
    return rows


def test_embeddings_are_those_of_the_server(
    photos: Path,
    tmp_path: Path,
    samples: list[Path],
    client: armoire.Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert main(["embed", str(photos), "--out", str(out), "--shard", "3"]) == 1
    assert capsys.readouterr().out.startswith("7 photos done, 1 failed")
    rows = rows_of(out)
    assert [bool(row["error"]) for row in rows.pop(BROKEN)] == [True]
    for photo in samples[:7]:
        found = client.analyze(photo, include_embeddings=True)
        mine = rows[f"below/{photo.name}"]
        assert [row["label"] for row in mine] == [item.label for item in found.items]
        for row, item in zip(mine, found.items, strict=True):
            assert (row["model_version"], row["item"]) == (found.embedder_version, mine.index(row))
            assert np.dot(row["embedding"], item.embedding.values) > 0.9999


def test_a_run_goes_on_with_the_photos_that_no_part_has(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / BROKEN).unlink()
    out = tmp_path / "out"
    command = ["embed", str(photos), "--out", str(out), "--shard", "3"]
    assert main(command) == 0
    parts = {part.name: part.stat().st_mtime_ns for part in out.iterdir()}
    gone = min(parts)
    (out / gone).unlink()  # as if the run had ended before it
    assert main(command) == 0
    assert {part.name for part in out.iterdir()} == set(parts)
    kept = {part.name: part.stat().st_mtime_ns for part in out.iterdir() if part.name != gone}
    assert kept == {name: at for name, at in parts.items() if name != gone}
    assert len(rows_of(out)) == 7
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 photos done")


@pytest.fixture
def server(tmp_path: Path, postgres_url: str) -> Iterator[ServerProcess]:
    """A server on stores that others reach, too; Lite stands for a Milvus server."""
    second_version(EMBEDDER, tmp_path / "models/other-embedder")
    with milvus.serving(tmp_path / "milvus.db") as (uri, _):
        environment = {
            "ARMOIRE_CATALOG__DATABASE_URL": postgres_url,
            "ARMOIRE_CATALOG__BLOB_URL": str(tmp_path / "blobs"),
            "ARMOIRE_CATALOG__MILVUS_URI": uri,
            "ARMOIRE_MODELS__FOLDER": str(tmp_path / "models"),
        }
        with ServerProcess(tmp_path / "home", environment=environment) as process:
            yield process


def test_a_back_fill_is_helped_and_compares_at_its_end(
    server: ServerProcess,
    samples: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    command = ["backfill", "--embedder", str(tmp_path / "models/other-embedder"), "--shard", "3"]
    with armoire.Client(server.address) as client:
        for job in [client.index(photo) for photo in samples[:6]]:
            client.wait_for_indexing_job(job.id)
        assert main(command) == 1  # nothing is being filled
        other = client.load_model("other-embedder")[0].version
        begun = client.start_backfill(other, photos_per_second=0.01)
        until(lambda: len(client.list_collections()) == 2)
        client.cancel_operation(begun.id)
        client.wait_for_operation(begun.id)
        assert main(command) == 0
        assert "0 failed, 0 changed meanwhile" in capsys.readouterr().out
        assert main(command) == 0
        assert capsys.readouterr().out.startswith("0 photos done")
        operation = client.wait_for_operation(client.start_backfill(other, swap=True).id)
    report = backfill_report_from_any(operation.response)
    assert (report.lacking, report.failed_photos, report.overlap, report.swapped) == (0, 0, 1.0, True)
    assert operation.progress.done == 0
