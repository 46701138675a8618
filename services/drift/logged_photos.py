"""The photos and texts of the prediction log, read over the public API."""

from __future__ import annotations

import numpy as np

from armoire import AnalyzedItem, AsyncClient, LoggedPrediction
from services.drift.sample import Garment, ObservedPhoto, Sampler, Samples, Source
from services.drift.window import Window

PAGE = 200


async def read_log(
    client: AsyncClient, window: Window, max_units: int, tenant: str = "", *, by_photo: bool = False
) -> Samples:
    """The samples of a window. The units are calls, or with `by_photo` photos that differ.

    Raises:
        ArmoireError of the client: the caller does not administer the tenant, or the log cannot be read.
    """
    sampler = Sampler(max_units)
    async for logged in client.iter_predictions(
        created_from=window.since, created_before=window.until, tenant=tenant, page_size=PAGE
    ):
        sampler.add(observed_photo(logged, by_photo=by_photo))
    return sampler.samples()


def observed_photo(logged: LoggedPrediction, *, by_photo: bool = False) -> ObservedPhoto:
    """An entry of the log, without the garments that were rejected."""
    unit = logged.sha256 if by_photo else logged.request_id
    garments = tuple(garment_of(item) for item in logged.items if item.accepted)
    source = Source(logged.method, logged.detector_version, logged.embedder_version)
    return ObservedPhoto(source, unit or logged.id, garments)


def garment_of(item: AnalyzedItem) -> Garment:
    """What was said of a garment. The whole of a photo has no score of the detector."""
    category = item.attributes.get("category")
    vector = None if item.embedding is None else np.array(item.embedding.values, np.float32)
    return Garment(
        label=item.label,
        color=item.colors[0].name if item.colors else "",
        score=float("nan") if item.whole_image else item.score,
        label_score=float("nan") if category is None else category.score,
        embedding=vector,
    )
