"""The composition root: builds a process from the settings, and gives each part plain values."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import bentoml

from domain.errors import FailedPrecondition
from imaging.decode import DecodeLimits
from imaging.quality import QualityLimits
from services.access.initial_keys import parse_initial_keys
from services.access.session import SessionOptions
from services.access.tenant import Defaults
from services.access.token_options import TokenOptions, check_key_set
from services.audit.options import AuditOptions
from services.catalog.limits import CatalogLimits
from services.edge.bulk_streams import BulkOptions
from services.edge.calls import Tracer
from services.edge.http.browser_guard import BrowserOptions
from services.edge.http.connections import ConnectionOptions
from services.edge.server import GrpcOptions
from services.edge.tls import Certificates, TlsFiles
from services.edge.validation import RequestLimits
from services.host.access_part import AccessOptions
from services.host.application import Application, ApplicationOptions
from services.host.bentoml_supervisor import http_address, http_host
from services.host.device_process import DeviceProcess, socket_path
from services.host.metrics.prometheus import Metrics
from services.host.model_store import BentoModelStore
from services.host.outfit_scorer import OutfitScorerOptions
from services.host.prediction_part import PredictionOptions
from services.host.signing_keys import signing_keys
from services.inference.batching.options import BatchingOptions, doubling_sizes
from services.inference.cores import cpu_count
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import CropLimits, PipelineOptions
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.repository.model_store import NoStore
from services.predictions.log import LogOptions
from settings import ROOT, Settings

if TYPE_CHECKING:
    from services.catalog.blobs.url_options import UrlOptions
    from services.catalog.options import CatalogOptions
    from services.catalog.web.fetcher import FetchOptions

MIB, MB = 2**20, 1_000_000


def build_application(
    settings: Settings, metrics: Metrics, *, models: bool, catalog: bool, edge: bool = False
) -> Application:
    """Build a process with `application_options`; raises as that."""
    options = application_options(settings, models=models, catalog=catalog, edge=edge)
    return Application(options, metrics, tracer(settings))


def build_worker(settings: Settings, metrics: Metrics) -> Application:
    """Build the process of `services.app:Worker`. It has its own models unless an inference address is set.

    Raises:
        FailedPrecondition: the stores are those of one process, or it is to work on nothing.
    """
    require_shared_stores(settings, "a Worker")
    if not settings.catalog.workers:
        raise FailedPrecondition("a Worker needs ARMOIRE_CATALOG__WORKERS of 1 or more")
    options = application_options(settings, models=not settings.catalog.inference_address, catalog=True)
    access = replace(options.access, required=False)  # nobody calls it
    options = replace(options, takes_calls=False, access=access, outfit_scorer=None)
    return Application(options, metrics, tracer(settings))


def require_shared_stores(settings: Settings, who: str) -> None:
    """Refuse stores that only one process can open, where `who` shares them with others.

    Raises:
        FailedPrecondition: naming the settings.
    """
    catalog = settings.catalog
    milvus_uri = catalog.milvus_uri.get_secret_value().removeprefix("file://")
    shared = {
        "ARMOIRE_CATALOG__DATABASE_URL": catalog.database_url.get_secret_value().startswith("postgresql"),
        "ARMOIRE_CATALOG__MILVUS_URI": "://" in milvus_uri,
        "ARMOIRE_CATALOG__BLOB_URL": bool(catalog.blob_url),
    }
    if lacking := [name for name, is_shared in shared.items() if not is_shared]:
        raise FailedPrecondition(
            f"{who} shares its stores with other processes: PostgreSQL, a Milvus server, and a folder or "
            f"bucket that all reach. Set {', '.join(lacking)}",
            reason="STORES_NOT_SHARED",
        )


def tracer(settings: Settings) -> Tracer | None:
    """What sends traces where the settings say; None if they do not. Raises as `exporter_to`."""
    if not settings.tracing.endpoint:
        return None
    from services.host.tracing import OtelTracer, exporter_to

    exporter = exporter_to(settings.tracing.endpoint)
    return OtelTracer(exporter, settings.tracing.sample_ratio)


def build_device_process(settings: Settings, metrics: Metrics) -> DeviceProcess:
    """Build the device process of `services.app:Edges`."""
    return DeviceProcess(
        settings.home,
        settings.taxonomy,
        inference_options(settings),
        metrics.observe_batch,
        settings.grpc.drain_s,
        metrics,
    )


def application_options(
    settings: Settings, *, models: bool, catalog: bool, edge: bool = False
) -> ApplicationOptions:
    """For a process that hosts the models, the catalogue, or both; an `edge` has its models elsewhere.

    Raises:
        FailedPrecondition: the port is 0, but edges must share one port; or they have a socket, which they
            cannot share; or the catalogue is to have no workers, but nobody else can have them.
    """
    grpc = settings.grpc
    if catalog and not settings.catalog.workers:
        require_shared_stores(settings, "a catalogue without workers (ARMOIRE_CATALOG__WORKERS=0)")
    if edge and grpc.port == 0:
        raise FailedPrecondition("edges share one port: ARMOIRE_GRPC__PORT must not be 0")
    if edge and grpc.socket:
        raise FailedPrecondition("edges cannot share a socket: ARMOIRE_GRPC__SOCKET must not be set")
    journal = settings.home / "models"
    inference = replace(inference_options(settings), journal_folder=journal) if models else None
    return ApplicationOptions(
        home=settings.home,
        taxonomy=settings.taxonomy,
        outfit_rules=settings.outfit_rules,
        preference_rules=settings.preference_rules,
        outfit_scorer=outfit_scorer_options(settings) if catalog and settings.outfits.scorer else None,
        access=access_options(settings, (grpc.host, http_host())),
        inference=edge_options(inference, grpc.edges) if inference and edge else inference,
        catalog=partial(catalog_options, settings) if catalog else None,
        inference_address=settings.catalog.inference_address,
        inference_key=settings.catalog.inference_key.get_secret_value(),
        inference_ca=ca_certificates(
            settings.catalog.inference_ca_file, "ARMOIRE_CATALOG__INFERENCE_CA_FILE"
        ),
        device_socket=socket_path(settings.home) if edge else None,
        model_store=model_store(settings) if models else NoStore(),
        grpc=GrpcOptions(
            address=f"{grpc.host}:{grpc.port}",
            max_message_bytes=grpc.max_message_mb * MIB,
            drain_s=grpc.drain_s,
            max_connections=grpc.max_connections,
            share_port=edge,
            tls=certificates(settings),
            socket=grpc.socket,
        ),
        request_limits=request_limits(settings),
        max_concurrent_calls=grpc.max_concurrent_calls,
        bulk=BulkOptions(grpc.max_bulk_streams, grpc.bulk_window, grpc.max_concurrent_calls),
        shared_memory=grpc.shared_memory,
        predictions=prediction_options(settings),
        shadow_ratios=shadow_ratios(settings),
    )


def outfit_scorer_options(settings: Settings) -> OutfitScorerOptions:
    outfits = settings.outfits
    return OutfitScorerOptions(
        resolve_artifact(outfits.scorer),
        outfits.scorer_share,
        batching_options(settings, settings.batching.outfit_max_batch, on_cpu=True),
        settings.models.verify_golden,
    )


def shadow_ratios(settings: Settings) -> Mapping[str, float]:
    """The shares of photos that a second embedder answers for comparison, by the method of their call."""
    analyze, embed = settings.models.shadow_analyze_ratio, settings.models.shadow_embed_ratio
    return {"Analyze": analyze, "AnalyzeStream": analyze, "EmbedImage": embed, "EmbedStream": embed}


def browser_options(settings: Settings) -> BrowserOptions:
    http = settings.http
    return BrowserOptions(_listed(http.allowed_hosts.lower()), _listed(http.allowed_origins.lower()))


def connection_options(settings: Settings) -> ConnectionOptions:
    return ConnectionOptions(settings.http.max_connections, settings.http.header_timeout_s)


def _listed(text: str) -> tuple[str, ...]:
    """The words of a list with commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def access_options(settings: Settings, hosts: Sequence[str]) -> AccessOptions:
    """`hosts` are those that the ports are bound to."""
    auth, catalog_url = settings.auth, settings.catalog.database_url.get_secret_value()
    shared = catalog_url if catalog_url.startswith("postgresql") else ""
    here = f"sqlite:///{(settings.home / 'access.db').resolve()}"
    return AccessOptions(
        required=auth.mode == "required" or (auth.mode == "auto" and not all(map(is_loopback, hosts))),
        database_url=auth.database_url.get_secret_value() or shared or here,
        home=settings.home,
        tokens=token_options(settings),
        defaults=Defaults(
            settings.limits.requests_per_minute,
            settings.limits.megapixels_per_minute,
            settings.limits.max_items,
            settings.limits.max_bytes,
            settings.predictions.all_tenants,
        ),
        rate_store=settings.limits.rate_store.get_secret_value(),
        audit=audit_options(settings),
        sessions=SessionOptions(
            idle_s=auth.session_idle_minutes * 60,
            lifetime_s=auth.session_lifetime_hours * 3600,
            per_user=auth.sessions_per_user,
        ),
        plain_sign_in=auth.plain_sign_in,
        initial_keys=parse_initial_keys(auth.initial_keys.get_secret_value()),
    )


