"""Lets a second embedder answer what calls have sent, after they were answered."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.errors import ArmoireError
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, Box
from services.background.log_throttle import LogThrottle
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.pipeline_source import ModelChoice, PipelineSource
from services.predictions.observation import Observation
from services.predictions.recorder import is_sampled
from services.shadow.figures import Neighbourhoods, ShadowFigures, same_label

LOG = logging.getLogger("armoire.shadow")
ALIAS = "shadow"
"""The alias of the embedder that answers beside the default."""
MAX_WAITING, MAX_WAITING_BYTES = 16, 32 * 2**20
SAME_BOX_IOU = 0.9
Candidate: TypeAlias = Callable[[], str]
"""The version of the embedder with the alias, or "" where there is none."""
OfTenant: TypeAlias = Callable[[str], Taxonomy | None]
ShadowObserver: TypeAlias = Callable[[str], None]
"""Called for each photo of the sample with "compared", "dropped" or "failed"."""


def observe_no_shadow(_outcome: str) -> None:
    """A `ShadowObserver` that does nothing."""


class Shadow:
    """A `Recorder` with a short queue: what does not fit is dropped and counted.

    `run` compares, one photo at a time. A photo is decoded, detected and embedded again, as bulk work, which
    interactive work goes before.
    """

    def __init__(
        self,
        source: PipelineSource,
        candidate: Candidate,
        ratios: Mapping[str, float],
        observe: ShadowObserver,
        taxonomy_of: OfTenant,
    ) -> None:
        """`ratios` has the shares of photos that are compared, by the method of the call."""
        self._source = source
        self._candidate = candidate
        self._ratios = ratios
        self._observe = observe
        self._taxonomy_of = taxonomy_of
        self._waiting: deque[tuple[Observation, Taxonomy | None]] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._throttle = LogThrottle()
        self._figures: ShadowFigures | None = None
        self._neighbourhoods = Neighbourhoods()

    @property
    def figures(self) -> ShadowFigures | None:
        """Of the candidate of the moment; None where there is none, or nothing was compared yet."""
        figures = self._figures
        if figures is None or figures.candidate.model_version != self._candidate():
            return None
        return figures

    def wants(self, element: str) -> bool:
        """See `Recorder`."""
        ratio = self._ratios.get(CURRENT_CALL.get().method, 0.0)
        return ratio > 0.0 and bool(self._candidate()) and is_sampled(ratio, element)

    def record(self, observation: Observation) -> None:
        """See `Recorder`."""
        size_bytes = observation.size_bytes
        if len(self._waiting) >= MAX_WAITING or self._waiting_bytes + size_bytes > MAX_WAITING_BYTES:
            self._count("dropped")
            return
        taxonomy = self._taxonomy_of(CURRENT_CALL.get().principal.tenant_id)
        self._waiting.append((observation, taxonomy))
        self._waiting_bytes += size_bytes
        self._arrived.set()

    async def run(self) -> None:
        """Compare what arrives, until cancelled."""
        while True:
            await self._arrived.wait()
            while self._waiting:
                observation, taxonomy = self._waiting[0]
                try:
                    await self._compare(observation, taxonomy)
                except ArmoireError as error:
                    self._count("failed")
                    self._throttle.warn(LOG, "the shadow embedder could not answer", error=error)
                finally:
                    self._waiting.popleft()
                    self._waiting_bytes -= observation.size_bytes
            self._arrived.clear()

    async def _compare(self, observation: Observation, taxonomy: Taxonomy | None) -> None:
        """Raises as `Pipeline.analyze`; what the default embedder has not answered is left out."""
        choice = ModelChoice("embedder_version", ALIAS)
        with self._source.use() as live, self._source.use(embedder=choice) as candidate:
            if observation.embedder != live.embedder_version or live is candidate:
                return
            self._begin(live, candidate)
            answered = await _answered(candidate, observation, taxonomy)
        pairs = _pairs(observation.items, answered)
        if pairs is None:
            self._count("failed")
            return
        for pair in pairs:
            self._add(*pair)
        self._count("compared")

    def _begin(self, live: Pipeline, candidate: Pipeline) -> None:
        """Count anew where another pair of embedders is compared."""
        versions, figures = (live.embedder_version, candidate.embedder_version), self._figures
        if figures is None or (figures.live, figures.candidate) != versions:
            self._figures = ShadowFigures(*versions, now_us())
            self._neighbourhoods = Neighbourhoods()

    def _add(self, live: AnalyzedItem, candidate: AnalyzedItem) -> None:
        figures = self._figures
        assert figures is not None
        if live.attributes or candidate.attributes:
            same = figures.same_labels + same_label(live, candidate)
            figures = replace(figures, garments=figures.garments + 1, same_labels=same)
        if live.embedding is not None and candidate.embedding is not None:
            overlap = self._neighbourhoods.add(live.embedding, candidate.embedding)
            if overlap is not None:
                count = figures.neighbourhoods + 1
                mean = figures.overlap + (overlap - figures.overlap) / count
                figures = replace(figures, neighbourhoods=count, overlap=mean)
        self._figures = figures

    def _count(self, outcome: str) -> None:
        self._observe(outcome)
        if (figures := self._figures) is None:
            return
        if outcome == "compared":
            self._figures = replace(figures, photos=figures.photos + 1)
        elif outcome == "dropped":
            self._figures = replace(figures, dropped=figures.dropped + 1)
        else:
            self._figures = replace(figures, failed=figures.failed + 1)


async def _answered(
    candidate: Pipeline, observation: Observation, taxonomy: Taxonomy | None
) -> Sequence[AnalyzedItem]:
    """The items of the photo of a call, as the candidate answers them."""
    content, boxes = observation.content, observation.options.boxes
    assert isinstance(content, bytes)
    if observation.method == "EmbedImage":
        vectors, _ = await candidate.embed_image(content, boxes, bulk=True)
        return [
            replace(item, embedding=vector) for item, vector in zip(observation.items, vectors, strict=True)
        ]
    min_score = observation.options.min_score
    analysis = await candidate.analyze(content, boxes, bulk=True, min_score=min_score, taxonomy=taxonomy)
    return analysis.items


def _pairs(
    live: Sequence[AnalyzedItem], candidate: Sequence[AnalyzedItem]
) -> list[tuple[AnalyzedItem, AnalyzedItem]] | None:
    """The same garments; None where the detector of the moment finds others."""
    if len(live) != len(candidate):
        return None
    pairs = list(zip(live, candidate, strict=True))
    return pairs if all(_same_box(one.box, other.box) for one, other in pairs) else None


def _same_box(one: Box, other: Box) -> bool:
    return one == other or one.iou(other) >= SAME_BOX_IOU
