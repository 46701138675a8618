"""The failures that a caller may meet, each with the ways to provoke it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration

from armoire.v1 import (
    images_pb2,
    indexing_pb2,
    inference_pb2,
    items_pb2,
    models_pb2,
    products_pb2,
    search_pb2,
    types_pb2,
)
from services.oip.stubs import open_inference_pb2 as pb
from tests.integration.failures.served import (
    BULK_STREAMS,
    MAX_BYTES_KEPT,
    MAX_IMAGE_BYTES,
    MAX_MESSAGE_BYTES,
    MEGAPIXELS_PER_MINUTE,
    PHOTO,
    Edge,
)
from tests.integration.failures.ways import (
    CATALOG,
    FORM,
    INFERENCE,
    MODELS,
    OPEN,
    REST,
    Form,
    Http,
    Infer,
    Rest,
    Unsent,
    Way,
    first_result,
    own_error,
    rpc,
)

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
NO_PHOTO = b"hello, I am a photo"
LARGE_PHOTO = b"\xff\xd8\xff" + bytes(MAX_IMAGE_BYTES)
CONTENT_TYPES = {
    "Connect": "application/proto",
    "JSON": "application/json",
    "gRPC-Web": "application/grpc-web+proto",
}
BIG_FILE = PHOTO + bytes(MAX_BYTES_KEPT)[len(PHOTO) :]
"""A photo of as many bytes as all that are kept; one is kept already."""
LARGE_MESSAGE = bytes(MAX_MESSAGE_BYTES + 1)


@dataclass(eq=False)
class World:
    """The edges by their state, and what is in the catalogue."""

    edges: dict[str, Edge]
    blobs: Path
    detector: str = ""
    product: products_pb2.Product = field(default_factory=products_pb2.Product)
    other: products_pb2.Product = field(default_factory=products_pb2.Product)
    job_id: str = ""


Ways = Callable[[World], Sequence[Way]]
During = Callable[[World], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Failure:
    """One failure: the status that all callers are told, and how it comes about on an edge."""

    title: str
    code: str
    reason: str
    http: int
    ways: Ways
    edge: str = "plain"
    during: During = lambda _: nullcontext()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header says it is that large; its data is one black row."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def photo(content: bytes = PHOTO, **fields: Any) -> types_pb2.ImageInput:
    return types_pb2.ImageInput(content=content, **fields)


def of_image(image: types_pb2.ImageInput) -> list[Way]:
    """All calls that take a photo."""
    analyze = inference_pb2.AnalyzeRequest(images=[image])
    embed = inference_pb2.EmbedImageRequest(images=[image])
    analyzed = inference_pb2.AnalyzeStreamRequest(id="a", image=image)
    embedded = inference_pb2.EmbedStreamRequest(id="a", image=image)
    return [
        rpc(f"{INFERENCE}/Analyze", analyze, pick=first_result),
        rpc(f"{INFERENCE}/EmbedImage", embed, pick=first_result),
        rpc(f"{INFERENCE}/AnalyzeStream", analyzed, pick=own_error),
        rpc(f"{INFERENCE}/EmbedStream", embedded, pick=own_error),
    ]


def of_photo(content: bytes) -> list[Way]:
    """All calls and forms that take a photo's bytes."""
    image = photo(content)
    analyzed, parts = inference_pb2.AnalyzeResponse, [("image", content)]
    return [
        *of_image(image),
        rpc(
            f"{INFERENCE}/Detect",
            inference_pb2.DetectRequest(images=[image]),
            pick=first_result,
        ),
        rpc(f"{CATALOG}/Search", search_pb2.SearchRequest(image=image)),
        rpc(f"{CATALOG}/IndexImage", indexing_pb2.IndexImageRequest(image=image)),
        rpc(
            f"{CATALOG}/IndexImages",
            indexing_pb2.IndexImagesRequest(id="a", image=image),
            pick=first_result,
        ),
        Form("/v1/analyze", parts, analyzed),
        Form("/v1/search", parts),
        Form("/v1/index", parts),
        *(Infer(job, "image", content) for job in ("detect", "embed", "analyze")),
    ]


