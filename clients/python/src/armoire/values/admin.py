"""Keys that open a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.inference import AnalyzedItem
from armoire.values.types import Box, Priority, WireEnum


class Scope(WireEnum):
    """What a key may do.

    INFER: detect, embed, analyze. READ: search and read. WRITE: index, change, delete. REVIEW: correct.
    ADMIN: keys and models.
    """

    INFER = "INFER"
    READ = "READ"
    WRITE = "WRITE"
    REVIEW = "REVIEW"
    ADMIN = "ADMIN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its text.

    Attributes:
        id: the first part of the text, which is no secret.
        expire_time: None if it does not expire.
        revoke_time: None unless it was revoked.
        last_use_time: to the minute; None if it was never used.
    """

    id: str
    name: str
    tenant: str
    scopes: tuple[Scope, ...]
    create_time: datetime | None = None
    expire_time: datetime | None = None
    revoke_time: datetime | None = None
    last_use_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class TenantUse:
    """What a tenant keeps: the items of its photos, and the bytes of the photos as they were sent."""

    items: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a tenant may use. Of each limit, 0 is none, and None the server's setting.

    Attributes:
        requests_per_minute: how many calls.
        megapixels_per_minute: how many millions of pixels of pictures and their boxes, together.
        max_items: how many items it may keep.
        max_bytes: how many bytes of photos, as they were sent, it may keep.
        use: what it keeps, where it was read and the server keeps a catalogue.
        log_predictions: whether its photos and texts may be in the prediction log.
        etag: changes with every change; an update with that of an earlier state raises `Conflict`.
    """

    id: str
    requests_per_minute: int | None = None
    megapixels_per_minute: int | None = None
    max_items: int | None = None
    max_bytes: int | None = None
    use: TenantUse | None = None
    log_predictions: bool | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class LoggedPrediction:
    """What the models said of one photo or text of a call.

    Attributes:
        method: Analyze, Detect, EmbedImage or EmbedText.
        detector_version, embedder_version, classifier_version: "" where no such model took part.
        sha256: of the photo as it was sent, or of the text in UTF-8.
        image_width, image_height: of the upright photo; 0 where it is a text, or was only embedded.
        text: "" unless the server keeps texts.
        boxes: those that the request gave.
        items: what was found; embeddings were rounded to float16. A text is an item with an embedding alone.
        has_picture: whether the server keeps the photo.
        picture: the photo as it was sent, where asked for and kept.
    """

    id: str
    tenant: str
    method: str
    request_id: str
    sha256: str
    size_bytes: int
    items: tuple[AnalyzedItem, ...] = ()
    create_time: datetime | None = None
    detector_version: str = ""
    detector_preprocess_version: str = ""
    embedder_version: str = ""
    embedder_preprocess_version: str = ""
    classifier_version: str = ""
    classifier_preprocess_version: str = ""
    image_width: int = 0
    image_height: int = 0
    text: str = ""
    min_score: float | None = None
    priority: Priority = Priority.INTERACTIVE
    boxes: tuple[Box, ...] = ()
    has_picture: bool = False
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """What a process of the server was doing.

    Attributes:
        speedscope_json: a file for https://www.speedscope.app.
        cpu_s: that the process used meanwhile.
        sampling_cpu_s: what sampling took of it.
    """

    speedscope_json: str = field(repr=False)
    process_id: int
    cpu_s: float
    sampling_cpu_s: float


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key with its text, which the server does not tell again."""

    api_key: ApiKey
    key: str = field(repr=False)
