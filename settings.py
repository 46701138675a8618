"""Everything that can be set, in one frozen tree.

Environment: ARMOIRE_<GROUP>__<NAME>, such as ARMOIRE_GRPC__PORT.

Only the composition roots read this; everything else is given plain values. `python -m settings` prints the
table of docs/settings.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from services.inference.batching.options import (
    CLASSIFIER_BATCHING,
    DETECTOR_BATCHING,
    IMAGE_BATCHING,
    OUTFIT_BATCHING,
    TEXT_BATCHING,
    BatchingOptions,
)
from services.inference.remote_sessions.address import RemoteAddress

PREFIX = "ARMOIRE_"
DELIMITER = "__"
FILE_SUFFIX = "_FILE"
NO_SECRET = SecretStr("")
CLIENT_VARIABLES = frozenset(
    f"ARMOIRE_{name}" for name in ("ADDRESS", "TIMEOUT_S", "API_KEY", "API_KEY_FILE", "CA_FILE")
)
"""Read by the `armoire` command, so a server started from the same shell lets them be."""
ROOT = Path(__file__).resolve().parent
BATCHING = BatchingOptions()


class Group(BaseModel):
    """A frozen group that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GrpcSettings(Group):
    host: str = Field("127.0.0.1", description="Address the gRPC server listens on.")
    port: int = Field(
        50051, ge=0, le=65535, description="Port of the gRPC server; 0 takes a free one (not with edges)."
    )
    socket: str = Field(
        "", description="Unix socket, for this user, that the gRPC server listens on, too; empty: none."
    )
    max_message_mb: int = Field(32, ge=1, le=1024, description="Largest request or response, MiB.")
    max_connections: int = Field(512, ge=1, description="Connections to the gRPC port; more are closed.")
    max_concurrent_calls: int = Field(
        128, ge=1, description="Calls served at a time; more get RESOURCE_EXHAUSTED."
    )
    max_bulk_streams: int = Field(
        64,
        ge=1,
        description="Bulk streams served at a time, such as AnalyzeStream; more get RESOURCE_EXHAUSTED.",
    )
    bulk_window: int = Field(
        32,
        ge=1,
        description="Photos of one bulk stream worked on at a time; of all streams, as many as calls may be.",
    )
    drain_s: float = Field(20.0, ge=0, description="Time calls in flight get to finish on shutdown.")
    shared_memory: bool = Field(
        False,
        description="Whether callers of the Open Inference Protocol may pass tensors in POSIX shared memory. "
        "Every caller can then read and write any on this machine that the server's user can.",
    )
    edges: int = Field(
        2,
        ge=1,
        description="Processes that share the port where services.app:Edges is served (experimental).",
    )


def remote_url(text: str) -> str:
    """The address of a model server, or "". Raises ValueError if it is none."""
    if text:
        RemoteAddress.parse(text)
    return text


RemoteUrl: TypeAlias = Annotated[str, AfterValidator(remote_url)]


class HttpSettings(Group):
    allowed_hosts: str = Field(
        "localhost",
        description="Names, separated by commas, under which the HTTP port answers, beside every IP address; "
        "* answers under all. A name that a web page has pointed to this machine is not among them.",
    )
    allowed_origins: str = Field(
        "",
        description="Origins, separated by commas, such as https://shop.example, whose pages may call the "
        "HTTP port (CORS); empty: only its own.",
    )
    max_connections: int = Field(
        512,
        ge=1,
        description="Connections to the HTTP port. For one more, the one that waits longest is closed.",
    )
    header_timeout_s: float = Field(10.0, gt=0, description="Time in which the headers of a request come.")


