"""The pair of models that is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.artifact import Artifact
from models.providers import Provider

ROOT = Path(__file__).resolve().parent.parent
DEMO_DETECTOR = ROOT / "artifacts/demo-detector"
DEMO_EMBEDDER = ROOT / "artifacts/demo-embedder"


@dataclass(frozen=True, slots=True)
class ModelPair:
    """The artifacts of a detector and an embedder, and the provider that runs them."""

    detector: Path = DEMO_DETECTOR
    embedder: Path = DEMO_EMBEDDER
    provider: Provider = "cpu"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings with which a server loads them."""
        return {
            "ARMOIRE_MODELS__DETECTOR": str(self.detector.resolve()),
            "ARMOIRE_MODELS__EMBEDDER": str(self.embedder.resolve()),
            "ARMOIRE_MODELS__PROVIDER": self.provider,
        }

    @property
    def start_timeout_s(self) -> float:
        """How long a server may take to start with them: TensorRT builds an engine for each graph first."""
        return 1200.0 if self.provider == "tensorrt" else 300.0

    def describe(self) -> str:
        versions = (Artifact.load(folder).version for folder in (self.detector, self.embedder))
        where = "" if self.provider == "cpu" else f" on {self.provider}"
        return ", ".join(found.model_version for found in versions) + where + "."
