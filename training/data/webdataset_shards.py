"""Pairs in shards of webdataset: tar files whose members with the same name are one pair.

FOLDER/SPLIT-000000.tar    KEY.jpg, KEY.txt, and KEY.json with `category` and `product_id`, if there is one
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from domain.errors import InvalidInput
from training.data.catalog_dataset import SPLITS
from training.data.pairs import Pair
from training.data.picture_data import SUFFIXES

_MAX_BYTES = 64 * 2**20
"""Of a member: pictures are smaller."""


def unpack_shards(folder: Path, out: Path, limit: int | None = None) -> list[Pair]:
    """Write the pictures of all shards into out/SPLIT and tell their pairs, at most `limit` of each shard.

    What comes before the first "-" of a shard's name is its split.

    Raises:
        InvalidInput: there are no shards, or one cannot be read, or has no pairs.
    """
    shards = sorted(folder.glob("*.tar"))
    if not shards:
        raise InvalidInput("data", f"must hold shards of webdataset, *.tar: {folder}")
    pairs = []
    for shard in shards:
        try:
            found = [*islice(_unpack(shard, out), limit)]
        except (tarfile.TarError, UnicodeDecodeError, ValueError) as error:
            raise InvalidInput("data", f"{shard.name} cannot be read: {error}"[:300]) from error
        if not found:
            raise InvalidInput("data", f"{shard.name} has no picture with a text")
        pairs += found
    return pairs


def _unpack(shard: Path, out: Path) -> Iterator[Pair]:
    name = shard.stem.partition("-")[0]
    split = SPLITS.get(name, name)
    for number, (suffix, members) in enumerate(_samples(shard)):
        if suffix and (text := members.get(".txt", b"").decode().strip()):
            facts = json.loads(members.get(".json", b"{}"))
            path = out / split / f"{shard.stem}-{number:06}{suffix}"  # names of members are not trusted
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(members[suffix])
            yield Pair(
                path, text, str(facts.get("category") or ""), split, str(facts.get("product_id") or "")
            )


def _samples(shard: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The members of each pair by their suffixes, and the suffix of its picture, "" where it has none."""
    key, members = "", dict[str, bytes]()
    with tarfile.open(shard) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            found = str(path.with_suffix(""))
            if found != key and members:
                yield _picture_suffix(members), members
                members = {}
            key = found
            if member.isfile() and member.size <= _MAX_BYTES and (file := tar.extractfile(member)):
                members[path.suffix.lower()] = file.read()
    if members:
        yield _picture_suffix(members), members


def _picture_suffix(members: dict[str, bytes]) -> str:
    return next((suffix for suffix in members if suffix in SUFFIXES), "")