def of_pixels(content: bytes) -> list[Way]:
    """All calls that count the pixels of a photo, and fail as a whole."""
    image, parts = photo(content), [("image", content)]
    return [
        rpc(f"{INFERENCE}/Analyze", inference_pb2.AnalyzeRequest(images=[image])),
        rpc(f"{INFERENCE}/EmbedImage", inference_pb2.EmbedImageRequest(images=[image])),
        rpc(f"{INFERENCE}/Detect", inference_pb2.DetectRequest(images=[image])),
        rpc(f"{CATALOG}/Search", search_pb2.SearchRequest(image=image)),
        rpc(f"{CATALOG}/IndexImage", indexing_pb2.IndexImageRequest(image=image)),
        *(Form(f"/v1/{name}", parts) for name in ("analyze", "search", "index")),
        *(Infer(job, "image", content) for job in ("detect", "embed", "analyze")),
    ]


def of_streamed_pixels(content: bytes) -> list[Way]:
    """The streams that count the pixels of each photo, and wait while there are too many."""
    image = photo(content)
    analyzed = inference_pb2.AnalyzeStreamRequest(id="a", image=image)
    embedded = inference_pb2.EmbedStreamRequest(id="a", image=image)
    indexed = indexing_pb2.IndexImagesRequest(id="a", image=image)
    return [
        rpc(f"{INFERENCE}/AnalyzeStream", analyzed, pick=own_error),
        rpc(f"{INFERENCE}/EmbedStream", embedded, pick=own_error),
        rpc(f"{CATALOG}/IndexImages", indexed, pick=first_result),
    ]


def of_text(text: str) -> list[Way]:
    request = inference_pb2.EmbedTextRequest(texts=[text])
    return [
        rpc(f"{INFERENCE}/EmbedText", request, pick=first_result),
        rpc(f"{CATALOG}/Search", search_pb2.SearchRequest(text=text)),
        Form("/v1/search", [("text", text)]),
        Infer("embed_text", "text", text.encode()),
    ]


def of_search(**fields: Any) -> list[Way]:
    return [rpc(f"{CATALOG}/Search", search_pb2.SearchRequest(**fields))]


def of_catalog(name: str, request: Any) -> list[Way]:
    return [rpc(f"{CATALOG}/{name}", request)]


def of_models(name: str, request: Any) -> list[Way]:
    return [rpc(f"{MODELS}/{name}", request)]


def by_open_inference(model: str) -> list[Way]:
    """The model is to be loaded by the Open Inference Protocol."""
    return [
        rpc(f"{OPEN}/RepositoryModelLoad", pb.RepositoryModelLoadRequest(model_name=model)),
        Rest(f"/v2/repository/models/{model}/load"),
    ]


def any_call(streamed: bool = True) -> list[Way]:
    """A call of each kind, whatever it is asked."""
    calls: list[Way] = [
        rpc(f"{INFERENCE}/ListModels", inference_pb2.ListModelsRequest()),
        Form("/v1/search", [("text", "hat")]),
        Infer("embed_text", "text", b"hat", stream=False),
        Rest("/v2/repository/index"),
    ]
    if not streamed:
        return calls
    watch = indexing_pb2.WatchIndexingJobRequest(job_id=UNKNOWN_ID)
    return [*calls, rpc(f"{CATALOG}/WatchIndexingJob", watch), *any_stream()]


def any_stream() -> list[Way]:
    return [
        rpc(f"{INFERENCE}/AnalyzeStream", inference_pb2.AnalyzeStreamRequest(id="a", image=photo())),
        rpc(f"{INFERENCE}/EmbedStream", inference_pb2.EmbedStreamRequest(id="a", image=photo())),
        rpc(f"{CATALOG}/IndexImages", indexing_pb2.IndexImagesRequest(id="a", image=photo())),
    ]