class AuthSettings(Group):
    mode: Literal["auto", "required", "anyone_may_call"] = Field(
        "auto",
        description="Whether callers need a key. auto: unless both ports are bound to loopback. "
        "anyone_may_call: nobody needs one; whoever reaches a port may read, change and delete everything.",
    )
    database_url: SecretStr = Field(
        NO_SECRET,
        description="SQLAlchemy URL of the keys' database; empty: that of the catalogue where it is "
        "PostgreSQL, else SQLite in the home folder.",
    )
    initial_keys: SecretStr = Field(
        NO_SECRET,
        description="Keys that work from the first start on, for servers that a program sets up: one a line, "
        "as armoire_ID_SECRET SCOPE,SCOPE or with a tenant behind it. Keys with ids that are there already "
        "are left as they are.",
    )
    key_set: str = Field(
        "",
        description="JWKS of an identity provider, as a file or an https:// URL; callers may then come with "
        "its tokens (JWT with RS, PS, ES or EdDSA signatures), too.",
    )
    issuer: str = Field("", description="Issuer that those tokens must name; required with a key set.")
    audience: str = Field("", description="Audience that those tokens must name; required with a key set.")
    tenant_claim: str = Field("tenant", description="Claim of a token that has its tenant.")
    scope_claim: str = Field(
        "scope", description="Claim of a token that has its scopes, as a list or with spaces between them."
    )
    leeway_s: float = Field(30.0, ge=0, le=600, description="How far the provider's clock may differ.")
    session_idle_minutes: float = Field(
        480.0, ge=5, le=43_200, description="A user's session ends that is not used for this long."
    )
    session_lifetime_hours: float = Field(
        168.0, ge=0.25, le=720, description="A user's session ends this long after the sign-in."
    )
    sessions_per_user: int = Field(
        10, ge=1, le=1000, description="Sessions of a user; one more ends the one that was used least lately."
    )
    plain_sign_in: bool = Field(
        False,
        description="Whether users of other machines may sign in over HTTP without TLS, so that whoever "
        "listens on the network reads their passwords.",
    )


class TlsSettings(Group):
    certificate_file: str = Field(
        "",
        description="PEM file of the server's certificate, for both ports; empty: no TLS. It is read again "
        "when it changes.",
    )
    key_file: str = Field("", description="PEM file of the certificate's key.")
    key_password: SecretStr = Field(
        NO_SECRET, description="The password of that key; empty: it has none. It stays when the key changes."
    )
    client_ca_file: str = Field(
        "",
        description="PEM file of a CA; callers then need a certificate of it (mTLS). Empty: they need none.",
    )


class ModelSettings(Group):
    detector: str = Field(
        "artifacts/demo-detector",
        description="Detector artifact: a folder, or a tag of the model store such as yolo:latest.",
    )
    embedder: str = Field(
        "artifacts/demo-embedder", description="Embedder artifact: a folder, or a tag of the model store."
    )
    classifier: str = Field(
        "",
        description="Classifier artifact, run on the crops beside the embedder: a folder, or a tag of the "
        "model store; empty: none.",
    )
    folder: str = Field(
        "artifacts",
        description="Folder of artifacts that may be loaded by name while the server runs, beside those of "
        "the model store; a relative one is below the application.",
    )
    shadow_analyze_ratio: float = Field(
        0.1,
        ge=0,
        le=1,
        description='Share of the photos of Analyze that the embedder with the alias "shadow" answers, too, '
        "as bulk work and for comparison alone; 0: none.",
    )
    shadow_embed_ratio: float = Field(0.1, ge=0, le=1, description="The same of the photos of EmbedImage.")
    max_memory_mb: int = Field(
        0,
        ge=0,
        description="Memory for all models together, those of the start among them, in MB; a graph counts "
        "twice its size. 0: what the machine or container has free.",
    )
    provider: Literal["cpu", "cuda", "tensorrt"] = Field(
        "cpu", description="Where the models run. cuda and tensorrt need onnxruntime-gpu."
    )
    slots: int = Field(
        0, ge=0, description="Batches on the device at a time; 0: one per CPU core, 2 on a GPU."
    )
    intra_op_threads: int = Field(
        1, ge=1, description="Threads inside one of many runs of a model on the CPU."
    )
    exclusive_threads: int = Field(
        0,
        ge=0,
        description="Threads inside a run that has the CPU to itself, as a lone one has where there are two "
        "slots or more; 0: one per core.",
    )
    remote_detector: RemoteUrl = Field(
        "",
        description="Model server that runs the detector, as grpc://HOST:PORT/MODEL or "
        "unix:///PATH/OF/SOCKET/MODEL, with ?version= and &shared_memory=true where wanted; empty: this "
        "process runs it.",
    )
    remote_image_encoder: RemoteUrl = Field(
        "", description="Model server that runs the embedder's image encoder; see the detector's."
    )
    remote_text_encoder: RemoteUrl = Field(
        "", description="Model server that runs the embedder's text encoder; see the detector's."
    )
    remote_classifier: RemoteUrl = Field(
        "", description="Model server that runs the classifier; see the detector's."
    )
    remote_key: SecretStr = Field(
        NO_SECRET,
        description="Key that is sent to the model servers, such as one with the scope infer of another "
        "Armoire; shared memory there needs the scope admin, too.",
    )
    remote_ca_file: str = Field(
        "",
        description="PEM file of the CA to check the certificates of the model servers with, which turns TLS "
        "on (not for Unix sockets); system: the CAs that gRPC trusts; empty: no TLS.",
    )
    remote_slots: int = Field(4, ge=1, description="Batches of one graph at its model server at a time.")
    remote_timeout_s: float = Field(
        30.0,
        gt=0,
        description="Time that a model server has for a batch, unless its callers' deadlines are sooner.",
    )
    verify_golden: bool = Field(
        True, description="Compare the artifacts' golden outputs at start; a mismatch refuses to serve."
    )


