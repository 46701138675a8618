"""Writes an artifact into a folder that nobody else reads yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from export import gates
from models.artifact import Artifact
from models.golden import Golden
from models.manifest import FILE_NAME, GOLDEN_NAME, Manifest, file_sha256


def unmeasured_artifact(folder: Path, manifest: Manifest) -> Artifact:
    """The files as they are, without figures: to measure the models on, never to be stored."""
    return Artifact(folder, dataclasses.replace(manifest, files=_hashes(folder)))


def write_artifact(
    folder: Path,
    manifest: Manifest,
    figures: Mapping[str, float],
    golden: Mapping[str, Golden],
    texts: tuple[str, ...] = (),
) -> Artifact:
    """Write golden.npz and the manifest, then load the artifact as a server would.

    Raises:
        GateFailure: a figure is missing or out of bounds.
    """
    bounds = gates.bounds_for(manifest, figures)
    gates.require_all(bounds, figures)
    _write_golden(folder / GOLDEN_NAME, golden, texts)
    finished = dataclasses.replace(
        manifest,
        files=_hashes(folder),
        parity={name: float(value) for name, value in figures.items()},
        bounds=dict(bounds),
    )
    (folder / FILE_NAME).write_text(finished.to_json(), encoding="utf-8")
    return Artifact.load(folder)


def library_versions(*names: str) -> dict[str, str]:
    """Installed version by distribution name."""
    return {name: version(name) for name in names}


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.name != FILE_NAME}


def _write_golden(path: Path, golden: Mapping[str, Golden], texts: tuple[str, ...]) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {"texts": np.array(texts)} if texts else {}
    for name, batch in golden.items():
        arrays |= {f"{name}_inputs": batch.inputs, f"{name}_outputs": batch.outputs}
    np.savez_compressed(path, allow_pickle=False, **arrays)