def of_large_messages(_: World) -> list[Way]:
    large = photo(LARGE_MESSAGE)
    return [
        rpc(f"{INFERENCE}/Analyze", inference_pb2.AnalyzeRequest(images=[large])),
        rpc(f"{INFERENCE}/AnalyzeStream", inference_pb2.AnalyzeStreamRequest(id="a", image=large)),
        rpc(f"{INFERENCE}/EmbedStream", inference_pb2.EmbedStreamRequest(id="a", image=large)),
        rpc(f"{CATALOG}/IndexImages", indexing_pb2.IndexImagesRequest(id="a", image=large)),
        Form("/v1/analyze", [("image", LARGE_MESSAGE)]),
        Form("/v1/search", [("image", LARGE_MESSAGE)]),
        Infer("analyze", "image", LARGE_MESSAGE),
    ]


def of_late_calls(_: World) -> list[Way]:
    """The time of a gRPC call is also kept by its caller's library, which does not wait for the server."""
    instant = Duration(nanos=1)
    analyze = inference_pb2.AnalyzeRequest(images=[photo()])
    analyzed = inference_pb2.AnalyzeStreamRequest(id="a", image=photo(), timeout=instant)
    embedded = inference_pb2.EmbedStreamRequest(id="a", image=photo(), timeout=instant)
    return [
        rpc(f"{INFERENCE}/Analyze", analyze, late=True, only=("Connect", "JSON", "gRPC-Web")),
        rpc(f"{INFERENCE}/AnalyzeStream", analyzed, pick=own_error),
        rpc(f"{INFERENCE}/EmbedStream", embedded, pick=own_error),
        Infer("embed", "image", PHOTO, {"timeout": 1}),
    ]


def of_malformed_messages(_: World) -> list[Way]:
    paths = [f"{INFERENCE}/Analyze", f"{INFERENCE}/AnalyzeStream", f"{INFERENCE}/EmbedStream"]
    paths += [f"{CATALOG}/IndexImages", f"{CATALOG}/WatchIndexingJob"]
    only = ("gRPC", "Connect", "gRPC-Web")
    calls: list[Way] = [rpc(path, b"\xff\xff", only=only) for path in paths]
    return [*calls, rpc(f"{OPEN}/ModelStreamInfer", b"\xff\xff", only=("gRPC",))]


def of_malformed_json(_: World) -> list[Way]:
    paths = [f"{INFERENCE}/Analyze", f"{INFERENCE}/AnalyzeStream", f"{CATALOG}/IndexImages"]
    calls: list[Way] = [rpc(path, b"{", only=("JSON",)) for path in paths]
    return [*calls, Form("/v1/search", [("filter", "{")]), Rest("/v2/models/embed/infer", b"{")]


def of_wrong_timeouts(_: World) -> list[Way]:
    """Libraries send none; only the HTTP transports let a caller write one."""
    return [
        Http(
            column,
            f"{INFERENCE}/ListModels",
            kind,
            headers={"grpc-timeout" if column == "gRPC-Web" else "connect-timeout-ms": "soon"},
        )
        for column, kind in CONTENT_TYPES.items()
    ]


def of_unsent_bodies(_: World) -> list[Way]:
    calls: list[Way] = [
        Unsent(column, f"{INFERENCE}/ListModels", kind) for column, kind in CONTENT_TYPES.items()
    ]
    form = Unsent(FORM, "/v1/search", "multipart/form-data; boundary=line")
    return [*calls, form, Unsent(REST, "/v2/models/embed/infer", "application/json")]


def of_unknown_versions(_: World) -> list[Way]:
    image, version = photo(), "another@1"
    return [
        rpc(f"{INFERENCE}/Detect", inference_pb2.DetectRequest(images=[image], model_version=version)),
        rpc(f"{INFERENCE}/Analyze", inference_pb2.AnalyzeRequest(images=[image], detector_version=version)),
        rpc(
            f"{INFERENCE}/AnalyzeStream",
            inference_pb2.AnalyzeStreamRequest(id="a", image=image, detector_version=version),
            pick=own_error,
        ),
        rpc(
            f"{INFERENCE}/EmbedStream",
            inference_pb2.EmbedStreamRequest(id="a", image=image, model_version=version),
            pick=own_error,
        ),
    ]