class BatchingSettings(Group):
    detector_max_batch: int = Field(
        DETECTOR_BATCHING.max_batch, ge=1, description="Photos in one run of the detector."
    )
    embedder_max_batch: int = Field(
        IMAGE_BATCHING.max_batch, ge=1, description="Crops in one run of the image encoder."
    )
    text_max_batch: int = Field(
        TEXT_BATCHING.max_batch, ge=1, description="Texts in one run of the text encoder."
    )
    classifier_max_batch: int = Field(
        CLASSIFIER_BATCHING.max_batch, ge=1, description="Crops in one run of the classifier."
    )
    outfit_max_batch: int = Field(
        OUTFIT_BATCHING.max_batch,
        ge=1,
        description="Outfits, or crops of their items, in one run of the scorer of outfits.",
    )
    max_run_ms: float = Field(
        BATCHING.max_run_s * 1000,
        gt=0,
        description="Milliseconds of a run up to which batches may grow. A longer one is formed only where, "
        "measured at start, it answers 5 % more rows a second, and none that takes ten times as long.",
    )
    max_queue_rows: int = Field(
        BATCHING.max_queue_rows, ge=1, description="Rows that may wait for one model; more are refused."
    )
    max_queue_mb: int = Field(
        BATCHING.max_queue_bytes // 2**20, ge=1, description="MiB of rows that may wait for one model."
    )


class LimitSettings(Group):
    max_image_mb: float = Field(20.0, gt=0, description="Largest encoded picture, MiB.")
    max_image_megapixels: float = Field(50.0, gt=0, description="Largest picture, millions of pixels.")
    max_image_frames: int = Field(1, ge=1, description="Frames an animated picture may have.")
    min_image_side_px: int = Field(
        8,
        ge=1,
        description="Smallest side of a picture; smaller ones are refused. 224 refuses what "
        "ARMOIRE_QUALITY__WARN_IMAGE_SIDE_PX only warns of.",
    )
    max_image_side_px: int = Field(
        65_500,
        ge=8,
        le=65_500,
        description="Longest side of a picture: crops are JPEGs, which have no longer.",
    )
    max_scan_megapixels: float = Field(
        1000.0,
        gt=0,
        description="Scans of a JPEG times its millions of pixels; there are at most 100 scans, too.",
    )
    max_box_megapixels: float = Field(
        200.0,
        gt=0,
        description="Millions of pixels of all boxes of one picture, together. More given ones are refused; "
        "of detected ones the best are kept.",
    )
    max_call_megapixels: float = Field(
        800.0,
        gt=0,
        description="Millions of pixels of all pictures of one call and of their boxes, together.",
    )
    max_images_per_call: int = Field(32, ge=1, description="Pictures in one call.")
    max_boxes_per_image: int = Field(64, ge=1, description="Boxes given with one picture.")
    max_texts_per_call: int = Field(256, ge=1, description="Texts in one EmbedText call.")
    max_text_chars: int = Field(512, ge=1, description="Characters in one text.")
    max_top_k: int = Field(100, ge=1, description="Hits a search may ask for.")
    max_page_size: int = Field(200, ge=1, description="Rows a list call may ask for.")
    max_open_uploads: int = Field(
        1000, ge=1, description="Uploads of a tenant that have not expired, sent or not, used or not."
    )
    requests_per_minute: int = Field(
        0,
        ge=0,
        le=10_000_000,
        description="Calls that a tenant may make in any minute, each request of a stream counting as one, "
        "unless it has a limit of its own (`armoire admin tenant`); 0: no limit.",
    )
    megapixels_per_minute: int = Field(
        0,
        ge=0,
        le=10_000_000,
        description="Millions of pixels that the pictures of a tenant and their boxes may have in any "
        "minute, unless it has a limit of its own; 0: no limit.",
    )
    rate_store: SecretStr = Field(
        NO_SECRET,
        description="URL of a Redis, such as redis://host:6379, where processes count those calls and pixels "
        "together; empty: each counts its own.",
    )
    max_items: int = Field(
        0,
        ge=0,
        le=10**12,
        description="Items that a tenant may keep, unless it has a quota of its own; 0: no limit.",
    )
    max_bytes: int = Field(
        0,
        ge=0,
        le=2**62,
        description="Bytes of photos, as they were sent, that a tenant may keep, unless it has a quota "
        "of its own; 0: no limit.",
    )


