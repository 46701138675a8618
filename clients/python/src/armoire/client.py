"""The blocking client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Self, TypeVar

from armoire import calls
from armoire.calls import Where
from armoire.errors import ArmoireError, NotFound, Unavailable, Unimplemented
from armoire.photos import Photo, PhotoSource
from armoire.results import (
    Detections,
    Embedding,
    Health,
    ImageAnalysis,
    ImageEmbeddings,
    Item,
    Job,
    JobState,
    Limits,
    Model,
    Page,
    Product,
    SearchResult,
)
from armoire.retries import RetryPolicy
from armoire.transport import BlockingTransport, Call

T = TypeVar("T")

DEFAULT_ADDRESS = "127.0.0.1:50051"
TIMEOUT_S = 30.0
WAIT_TIMEOUT_S = 600.0


class Client:
    """Talks to an Armoire server; calls block. Threads may share one. Use it in a `with`, or close it.

    Every call takes `timeout_s`, for all its tries together; without one, that of the client counts.
    Where a call names the model it wants, the server refuses it if it serves another one.
    Calls raise `ArmoireError`s, and ValueError for arguments that contradict each other.

    Args:
        address: HOST:PORT of the server.
        timeout_s: for calls that do not say.
        retries: when to try again what may safely be repeated; `RetryPolicy()` unless given.
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        timeout_s: float = TIMEOUT_S,
        retries: RetryPolicy | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._transport = BlockingTransport(address, retries or RetryPolicy())

    def health(self, *, timeout_s: float | None = None) -> Health:
        """Whether the server takes calls, and the state of each service it has. Never retried."""
        states: dict[str, str] = {}
        for service in ("", *calls.SERVICES):
            with suppress(NotFound):
                states[service] = self._run(calls.check_health(service), timeout_s)
        return Health(states.pop("", "") == "SERVING", states)

    def models(self, *, timeout_s: float | None = None) -> tuple[Model, ...]:
        """The loaded models with their provenance and parity figures."""
        return self._run(calls.list_models(), timeout_s)

    def limits(self, *, timeout_s: float | None = None) -> Limits:
        """What the server holds requests to, for each service it offers."""
        inference, catalog = None, None
        with suppress(Unimplemented):
            inference = self._run(calls.get_inference_limits(), timeout_s)
        with suppress(Unimplemented):
            catalog = self._run(calls.get_catalog_limits(), timeout_s)
        return Limits(inference, catalog)

    def detect(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> Detections:
        """Finds the garments in a photo."""
        return self._run(calls.only(calls.detect([photo], min_score, model_version)), timeout_s)

    def detect_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Detections | ArmoireError, ...]:
        """Like `detect` for several photos in one call: a result or an error for each, in their order."""
        return self._run(calls.detect(photos, min_score, model_version), timeout_s)

    def embed_image(
        self,
        photo: PhotoSource | Photo,
        *,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageEmbeddings:
        """Embeds a whole photo, or its boxes where it comes with some."""
        return self._run(calls.only(calls.embed_images([photo], model_version)), timeout_s)

    def embed_images(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageEmbeddings | ArmoireError, ...]:
        """Like `embed_image` for several photos in one call: a result or an error for each."""
        return self._run(calls.embed_images(photos, model_version), timeout_s)

    def embed_text(
        self, text: str, *, model_version: str | None = None, timeout_s: float | None = None
    ) -> Embedding:
        """Embeds a text into the space of the photos."""
        return self._run(calls.only(calls.embed_texts([text], model_version)), timeout_s)

    def embed_texts(
        self, texts: Sequence[str], *, model_version: str | None = None, timeout_s: float | None = None
    ) -> tuple[Embedding | ArmoireError, ...]:
        """Like `embed_text` for several texts in one call: a result or an error for each."""
        return self._run(calls.embed_texts(texts, model_version), timeout_s)

    def analyze(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageAnalysis:
        """Finds, describes and embeds the garments in a photo."""
        call = calls.analyze(
            [photo], min_score, include_crops, include_embeddings, detector_version, embedder_version
        )
        return self._run(calls.only(call), timeout_s)

    def analyze_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageAnalysis | ArmoireError, ...]:
        """Like `analyze` for several photos in one call: a result or an error for each."""
        call = calls.analyze(
            photos, min_score, include_crops, include_embeddings, detector_version, embedder_version
        )
        return self._run(call, timeout_s)

    def create_product(
        self, product: Product, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> Product:
        """Creates a product. The same key creates once; without one the client makes a fresh one."""
        return self._run(calls.create_product(product, idempotency_key), timeout_s)

    def get_product(self, product_id: str, *, timeout_s: float | None = None) -> Product:
        """The product with this id."""
        return self._run(calls.get_product(product_id), timeout_s)

    def list_products(
        self, *, page_size: int = 0, page_token: str = "", timeout_s: float | None = None
    ) -> Page[Product]:
        """A page of products, newest first."""
        return self._run(calls.list_products(page_size, page_token), timeout_s)

    def update_product(
        self, product: Product, fields: Sequence[str], *, timeout_s: float | None = None
    ) -> Product:
        """Changes the named fields to what `product` says. Its etag, where set, must still match."""
        return self._run(calls.update_product(product, fields), timeout_s)

    def delete_product(self, product_id: str, *, etag: str = "", timeout_s: float | None = None) -> None:
        """Removes a product with its photos and items. The etag, where set, must still match."""
        self._run(calls.delete_product(product_id, etag), timeout_s)

    def index(
        self,
        photo: PhotoSource | Photo,
        *,
        image_name: str | None = None,
        product_id: str = "",
        product: Product | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Job:
        """Stores a photo and queues it, for a product that exists or one to create with it.

        The same key queues once and gets the first job; without one the client makes a fresh one.
        `image_name` is the file's name unless given.
        """
        call = calls.index(photo, image_name, product_id, product, idempotency_key)
        return self._run(call, timeout_s)

    def get_job(self, job_id: str, *, timeout_s: float | None = None) -> Job:
        """The job with this id."""
        return self._run(calls.get_job(job_id), timeout_s)

    def list_jobs(
        self,
        *,
        states: Sequence[JobState] = (),
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Job]:
        """A page of jobs, newest first; only those in `states` where some are named."""
        return self._run(calls.list_jobs(page_size, page_token, states), timeout_s)

    def watch_job(self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> Iterator[Job]:
        """The job now and after every change, until it is COMPLETE or FAILED."""
        return self._transport.stream(calls.watch_job(job_id), timeout_s)

    def wait(self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> Job:
        """The job once it is COMPLETE, or FAILED, with its error.

        The items of a complete job can be found, unless it is not `searchable`: its photo is gone, or
        another model is served now.
        """
        for job in self.watch_job(job_id, timeout_s=timeout_s):
            if job.state.final:
                return job
        raise Unavailable(f"the watch of job {job_id} ended before the job did", code="UNAVAILABLE")

    def get_item(
        self,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
        timeout_s: float | None = None,
    ) -> Item:
        """The item with this id."""
        return self._run(calls.get_item(item_id, include_embedding, include_crop), timeout_s)

    def list_items(
        self,
        *,
        product_id: str = "",
        image_id: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Item]:
        """A page of items, newest first; only those of a product or a photo where one is named."""
        call = calls.list_items(page_size, page_token, product_id, image_id)
        return self._run(call, timeout_s)

    def delete_image(self, image_id: str, *, timeout_s: float | None = None) -> None:
        """Removes a photo with its items and stored pictures."""
        self._run(calls.delete_image(image_id), timeout_s)

    def search(
        self,
        photo: PhotoSource | Photo | None = None,
        *,
        text: str | None = None,
        item_id: str | None = None,
        embedding: Embedding | Sequence[float] | None = None,
        where: Where = (),
        top_k: int = 10,
        include_crops: bool = False,
        rerank: bool = True,
        timeout_s: float | None = None,
    ) -> SearchResult:
        """Finds items that look like a photo, a text, an item or an embedding: give exactly one.

        `where` is a text such as "category=dress,price<50", or conditions. Without `rerank` the order
        is by similarity alone.
        """
        call = calls.search(photo, text, item_id, embedding, where, top_k, include_crops, rerank)
        return self._run(call, timeout_s)

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _run(self, call: Call[T], timeout_s: float | None) -> T:
        return self._transport.run(call, self._timeout_s if timeout_s is None else timeout_s)
