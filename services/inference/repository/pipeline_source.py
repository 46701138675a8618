"""How a call gets the models that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from domain.errors import FailedPrecondition
from domain.types import ModelVersion
from services.inference.pipeline.pipeline import Pipeline

DEFAULT = "default"
"""The alias of the models that answer calls which name none."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model that a request asks for.

    Attributes:
        field: the field of the request that names the model, for error messages.
        name: a version or an alias; None asks for the default.
    """

    field: str = "model_version"
    name: str | None = None

    def not_served(self, served: list[str]) -> FailedPrecondition:
        """The error for a model that is not among the `served` versions."""
        names = ", ".join(map(repr, served)) or "none"
        return FailedPrecondition(
            f"{self.field} asks for {self.name!r}, but this server serves {names}",
            reason="MODEL_VERSION_MISMATCH",
            metadata={"field": self.field, "wanted": self.name or DEFAULT, "served": ",".join(served)},
        )


class PipelineSource(Protocol):
    """Gives each call the pipeline of the models that it asks for."""

    def use(
        self,
        detector: ModelChoice = ModelChoice(),
        embedder: ModelChoice = ModelChoice(),
        classifier: ModelChoice = ModelChoice(),
    ) -> AbstractContextManager[Pipeline]:
        """A pipeline whose models stay open inside the block.

        Raises:
            FailedPrecondition: a model is asked for that is not loaded.
        """
        ...


class FixedPipeline:
    """A `PipelineSource` with one detector and one embedder, for a process whose models never change."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    @contextmanager
    def use(
        self,
        detector: ModelChoice = ModelChoice(),
        embedder: ModelChoice = ModelChoice(),
        classifier: ModelChoice = ModelChoice(),
    ) -> Iterator[Pipeline]:
        """See `PipelineSource`."""
        pipeline = self._pipeline
        for choice, version in (detector, pipeline.detector_version), (embedder, pipeline.embedder_version):
            _require_served(choice, version)
        if classifier.name is not None:
            _require_served(classifier, pipeline.classifier_version)
        yield pipeline


def _require_served(choice: ModelChoice, served: ModelVersion | None) -> None:
    if served is None:
        raise choice.not_served([])
    if choice.name not in (None, DEFAULT, served.model_version):
        raise choice.not_served([served.model_version])