def of_unknown_methods(_: World) -> list[Way]:
    """The service is not hosted, so neither are its streams, forms and routes."""
    return [
        *any_call(),
        Http("JSON", f"{CATALOG}/Search", "application/json"),
    ]


def of_unknown_numbers(_: World) -> list[Way]:
    product = products_pb2.Product(display_name="hat", availability=99)  # type: ignore[arg-type]
    priority: Any = 99
    text = inference_pb2.EmbedTextRequest(texts=["hat"], priority=priority)
    image = inference_pb2.EmbedStreamRequest(id="a", image=photo(), priority=priority)
    return [
        *of_catalog("CreateProduct", products_pb2.CreateProductRequest(product=product)),
        rpc(f"{INFERENCE}/EmbedText", text),
        *of_search(text="hat", priority=priority),
        rpc(f"{INFERENCE}/EmbedStream", image, pick=own_error),
    ]


def of_wrong_types(_: World) -> list[Way]:
    path = f"{INFERENCE}/ListModels"
    calls: list[Way] = [
        Http(column, path, kind) for column, kind in (("JSON", "text/plain"), ("Connect", "application/grpc"))
    ]
    get = Http("JSON", f"{path}?encoding=xml&message=", "", verb="GET", content=b"")
    return [*calls, get, Http(FORM, "/v1/search", "application/json")]


def of_reused_keys(world: World) -> list[Way]:
    """The world's product was created with the key "key"."""
    product = products_pb2.Product(display_name="another")
    return of_catalog(
        "CreateProduct", products_pb2.CreateProductRequest(product=product, idempotency_key="key")
    )


def of_stale_etags(world: World) -> list[Way]:
    stale = products_pb2.Product(id=world.product.id, display_name="new", etag="stale")
    update = products_pb2.UpdateProductRequest(product=stale)
    update.update_mask.paths.append("display_name")
    delete = products_pb2.DeleteProductRequest(product_id=world.product.id, etag="stale")
    return [*of_catalog("UpdateProduct", update), *of_catalog("DeleteProduct", delete)]


@asynccontextmanager
async def blobs_away(world: World) -> AsyncIterator[None]:
    """A file lies where the folder of the blobs was."""
    aside = world.blobs.with_name("aside")
    world.blobs.rename(aside)
    world.blobs.touch()
    try:
        yield
    finally:
        world.blobs.unlink()
        aside.rename(world.blobs)


@asynccontextmanager
async def all_pixels_sent(world: World) -> AsyncIterator[None]:
    """The tenant has sent as many pixels as it may; one of as many fits once all are forgotten."""
    rates = world.edges["no pixels"].calls.callers.rates
    await rates.take_pixels("default", MEGAPIXELS_PER_MINUTE * 1_000_000)
    yield


@asynccontextmanager
async def all_streams_held(world: World) -> AsyncIterator[None]:
    """As many bulk streams are open as there may be; each has been answered once."""
    edge = world.edges["plain"]
    method = edge.method(f"{INFERENCE}/EmbedStream")
    open_stream = edge.channel.stream_stream(
        method.path, method.request_class.SerializeToString, method.response_class.FromString
    )
    held = [open_stream() for _ in range(BULK_STREAMS)]
    try:
        for stream in held:
            await stream.write(inference_pb2.EmbedStreamRequest(id="a", image=photo()))
            await stream.read()
        yield
    finally:
        for stream in held:
            await stream.done_writing()
            assert await stream.read() is grpc.aio.EOF


def _filter(field: str) -> search_pb2.Filter:
    chosen = search_pb2.StringSet(values=["rose"])
    return search_pb2.Filter(conditions=[search_pb2.Condition(field=field, any_of=chosen)])


