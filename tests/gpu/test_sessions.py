"""The graphs that ship answer on a GPU as they did at their export."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from models.artifact import Artifact
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.providers import Provider
from models.session import OnnxSession

ROOT = Path(__file__).parents[2]


@pytest.mark.gpu
@pytest.mark.parametrize(("name", "kind"), [("demo-detector", Detector), ("demo-embedder", ImageEncoder)])
def test_golden_outputs_hold(
    provider: str, name: str, kind: type[Detector | ImageEncoder], tmp_path: Path
) -> None:
    """CUDA and cuDNN are found without LD_LIBRARY_PATH; a fallback to the CPU would be refused."""
    artifact = Artifact.load(ROOT / "artifacts" / name)
    session = OnnxSession(artifact.graph(kind.graph), cast(Provider, provider), cache=tmp_path)
    assert session.provider == provider
    kind(artifact, session).check()
