"""Errors inside replies: a call that goes well may still bring one for an input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from armoire.errors import ArmoireError
from armoire.status import error_from_status
from armoire.v1 import inference_pb2


def error_finder(path: str) -> Callable[[bytes], ArmoireError | None]:
    """Finds the first error in a reply of the method at `path`."""
    kinds: dict[str, type[Any]] = {
        "Analyze": inference_pb2.AnalyzeResponse,
        "Detect": inference_pb2.DetectResponse,
        "EmbedImage": inference_pb2.EmbedImageResponse,
        "EmbedText": inference_pb2.EmbedTextResponse,
    }
    kind = kinds.get(path.rpartition("/")[2])
    if kind is None:
        return lambda _: None

    def find(reply: bytes) -> ArmoireError | None:
        for result in kind.FromString(reply).results:
            if result.HasField("error"):
                return error_from_status(result.error)
        return None

    return find
