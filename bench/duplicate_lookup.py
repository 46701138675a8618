"""Looking up near duplicates in large catalogues: by parts of hashes, and by a scan of all hashes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import numpy as np
from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.orm import Session

from armoire.bench.tally import percentile
from bench.options import Commands, add_command, scratch
from bench.report import Table, log, publish
from imaging.decode import DecodeLimits
from imaging.pdq import MAX_DISTANCE, PhotoHash, distances, hash_photo, to_words
from services.catalog.ids import IdSource
from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.photo_hashes import near_photos, parts_of, put_hash
from services.catalog.sql.catalog_database import MIGRATIONS
from services.catalog.sql.tables import ImageRow, PhotoHashPartRow

HEADERS = ("photos", "adding one: p50, p99 ms", "look-up: p50, p99 ms", "scan of all: p50 ms")
TENANT = "bench"
TIMED, SCANS, CHUNK = 200, 5, 5000
TURNED = 0.25
"""The share of bits in which photos differ that are made of one hash: twice as many as of copies."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Milliseconds of single steps in a catalogue of a size."""

    photos: int
    adding_ms: list[float]
    lookup_ms: list[float]
    scan_ms: list[float]


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "duplicate-lookup",
        run,
        "Near duplicates in large catalogues: by parts of hashes and by a scan.",
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="(%(default)s)")
    parser.add_argument("--database", metavar="URL", help="an empty one of PostgreSQL, instead of SQLite")


def run(arguments: argparse.Namespace) -> bool:
    paths = sorted(arguments.photos.glob("*.jpg"))
    found = [hash_photo(path.read_bytes(), DecodeLimits()) for path in paths]
    real = [each.bits for each in found if each.usable]
    with _session(arguments.database) as session:
        measured = list(measure(session, real, sorted(arguments.sizes)))
    name = session.get_bind().dialect.name
    note = f"{name}; hashes drawn from those of {len(real)} photos of {arguments.photos.name}."
    rows = [
        (
            f"{each.photos:,}",
            f"{percentile(each.adding_ms, 50):.1f}, {percentile(each.adding_ms, 99):.1f}",
            f"{percentile(each.lookup_ms, 50):.1f}, {percentile(each.lookup_ms, 99):.1f}",
            f"{percentile(each.scan_ms, 50):.0f}",
        )
        for each in measured
    ]
    publish(
        Table("duplicate-lookup", HEADERS, rows, [note], [asdict(each) for each in measured]), arguments.json
    )
    return True


def measure(session: Session, real: Sequence[bytes], sizes: Sequence[int]) -> Iterator[Lookups]:
    """Fill the catalogue to each size and measure there."""
    random, ids, filled = np.random.default_rng(0), IdSource(), 0
    for size in sizes:
        while filled < size:
            hashes = [_other(real, random) for _ in range(min(CHUNK, size - filled))]
            _add_many(session, {ids.next(): bits for bits in hashes})
            filled += len(hashes)
            log(f"{filled} photos")
        yield Lookups(
            size,
            [_ms(lambda: _added(session, ids.next(), _other(real, random))) for _ in range(TIMED)],
            [_ms(lambda: _looked_up(session, _other(real, random))) for _ in range(TIMED)],
            [_ms(lambda: _scanned(session, _other(real, random))) for _ in range(SCANS)],
        )
        filled += TIMED


def _add_many(session: Session, hashes: Mapping[str, bytes]) -> None:
    """Add photos with these hashes by their ids, without a look-up for each."""
    for image_id in hashes:
        _insert(session, image_id)
    of_tenant = {"tenant_id": TENANT}
    known = [of_tenant | {"id": id, "pdq": bits, "pdq_quality": 100} for id, bits in hashes.items()]
    session.execute(update(ImageRow), known)
    parts = [
        of_tenant | {"part": part, "photo_id": id} for id, bits in hashes.items() for part in parts_of(bits)
    ]
    session.execute(insert(PhotoHashPartRow), parts)
    session.commit()


def _insert(session: Session, image_id: str) -> None:
    insert_image(session, TENANT, NewImage(image_id, "", "", "jpeg", 600, 800, 99, "0" * 64), 1)


def _added(session: Session, image_id: str, bits: bytes) -> None:
    _insert(session, image_id)
    put_hash(session, TENANT, image_id, PhotoHash(bits, 100))
    session.commit()


def _looked_up(session: Session, bits: bytes) -> None:
    near_photos(session, TENANT, bits, MAX_DISTANCE)


def _scanned(session: Session, bits: bytes) -> None:
    """What a look-up without parts would do."""
    hashed = (ImageRow.tenant_id == TENANT, ImageRow.pdq.is_not(None), ImageRow.delete_us.is_(None))
    rows = session.execute(select(ImageRow.id, ImageRow.pdq).where(*hashed)).all()
    away = distances(bits, to_words([row.pdq or b"" for row in rows]))
    _ = [rows[place].id for place in np.flatnonzero(away <= MAX_DISTANCE).tolist()]


def _ms(step: Callable[[], None]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


def _other(real: Sequence[bytes], random: np.random.Generator) -> bytes:
    """The hash of another photo than any before, with the bias of parts that hashes of photos have."""
    bits = np.unpackbits(np.frombuffer(real[int(random.integers(len(real)))], np.uint8))
    return np.packbits(bits ^ (random.random(bits.size) < TURNED)).tobytes()


@contextmanager
def _session(url: str | None) -> Iterator[Session]:
    with scratch() as home:
        engine = create_engine(url or f"sqlite:///{home / 'catalog.db'}")
        with engine.begin() as connection:
            MIGRATIONS.upgrade(connection)
        with Session(engine) as session:
            yield session
        engine.dispose()
