"""The catalogue's `Analyzer` as a client of InferenceService."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import grpc

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2
from domain.calls import CURRENT_CALL
from domain.errors import Unavailable
from domain.types import Box, Embedder, FloatArray, ImageAnalysis, ModelVersion
from services.catalog.analyzer import OnDetected
from services.edge.conversion.inference import analysis_from_proto
from services.edge.conversion.types import box_to_proto, embedding_from_proto
from services.edge.interceptors import REQUEST_ID_KEY
from services.remote.errors import error_from_rpc, raise_error

R = TypeVar("R")


class RemoteAnalyzer:
    """An `Analyzer` that calls the InferenceService at an address.

    The served embedder is asked for once, and again after a call has failed or another model has answered.
    Errors of the server are raised as domain errors; Unavailable if it cannot be reached.
    """

    def __init__(self, address: str, *, timeout_s: float = 30.0, max_message_bytes: int = 64 * 2**20) -> None:
        self._address = address
        self._timeout_s = timeout_s
        options = _channel_options(address, max_message_bytes)
        self._channel = grpc.aio.insecure_channel(address, options=options)
        self._known: Embedder | None = None
        self._stub = inference_pb2_grpc.InferenceServiceStub(self._channel)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._channel.close(None)

    async def embedder(self) -> Embedder:
        if self._known is None:
            self._known = await self._ask_for_embedder()
        return self._known

    async def _ask_for_embedder(self) -> Embedder:
        models = (await self._call(self._stub.ListModels, inference_pb2.ListModelsRequest())).models
        for model in models:
            if model.task == inference_pb2.MODEL_TASK_EMBED_IMAGE:
                return self._embedder_of(model)
        raise Unavailable(f"the server at {self._address} has no image encoder loaded")

    def _embedder_of(self, model: inference_pb2.Model) -> Embedder:
        if model.logit_scale <= 0:
            raise Unavailable(f"the server at {self._address} is too old: its embedder has no logit_scale")
        version = ModelVersion(model.version, model.preprocess_version)
        return Embedder(version, model.embedding_width, model.logit_scale)

    def _note_version(self, version: ModelVersion) -> None:
        if self._known is not None and self._known.version != version:
            self._known = None

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
    ) -> ImageAnalysis:
        """One Analyze call, so that the photo is sent and decoded once.

        The server has no partial answers, so `on_detected` is awaited when the answer arrives.
        """
        request = inference_pb2.AnalyzeRequest(
            images=[types_pb2.ImageInput(content=content, boxes=map(box_to_proto, boxes))],
            min_score=min_score,
            include_crops=include_crops,
            include_embeddings=True,
            priority=_priority(bulk),
        )
        (result,) = (await self._call(self._stub.Analyze, request)).results
        raise_error(result)
        analysis = analysis_from_proto(result.analysis)
        self._note_version(analysis.embedder)
        if on_detected is not None:
            await on_detected()
        return analysis

    async def embed_text(self, text: str) -> FloatArray:
        request = inference_pb2.EmbedTextRequest(texts=[text])
        (result,) = (await self._call(self._stub.EmbedText, request)).results
        raise_error(result)
        self._note_version(_version_of_embedding(result.embedding))
        return embedding_from_proto(result.embedding)

    async def _call(self, method: Callable[..., Awaitable[R]], request: object) -> R:
        call = CURRENT_CALL.get()
        timeout_s = self._timeout_s if call.deadline is None else call.deadline - time.monotonic()
        metadata = ((REQUEST_ID_KEY, call.request_id),) if call.request_id else ()
        try:
            return await method(request, timeout=timeout_s, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            self._known = None
            raise error_from_rpc(error, self._address) from error


def _channel_options(address: str, max_message_bytes: int) -> list[tuple[str, int]]:
    host = address.rpartition(":")[0].strip("[]")
    is_loopback = host in ("localhost", "::1") or host.startswith("127.")
    return [
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.max_send_message_length", max_message_bytes),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
        # A web proxy must not be used between two programs of one machine.
        ("grpc.enable_http_proxy", 0 if is_loopback else 1),
    ]


def _version_of_embedding(embedding: types_pb2.Embedding) -> ModelVersion:
    return ModelVersion(embedding.model_version, embedding.preprocess_version)


def _priority(bulk: bool) -> types_pb2.Priority:
    return types_pb2.PRIORITY_BULK if bulk else types_pb2.PRIORITY_INTERACTIVE