def _boxed(x1: float, x2: float) -> list[Way]:
    return of_image(photo(boxes=[types_pb2.Box(x1=x1, y1=10, x2=x2, y2=40)]))


INVALID, MISSING, FAILED = "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"
FAILURES: Sequence[Failure] = (
    Failure("a photo that is no picture", INVALID, "INVALID_INPUT", 400, lambda _: of_photo(NO_PHOTO)),
    Failure("a photo of too many bytes", INVALID, "INVALID_INPUT", 400, lambda _: of_photo(LARGE_PHOTO)),
    Failure(
        "a photo of too many pixels",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: of_photo(png_claiming(10_000, 10_000)),
    ),
    Failure(
        "a photo of more pixels than the tenant may send in a minute",
        *(INVALID, "PIXELS_ABOVE_RATE", 400),
        lambda _: [*of_pixels(png_claiming(1001, 1000)), *of_streamed_pixels(png_claiming(1001, 1000))],
        edge="few pixels",
    ),
    Failure(
        "an image without a photo", INVALID, "INVALID_INPUT", 400, lambda _: of_image(types_pb2.ImageInput())
    ),
    Failure("a box that is none", INVALID, "INVALID_INPUT", 400, lambda _: _boxed(50, 20)),
    Failure("a box outside the photo", INVALID, "INVALID_INPUT", 400, lambda _: _boxed(90_000, 90_020)),
    Failure("an empty text", INVALID, "INVALID_INPUT", 400, lambda _: of_text(" ")),
    Failure("a text that is too long", INVALID, "INVALID_INPUT", 400, lambda _: of_text("a" * 513)),
    Failure(
        "an id of a stream's request that is missing",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: [
            rpc(
                f"{INFERENCE}/AnalyzeStream",
                inference_pb2.AnalyzeStreamRequest(image=photo()),
                pick=own_error,
            ),
            rpc(f"{INFERENCE}/EmbedStream", inference_pb2.EmbedStreamRequest(image=photo()), pick=own_error),
            rpc(f"{CATALOG}/IndexImages", indexing_pb2.IndexImagesRequest(image=photo()), pick=first_result),
        ],
    ),
    Failure("no query", INVALID, "INVALID_INPUT", 400, lambda _: of_search()),
    Failure(
        "too many hits asked for", INVALID, "INVALID_INPUT", 400, lambda _: of_search(text="hat", top_k=101)
    ),
    Failure(
        "a filter of an unknown field",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: of_search(text="hat", filter=_filter("smell")),
    ),
    Failure(
        "a page token that is none",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: of_catalog("ListProducts", products_pb2.ListProductsRequest(page_token="x")),
    ),
    Failure(
        "an id that is none",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: of_catalog("GetItem", items_pb2.GetItemRequest(item_id="x")),
    ),
    Failure(
        "an unknown number of an enum",
        *(INVALID, "INVALID_INPUT", 400),
        of_unknown_numbers,
    ),
    Failure(
        "an unknown name of an enum",
        *(INVALID, "INVALID_INPUT", 400),
        lambda _: [
            rpc(f"{INFERENCE}/Analyze", b'{"priority": "PRIORITY_FIRST"}', only=("JSON",)),
            rpc(f"{INFERENCE}/AnalyzeStream", b'{"priority": "PRIORITY_FIRST"}', only=("JSON",)),
            Form("/v1/analyze", [("priority", "PRIORITY_FIRST")]),
        ],
    ),
    Failure("malformed JSON", INVALID, "INVALID_INPUT", 400, of_malformed_json),
    Failure("a malformed message", INVALID, "INVALID_INPUT", 400, of_malformed_messages),
    Failure("a content type that is not taken", INVALID, "UNSUPPORTED_CONTENT_TYPE", 415, of_wrong_types),
    Failure("a timeout that is none", INVALID, "INVALID_INPUT", 400, of_wrong_timeouts),
    Failure("a message over the limit", "RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE", 429, of_large_messages),
    Failure(
        "an unknown id",
        *(MISSING, "NOT_FOUND", 404),
        lambda _: [
            *of_catalog("GetItem", items_pb2.GetItemRequest(item_id=UNKNOWN_ID)),
            *of_catalog("GetProduct", products_pb2.GetProductRequest(product_id=UNKNOWN_ID)),
            *of_catalog("DeleteImage", images_pb2.DeleteImageRequest(image_id=UNKNOWN_ID)),
            *of_catalog("WatchIndexingJob", indexing_pb2.WatchIndexingJobRequest(job_id=UNKNOWN_ID)),
            *of_search(item_id=UNKNOWN_ID),
            Form("/v1/search", [("item_id", UNKNOWN_ID)]),
        ],
    ),
    Failure(
        "an unknown model",
        *(MISSING, "NOT_FOUND", 404),
        lambda _: [
            *of_models("LoadModel", models_pb2.LoadModelRequest(reference="no-such-model")),
            *of_models("UnloadModel", models_pb2.UnloadModelRequest(version="no-such-model@1")),
            Infer("no-such-model", "image", PHOTO),
            *by_open_inference("no-such-model"),
        ],
    ),
    Failure(
        "an unknown alias",
        *(MISSING, "NOT_FOUND", 404),
        lambda _: of_models(
            "DeleteModelAlias",
            models_pb2.DeleteModelAliasRequest(alias="nightly", task=inference_pb2.MODEL_TASK_DETECT),
        ),
    ),
    Failure("an unknown model version", FAILED, "MODEL_VERSION_MISMATCH", 400, of_unknown_versions),
    Failure(
        "a model that is in use",
        *(FAILED, "MODEL_IN_USE", 400),
        lambda world: of_models("UnloadModel", models_pb2.UnloadModelRequest(version=world.detector)),
    ),
    Failure(
        "a model that does not fit into memory",
        *(FAILED, "MODEL_DOES_NOT_FIT", 400),
        lambda _: [
            *of_models("LoadModel", models_pb2.LoadModelRequest(reference="other-detector")),
            *by_open_inference("other-detector"),
        ],
    ),
    Failure(
        "a job that has ended",
        *(FAILED, "JOB_ENDED", 400),
        lambda world: of_catalog(
            "CancelIndexingJob", indexing_pb2.CancelIndexingJobRequest(job_id=world.job_id)
        ),
    ),
    Failure(
        "a job that has not failed",
        *(FAILED, "JOB_NOT_RETRYABLE", 400),
        lambda world: of_catalog(
            "RetryIndexingJob", indexing_pb2.RetryIndexingJobRequest(job_id=world.job_id)
        ),
    ),
    Failure("a stale etag", "ABORTED", "ETAG_MISMATCH", 409, of_stale_etags),
    Failure(
        "an idempotency key with another content",
        "ALREADY_EXISTS",
        "IDEMPOTENCY_KEY_REUSED",
        409,
        of_reused_keys,
    ),
    Failure(
        "an external id that is taken",
        *("ALREADY_EXISTS", "EXTERNAL_ID_TAKEN", 409),
        lambda world: of_catalog(
            "CreateProduct",
            products_pb2.CreateProductRequest(
                product=products_pb2.Product(display_name="other", external_id=world.product.external_id)
            ),
        ),
    ),
    Failure(
        "a feature that is not offered",
        *("UNIMPLEMENTED", "UNIMPLEMENTED", 501),
        lambda _: [
            *of_image(types_pb2.ImageInput(uri="s3://shop/a.jpg")),
            *of_catalog(
                "Search", search_pb2.SearchRequest(image=types_pb2.ImageInput(uri="s3://shop/a.jpg"))
            ),
        ],
    ),
    Failure("an unknown method", "UNIMPLEMENTED", "UNKNOWN_METHOD", 404, of_unknown_methods, edge="empty"),
    Failure(
        "GET of a call that changes something",
        *("UNIMPLEMENTED", "VERB_NOT_ALLOWED", 405),
        lambda _: [
            Http("JSON", f"{CATALOG}/Search", "application/json", verb="GET"),
            Http(FORM, "/v1/search", "multipart/form-data", verb="GET"),
            Http(REST, "/v2/models/embed_text/infer", "application/json", verb="GET"),
        ],
    ),
    Failure("a deadline that has passed", "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", 504, of_late_calls),
    Failure(
        "an upload that is too slow",
        *("DEADLINE_EXCEEDED", "BODY_TOO_SLOW", 504),
        of_unsent_bodies,
        edge="no time to upload",
    ),
    Failure(
        "too many uploads at a time",
        *("RESOURCE_EXHAUSTED", "OVERLOADED", 429),
        of_unsent_bodies,
        edge="no uploads",
    ),
    Failure(
        "more pixels than the tenant may send in a minute",
        *("RESOURCE_EXHAUSTED", "PIXEL_RATE_LIMITED", 429),
        lambda _: of_pixels(png_claiming(1000, 1000)),
        edge="no pixels",
        during=all_pixels_sent,
    ),
    Failure(
        "more bytes of photos than the tenant may keep",
        *("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", 429),
        lambda _: [
            *of_catalog("IndexImage", indexing_pb2.IndexImageRequest(image=photo(BIG_FILE))),
            rpc(
                f"{CATALOG}/IndexImages",
                indexing_pb2.IndexImagesRequest(id="a", image=photo(BIG_FILE)),
                pick=first_result,
            ),
            Form("/v1/index", [("image", BIG_FILE)]),
        ],
    ),
    Failure(
        "too many calls at a time",
        *("RESOURCE_EXHAUSTED", "OVERLOADED", 429),
        lambda _: [*any_call(streamed=False), Infer("embed_text", "text", b"hat")],
        edge="no calls",
    ),
    Failure(
        "too many streams at a time",
        *("RESOURCE_EXHAUSTED", "OVERLOADED", 429),
        lambda _: [
            *any_stream(),
            *of_catalog("WatchIndexingJob", indexing_pb2.WatchIndexingJobRequest(job_id=UNKNOWN_ID)),
        ],
        edge="no streams",
    ),
    Failure(
        "too many bulk streams at a time",
        *("RESOURCE_EXHAUSTED", "OVERLOADED", 429),
        lambda _: any_stream(),
        during=all_streams_held,
    ),
    Failure(
        "a stream to a server that is shutting down",
        *("UNAVAILABLE", "DRAINING", 503),
        lambda _: [
            *any_stream(),
            rpc(f"{OPEN}/ModelStreamInfer", pb.ModelInferRequest(model_name="embed"), only=("gRPC",)),
        ],
        edge="draining",
    ),
    Failure(
        "a service that is still starting",
        *("UNAVAILABLE", "OPENING", 503),
        lambda _: [
            rpc(f"{INFERENCE}/ListModels", inference_pb2.ListModelsRequest()),
            *of_catalog("WatchIndexingJob", indexing_pb2.WatchIndexingJobRequest(job_id=UNKNOWN_ID)),
            Form("/v1/search", [("text", "hat")]),
        ],
        edge="starting",
    ),
    Failure(
        "the store of photos is away",
        *("UNAVAILABLE", "BLOB_STORE_MISSING", 503),
        lambda _: [
            rpc(f"{CATALOG}/IndexImage", indexing_pb2.IndexImageRequest(image=photo())),
            rpc(
                f"{CATALOG}/IndexImages",
                indexing_pb2.IndexImagesRequest(id="a", image=photo()),
                pick=first_result,
            ),
            Form("/v1/index", [("image", PHOTO)]),
        ],
        during=blobs_away,
    ),
    Failure(
        "a fault of the server",
        *("INTERNAL", "INTERNAL", 500),
        lambda _: [
            rpc(f"{INFERENCE}/ListModels", inference_pb2.ListModelsRequest()),
            rpc(f"{CATALOG}/IndexImages", indexing_pb2.IndexImagesRequest(id="a", image=photo())),
            Form("/v1/search", [("text", "hat")]),
        ],
        edge="broken",
    ),
)