class PipelineSettings(Group):
    min_score: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Detections below this score are dropped; unset: as the detector's manifest says.",
    )
    iou_threshold: float = Field(
        0.5, ge=0, le=1, description="Overlap above which the weaker box is dropped."
    )
    any_class_iou_threshold: float = Field(
        0.7, ge=0, le=1, description="The same between boxes of different classes: one garment taken for two."
    )
    max_detections: int = Field(20, ge=1, le=300, description="Boxes kept a photo.")
    expand_ratio: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of its length by which each side of a detected box grows before the crop, half at "
        "either end. A part of the preprocessing version: the catalogue goes on with the former margin until "
        "`armoire backfill` changes over.",
    )
    categories_top_k: int = Field(
        5, ge=1, le=1000, description="Labels of the classifier that are reported for an item, best first."
    )
    categories_min_score: float = Field(
        0.01, ge=0, le=1, description="Labels of the classifier below this probability are not reported."
    )
    category_source: Literal["embedder", "classifier"] = Field(
        "embedder",
        description="Whose answer the attribute category is: the embedder's, from the taxonomy's texts, or "
        "the classifier's, whose labels name categories by the taxonomy's names and synonyms. Where labels "
        "that name none are together more probable, the embedder answers.",
    )
    max_crop_side_px: int = Field(
        1024, ge=32, le=65_500, description="Longest side of a crop's JPEG; a larger crop is made smaller."
    )
    max_crop_kb: int = Field(
        512, ge=16, description="Largest JPEG of a crop, KiB; one that is larger gets a lower quality."
    )
    threads: int = Field(
        0,
        ge=0,
        description="Threads that decode and crop, half as many more for bulk work where models share the "
        "cores; 0: one per CPU core.",
    )
    max_megapixels_in_flight: float = Field(
        200.0, gt=0, description="Millions of decoded pixels held at a time (3 MB each); the rest waits."
    )


class QualitySettings(Group):
    min_side_px: int = Field(50, ge=1, description="Crops with a shorter side are rejected.")
    max_aspect_ratio: float = Field(
        10.0, gt=1, description="Crops whose longer side exceeds this many times the shorter are rejected."
    )
    warn_image_side_px: int = Field(
        224, ge=0, description="Photos with a shorter side get the warning LOW_RESOLUTION; 0: none do."
    )
    min_garment_score: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Detections that the embedder takes less for a garment are rejected as NOT_A_GARMENT, "
        "given boxes have a warning; 0: none are. Which limit helps depends on the embedder.",
    )


