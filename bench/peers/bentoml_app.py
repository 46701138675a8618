"""BentoML as sold: `bentoml serve bench.peers.bentoml_app:Photos`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bentoml

from bench.peers.inside import COPIES, answer, load_models, number


@bentoml.service(name="photos", workers=number(COPIES), traffic={"timeout": 60})
class Photos:
    """One endpoint for each call, with BentoML's own threads."""

    def __init__(self) -> None:
        self.models = load_models()

    @bentoml.api  # type: ignore[untyped-decorator]
    def detect(self, photo: Path) -> list[Any]:
        return answer(self.models, "detect", photo.read_bytes())

    @bentoml.api  # type: ignore[untyped-decorator]
    def embed(self, photo: Path) -> list[Any]:
        return answer(self.models, "embed", photo.read_bytes())

    @bentoml.api  # type: ignore[untyped-decorator]
    def analyze(self, photo: Path) -> list[Any]:
        return answer(self.models, "analyze", photo.read_bytes())
