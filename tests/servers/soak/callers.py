"""Those who call during a soak test. Each checks every answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import httpx
import numpy as np

from armoire import AnalyzedItem, ArmoireError, Client, ImageAnalysis, IndexingJobState, NotFound, Product
from tests.servers.soak.ledger import Ledger
from tests.servers.soak.site import Site

T = TypeVar("T")
BOX_PX = 0.5
SCORE = 1e-3
COSINE = 0.9999
PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that stays in the catalogue, with the answer it had before the load."""

    name: str
    content: bytes
    image_id: str
    analysis: ImageAnalysis


@dataclass(eq=False)
class Scene:
    """What the callers share. `deleted` holds the ids of images that no later answer may name."""

    site: Site
    ledger: Ledger
    pictures: Sequence[Picture]
    variants: Callable[[int], tuple[str, bytes]]
    stop: threading.Event = field(default_factory=threading.Event)
    deleted: set[str] = field(default_factory=set)
    living: dict[str, int] = field(default_factory=dict)

    def called(self, name: str, call: Callable[[], T]) -> T | None:
        """The answer of one call, which is counted; None if it failed."""
        started_s = time.monotonic()
        try:
            answer = call()
        except ArmoireError as error:
            self.ledger.count(name, error.code, time.monotonic() - started_s, str(error))
            return None
        self.ledger.count(name, "OK", time.monotonic() - started_s)
        return answer

    def posted(self, name: str, client: httpx.Client, path: str, **parts: Any) -> dict[str, Any] | None:
        """The JSON that a POST is answered with; None if it failed."""
        started_s = time.monotonic()
        try:
            response = client.post(path, **parts)
        except httpx.TransportError as error:
            self.ledger.count(name, type(error).__name__, time.monotonic() - started_s, str(error))
            return None
        took_s = time.monotonic() - started_s
        if response.is_error:
            self.ledger.count(name, f"HTTP {response.status_code}", took_s, response.text[:200])
            return None
        self.ledger.count(name, "OK", took_s)
        return dict(response.json())

    def insisted(self, name: str, call: Callable[[], T]) -> T | None:
        """The answer of a call that is made until it succeeds; None if it cannot, or at the end."""
        while not self.stop.is_set():
            answer = self.called(name, call)
            if answer is not None:
                return answer
            self.stop.wait(PAUSE_S)
        return None


def analyzes(scene: Scene, number: int) -> None:
    """Analyzes photos over gRPC; all answers equal those from before the load."""
    with scene.site.client() as client:
        while not scene.stop.is_set():
            picture = scene.pictures[number % len(scene.pictures)]
            number += 1
            answer = scene.called(
                "gRPC Analyze", partial(client.analyze, picture.content, include_embeddings=True)
            )
            if answer is not None and not same_analysis(answer, picture.analysis):
                scene.ledger.accuse(f"Analyze of {picture.name} differs from before")


def analyzes_over_http(scene: Scene, number: int) -> None:
    """Posts photos as forms; their boxes and labels equal those from before the load."""
    with scene.site.http() as client:
        while not scene.stop.is_set():
            picture = scene.pictures[number % len(scene.pictures)]
            number += 1
            answer = scene.posted(
                "HTTP Analyze", client, "/v1/analyze", files={"image": (picture.name, picture.content)}
            )
            scene.stop.wait(PAUSE_S if answer is None else 0.0)
            if answer is not None and labels_of(answer) != [item.label for item in picture.analysis.items]:
                scene.ledger.accuse(f"POST /v1/analyze of {picture.name} differs from before")


def searches(scene: Scene, number: int) -> None:
    """Searches with photos that stay: each is found, and nothing that was deleted before the search."""
    with scene.site.client() as client:
        while not scene.stop.is_set():
            picture = scene.pictures[number % len(scene.pictures)]
            number, gone = number + 1, frozenset(scene.deleted)
            answer = scene.called("gRPC Search", partial(client.search, picture.content, top_k=20))
            if answer is not None:
                found = [hit.item.image_id for query in answer.queries for hit in query.hits]
                _check_found(scene, picture, found, gone)


def searches_over_http(scene: Scene, number: int) -> None:
    """Like `searches`, with JSON over HTTP by text and with forms by photo."""
    with scene.site.http() as client:
        while not scene.stop.is_set():
            picture = scene.pictures[number % len(scene.pictures)]
            number, gone = number + 1, frozenset(scene.deleted)
            form = {"image": (picture.name, picture.content)}
            answer = scene.posted("HTTP Search", client, "/v1/search", files=form, data={"top_k": "20"})
            scene.stop.wait(PAUSE_S if answer is None else 0.0)
            if answer is not None:
                hits = [hit for query in answer["queries"] for hit in query.get("hits", [])]
                _check_found(scene, picture, [hit["item"]["imageId"] for hit in hits], gone)