class CatalogSettings(Group):
    database_url: SecretStr = Field(
        NO_SECRET,
        description="SQLAlchemy URL; empty: SQLite in the home folder. PostgreSQL: postgresql://...",
    )
    blob_url: str = Field(
        "", description="Where pictures are kept; empty: the home folder. S3: s3://bucket/prefix"
    )
    s3_instance_role: bool = Field(
        False,
        description="Whether S3 without keys asks the cloud's instance metadata (169.254.169.254) for those "
        "of the machine's role; otherwise keys must be in the environment (AWS_ACCESS_KEY_ID and its like).",
    )
    s3_access_key_id: SecretStr = Field(
        NO_SECRET, description="Key id for S3; empty: AWS_ACCESS_KEY_ID of the environment."
    )
    s3_secret_access_key: SecretStr = Field(
        NO_SECRET, description="Secret key for S3; empty: AWS_SECRET_ACCESS_KEY of the environment."
    )
    s3_public_endpoint: str = Field(
        "",
        description="URL under which callers reach S3, such as https://photos.example, where it is another "
        "than the server's (AWS_ENDPOINT); signed URLs have it.",
    )
    milvus_uri: SecretStr = Field(
        NO_SECRET,
        description="Empty: Milvus Lite in the home folder. Server: http://host:19530, where it has users "
        "http://user:password@host:19530",
    )
    inference_address: str = Field(
        "",
        description="host:port of the Inference service a Catalog or Worker running apart calls. Several are "
        "IP:PORT,IP:PORT, or dns:///NAME:PORT.",
    )
    inference_key: SecretStr = Field(
        NO_SECRET,
        description="Key, with the scope infer, that a Catalog or Worker apart sends to that service.",
    )
    inference_ca_file: str = Field(
        "",
        description="PEM file of the CA to check that service's certificate with, which turns TLS on; "
        "system: the CAs that gRPC trusts; empty: no TLS.",
    )
    workers: int = Field(
        8,
        ge=0,
        description="Photos indexed at a time; 0: no jobs and operations: a Worker does them.",
    )
    lease_s: float = Field(30.0, gt=0, description="A job not heard of for this long is taken over.")
    audit_every_s: float = Field(
        86_400.0,
        ge=0,
        description="How often the database, vectors and pictures of all tenants are compared; 0: never.",
    )
    thumbnails: bool = Field(
        True,
        description="Whether thumbnails of 256, 512 and 1024 px are made in the background and kept beside "
        "photos; otherwise each is made when it is asked for.",
    )
    max_attempts: int = Field(
        5,
        ge=1,
        description="Tries that may fail before a job is FAILED; also, processes that may die with it.",
    )
    job_retention_days: int = Field(
        0,
        ge=0,
        description="How long jobs that have ended are kept, with their idempotency keys; 0: as long as "
        "their photos.",
    )


class RetentionSettings(Group):
    products_days: float = Field(
        30.0,
        ge=0,
        description="Days for which a deleted product is kept and can be restored, at least as long as its "
        "photos; 0: until the next purge.",
    )
    images_days: float = Field(
        30.0,
        ge=0,
        description="Days for which a deleted photo is kept with its items and pictures, and can be "
        "restored; 0: until the next purge.",
    )
    items_days: float = Field(
        30.0,
        ge=0,
        description="Days for which an item is kept that was deleted without its photo: it was not found "
        "again when that was indexed anew, or its addition was undone.",
    )
    exports_days: float = Field(
        3.0, ge=0, description="Days for which the parts of an exported catalogue can be fetched."
    )
    rejected_crops_days: float = Field(
        30.0,
        ge=0,
        description="Days for which pictures of detections that became no items are kept, as examples of "
        "what is no garment; 0: none are.",
    )
    feedback_days: float = Field(
        365.0,
        ge=0,
        description="Days for which each feedback of an end user is kept, and which outfits they were shown; "
        "what the feedback has come to stays.",
    )
    purge_every_s: float = Field(
        3600.0, gt=0, description="How often what was deleted is removed, once its days are over."
    )


class UrlSettings(Group):
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s?#]+[^\s?#/])?$",
        description="Where callers reach the HTTP port, such as https://armoire.example; links to pictures "
        "begin with it. Empty: the name under which a call has reached the port, or its address if that is "
        "loopback.",
    )
    signing_keys: SecretStr = Field(
        NO_SECRET,
        description="Keys that sign those links, as ID:SECRET with commas between them: the first signs, all "
        "are taken. Catalogues behind one name share them. Empty: a key of the home folder.",
    )
    lifetime_s: int = Field(
        900, ge=1, le=604_800, description="How long a link works, where the call does not say."
    )
    max_lifetime_s: int = Field(
        86_400,
        ge=1,
        le=604_800,
        description="The most that a call may ask for; S3 allows no more than seven days.",
    )
    s3_links: bool = Field(
        True,
        description="Whether links to originals and crops in S3 are S3's own, which work until they expire, "
        "also after a deletion; false: the HTTP port hands out these, too, and its links end with them.",
    )
    upload_lifetime_s: int = Field(
        3600, ge=1, le=604_800, description="How long an upload may be sent and used, from its announcement."
    )


