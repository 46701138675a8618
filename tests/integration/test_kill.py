"""kill -9 of the whole server while it indexes: nothing that was acknowledged is lost, nothing is doubled.

TEST_KILLS sets how often.
"""

from __future__ import annotations

import io
import os
import random
import sqlite3
import struct
import threading
import zlib
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from pymilvus import MilvusClient

import armoire
from demo.server import ServerProcess

ROUNDS = int(os.environ.get("TEST_KILLS", "2"))


def variant(path: Path, number: int) -> bytes:
    """A sample in a size of its own, so that every photo differs."""
    with Image.open(path) as photo:
        resized = photo.resize((photo.width - number % 40, photo.height - number // 40))
        buffer = io.BytesIO()
        resized.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def broken_png() -> bytes:
    """A PNG with a sound header and checksums, whose pixels stop after the first rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 500)) + chunk(b"IEND", b"")


class Feeder(threading.Thread):
    """Indexes photos until the server dies; remembers the jobs that were acknowledged."""

    def __init__(self, address: str, photos: list[tuple[str, bytes]]) -> None:
        super().__init__()
        self.address = address
        self.photos = photos
        self.acknowledged: dict[str, str] = {}
        self.answered = threading.Semaphore(0)

    def run(self) -> None:
        once = armoire.RetryPolicy(max_attempts=1)
        with armoire.Client(self.address, timeout_s=300, retries=once) as client:
            for name, content in self.photos:
                try:
                    job = client.index(content, image_name=name, idempotency_key=name)
                except armoire.ArmoireError:
                    return
                self.acknowledged[name] = job.id
                self.answered.release()


@pytest.mark.timeout(900)
def test_kills_lose_and_double_nothing(tmp_path: Path, samples: list[Path]) -> None:
    dice = random.Random(7)
    server = ServerProcess(tmp_path)
    acknowledged: dict[str, str] = {}
    for turn in range(ROUNDS):
        server.start()
        photos = [(f"{turn}-{k}", variant(samples[k % len(samples)], turn * 60 + k)) for k in range(60)]
        photos[5] = (f"{turn}-bad", broken_png())
        feeder = Feeder(server.address, photos)
        feeder.start()
        for _ in range(dice.randrange(8, 40)):
            assert feeder.answered.acquire(timeout=300)
        server.kill()
        feeder.join()
        acknowledged |= feeder.acknowledged
    server.start()
    with armoire.Client(server.address) as client:
        jobs = {name: client.wait_for_indexing_job(job_id) for name, job_id in acknowledged.items()}
        for job in client.iter_indexing_jobs():  # also of photos that were not acknowledged
            client.wait_for_indexing_job(job.id)
    server.stop()

    bad = {name for name in jobs if name.endswith("bad")}
    assert len(bad) == ROUNDS
    for name, job in jobs.items():
        expected = armoire.IndexingJobState.FAILED if name in bad else armoire.IndexingJobState.COMPLETE
        assert job.state is expected, (name, job.error)
        assert bool(job.items) is (name not in bad)
    assert all(jobs[name].error and "content" in str(jobs[name].error) for name in bad)
    assert_stores_agree(tmp_path, {item.item_id for job in jobs.values() for item in job.items})


def assert_stores_agree(home: Path, told: set[str]) -> None:
    """SQL, Milvus and what the jobs told name the same items; no photo has two jobs or an item twice."""
    with sqlite3.connect(home / "catalog.db") as database:
        rows = database.execute("SELECT id, image_id FROM item WHERE delete_us IS NULL").fetchall()
        jobs_an_image = Counter(row[0] for row in database.execute("SELECT image_id FROM job"))
        assert database.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    assert set(jobs_an_image.values()) == {1}
    items = {row[0] for row in rows}
    assert told <= items
    client = MilvusClient(str(home / "vectors.db"))
    (collection,) = client.list_collections()
    client.load_collection(collection)
    found = client.query(collection, filter="", output_fields=["id"], limit=len(items) + 100)
    client.close()
    assert sorted(row["id"] for row in found) == sorted(items)
