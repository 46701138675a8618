"""How a command's output reads, and what its tests expect of a refused photo."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from armoire.v1 import indexing_pb2

REFUSED = {
    "code": "INVALID_ARGUMENT",
    "reason": "NOT_AN_IMAGE",
    "field": "content",
    "message": "content: must be a picture",
}


JOB = {
    "job_id": "job-1",
    "image": "dress.jpg",
    "image_id": "image-1",
    "product_id": None,
    "state": "COMPLETE",
    "attempts": 0,
    "priority": "interactive",
    "searchable": True,
    "items": [{"item_id": "item-1", "label": "dress", "primary_in_image": True, "primary_in_product": False}],
    "error": None,
    "near_duplicate_of": None,
    "create_time": None,
}
"""The document of the `job` that is COMPLETE."""

PRODUCT = {
    "product_id": "product-1",
    "external_id": None,
    "display_name": "Red dress",
    "description": "",
    "brand": "Smith, Sons",
    "category": "dress",
    "product_type": "",
    "price": {"amount": "19.9", "currency": "EUR"},
    "list_price": None,
    "url": "",
    "availability": None,
    "attributes": {},
    "primary_item_id": None,
    "etag": "e1",
    "create_time": "2023-11-14T22:13:20+00:00",
    "update_time": None,
    "delete_time": None,
}
"""The document of the `product`."""


def documents(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def is_bad(request: Any) -> bool:
    """Whether it holds the second of the `photos`."""
    image = request.images[0] if hasattr(request, "images") else request.image
    return bool(image.content == b"not a picture")


def jobs_of(requests: Iterator[Any], outcome: Callable[[Any], Any]) -> indexing_pb2.IndexImagesResponse:
    """The reply of IndexImages that gives each request the job or status that `outcome` names."""
    results = []
    for request in requests:
        found = outcome(request)
        name = "job" if isinstance(found, indexing_pb2.IndexingJob) else "error"
        results.append(indexing_pb2.IndexImagesResult(id=request.id, **{name: found}))
    return indexing_pb2.IndexImagesResponse(results=results)
