"""The learned scorer of outfits: a small model that runs in the process of the catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.calls import CURRENT_CALL
from domain.errors import ArtifactError
from domain.garment_types import Slot
from domain.types import FloatArray
from models.artifact import Artifact
from models.outfit_scorer import OutfitScorer
from models.session import OnnxSession
from services.inference.batching.batcher import BatchModel, BatchObserver, observe_nothing
from services.inference.batching.device import Device
from services.inference.batching.options import OUTFIT_BATCHING, BatchingOptions
from services.inference.runner import LocalRunner
from services.outfits.learned_scores import EmbeddedPiece, Embeddings
from services.outfits.piece import Piece


@dataclass(frozen=True, slots=True)
class OutfitScorerOptions:
    """Which model scores outfits beside the rules, and how much it counts.

    Attributes:
        share: of a score, 0 to 1, that is the model's.
        verify_golden: whether its golden outputs are compared at start.
    """

    folder: Path
    share: float
    batching: BatchingOptions = OUTFIT_BATCHING
    verify_golden: bool = True


class HostedOutfitScorer:
    """A `SetScorer` whose sets run in batches, those of several calls together; made by `load`.

    The embeddings of items are where the catalogue is, and the model is small, so it runs there, on one
    thread of the CPU.
    """

    def __init__(self, scorer: OutfitScorer, runner: LocalRunner, device: Device) -> None:
        self._scorer, self._runner, self._device = scorer, runner, device

    @classmethod
    async def load(
        cls, artifact: Artifact, options: OutfitScorerOptions, observe: BatchObserver = observe_nothing
    ) -> HostedOutfitScorer:
        """Load, check and warm up.

        Raises:
            ArtifactError: the artifact takes too small sets, or its golden outputs differ.
        """
        scorer = await asyncio.to_thread(_open, artifact, verify_golden=options.verify_golden)
        device = Device(1)
        model = BatchModel(scorer.graph, scorer.run, None, scorer.version.model_version)
        row = np.zeros(scorer.row_shape(scorer.artifact), np.float32)
        runner = LocalRunner(model, row, device, options.batching, observe)
        try:
            await runner.warm_up()
        except BaseException:
            await device.close()
            raise
        return cls(scorer, runner, device)

    @property
    def embedder(self) -> str:
        """See `SetScorer`."""
        return self._scorer.embedder

    async def embeddings(self, tenant_id: str, pieces: Sequence[Piece]) -> Embeddings:
        """See `SetScorer`: those that the pieces have."""
        return {piece.item_id: piece.embedding for piece in pieces if piece.embedding is not None}

    async def probabilities(self, sets: Sequence[Sequence[EmbeddedPiece]]) -> FloatArray:
        """See `SetScorer`."""
        rows = self._scorer.preprocess(sets)
        result = await self._runner.submit(rows, deadline=CURRENT_CALL.get().deadline)
        probabilities: FloatArray = result.outputs[:, 0]
        return probabilities

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        await self._device.close()


def _open(artifact: Artifact, *, verify_golden: bool) -> OutfitScorer:
    from services.outfits.outfits import MAX_SCORED  # here, because it imports the catalogue

    if artifact.manifest.max_items < MAX_SCORED or set(Slot) - set(artifact.manifest.slots):
        raise ArtifactError(f"{artifact.folder} cannot score sets of {MAX_SCORED} items of all slots")
    scorer = OutfitScorer.load(artifact, OnnxSession)
    if verify_golden:
        scorer.check()
    return scorer
