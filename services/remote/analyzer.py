"""The catalogue's `Analyzer` as a client of InferenceService."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import numpy as np

import armoire
from armoire import AsyncClient, ModelTask, Photo, Priority, RetryPolicy
from armoire.channel import tls_credentials
from domain.calls import CURRENT_CALL
from domain.errors import FailedPrecondition, Unavailable
from domain.taxonomy import Taxonomy
from domain.types import Box, Embedder, FloatArray, ImageAnalysis, ItemVersions, ModelVersion
from imaging.jpeg import encode_jpeg
from services.catalog.analyzer import OnDetected
from services.edge.calls import REQUEST_ID_KEY
from services.edge.taxonomies import SERVER_TAXONOMY
from services.remote.errors import domain_error
from services.remote.values import analysis_from_client, vector_from_client, version_from_client

R = TypeVar("R")

_PROBE = encode_jpeg(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
_MIN_TIMEOUT_S = 0.001
"""For a call whose deadline passes while it is being made: the client takes no timeout of 0."""


class RemoteAnalyzer:
    """An `Analyzer` that calls the InferenceService at an address.

    It caches the embedders that it asked for until `refresh`, a failed call or the answer of another model.
    Errors of the server are raised as domain errors; Unavailable if it cannot be reached. Calls are not
    repeated here: jobs and callers have retries of their own.
    """

    def __init__(
        self,
        address: str,
        *,
        vocabulary_version: str,
        key: str | None = None,
        ca: bytes | None = None,
        timeout_s: float = 30.0,
        max_message_bytes: int = 32 * 2**20,
    ) -> None:
        """`vocabulary_version` names the server's own taxonomy."""
        self._address = address
        self._timeout_s = timeout_s
        self._vocabulary_version = vocabulary_version
        self._embedders: dict[str | None, Embedder] = {}
        self._client = AsyncClient(
            address,
            token=key,
            credentials=None if ca is None else tls_credentials(ca or None),
            retries=RetryPolicy(max_attempts=1),
            max_message_bytes=max_message_bytes,
        )

    async def close(self) -> None:
        await self._client.close()

    async def embedder(self, name: str | None = None, *, refresh: bool = False) -> Embedder:
        if refresh or name not in self._embedders:
            self._embedders[name] = await self._fetch_embedder(name)
        return self._embedders[name]

    async def versions(self) -> ItemVersions:
        """What the server answers with; it is asked with a small picture, as only answers name all of it."""
        return (await self.analyze(_PROBE, bulk=True)).versions

    async def hold(self, versions: Sequence[str]) -> None:
        """The models of another server are loaded and unloaded by those who run it."""

    async def _fetch_embedder(self, name: str | None) -> Embedder:
        models = await self._call(lambda client, timeout_s: client.models(timeout_s=timeout_s))
        encoders = [model for model in models if model.task is ModelTask.EMBED_IMAGE]
        for model in encoders:
            if name is None or name == model.version or name in model.aliases:
                return self._embedder_of(model)
        if name is None:
            raise Unavailable(f"the server at {self._address} has no image encoder loaded")
        raise FailedPrecondition(
            f"embedder_version asks for {name!r}, which the server at {self._address} has not loaded",
            reason="MODEL_VERSION_MISMATCH",
        )

    def _embedder_of(self, model: armoire.Model) -> Embedder:
        if model.logit_scale <= 0:
            raise Unavailable(f"the server at {self._address} is too old: its embedder has no logit_scale")
        version = ModelVersion(model.version, model.preprocess_version)
        return Embedder(version, model.embedding_width, model.logit_scale)

    def _note_version(self, version: ModelVersion) -> None:
        default = self._embedders.get(None)
        if default is not None and default.version != version:
            del self._embedders[None]

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
        embedder: ModelVersion | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        """One Analyze call, so that the photo is sent and decoded once.

        The server has no partial answers, so `on_detected` is awaited when the answer arrives. The margin of
        crops is the server's. It finds the taxonomies of tenants by their version, in the database of tenants
        that it shares.
        """
        own = taxonomy is not None and taxonomy.version != self._vocabulary_version
        version = taxonomy.version if taxonomy is not None and own else SERVER_TAXONOMY
        photo = Photo(content, tuple(armoire.Box(box.x1, box.y1, box.x2, box.y2) for box in boxes))
        found = await self._call(
            lambda client, timeout_s: client.analyze(
                photo,
                min_score=min_score,
                include_crops=include_crops,
                include_embeddings=True,
                include_alternatives=True,
                priority=_priority(bulk),
                embedder_version=None if embedder is None else embedder.model_version,
                vocabulary_version=version,
                timeout_s=timeout_s,
            )
        )
        analysis = analysis_from_client(found)
        if embedder is None:
            self._note_version(analysis.embedder)
        if on_detected is not None:
            await on_detected()
        return analysis

    async def embed_text(
        self, text: str, *, bulk: bool = False, embedder: ModelVersion | None = None
    ) -> FloatArray:
        priority, name = _priority(bulk), None if embedder is None else embedder.model_version
        embedding = await self._call(
            lambda client, timeout_s: client.embed_text(
                text, priority=priority, model_version=name, timeout_s=timeout_s
            )
        )
        if embedder is None:
            self._note_version(version_from_client(embedding))
        return vector_from_client(embedding)

    async def _call(self, call: Callable[[AsyncClient, float], Awaitable[R]]) -> R:
        """Make a call under the current call's request id, within its deadline."""
        current = CURRENT_CALL.get()
        current.check_deadline()
        timeout_s = self._timeout_s if current.deadline is None else current.deadline - time.monotonic()
        client = self._client
        if current.request_id:
            client = client.with_metadata([(REQUEST_ID_KEY, current.request_id)])
        try:
            return await call(client, max(timeout_s, _MIN_TIMEOUT_S))
        except armoire.ArmoireError as error:
            if not isinstance(error, armoire.InvalidInput):
                self._embedders.clear()
            raise domain_error(error, self._address) from error


def _priority(bulk: bool) -> Priority:
    return Priority.BULK if bulk else Priority.INTERACTIVE
