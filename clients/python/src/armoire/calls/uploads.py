"""Calls of uploads."""

from __future__ import annotations

import hashlib

from armoire.call import Call, call_of
from armoire.errors import FieldViolation, InvalidInput
from armoire.messages.types import time_from_proto
from armoire.v1 import uploads_pb2
from armoire.values.uploads import UploadTarget


def create_upload(media_type: str, size_bytes: int, sha256: str = "") -> Call[UploadTarget]:
    return call_of(
        "armoire.v1.CatalogService/CreateUpload",
        uploads_pb2.CreateUploadRequest(media_type=media_type, size_bytes=size_bytes, sha256=sha256),
        uploads_pb2.CreateUploadResponse,
        lambda reply: UploadTarget(
            reply.upload_id, reply.url, dict(reply.headers), time_from_proto(reply.expire_time)
        ),
    )


def create_upload_of(content: bytes) -> Call[UploadTarget]:
    """Announces these bytes. Raises InvalidInput if they are no JPEG, PNG or WebP."""
    return create_upload(media_type_of(content), len(content), hashlib.sha256(content).hexdigest())


def media_type_of(content: bytes) -> str:
    """The media type of an encoded picture, by its first bytes.

    Raises:
        InvalidInput: it is no JPEG, PNG or WebP.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    problem = "must be a JPEG, PNG or WebP"
    violations = [FieldViolation("content", problem)]
    raise InvalidInput(f"content: {problem}", code="INVALID_ARGUMENT", violations=violations)