class ImportSettings(Group):
    allowed_hosts: str = Field(
        "",
        description="Hosts whose photos and product pages imports may fetch, with commas between them: "
        "shop.example, *.cdn.example or shop.example:8443; empty: none.",
    )
    allow_http: bool = Field(False, description="Whether imports may fetch from these hosts without TLS.")
    timeout_s: float = Field(
        30.0, gt=0, description="How long fetching one URL may take, redirects included."
    )
    max_redirects: int = Field(3, ge=0, le=20, description="Redirects of one URL, each to an allowed host.")
    user_agent: str = Field(
        "armoire-import/1.0",
        min_length=1,
        max_length=200,
        description="As which imports introduce themselves to hosts and their robots.txt.",
    )


class WebhookSettings(Group):
    allow_http: bool = Field(False, description="Whether webhooks may be sent without TLS.")
    allow_private: bool = Field(
        False,
        description="Whether webhooks may be sent to addresses that are not of the public internet, such as "
        "those of this machine and its network.",
    )
    timeout_s: float = Field(10.0, gt=0, description="How long a receiver of webhooks has to answer.")
    retry_hours: float = Field(
        72.0,
        gt=0,
        description="How long a webhook that is not taken is sent again and again, with growing pauses.",
    )


class OutfitSettings(Group):
    scorer: str = Field(
        "",
        description="Artifact that scores outfits beside the rules: a scorer of sets that was trained on the "
        "embedder that is served, or a Siamese network; a folder, or a tag of the model store; empty: none.",
    )
    scorer_share: float = Field(
        0.3,
        ge=0,
        le=1,
        description="Share of an outfit's score that is the scorer's, for tenants that have set none; the "
        "rest is the rules'.",
    )


class TracingSettings(Group):
    endpoint: str = Field(
        "",
        description="Where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; "
        "empty: none are made.",
    )
    sample_ratio: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of the calls that are traced, of those that do not come with a trace.",
    )


class PredictionSettings(Group):
    sample_ratio: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of the photos and texts of InferenceService's calls that are logged with what the "
        "models said of them, for retraining and drift; 0: none.",
    )
    all_tenants: bool = Field(
        True,
        description="Whether the log has tenants that have no switch of their own "
        "(armoire admin tenant limit TENANT --log-predictions on).",
    )
    keep_inputs: bool = Field(
        False, description="Whether those photos and texts are kept, too, beside their SHA-256."
    )
    embeddings: bool = Field(True, description="Whether embeddings are logged, as float16.")
    retention_days: int = Field(30, ge=1, le=36_500, description="Days after which entries are removed.")
    database_url: SecretStr = Field(
        NO_SECRET,
        description="SQLAlchemy URL of the log; empty: that of the catalogue where it is PostgreSQL, else "
        "SQLite in the home folder. Photos are where ARMOIRE_CATALOG__BLOB_URL says.",
    )


class AuditSettings(Group):
    retention_days: int = Field(
        365, ge=0, le=36_500, description="Days for which the records of changes are kept; 0: for ever."
    )
    indexing: bool = Field(
        True,
        description="Whether each photo that is indexed leaves a record; other changes always do.",
    )
    lines: str = Field(
        "",
        description="File that gets each record as a line of JSON, too, and may be moved away at any time "
        "(logrotate); log: the server's log, as logger armoire.audit; empty: none.",
    )


