"""The learned scorer of outfits that an artifact holds."""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from domain.errors import ArtifactError
from models.artifact import Artifact
from services.host.outfit_scorer import HostedOutfitScorer, OutfitScorerOptions
from services.host.pair_scorer import HostedPairScorer, ReadCrop
from services.inference.batching.batcher import BatchObserver, observe_nothing

LearnedScorer: TypeAlias = HostedOutfitScorer | HostedPairScorer


async def load_scorer(
    options: OutfitScorerOptions, read_crop: ReadCrop, observe: BatchObserver = observe_nothing
) -> LearnedScorer:
    """Load, check and warm up a scorer of sets, or a Siamese network, which reads crops of items.

    Raises:
        ArtifactError: the artifact is damaged, for another task or for too small sets, or its golden outputs
            differ.
    """
    artifact = await asyncio.to_thread(Artifact.load, options.folder)
    match artifact.manifest.task:
        case "score":
            return await HostedOutfitScorer.load(artifact, options, observe)
        case "compare":
            return await HostedPairScorer.load(artifact, options, read_crop, observe)
        case task:
            raise ArtifactError(
                f"{options.folder} holds a model for {task!r}; one for 'score' or 'compare' is needed"
            )
