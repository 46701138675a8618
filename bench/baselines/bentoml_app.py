"""BentoML with its own HTTP server and dispatcher: `bentoml serve bench.baselines.bentoml_app:Photos`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bentoml

from bench.baselines.handler import COPIES, answer, load_models, number


@bentoml.service(name="photos", workers=number(COPIES), traffic={"timeout": 60})
class Photos:
    """One HTTP route for each call, run in BentoML's thread pool."""

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