class Settings(BaseSettings):
    """The whole tree; `Settings()` reads the environment and refuses what it does not know."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, frozen=True, extra="forbid"
    )

    home: Path = Field(
        Path(".armoire"), description="Folder of all state: database, pictures, vectors, models."
    )
    cache: Path | None = Field(
        None,
        description="Folder of what can be found out again: label embeddings, optimized graphs, engines. "
        "Several servers of a machine may share one; without it, `cache` in the home.",
    )
    taxonomy: Path = Field(
        ROOT / "domain/taxonomy.toml", description="The vocabularies, categories and colours."
    )
    outfit_rules: Path = Field(
        ROOT / "domain/outfit_rules.toml",
        description="What goes together in outfits: weights, colours and garments.",
    )
    preference_rules: Path = Field(
        ROOT / "domain/preference_rules.toml",
        description="What feedback of end users says of their tastes: weights, half-life, and how much "
        "tastes count in outfits.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    log_format: Literal["text", "json"] = Field(
        "text", description="How lines of the log are written; json has the request id and the trace id."
    )
    grpc: GrpcSettings = GrpcSettings()
    http: HttpSettings = HttpSettings()
    auth: AuthSettings = AuthSettings()
    tls: TlsSettings = TlsSettings()
    models: ModelSettings = ModelSettings()
    batching: BatchingSettings = BatchingSettings()
    limits: LimitSettings = LimitSettings()
    pipeline: PipelineSettings = PipelineSettings()
    quality: QualitySettings = QualitySettings()
    catalog: CatalogSettings = CatalogSettings()
    retention: RetentionSettings = RetentionSettings()
    urls: UrlSettings = UrlSettings()
    imports: ImportSettings = ImportSettings()
    webhooks: WebhookSettings = WebhookSettings()
    outfits: OutfitSettings = OutfitSettings()
    tracing: TracingSettings = TracingSettings()
    predictions: PredictionSettings = PredictionSettings()
    audit: AuditSettings = AuditSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, where a variable with `_FILE` names the file of a secret."""
        assert isinstance(env_settings, EnvSettingsSource)
        env_settings.env_vars = with_secrets_of_files(env_settings.env_vars)
        return init_settings, env_settings

    @property
    def bentoml_home(self) -> Path:
        """BentoML's folder, with the model store, unless the variable BENTOML_HOME names another."""
        return self.home.resolve() / "bentoml"


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment.

    Raises:
        SystemExit: naming the variable that is unknown or out of range.
    """
    known = {variable for variable, _, _ in settings_rows()}
    known |= {variable + FILE_SUFFIX for variable in secret_settings()}
    unknown = sorted(k for k in environ if k.startswith(PREFIX) and k not in known | CLIENT_VARIABLES)
    if unknown:
        raise SystemExit(f"unknown setting {unknown[0]}; `python -m settings` lists them all")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = PREFIX + DELIMITER.join(str(part) for part in first["loc"]).upper()
        got = "" if variable in secret_settings() else f" (got {first['input']!r})"
        raise SystemExit(f"{variable}: {first['msg']}{got}") from None


def with_secrets_of_files(environ: Mapping[str, str | None]) -> dict[str, str | None]:
    """The variables, with those of secrets that are in files instead of the names of the files.

    Names are in lower case, as in `EnvSettingsSource.env_vars`. A line break at the end of a file is no part
    of the secret.

    Raises:
        SystemExit: a secret is set in both ways, or its file cannot be read.
    """
    read = dict(environ)
    for variable in secret_settings():
        path = read.pop((named := variable + FILE_SUFFIX).lower(), None)
        if not path:
            continue
        if variable.lower() in read:
            raise SystemExit(f"{variable} and {named} are both set: set one of them")
        try:
            read[variable.lower()] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise SystemExit(f"{named}: {path} cannot be read: {reason}") from None
    return read


def secret_settings() -> list[str]:
    """The environment variables of the settings that hold secrets, such as URLs with passwords."""
    return [
        f"{PREFIX}{name}{DELIMITER}{key}".upper()
        for name, info in Settings.model_fields.items()
        if isinstance(info.default, Group)
        for key, inner in type(info.default).model_fields.items()
        if inner.annotation is SecretStr
    ]


def settings_rows() -> Iterator[tuple[str, str, str]]:
    """(environment variable, default, description) of every setting."""
    for name, info in Settings.model_fields.items():
        if isinstance(info.default, Group):
            for key, inner in type(info.default).model_fields.items():
                variable = f"{PREFIX}{name}{DELIMITER}{key}".upper()
                text = inner.description or ""
                if inner.annotation is SecretStr:
                    text += f" A secret: `{variable}{FILE_SUFFIX}` may name a file with it instead."
                yield variable, _shown(inner.default), text
        else:
            yield f"{PREFIX}{name}".upper(), _shown(info.default), info.description or ""


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        return ""
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = default.relative_to(ROOT)
    return "" if default is None else str(default)


def settings_table() -> str:
    """The Markdown table of docs/settings.md."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else ''} | {text} |"
        for name, default, text in settings_rows()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(settings_table())
