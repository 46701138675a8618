"""The catalogue's `Analyzer` as a client of InferenceService."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import grpc

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2
from domain.calls import CURRENT_CALL
from domain.errors import Unavailable
from domain.types import Box, Detection, FloatArray, ImageAnalysis, ModelVersion
from services.edge.conversion import (
    analysis_from_proto,
    box_to_proto,
    detection_from_proto,
    embedding_from_proto,
)
from services.edge.interceptors import REQUEST_ID_KEY
from services.remote.errors import error_from_rpc, raise_error

R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class RemotelyDetected:
    """A photo with its boxes, kept encoded for the second call; width and height are 0 until that answers."""

    content: bytes
    detections: tuple[Detection, ...]
    exact: bool
    width: int = 0
    height: int = 0


class RemoteAnalyzer:
    """Detect, then Analyze with the boxes found, so that the caller sees both stages.

    Which model answers is asked once, and again after a call failed or another model answered.
    Raises what the server raised, as domain errors; Unavailable where it cannot be reached.
    """

    def __init__(self, address: str, *, timeout_s: float = 30.0, max_message_bytes: int = 64 * 2**20) -> None:
        self._address = address
        self._timeout_s = timeout_s
        options = _channel_options(address, max_message_bytes)
        self._channel = grpc.aio.insecure_channel(address, options=options)
        self._known: inference_pb2.Model | None = None
        self._stub = inference_pb2_grpc.InferenceServiceStub(self._channel)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._channel.close(None)

    async def version(self) -> ModelVersion:
        return _version_of(await self._image_model())

    async def embedding_width(self) -> int:
        return (await self._image_model()).embedding_width

    async def logit_scale(self) -> float:
        scale = (await self._image_model()).logit_scale
        if scale <= 0:
            raise Unavailable(f"the server at {self._address} is too old: its embedder has no logit_scale")
        return scale

    async def _image_model(self) -> inference_pb2.Model:
        if self._known is None:
            self._known = await self._ask_for_image_model()
        return self._known

    async def _ask_for_image_model(self) -> inference_pb2.Model:
        request = inference_pb2.ListModelsRequest()
        model: inference_pb2.Model
        for model in (await self._call(self._stub.ListModels, request)).models:
            if model.task == inference_pb2.MODEL_TASK_EMBED_IMAGE:
                return model
        raise Unavailable(f"the server at {self._address} has no image encoder loaded")

    def _note_version(self, version: ModelVersion) -> None:
        if self._known is not None and _version_of(self._known) != version:
            self._known = None

    async def detect(
        self, content: bytes, boxes: Sequence[Box] = (), *, bulk: bool = False
    ) -> RemotelyDetected:
        if boxes:
            return RemotelyDetected(content, tuple(Detection(box, 1.0, "") for box in boxes), True)
        request = inference_pb2.DetectRequest(
            images=[types_pb2.ImageInput(content=content)], priority=_priority(bulk)
        )
        (result,) = (await self._call(self._stub.Detect, request)).results
        raise_error(result)
        found = result.detections
        detections = tuple(detection_from_proto(detection) for detection in found.detections)
        return RemotelyDetected(content, detections, False, found.image_width, found.image_height)

    async def describe(
        self, detected: RemotelyDetected, *, include_crops: bool = False, bulk: bool = False
    ) -> ImageAnalysis:
        boxes = [box_to_proto(detection.box) for detection in detected.detections]
        request = inference_pb2.AnalyzeRequest(
            images=[types_pb2.ImageInput(content=detected.content, boxes=boxes)],
            include_crops=include_crops,
            include_embeddings=True,
            boxes_are_detections=not detected.exact,
            priority=_priority(bulk),
        )
        (result,) = (await self._call(self._stub.Analyze, request)).results
        raise_error(result)
        analysis = analysis_from_proto(result.analysis)
        self._note_version(analysis.embedder)
        return _relabelled(analysis, detected)

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
        # A proxy set for the web has no business between two programs of one machine.
        ("grpc.enable_http_proxy", 0 if is_loopback else 1),
    ]


def _version_of(model: inference_pb2.Model) -> ModelVersion:
    return ModelVersion(model.version, model.preprocess_version)


def _version_of_embedding(embedding: types_pb2.Embedding) -> ModelVersion:
    return ModelVersion(embedding.model_version, embedding.preprocess_version)


def _priority(bulk: bool) -> inference_pb2.Priority:
    return inference_pb2.PRIORITY_BULK if bulk else inference_pb2.PRIORITY_INTERACTIVE


def _relabelled(analysis: ImageAnalysis, detected: RemotelyDetected) -> ImageAnalysis:
    """Puts the detector's score and label back on the items its boxes became; they come in the same order."""
    if detected.exact:
        return analysis
    named = tuple(
        replace(item, score=detection.score, label=detection.label)
        for item, detection in zip(analysis.items, detected.detections, strict=False)
    )
    return replace(analysis, items=named + analysis.items[len(named) :])