def prediction_options(settings: Settings) -> PredictionOptions:
    log, catalog, home = settings.predictions, settings.catalog, settings.home.resolve()
    catalog_url = catalog.database_url.get_secret_value()
    shared = catalog_url if catalog_url.startswith("postgresql") else ""
    return PredictionOptions(
        sample_ratio=log.sample_ratio,
        database_url=log.database_url.get_secret_value() or shared or f"sqlite:///{home / 'predictions.db'}",
        blob_url=catalog.blob_url or str(home / "blobs"),
        s3_instance_role=catalog.s3_instance_role,
        s3_keys=s3_keys(settings),
        log=LogOptions(
            keep_inputs=log.keep_inputs, embeddings=log.embeddings, retention_days=log.retention_days
        ),
    )


def audit_options(settings: Settings) -> AuditOptions:
    return AuditOptions(settings.audit.retention_days, settings.audit.indexing)


def token_options(settings: Settings) -> TokenOptions | None:
    """None without a key set.

    Raises:
        FailedPrecondition: the key set is no file and no safe URL, or the issuer or the audience is missing.
    """
    auth = settings.auth
    if not auth.key_set:
        return None
    check_key_set(auth.key_set)
    if not (auth.issuer and auth.audience):
        raise FailedPrecondition("a key set needs ARMOIRE_AUTH__ISSUER and ARMOIRE_AUTH__AUDIENCE, too")
    return TokenOptions(
        auth.key_set, auth.issuer, auth.audience, auth.tenant_claim, auth.scope_claim, auth.leeway_s
    )


