"""Checksums of the data that the shipped models were trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.manifest import file_sha256


@dataclass(frozen=True, slots=True)
class Source:
    """A published set of files; `sha256` is by path in its folder, that of a folder ends in "/"."""

    name: str
    license: str
    sha256: Mapping[str, str]


def clothing_photos() -> Source:
    """The 4,680 clothing photos and their labels.csv, with its split by contributor."""
    return Source(
        "clothing photos",
        "CC0-1.0",
        {
            "labels.csv": "b971efef394c374c2bd76a7cb329333adc1b6e6d77ac62f502e8b95dd68c5d7d",
            "images/": "a691eff0ea5f198d9cefc4409354705fccb2970a99cd67499f989a6c6f9f07f7",
        },
    )


def fashion_mnist() -> Source:
    """The training split of Fashion-MNIST from Debian's package dataset-fashion-mnist."""
    return Source(
        "Fashion-MNIST",
        "MIT",
        {
            "train-images-idx3-ubyte.gz": "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
            "train-labels-idx1-ubyte.gz": "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
        },
    )


def complaints(source: Source, folder: Path) -> Iterator[str]:
    """One line for each file or folder that is missing or differs."""
    for name, expected in source.sha256.items():
        path = folder / name
        if not (path.is_dir() if name.endswith("/") else path.is_file()):
            yield f"{source.name}: {name} is missing in {folder}"
        elif (found := sha256_of(path)) != expected:
            yield f"{source.name}: {name} differs: sha256 is {found[:12]}…, published is {expected[:12]}…"


def provenance(source: Source, folder: Path) -> str:
    """One line for a run's facts: the source's name and licence, or that the folder holds other data."""
    if next(complaints(source, folder), None) is None:
        return f"{source.name}, {source.license}, as published"
    return f"not the published {source.name}"


def data_facts(photos: Path, garments: Path | None) -> dict[str, str]:
    """Facts about the photo folder and the Fashion-MNIST folder of a run."""
    facts = {"photos are": provenance(clothing_photos(), photos)}
    return facts | ({"garments are": provenance(fashion_mnist(), garments)} if garments is not None else {})


def sha256_of(path: Path) -> str:
    """The sha256 of a file; of a folder, the output of `sha256sum * | sha256sum` in it."""
    if path.is_file():
        return file_sha256(path)
    lines = (f"{file_sha256(file)}  {file.name}\n" for file in sorted(path.iterdir()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
