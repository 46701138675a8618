from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.inference.options import InferenceOptions

ROOT = Path(__file__).parents[3]


@pytest.fixture
def options(tmp_path: Path) -> InferenceOptions:
    """Artifacts of one's own, and a cache."""
    for name in ("demo-detector", "demo-embedder"):
        shutil.copytree(ROOT / "artifacts" / name, tmp_path / name)
    return InferenceOptions(
        tmp_path / "demo-detector", tmp_path / "demo-embedder", cache_folder=tmp_path / "cache"
    )