def certificates(settings: Settings) -> Certificates | None:
    """The server's certificate; None if the settings name none.

    Raises:
        FailedPrecondition: the settings name only a part, or the files cannot be used.
    """
    tls = settings.tls
    if not (tls.certificate_file or tls.key_file or tls.client_ca_file):
        return None
    if not (tls.certificate_file and tls.key_file):
        raise FailedPrecondition("TLS needs both ARMOIRE_TLS__CERTIFICATE_FILE and ARMOIRE_TLS__KEY_FILE")
    client_ca = Path(tls.client_ca_file) if tls.client_ca_file else None
    password = tls.key_password.get_secret_value()
    return Certificates(TlsFiles(Path(tls.certificate_file), Path(tls.key_file), client_ca, password))


def ca_certificates(path: str, setting: str) -> bytes | None:
    """The PEM file of a CA, which `setting` names; None without one, no bytes for those that gRPC trusts.

    Raises:
        FailedPrecondition: the file cannot be read.
    """
    if path in ("", "system"):
        return b"" if path else None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FailedPrecondition(f"{setting}: {error}") from error


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach a port that is bound to `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.startswith(("/", "unix:"))


def inference_options(settings: Settings) -> InferenceOptions:
    models, batching = settings.models, settings.batching
    pipeline = settings.pipeline
    return InferenceOptions(
        detector=resolve_artifact(models.detector),
        embedder=resolve_artifact(models.embedder),
        classifier=resolve_artifact(models.classifier) if models.classifier else None,
        named=configured_models(settings),
        configured=configured_models(settings),
        max_model_bytes=models.max_memory_mb * MB,
        provider=models.provider,
        slots=models.slots,
        threads=pipeline.threads,
        max_pixels_in_flight=int(pipeline.max_megapixels_in_flight * 1e6),
        intra_op_threads=models.intra_op_threads,
        exclusive_threads=models.exclusive_threads,
        verify_golden=models.verify_golden,
        remote=remote_addresses(settings),
        remote_slots=models.remote_slots,
        remote_timeout_s=models.remote_timeout_s,
        cache_folder=settings.cache or settings.home / "cache",
        detector_batching=batching_options(settings, batching.detector_max_batch),
        image_batching=batching_options(settings, batching.embedder_max_batch),
        text_batching=batching_options(settings, batching.text_max_batch),
        classifier_batching=batching_options(settings, batching.classifier_max_batch),
        pipeline=PipelineOptions(
            min_score=pipeline.min_score,
            iou_threshold=pipeline.iou_threshold,
            any_class_iou_threshold=pipeline.any_class_iou_threshold,
            max_detections=pipeline.max_detections,
            expand_ratio=pipeline.expand_ratio,
            categories_top_k=pipeline.categories_top_k,
            categories_min_score=pipeline.categories_min_score,
            category_source=pipeline.category_source,
            decode=decode_limits(settings),
            max_call_pixels=int(settings.limits.max_call_megapixels * 1e6),
            crops=CropLimits(pipeline.max_crop_side_px, pipeline.max_crop_kb * 2**10),
            quality=QualityLimits(
                min_side_px=settings.quality.min_side_px,
                max_aspect_ratio=settings.quality.max_aspect_ratio,
                warn_image_side_px=settings.quality.warn_image_side_px,
                min_garment_score=settings.quality.min_garment_score,
            ),
        ),
    )


def edge_options(options: InferenceOptions, edges: int) -> InferenceOptions:
    """The options of one edge, with its share of cores and pixels."""
    return replace(
        options,
        threads=options.threads or math.ceil(cpu_count() / edges),
        max_pixels_in_flight=options.max_pixels_in_flight // edges,
    )


def batching_options(settings: Settings, max_batch: int, *, on_cpu: bool = False) -> BatchingOptions:
    """`on_cpu`: the model runs on the CPU, wherever the others run."""
    batching = settings.batching
    exact = on_cpu or settings.models.provider == "cpu"
    return BatchingOptions(
        max_batch=max_batch,
        max_run_s=batching.max_run_ms / 1000,
        max_queue_rows=batching.max_queue_rows,
        max_queue_bytes=batching.max_queue_mb * MIB,
        batch_sizes=() if exact else doubling_sizes(max_batch),
    )


def remote_addresses(settings: Settings) -> dict[str, RemoteAddress]:
    """The model servers that the settings name, by graph. Raises as `ca_certificates`."""
    models = settings.models
    urls = {
        "detector": models.remote_detector,
        "image": models.remote_image_encoder,
        "text": models.remote_text_encoder,
        "classifier": models.remote_classifier,
    }
    ca = ca_certificates(models.remote_ca_file, "ARMOIRE_MODELS__REMOTE_CA_FILE")
    addresses = {graph: RemoteAddress.parse(url) for graph, url in urls.items() if url}
    return {
        graph: replace(address, key=models.remote_key.get_secret_value(), ca=None if address.is_local else ca)
        for graph, address in addresses.items()
    }


def configured_models(settings: Settings) -> dict[str, str]:
    """The references of the models that the settings name, by task."""
    models = settings.models
    named = {"detect": models.detector, "embed": models.embedder, "classify": models.classifier}
    return {task: reference for task, reference in named.items() if reference}


def configured_folders(settings: Settings) -> dict[str, Path]:
    """The folders of the models that the settings name, by reference."""
    references = configured_models(settings).values()
    return {reference: resolve_artifact(reference) for reference in references}


def model_store(settings: Settings) -> BentoModelStore:
    """The models that may be loaded while the server runs; a relative folder is below ROOT.

    Raises:
        FailedPrecondition: the settings name a folder that does not exist.
    """
    folder = ROOT / settings.models.folder
    if "folder" in settings.models.model_fields_set and not folder.is_dir():
        raise FailedPrecondition(f"ARMOIRE_MODELS__FOLDER names {folder}, which is no folder")
    return BentoModelStore(folder, configured_folders(settings))


def resolve_artifact(reference: str) -> Path:
    """The folder of an artifact: a path, a path below ROOT, or a tag of BentoML's model store."""
    for folder in (Path(reference), ROOT / reference):
        if (folder / "manifest.json").is_file():
            return folder
    try:
        return Path(bentoml.models.get(reference).path)
    except (bentoml.exceptions.BentoMLException, ValueError) as error:
        raise SystemExit(
            f"no model {reference!r}: it is neither a folder with a manifest.json nor a tag of the model "
            "store (`python -m export list` shows those)"
        ) from error


def decode_limits(settings: Settings) -> DecodeLimits:
    limits = settings.limits
    return DecodeLimits(
        max_bytes=int(limits.max_image_mb * MIB),
        max_pixels=int(limits.max_image_megapixels * 1e6),
        max_frames=limits.max_image_frames,
        min_side_px=limits.min_image_side_px,
        max_side_px=limits.max_image_side_px,
        max_scan_pixels=int(limits.max_scan_megapixels * 1e6),
        max_box_pixels=int(limits.max_box_megapixels * 1e6),
    )


def request_limits(settings: Settings) -> RequestLimits:
    limits = settings.limits
    return RequestLimits(
        max_message_bytes=settings.grpc.max_message_mb * MIB,
        max_images_per_call=limits.max_images_per_call,
        max_boxes_per_image=limits.max_boxes_per_image,
        max_texts_per_call=limits.max_texts_per_call,
        max_text_chars=limits.max_text_chars,
    )


def catalog_limits(settings: Settings) -> CatalogLimits:
    limits = settings.limits
    return CatalogLimits(
        max_top_k=limits.max_top_k,
        max_open_uploads=limits.max_open_uploads,
        max_page_size=limits.max_page_size,
        max_text_chars=limits.max_text_chars,
        max_boxes=limits.max_boxes_per_image,
        max_message_bytes=settings.grpc.max_message_mb * MIB,
    )


def s3_keys(settings: Settings) -> tuple[str, str] | None:
    """The id and the secret of the key for S3; None if the settings have none.

    Raises:
        FailedPrecondition: they have only one of them.
    """
    id = settings.catalog.s3_access_key_id.get_secret_value()
    secret = settings.catalog.s3_secret_access_key.get_secret_value()
    if bool(id) != bool(secret):
        raise FailedPrecondition(
            "S3 needs both ARMOIRE_CATALOG__S3_ACCESS_KEY_ID and ARMOIRE_CATALOG__S3_SECRET_ACCESS_KEY"
        )
    return (id, secret) if id else None


def catalog_options(settings: Settings) -> CatalogOptions:
    """Imports the catalogue, with the libraries of its stores."""
    from services.catalog.blobs.sweeper import SweepOptions
    from services.catalog.indexing.workers import WorkerOptions
    from services.catalog.operations.runner import RunnerOptions
    from services.catalog.options import CatalogOptions
    from services.catalog.retention import RetentionOptions
    from services.catalog.webhooks.dispatcher import DispatchOptions
    from services.catalog.webhooks.sender import SendOptions

    catalog, home = settings.catalog, settings.home.resolve()
    operations = RunnerOptions(
        lease_s=catalog.lease_s,
        renew_s=min(5.0, catalog.lease_s / 3),
        max_interruptions=catalog.max_attempts,
    )
    dispatch = DispatchOptions(
        lease_s=settings.webhooks.timeout_s + 50.0, retry_for_s=settings.webhooks.retry_hours * 3600
    )
    return CatalogOptions(
        database_url=catalog.database_url.get_secret_value() or f"sqlite:///{home / 'catalog.db'}",
        blob_url=catalog.blob_url or str(home / "blobs"),
        s3_instance_role=catalog.s3_instance_role,
        s3_keys=s3_keys(settings),
        milvus_uri=catalog.milvus_uri.get_secret_value() or str(home / "vectors.db"),
        workers=WorkerOptions(
            concurrency=catalog.workers,
            lease_s=catalog.lease_s,
            max_failures=catalog.max_attempts,
            max_interruptions=catalog.max_attempts,
        ),
        operations=operations if catalog.workers else replace(operations, concurrency=0),
        limits=catalog_limits(settings),
        decode_limits=decode_limits(settings),
        audit=audit_options(settings),
        audit_every_s=catalog.audit_every_s,
        thumbnails=catalog.thumbnails,
        job_retention_days=catalog.job_retention_days,
        webhooks=SendOptions(
            settings.webhooks.allow_http, settings.webhooks.allow_private, settings.webhooks.timeout_s
        ),
        dispatch=dispatch if catalog.workers else replace(dispatch, concurrency=0),
        retention=RetentionOptions(
            settings.retention.images_days,
            settings.retention.items_days,
            settings.retention.products_days,
            settings.retention.rejected_crops_days,
            settings.retention.feedback_days,
            settings.retention.purge_every_s,
        ),
        s3_public_endpoint=catalog.s3_public_endpoint,
        urls=url_options(settings),
        fetch=fetch_options(settings),
        sweep=SweepOptions(exports_s=settings.retention.exports_days * 86_400),
    )


def url_options(settings: Settings) -> UrlOptions:
    """How links are made; see `signing_keys`, which it reads.

    Raises:
        FailedPrecondition: the keys are none, or a lifetime is above the longest.
    """
    from services.catalog.blobs.url_options import UrlOptions

    urls, address = settings.urls, http_address()
    if urls.lifetime_s > urls.max_lifetime_s:
        raise FailedPrecondition("ARMOIRE_URLS__LIFETIME_S must not exceed ARMOIRE_URLS__MAX_LIFETIME_S")
    scheme = "https" if settings.tls.certificate_file else "http"
    return UrlOptions(
        keys=signing_keys(urls.signing_keys.get_secret_value(), settings.home),
        public_url=urls.public_url,
        local_url=f"{scheme}://{address}" if address and is_loopback(address.rpartition(":")[0]) else "",
        lifetime_s=urls.lifetime_s,
        max_lifetime_s=urls.max_lifetime_s,
        s3_links=urls.s3_links,
        upload_lifetime_s=urls.upload_lifetime_s,
    )


def fetch_options(settings: Settings) -> FetchOptions:
    """Which URLs imports may fetch, and how."""
    from services.catalog.web.allowed_hosts import AllowedHosts
    from services.catalog.web.fetcher import FetchOptions

    given = settings.imports
    return FetchOptions(
        hosts=AllowedHosts.of(given.allowed_hosts, http=given.allow_http),
        timeout_s=given.timeout_s,
        max_redirects=given.max_redirects,
        user_agent=given.user_agent,
    )