def _check_found(scene: Scene, picture: Picture, found: Sequence[str], gone: frozenset[str]) -> None:
    if picture.image_id not in found:
        scene.ledger.accuse(f"Search with {picture.name} does not find it")
    if gone & set(found):
        scene.ledger.accuse(f"Search with {picture.name} finds images that were deleted before it")


def keeps_products(scene: Scene, number: int) -> None:
    """Makes products with a photo, finds, changes and deletes them; every third one stays."""
    with scene.site.client() as client:
        while not scene.stop.is_set():
            _one_product(scene, client, number)
            number += 100


def _one_product(scene: Scene, client: Client, number: int) -> None:
    name, content = scene.variants(number)
    product = Product(f"Soak {number}", external_id=f"soak-{number}")
    job = scene.insisted(
        "gRPC IndexImage", lambda: client.index(content, product=product, idempotency_key=f"soak-{number}")
    )
    if job is None:
        return
    done = scene.insisted("gRPC WatchJob", lambda: client.wait_for_indexing_job(job.id))
    if done is None:
        return
    if done.state is not IndexingJobState.COMPLETE or not done.items:
        scene.ledger.accuse(f"the job of {name} is {done.state} with {len(done.items)} items: {done.error}")
        return
    image_id, product_id = done.image_id, done.product_id
    scene.living[image_id] = len(done.items)
    _find(scene, client, name, content, image_id)
    _change(scene, client, product_id, number)
    if number // 100 % 3:
        _delete(scene, client, product_id, image_id)


def _find(scene: Scene, client: Client, name: str, content: bytes, image_id: str) -> None:
    answer = scene.insisted("gRPC Search", lambda: client.search(content, top_k=20))
    if answer is None:
        return
    if image_id not in {hit.item.image_id for query in answer.queries for hit in query.hits}:
        scene.ledger.accuse(f"{name} is indexed and is not found")


def _change(scene: Scene, client: Client, product_id: str, number: int) -> None:
    changed = Product(f"Soak {number}, changed", brand="Loom", id=product_id)
    updated = scene.insisted("gRPC UpdateProduct", lambda: client.update_product(changed))
    read = scene.insisted("gRPC GetProduct", lambda: client.get_product(product_id))
    if updated and read and (read.display_name, read.brand) != (changed.display_name, "Loom"):
        scene.ledger.accuse(f"product {number} reads {read.display_name!r} after its change")


def _delete(scene: Scene, client: Client, product_id: str, image_id: str) -> None:
    def delete() -> bool:
        try:
            client.delete_product(product_id)
        except NotFound:  # an earlier try was not answered
            return True
        return True

    del scene.living[image_id]
    if not scene.insisted("gRPC DeleteProduct", delete):
        scene.living[image_id] = -1  # nobody knows
        return
    scene.deleted.add(image_id)
    if scene.insisted("gRPC GetProduct", lambda: _is_gone(client, product_id)) is False:
        scene.ledger.accuse(f"a product is still there after its deletion: {product_id}")


def _is_gone(client: Client, product_id: str) -> bool:
    try:
        product = client.get_product(product_id)
    except NotFound:
        return True
    return product.delete_time is not None


def same_analysis(one: ImageAnalysis, other: ImageAnalysis) -> bool:
    """Whether two analyses tell the same, up to rounding that depends on the batch."""
    pairs = list(zip(one.items, other.items, strict=False))
    return len(one.items) == len(other.items) and all(_same_item(a, b) for a, b in pairs)


def _same_item(one: AnalyzedItem, other: AnalyzedItem) -> bool:
    boxes = np.abs(np.subtract(one.box.xyxy, other.box.xyxy)).max() <= BOX_PX
    told = (one.label, one.accepted, sorted(one.attributes)) == (
        *(other.label, other.accepted),
        sorted(other.attributes),
    )
    return bool(boxes and told and abs(one.score - other.score) <= SCORE and _same_direction(one, other))


def _same_direction(one: AnalyzedItem, other: AnalyzedItem) -> bool:
    if one.embedding is None or other.embedding is None:
        return one.embedding is other.embedding
    return float(np.dot(one.embedding.values, other.embedding.values)) >= COSINE


def labels_of(answer: dict[str, Any]) -> list[str]:
    """The labels of the one photo of a response in JSON."""
    (result,) = answer["results"]
    if "error" in result:
        return [json.dumps(result["error"])]
    return [item["label"] for item in result["analysis"].get("items", [])]
