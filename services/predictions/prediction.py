"""An entry of the prediction log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from domain.calls import Call
from domain.types import AnalyzedItem, ModelVersion
from services.predictions.observation import Observation, RequestOptions

NO_MODEL = ModelVersion("", "")
"""Stands for a model that took no part."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the models said of one photo or text.

    Attributes:
        sha256: of the photo as it was sent, or of the text in UTF-8.
        picture: the photo as it was sent, where it is to be kept; what was read has None.
        has_picture: whether the photo is kept.
        text: the text, where it is kept.
        items: without crops; embeddings have the precision of float16.
    """

    tenant_id: str
    id: str
    create_us: int
    method: str
    request_id: str
    sha256: str
    size_bytes: int
    options: RequestOptions = RequestOptions()
    items: tuple[AnalyzedItem, ...] = ()
    width: int = 0
    height: int = 0
    detector: ModelVersion = NO_MODEL
    embedder: ModelVersion = NO_MODEL
    classifier: ModelVersion = NO_MODEL
    text: str = ""
    picture: bytes | None = field(default=None, repr=False)
    has_picture: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """An observation with the call that made it, the id of its entry, and its time."""

    observation: Observation
    call: Call
    id: str
    create_us: int

    def prediction(self, *, keep_inputs: bool, embeddings: bool) -> Prediction:
        """The entry. It reads all of a photo, so call this on a thread."""
        seen = self.observation
        text = seen.content if isinstance(seen.content, str) else ""
        content = text.encode() if isinstance(seen.content, str) else seen.content
        picture = content if keep_inputs and not isinstance(seen.content, str) else None
        return Prediction(
            tenant_id=self.call.principal.tenant_id,
            id=self.id,
            create_us=self.create_us,
            method=seen.method,
            request_id=self.call.request_id,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            options=seen.options,
            items=tuple(
                replace(i, crop=None, embedding=i.embedding if embeddings else None) for i in seen.items
            ),
            width=seen.width,
            height=seen.height,
            detector=seen.detector or NO_MODEL,
            embedder=seen.embedder or NO_MODEL,
            classifier=seen.classifier or NO_MODEL,
            text=text if keep_inputs else "",
            picture=picture,
            has_picture=picture is not None,
        )


def packed_embeddings(items: Sequence[AnalyzedItem]) -> tuple[int, bytes]:
    """The width D, and (N, D) little-endian float16, of the items that have an embedding, in their order."""
    rows = [item.embedding for item in items if item.embedding is not None]
    if not rows:
        return 0, b""
    return rows[0].shape[0], np.stack(rows).astype("<f2").tobytes()
