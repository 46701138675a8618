"""Uploads."""

from __future__ import annotations

from armoire.v1 import uploads_pb2
from services.catalog.resources.uploads import UploadTarget
from services.edge.conversion.types import time_to_proto


def upload_target_to_proto(target: UploadTarget) -> uploads_pb2.CreateUploadResponse:
    return uploads_pb2.CreateUploadResponse(
        upload_id=target.upload_id,
        url=target.url,
        headers=target.headers,
        expire_time=time_to_proto(target.expire_time),
    )
