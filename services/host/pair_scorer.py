"""A Siamese network as the learned scorer of outfits, which sees the crops of items."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import numpy as np

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput
from domain.types import FloatArray
from imaging.decode import DecodeLimits, decode
from models.artifact import Artifact
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder, closeness
from services.host.outfit_scorer import OutfitScorerOptions
from services.host.recent_embeddings import RecentEmbeddings
from services.inference.batching.batcher import BatchModel, BatchObserver, observe_nothing
from services.inference.batching.device import Device
from services.inference.batching.entries import Array
from services.inference.runner import LocalRunner
from services.outfits.learned_scores import EmbeddedPiece, Embeddings
from services.outfits.piece import Piece

ReadCrop: TypeAlias = Callable[[str, str], Awaitable[bytes | None]]
"""The JPEG of the crop of a tenant's item; None where it is gone."""


class HostedPairScorer:
    """A `SetScorer` that embeds crops itself, and calls those near each other that go together.

    An item's embedding is made when an outfit first has it, and kept for a minute.
    """

    embedder = ""

    def __init__(
        self, encoder: SiameseEncoder, runner: LocalRunner, device: Device, read_crop: ReadCrop
    ) -> None:
        self._encoder, self._runner, self._device = encoder, runner, device
        self._read_crop = read_crop
        self._recent = RecentEmbeddings()

    @classmethod
    async def load(
        cls,
        artifact: Artifact,
        options: OutfitScorerOptions,
        read_crop: ReadCrop,
        observe: BatchObserver = observe_nothing,
    ) -> HostedPairScorer:
        """Load, check and warm up.

        Raises:
            ArtifactError: its golden outputs differ.
        """
        encoder = await asyncio.to_thread(_open, artifact, verify_golden=options.verify_golden)
        device = Device(1)
        model = BatchModel(encoder.graph, encoder.run, None, encoder.version.model_version)
        row = np.zeros(encoder.row_shape(artifact), np.uint8)
        runner = LocalRunner(model, row, device, options.batching, observe)
        try:
            await runner.warm_up()
        except BaseException:
            await device.close()
            raise
        return cls(encoder, runner, device, read_crop)

    async def embeddings(self, tenant_id: str, pieces: Sequence[Piece]) -> Embeddings:
        """See `SetScorer`: those of the crops; there is none of an item whose crop is gone."""
        found = {piece.item_id: self._recent.get(tenant_id, piece) for piece in pieces}
        new = [piece for piece in pieces if found[piece.item_id] is None]
        pictures = await asyncio.gather(*(self._picture(tenant_id, piece) for piece in new))
        shown = [(piece, each) for piece, each in zip(new, pictures, strict=True) if each is not None]
        if shown:
            rows = np.stack([picture for _, picture in shown])
            result = await self._runner.submit(rows, deadline=CURRENT_CALL.get().deadline)
            for (piece, _), embedding in zip(shown, result.outputs, strict=True):
                self._recent.put(tenant_id, piece, embedding)
                found[piece.item_id] = embedding
        return {item_id: embedding for item_id, embedding in found.items() if embedding is not None}

    async def probabilities(self, sets: Sequence[Sequence[EmbeddedPiece]]) -> FloatArray:
        """See `SetScorer`."""
        return np.array([closeness([point for point, _ in pieces]) for pieces in sets], np.float32)

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        await self._device.close()

    async def _picture(self, tenant_id: str, piece: Piece) -> Array | None:
        content = await self._read_crop(tenant_id, piece.item_id)
        return None if content is None else await asyncio.to_thread(self._prepared, content)

    def _prepared(self, content: bytes) -> Array | None:
        """A crop as an input of the network; None where it cannot be read."""
        try:
            return self._encoder.preprocess(decode(content, DecodeLimits()))
        except InvalidInput:
            return None


def _open(artifact: Artifact, *, verify_golden: bool) -> SiameseEncoder:
    encoder = SiameseEncoder.load(artifact, OnnxSession)
    if verify_golden:
        encoder.check()
    return encoder
