"""The asyncio client."""

from __future__ import annotations

import copy
import os
import ssl
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Self, TypeVar

import grpc

from armoire.async_bulk import (
    BULK_WINDOW,
    INDEX_WINDOW,
    AsyncBulkRun,
    AsyncIndexRun,
    OnProgress,
    RunOptions,
)
from armoire.async_imports import AsyncImportCheck, AsyncImportRun
from armoire.async_outfits import AsyncOutfits
from armoire.async_transport import AsyncTransport
from armoire.async_wardrobes import AsyncWardrobes
from armoire.call import Call
from armoire.calls import (
    admin,
    audit,
    collections,
    corrections,
    erasures,
    exports,
    images,
    imports,
    indexing,
    inference,
    items,
    models,
    operations,
    products,
    reviews,
    server,
    tenant_settings,
    uploads,
    users,
    webhooks,
)
from armoire.calls import bulk as bulk_calls
from armoire.calls.audit import AuditFilter
from armoire.calls.batches import only
from armoire.calls.corrections import Reason, Target
from armoire.calls.exports import DATASET_PAGE, DatasetFilter
from armoire.calls.operations import OperationFilter
from armoire.calls.reviews import Split
from armoire.calls.search import Query, SearchOptions, Where, search
from armoire.channel import (
    MAX_MESSAGE_BYTES,
    end_user_metadata,
    is_loopback,
    key_metadata,
    server_address,
)
from armoire.deadlines import BULK_TIMEOUT_S, TIMEOUT_S, WAIT_TIMEOUT_S
from armoire.errors import ArmoireError, FailedPrecondition, NotFound, Unavailable, Unimplemented
from armoire.messages.catalog_audit import audit_report_from_any
from armoire.photos import (
    BlobUri,
    Photo,
    PhotoSource,
    PhotoToIndex,
    Upload,
    name_of,
    read_content,
    read_photo,
)
from armoire.retries import RetryPolicy
from armoire.values.admin import ApiKey, LoggedPrediction, NewApiKey, Scope, ServerProfile, Tenant
from armoire.values.audit import AuditRecord
from armoire.values.catalog_audit import AuditReport
from armoire.values.collections import Collection, ReindexScope, VersionsInUse
from armoire.values.corrections import Corrected, Correction, Said
from armoire.values.exports import DatasetPhoto, ReviewedItem, ReviewImport
from armoire.values.images import DuplicateGroup, FoundDuplicates, Image, ImageContent, ImageUrl
from armoire.values.imports import ImportEntry, ImportFailure, ProductOnPage, StartedImport
from armoire.values.indexing import IndexingJob, IndexingJobCount, IndexingJobFilter, IndexingJobState
from armoire.values.inference import Detections, ImageAnalysis, ImageEmbeddings, Model, ModelTask
from armoire.values.items import Item
from armoire.values.models import AliasChange, ModelEvent, ShadowReport, ShadowRequirement
from armoire.values.operations import Operation, OperationKind, OperationState
from armoire.values.products import Product, RestoredProduct
from armoire.values.reviews import ReviewLeases, ReviewStatistics, VerifiedItems, VersionedTaxonomy
from armoire.values.search import ExampleSet, RankWeights, SearchResult
from armoire.values.server import Health, Limits
from armoire.values.tenant_settings import TenantSettings
from armoire.values.types import Box, Embedding, Page, Priority
from armoire.values.uploads import UploadTarget
from armoire.values.users import Invitation, Me, PasswordReset, Role, User
from armoire.values.webhooks import CreatedWebhook, Webhook, WebhookDelivery, WebhookDeliveryState

T = TypeVar("T")
P = TypeVar("P", bound=PhotoSource | Photo)
ToIndex = TypeVar("ToIndex", bound=PhotoSource | Photo | PhotoToIndex)


class AsyncClient:
    """Talks to an Armoire server from asyncio; the methods are those of `Client`, awaited.

    Make it inside a running event loop, in an `async with`, or close it. Photos given as paths are read on
    the loop: hand over bytes where that matters.

    Every call takes `timeout_s`, for all its tries together; without one, that of the client counts. A call
    with `priority=Priority.BULK` gets what interactive work leaves. Where a call names a model version, a
    server that serves another one refuses it.

    Args:
        address: HOST:PORT of the server; else ARMOIRE_ADDRESS of the environment, else 127.0.0.1:50051.
            Several servers are IP:PORT,IP:PORT, or dns:///NAME:PORT for a name with several addresses: calls
            go round those that take calls.
        timeout_s: for calls that do not say.
        retries: when to try again what may safely be repeated; `RetryPolicy()` unless given.
        credentials: encrypt the connection, for example with `grpc.ssl_channel_credentials()`.
        token: a key, sent with every call as "authorization: Bearer KEY"; by default ARMOIRE_API_KEY of
            the environment, or the text of the file that ARMOIRE_API_KEY_FILE names.
        end_user: for whom you call, in an id of your own: 1 to 128 printable ASCII characters, which the
            server notes in its audit record. Choose one that names nobody.
        metadata: further headers of every call, such as ("x-request-id", "7f3a").
        max_message_bytes: the largest request or reply, for a server whose limit is not the default.
        upload_tls: checks the certificates of https:// URLs that uploads go to; by default, the CAs of this
            machine do.

    Raises:
        ArmoireError: by every call that fails.
        ValueError: no server takes the key or the end user's id, or the key's file cannot be read; or by
            calls whose arguments contradict each other.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        retries: RetryPolicy | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        token: str | None = None,
        end_user: str | None = None,
        metadata: Sequence[tuple[str, str]] = (),
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        upload_tls: ssl.SSLContext | None = None,
    ) -> None:
        address = server_address(address)
        self._timeout_s = timeout_s
        self._upload_tls = upload_tls
        self._metadata = (*metadata, *end_user_metadata(end_user))
        key = key_metadata(token)
        if key and credentials is None and not is_loopback(address):
            warnings.warn(f"the token travels to {address} unencrypted: give credentials", stacklevel=2)
        self._metadata += key
        self._transport = AsyncTransport(address, retries or RetryPolicy(), credentials, max_message_bytes)

    def with_metadata(self, metadata: Sequence[tuple[str, str]]) -> Self:
        """This client with further headers on every call. Both share the connection: closing one closes
        both."""
        other = copy.copy(self)
        other._metadata += tuple(metadata)
        return other

    def with_end_user(self, end_user: str) -> Self:
        """This client, calling for an end user; see `end_user`. Both share the connection."""
        return self.with_metadata(end_user_metadata(end_user))

    @property
    def outfits(self) -> AsyncOutfits:
        """The calls on outfits: suggest, complete, score."""
        return AsyncOutfits(self._run)

    @property
    def wardrobes(self) -> AsyncWardrobes:
        """The calls on end users: their wardrobe, feedback and preferences."""
        return AsyncWardrobes(self._run)

    async def health(self, *, timeout_s: float | None = None) -> Health:
        """Whether the server takes calls, and the state of each service it has. Never retried."""
        states: dict[str, str] = {}
        for service in ("", *server.SERVICES):
            with suppress(NotFound):
                states[service] = await self._run(server.check_health(service), timeout_s)
        return Health(states.pop("", "") == "SERVING", states)

    async def models(
        self, *, include_stored: bool = False, timeout_s: float | None = None
    ) -> tuple[Model, ...]:
        """The loaded models with their provenance and parity figures; and those that can be loaded, where
        asked for."""
        return await self._run(models.list_models(include_stored), timeout_s)

    async def load_model(
        self, reference: str, *, timeout_s: float | None = WAIT_TIMEOUT_S
    ) -> tuple[Model, ...]:
        """Loads a model beside the others, which go on answering; returns its graphs. `reference` is a tag of
        the server's model store, or a name in its model folder."""
        return await self._run(models.load_model(reference), timeout_s)

    async def unload_model(self, version: str, *, timeout_s: float | None = WAIT_TIMEOUT_S) -> None:
        """Unloads a model, named by its version or its reference, after its last call.

        No alias may point to it."""
        await self._run(models.unload_model(version), timeout_s)

    async def set_model_alias(
        self,
        version: str,
        *,
        alias: str = "default",
        required_shadow: ShadowRequirement | None = None,
        timeout_s: float | None = None,
    ) -> AliasChange:
        """Lets an alias point to a loaded model, named by its version or its reference.

        With `required_shadow` only if `get_shadow_report` says as much of it; raises `FailedPrecondition`
        otherwise.
        """
        return await self._run(models.set_model_alias(alias, version, required_shadow), timeout_s)

    async def get_shadow_report(self, *, timeout_s: float | None = None) -> ShadowReport:
        """How far the embedder with the alias "shadow" agrees with the default one, in the process that
        answers.
        """
        return await self._run(models.get_shadow_report(), timeout_s)

    async def delete_model_alias(
        self, alias: str, task: ModelTask, *, timeout_s: float | None = None
    ) -> None:
        """Removes an alias of the models for a task."""
        await self._run(models.delete_model_alias(alias, task), timeout_s)

    async def list_model_events(
        self, *, page_size: int = 0, page_token: str = "", timeout_s: float | None = None
    ) -> Page[ModelEvent]:
        """A page of what was loaded, unloaded and pointed to, newest first."""
        return await self._run(models.list_model_events(page_size, page_token), timeout_s)

    def iter_model_events(
        self, *, page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[ModelEvent]:
        """Like `list_model_events`, page after page; `timeout_s` is for each."""
        return self._each(lambda token: models.list_model_events(page_size, token), timeout_s)

    async def create_api_key(
        self,
        name: str,
        scopes: Iterable[Scope | str],
        *,
        tenant: str = "",
        lifetime_s: float | None = None,
        timeout_s: float | None = None,
    ) -> NewApiKey:
        """Makes a key, of your tenant unless you run the server and name another. Its text is only here."""
        call = admin.create_api_key(name, scopes, tenant, lifetime_s)
        return await self._run(call, timeout_s)

    async def list_audit_records(
        self,
        *,
        tenant: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        actor: str = "",
        action: str = "",
        resource_prefix: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[AuditRecord]:
        """A page of what was changed, by whom and for whom, newest first; see `AuditRecord`."""
        which = AuditFilter(tenant, created_from, created_before, actor, action, resource_prefix)
        return await self._run(audit.list_audit_records(which, page_size, page_token), timeout_s)

    def iter_audit_records(
        self,
        *,
        tenant: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        actor: str = "",
        action: str = "",
        resource_prefix: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[AuditRecord]:
        """Like `list_audit_records`, page after page; `timeout_s` is for each."""
        which = AuditFilter(tenant, created_from, created_before, actor, action, resource_prefix)
        return self._each(lambda token: audit.list_audit_records(which, page_size, token), timeout_s)

    async def list_api_keys(
        self,
        *,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[ApiKey]:
        """A page of keys, newest first; revoked and expired ones, too."""
        return await self._run(admin.list_api_keys(page_size, page_token, tenant), timeout_s)

    def iter_api_keys(
        self, *, tenant: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[ApiKey]:
        """Like `list_api_keys`, page after page; `timeout_s` is for each."""
        return self._each(lambda token: admin.list_api_keys(page_size, token, tenant), timeout_s)

    async def rotate_api_key(
        self, key_id: str, *, overlap_s: float | None = None, timeout_s: float | None = None
    ) -> NewApiKey:
        """Gives a key a new text; that of before works for `overlap_s`, or ends at once."""
        return await self._run(admin.rotate_api_key(key_id, overlap_s), timeout_s)

    async def revoke_api_key(self, key_id: str, *, timeout_s: float | None = None) -> ApiKey:
        """Lets a key open nothing any more."""
        return await self._run(admin.revoke_api_key(key_id), timeout_s)

    async def get_me(self, *, timeout_s: float | None = None) -> Me:
        """Who you are to the server, and what you may do."""
        return await self._run(users.get_me(), timeout_s)

    async def invite_user(
        self,
        email: str,
        role: Role | str,
        *,
        display_name: str = "",
        tenant: str = "",
        timeout_s: float | None = None,
    ) -> Invitation:
        """Adds a user of the web page, of your tenant unless you run the server and name another.

        No mail is sent: hand the token to the user, who sets a password with it.
        """
        return await self._run(users.invite_user(email, role, display_name, tenant), timeout_s)

    async def list_users(
        self,
        *,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[User]:
        """A page of users, newest first; disabled ones, too."""
        return await self._run(users.list_users(page_size, page_token, tenant), timeout_s)

    def iter_users(
        self, *, tenant: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[User]:
        """Like `list_users`, page after page; `timeout_s` is for each."""
        return self._each(lambda token: users.list_users(page_size, token, tenant), timeout_s)

    async def update_user(
        self,
        user_id: str,
        *,
        role: Role | str | None = None,
        display_name: str | None = None,
        disabled: bool | None = None,
        timeout_s: float | None = None,
    ) -> User:
        """Changes what is given. A user who is disabled loses all sessions."""
        call = users.update_user(user_id, role, display_name, disabled)
        return await self._run(call, timeout_s)

    async def create_password_reset(self, user_id: str, *, timeout_s: float | None = None) -> PasswordReset:
        """Makes a token with which a user sets another password, within a day."""
        return await self._run(users.create_password_reset(user_id), timeout_s)

    async def delete_user(self, user_id: str, *, timeout_s: float | None = None) -> None:
        """Deletes a user, whose sessions end."""
        await self._run(users.delete_user(user_id), timeout_s)

    async def accept_invitation(self, token: str, password: str, *, timeout_s: float | None = None) -> User:
        """Sets the first password of a user who was invited."""
        return await self._run(users.accept_invitation(token, password), timeout_s)

    async def reset_password(self, token: str, new_password: str, *, timeout_s: float | None = None) -> User:
        """Sets another password by a token of `create_password_reset`; the user's sessions end."""
        return await self._run(users.reset_password(token, new_password), timeout_s)

    async def get_tenant(self, tenant: str = "", *, timeout_s: float | None = None) -> Tenant:
        """What a tenant may use, and what it keeps; yours if none is named."""
        return await self._run(admin.get_tenant(tenant), timeout_s)

    async def get_tenant_settings(
        self, tenant: str = "", *, timeout_s: float | None = None
    ) -> TenantSettings:
        """The weights and words that a tenant has of its own; yours if none is named."""
        return await self._run(tenant_settings.get_tenant_settings(tenant), timeout_s)

    async def update_tenant_settings(
        self, settings: TenantSettings, *, timeout_s: float | None = None
    ) -> TenantSettings:
        """Replaces the settings of a tenant: all of them, so read them first. Returns what is in force.

        The server embeds new words before it answers, which takes seconds.
        """
        return await self._run(tenant_settings.update_tenant_settings(settings), timeout_s)

    async def update_tenant(self, tenant: Tenant, *, timeout_s: float | None = None) -> Tenant:
        """Changes what a tenant may use: all of it, so read it first. Its `use` is not sent."""
        return await self._run(admin.update_tenant(tenant), timeout_s)

    async def list_predictions(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        include_pictures: bool = False,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[LoggedPrediction]:
        """A page of the prediction log, oldest first, of your tenant unless you run the server."""
        times = created_from, created_before
        call = admin.list_predictions(*times, include_pictures, tenant, page_size, page_token)
        return await self._run(call, timeout_s)

    def iter_predictions(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        include_pictures: bool = False,
        tenant: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[LoggedPrediction]:
        """Like `list_predictions`, page after page; `timeout_s` is for each."""
        which = created_from, created_before, include_pictures, tenant, page_size
        return self._each(lambda token: admin.list_predictions(*which, token), timeout_s)

    async def profile(
        self, duration_s: float = 10.0, *, rate: int = 0, timeout_s: float | None = None
    ) -> ServerProfile:
        """What the process that answers is doing, sampled for `duration_s`, at most 60 s.

        `rate` is samples a second; 0 means 100. `timeout_s` is counted beside the duration.
        """
        timeout_s = duration_s + (30.0 if timeout_s is None else timeout_s)
        return await self._run(admin.profile(duration_s, rate), timeout_s)

    async def limits(self, *, timeout_s: float | None = None) -> Limits:
        """What the server holds requests to, for each service it offers."""
        of_inference, of_catalog = None, None
        with suppress(Unimplemented):
            of_inference = await self._run(server.get_inference_limits(), timeout_s)
        with suppress(Unimplemented):
            of_catalog = await self._run(server.get_catalog_limits(), timeout_s)
        return Limits(of_inference, of_catalog)

    async def detect(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> Detections:
        """Finds the garments in a photo that the detector is sure of to `min_score`, 0 to 1."""
        call = inference.detect([read_photo(photo)], min_score, priority, model_version)
        return await self._run(only(call), timeout_s)

    async def detect_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Detections | ArmoireError, ...]:
        """Like `detect` for several photos in one call: a result or an error for each, in their order."""
        return await self._run(inference.detect(photos, min_score, priority, model_version), timeout_s)

    async def embed_image(
        self,
        photo: PhotoSource | Photo,
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageEmbeddings:
        """Embeds a whole photo, or its boxes where it comes with some."""
        call = inference.embed_images([read_photo(photo)], priority, model_version)
        return await self._run(only(call), timeout_s)

    async def embed_images(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageEmbeddings | ArmoireError, ...]:
        """Like `embed_image` for several photos in one call: a result or an error for each, in their
        order."""
        return await self._run(inference.embed_images(photos, priority, model_version), timeout_s)

    async def embed_text(
        self,
        text: str,
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> Embedding:
        """Embeds a text into the space of the photos."""
        return await self._run(only(inference.embed_texts([text], priority, model_version)), timeout_s)

    async def embed_texts(
        self,
        texts: Sequence[str],
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Embedding | ArmoireError, ...]:
        """Like `embed_text` for several texts in one call: a result or an error for each, in their order."""
        return await self._run(inference.embed_texts(texts, priority, model_version), timeout_s)

    async def analyze(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.INTERACTIVE,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageAnalysis:
        """Finds, describes and embeds the garments in a photo.

        The words are your tenant's, unless `vocabulary_version` is "default", which is the server's taxonomy.
        """
        call = inference.analyze(
            [read_photo(photo)],
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        return await self._run(only(call), timeout_s)

    async def analyze_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.INTERACTIVE,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageAnalysis | ArmoireError, ...]:
        """Like `analyze` for several photos in one call: a result or an error for each, in their order."""
        call = inference.analyze(
            photos,
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        return await self._run(call, timeout_s)

    def analyze_many(
        self,
        photos: Iterable[P],
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.BULK,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        window: int = BULK_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[P, ImageAnalysis | ArmoireError]]:
        """Analyzes any number of photos over one stream: each photo with its result or error, in their order.

        The photos are taken and read as the server has room for them. Where the server goes away, the run
        waits for it and sends what has no answer.

        Args:
            window: photos that are taken and not handed out yet.
            on_progress: called before each photo is handed out.
            timeout_s: how long the run goes on without an answer.
        """
        call = bulk_calls.analyze(
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        options = RunOptions(window, timeout_s, self._metadata, on_progress)
        return AsyncBulkRun[P, ImageAnalysis](self._transport, call, photos, options).outcomes()

    def embed_many(
        self,
        photos: Iterable[P],
        *,
        priority: Priority = Priority.BULK,
        model_version: str | None = None,
        window: int = BULK_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[P, ImageEmbeddings | ArmoireError]]:
        """Embeds any number of photos, or their boxes; in the manner of `analyze_many`."""
        call = bulk_calls.embed(priority, model_version)
        options = RunOptions(window, timeout_s, self._metadata, on_progress)
        return AsyncBulkRun[P, ImageEmbeddings](self._transport, call, photos, options).outcomes()

    async def create_product(
        self, product: Product, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> Product:
        """Creates a product. The same key creates once; without one the client makes a fresh one."""
        return await self._run(products.create_product(product, idempotency_key), timeout_s)

    async def get_product(
        self, product_id: str = "", *, external_id: str = "", timeout_s: float | None = None
    ) -> Product:
        """The product with this id, or with this id of the shop's own."""
        return await self._run(products.get_product(product_id, external_id), timeout_s)

    async def list_products(
        self,
        *,
        text: str = "",
        where: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Product]:
        """A page of products, newest first; with those that are deleted and still kept if `show_deleted`.

        `text` leaves those with it in their name, brand, category, product type or external id, `where` those
        that pass a filter as `search` takes it, such as "brand=Acme,color=red,price<50": products with items
        pass where one of these does. `order_by` is a field, such as "display_name", "price desc" or
        "update_time desc". A page may have fewer than asked for, and still a next one.
        """
        call = products.list_products(page_size, page_token, text, where, order_by, show_deleted)
        return await self._run(call, timeout_s)

    def iter_products(
        self,
        *,
        text: str = "",
        where: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Product]:
        """All products of `list_products`. Pages are fetched as they are needed; `timeout_s` is for each."""
        wanted = text, where, order_by, show_deleted
        return self._each(lambda token: products.list_products(page_size, token, *wanted), timeout_s)

    async def update_product(
        self, product: Product, fields: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> Product:
        """Changes the named fields of a product to what `product` says; without names, those that are filled
        in.

        The product is the one with its id, or with its external_id where it has no id. Its etag, where set,
        must still match.
        """
        return await self._run(products.update_product(product, fields), timeout_s)

    async def upsert_product(
        self, product: Product, fields: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> tuple[Product, bool]:
        """Updates the product with this external_id, or creates it where there is none.

        Returns:
            The product, and whether it is new.
        """
        return await self._run(products.upsert_product(product, fields), timeout_s)

    async def delete_product(
        self, product_id: str, *, etag: str = "", timeout_s: float | None = None
    ) -> None:
        """Takes a product with its photos and items out of lists and search. The etag, where set, must still
        match.

        The server keeps them for a while, so that `restore_product` brings them back.
        """
        await self._run(products.delete_product(product_id, etag), timeout_s)

    async def restore_product(self, product_id: str, *, timeout_s: float | None = None) -> RestoredProduct:
        """Brings back a deleted product with the photos that were deleted with it.

        One that is not deleted stays as it is.
        """
        return await self._run(products.restore_product(product_id), timeout_s)

    async def index(
        self,
        photo: PhotoSource | Photo,
        *,
        image_name: str | None = None,
        product_id: str = "",
        product: Product | None = None,
        idempotency_key: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        upload: bool = False,
        timeout_s: float | None = None,
    ) -> IndexingJob:
        """Stores a photo and queues it, for a product that exists or one to create with it.

        The same key queues once and gets the first job; without one the client makes a fresh one, or an
        uploaded photo has its upload's. With `upload` the photo is uploaded first, so that it may be larger
        than a message. Where a product has the external_id of `product` already, the photo joins that one.
        `image_name` is the file's name unless given. Interactive jobs are worked on before bulk ones that
        came at most 10 minutes earlier.
        """
        if upload:
            image_name = name_of(photo) if image_name is None else image_name
            photo = await self._uploaded(photo, timeout_s)
        call = indexing.index(photo, image_name, product_id, product, idempotency_key, priority)
        return await self._run(call, timeout_s)

    async def create_upload(
        self, media_type: str, size_bytes: int, sha256: str = "", *, timeout_s: float | None = None
    ) -> UploadTarget:
        """Announces a photo that someone else sends, such as a browser; see `upload`."""
        return await self._run(uploads.create_upload(media_type, size_bytes, sha256), timeout_s)

    async def upload(
        self, photo: bytes | str | os.PathLike[str], *, timeout_s: float | None = None
    ) -> Upload:
        """Sends a photo beside the calls, over HTTP; it may be larger than a message.

        The upload stands for the photo in `index`, `search`, `analyze` and the like, until it expires.
        `timeout_s` is for the announcement and again for the bytes.
        """
        content = read_content(photo)
        target = await self._run(uploads.create_upload_of(content), timeout_s)
        send_s = self._timeout_s if timeout_s is None else timeout_s
        await self._transport.send_photo(target, content, send_s, self._upload_tls)
        return Upload(target.upload_id)

    def index_many(
        self,
        photos: Iterable[ToIndex],
        *,
        window: int = INDEX_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[ToIndex, IndexingJob | ArmoireError]]:
        """Stores any number of photos and queues them: each with its job or error, in their order.

        A `PhotoToIndex` names a product, or has an idempotency key of its own. The photos go out in groups of
        `window` or 16 MiB, and their jobs come when the group is stored. A group that breaks is sent again
        with the same keys, so nothing is queued twice. `timeout_s` is how long a group may take.
        """
        options = RunOptions(window, timeout_s, self._metadata, on_progress)
        return AsyncIndexRun[ToIndex](self._transport, photos, options).outcomes()

    async def get_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """The job with this id."""
        return await self._run(indexing.get_indexing_job(job_id), timeout_s)

    async def list_indexing_jobs(
        self,
        *,
        states: Sequence[IndexingJobState] = (),
        product_id: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        reasons: Sequence[str] = (),
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[IndexingJob]:
        """A page of jobs, newest first: those in one of the states, of the product, of the time, with an
        error of one of the reasons, where given."""
        which = IndexingJobFilter((), states, reasons, product_id, created_from, created_before)
        return await self._run(indexing.list_indexing_jobs(which, page_size, page_token), timeout_s)

    def iter_indexing_jobs(
        self,
        *,
        states: Sequence[IndexingJobState] = (),
        product_id: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        reasons: Sequence[str] = (),
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[IndexingJob]:
        """Like `list_indexing_jobs`, page after page; `timeout_s` is for each."""
        which = IndexingJobFilter((), states, reasons, product_id, created_from, created_before)
        return self._each(lambda token: indexing.list_indexing_jobs(which, page_size, token), timeout_s)

    def watch_indexing_job(
        self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S
    ) -> AsyncIterator[IndexingJob]:
        """The job now and after every change, until it has ended."""
        return self._transport.stream(indexing.watch_indexing_job(job_id), timeout_s, self._metadata)

    def watch_indexing_jobs(
        self,
        which: IndexingJobFilter = IndexingJobFilter(),
        *,
        changed_from: datetime | None = None,
        timeout_s: float = WAIT_TIMEOUT_S,
    ) -> AsyncIterator[IndexingJob]:
        """Jobs after each change: with `job_ids` until all of them have ended, otherwise for `timeout_s`.

        `changed_from` begins with jobs that have changed since, such as the `update_time` of the last that
        an earlier watch has given.
        """
        call = indexing.watch_indexing_jobs(which, changed_from)
        return self._transport.stream(call, timeout_s, self._metadata)

    async def count_indexing_jobs(
        self, which: IndexingJobFilter = IndexingJobFilter(), *, timeout_s: float | None = None
    ) -> tuple[IndexingJobCount, ...]:
        """How many jobs there are by state and reason, the most frequent first."""
        return await self._run(indexing.count_indexing_jobs(which), timeout_s)

    async def retry_indexing_jobs(self, which: IndexingJobFilter, *, timeout_s: float | None = None) -> int:
        """Queues jobs again that pass the filter, FAILED ones where it names no states; returns how many.

        They wait behind interactive jobs. `timeout_s` is for each call, which takes some hundred.
        """
        changed, token = await self._run(indexing.retry_indexing_jobs(which, ""), timeout_s)
        while token:
            more, token = await self._run(indexing.retry_indexing_jobs(which, token), timeout_s)
            changed += more
        return changed

    async def delete_indexing_jobs(self, which: IndexingJobFilter, *, timeout_s: float | None = None) -> int:
        """Removes all jobs that pass the filter, FAILED ones where it names no states; returns how many.

        Their idempotency keys go with them, and photos that have no items. `timeout_s` is for each call.
        """
        changed, token = await self._run(indexing.delete_indexing_jobs(which, ""), timeout_s)
        while token:
            more, token = await self._run(indexing.delete_indexing_jobs(which, token), timeout_s)
            changed += more
        return changed

    async def wait_for_indexing_job(self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> IndexingJob:
        """The job once it has ended: COMPLETE, CANCELLED, or FAILED with its error.

        The items of a complete job can be found, unless it is not `searchable`: its photo is gone, or another
        model is served now.
        """
        async for job in self.watch_indexing_job(job_id, timeout_s=timeout_s):
            if job.state.final:
                return job
        raise Unavailable(f"the watch of job {job_id} ended before the job did", code="UNAVAILABLE")

    async def cancel_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """Ends a job that is queued or under way; its photo stays."""
        return await self._run(indexing.cancel_indexing_job(job_id), timeout_s)

    async def retry_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """Queues a job again that FAILED or was CANCELLED."""
        return await self._run(indexing.retry_indexing_job(job_id), timeout_s)

    async def create_webhook(
        self, url: str, events: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> CreatedWebhook:
        """Sends the end of jobs and operations to a URL from now on: the events named, or all of them."""
        return await self._run(webhooks.create_webhook(url, events), timeout_s)

    async def list_webhooks(self, *, timeout_s: float | None = None) -> tuple[Webhook, ...]:
        """All webhooks, newest first."""
        return await self._run(webhooks.list_webhooks(), timeout_s)

    async def delete_webhook(self, webhook_id: str, *, timeout_s: float | None = None) -> None:
        """Removes a webhook with its deliveries."""
        await self._run(webhooks.delete_webhook(webhook_id), timeout_s)

    async def test_webhook(self, webhook_id: str, *, timeout_s: float | None = None) -> WebhookDelivery:
        """Sends a test event at once; a webhook that takes it is turned on again, if it was disabled."""
        return await self._run(webhooks.test_webhook(webhook_id), timeout_s)

    async def list_webhook_deliveries(
        self,
        *,
        webhook_id: str = "",
        state: WebhookDeliveryState | None = None,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[WebhookDelivery]:
        """A page of what was sent, newest first: to one webhook, and in one state, where given."""
        call = webhooks.list_webhook_deliveries(webhook_id, state, page_size, page_token)
        return await self._run(call, timeout_s)

    def iter_webhook_deliveries(
        self,
        *,
        webhook_id: str = "",
        state: WebhookDeliveryState | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[WebhookDelivery]:
        """Like `list_webhook_deliveries`, page after page; `timeout_s` is for each."""
        return self._each(
            lambda token: webhooks.list_webhook_deliveries(webhook_id, state, page_size, token), timeout_s
        )

    async def redeliver_webhook(self, delivery_id: str, *, timeout_s: float | None = None) -> WebhookDelivery:
        """Sends a delivery again, whatever its state."""
        return await self._run(webhooks.redeliver_webhook(delivery_id), timeout_s)

    async def get_image(
        self, image_id: str, *, include_rejected_crops: bool = False, timeout_s: float | None = None
    ) -> Image:
        """The photo with this id: its size, its warnings, the crops that were rejected.

        With `include_rejected_crops`, the pictures of these crops, too, as far as the server keeps them.
        """
        return await self._run(images.get_image(image_id, include_rejected_crops), timeout_s)

    async def list_images(
        self,
        *,
        product_id: str = "",
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Image]:
        """A page of photos, newest first; only those of a product where one is named, and with those that are
        deleted and still kept if `show_deleted`.

        `text` leaves those with it in their name. `order_by` is a field, such as "name" or "size_bytes desc".
        """
        return await self._run(
            images.list_images(page_size, page_token, product_id, text, order_by, show_deleted), timeout_s
        )

    def iter_images(
        self,
        *,
        product_id: str = "",
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Image]:
        """Like `list_images`, page after page; `timeout_s` is for each."""
        return self._each(
            lambda token: images.list_images(page_size, token, product_id, text, order_by, show_deleted),
            timeout_s,
        )

    async def get_image_content(self, image_id: str, *, timeout_s: float | None = None) -> ImageContent:
        """The photo as it was sent."""
        return await self._run(images.get_image_content(image_id), timeout_s)

    async def get_thumbnail(
        self, image_id: str, *, max_side_px: int = 0, timeout_s: float | None = None
    ) -> ImageContent:
        """A small WebP of the photo whose longer side has at most `max_side_px`; the server's default for
        0."""
        return await self._run(images.get_thumbnail(image_id, max_side_px), timeout_s)

    async def get_image_url(
        self,
        image_id: str,
        *,
        thumbnail_px: int = 0,
        lifetime_s: float = 0,
        timeout_s: float | None = None,
    ) -> ImageUrl:
        """A URL of the photo as it was sent, or of a thumbnail whose longer side has at most `thumbnail_px`.

        Whoever has it may GET the picture without a key, until it expires: after `lifetime_s`, or for 0 when
        the server says.
        """
        return await self._run(images.get_image_url(image_id, thumbnail_px, lifetime_s), timeout_s)

    async def update_image(
        self,
        image_id: str,
        *,
        name: str | None = None,
        product_id: str | None = None,
        etag: str = "",
        timeout_s: float | None = None,
    ) -> Image:
        """Renames a photo, or moves it to another product, with its items; what is None stays as it is.

        Args:
            product_id: of the product that gets it; "" for none.
            etag: where set, must still match.
        """
        return await self._run(images.update_image(image_id, name, product_id, etag), timeout_s)

    async def delete_image(self, image_id: str, *, etag: str = "", timeout_s: float | None = None) -> None:
        """Takes a photo with its items out of lists and search. The etag, where set, must still match.

        The server keeps them for a while, so that `restore_image` brings them back.
        """
        await self._run(images.delete_image(image_id, etag), timeout_s)

    async def restore_image(self, image_id: str, *, timeout_s: float | None = None) -> Image:
        """Brings back a deleted photo with its items; one that is not deleted stays as it is."""
        return await self._run(images.restore_image(image_id), timeout_s)

    async def find_near_duplicates(
        self,
        image_id: str,
        *,
        max_distance: int | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> FoundDuplicates:
        """The photos that look the same as this one, whatever their size, compression or brightness.

        `max_distance` is in how many of 256 bits hashes may differ, 0 to 31, which it is unless set; at most
        `page_size` photos are returned.
        """
        call = images.find_near_duplicates(image_id, max_distance, page_size)
        return await self._run(call, timeout_s)

    async def list_near_duplicates(
        self,
        *,
        product_id: str = "",
        max_distance: int | None = None,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[DuplicateGroup]:
        """A page of groups of photos that look the same; only those with a photo of a product where one is
        named. `max_distance` is as for `find_near_duplicates`."""
        call = images.list_near_duplicates(page_size, page_token, product_id, max_distance)
        return await self._run(call, timeout_s)

    def iter_near_duplicates(
        self,
        *,
        product_id: str = "",
        max_distance: int | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[DuplicateGroup]:
        """Like `list_near_duplicates`, page after page; `timeout_s` is for each."""
        return self._each(
            lambda token: images.list_near_duplicates(page_size, token, product_id, max_distance), timeout_s
        )

    async def get_item(
        self,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
        include_alternatives: bool = False,
        timeout_s: float | None = None,
    ) -> Item:
        """The item with this id; with `include_alternatives` what else the model takes for possible."""
        call = items.get_item(item_id, include_embedding, include_crop, include_alternatives)
        return await self._run(call, timeout_s)

    async def get_crop_url(
        self, item_id: str, *, lifetime_s: float = 0, timeout_s: float | None = None
    ) -> ImageUrl:
        """A URL of the item's crop, which works as that of `get_image_url` does."""
        return await self._run(items.get_crop_url(item_id, lifetime_s), timeout_s)

    async def list_items(
        self,
        *,
        product_id: str = "",
        image_id: str = "",
        show_rejected: bool = False,
        min_garment_score: float | None = None,
        max_garment_score: float | None = None,
        where: str = "",
        include_crop_urls: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Item]:
        """A page of items, newest first; only those of a product or a photo where one is named.

        Items that people have rejected are among them only with `show_rejected`. The bounds are those of
        `garment_score`, by the model that is searched with. `where` is a filter as `search` takes it, such as
        "category=dress,price<50", which no rejected item passes. With `include_crop_urls` each has a URL of
        its crop. A page may have fewer than asked for, and still a next one.
        """
        wanted = show_rejected, min_garment_score, max_garment_score, where, include_crop_urls
        call = items.list_items(page_size, page_token, product_id, image_id, *wanted)
        return await self._run(call, timeout_s)

    def iter_items(
        self,
        *,
        product_id: str = "",
        image_id: str = "",
        show_rejected: bool = False,
        min_garment_score: float | None = None,
        max_garment_score: float | None = None,
        where: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Item]:
        """Like `list_items`, page after page; `timeout_s` is for each."""
        wanted = product_id, image_id, show_rejected, min_garment_score, max_garment_score, where
        return self._each(lambda token: items.list_items(page_size, token, *wanted), timeout_s)

    async def correct_item(
        self,
        item_id: str,
        *,
        label: str = "",
        attributes: Mapping[str, Said] | None = None,
        box: Box | None = None,
        etag: str = "",
        verify: bool = False,
        timeout_s: float | None = None,
    ) -> Corrected:
        """Say what is right of an item: its label, attributes by name, and box, as far as they are given.

        With `etag`, only if the item still has it. With `verify`, agree with all the rest. A new box gets its
        crop and embedding by a job.
        """
        call = corrections.correct_item(item_id, label, attributes or {}, box, etag, verify)
        return await self._run(call, timeout_s)

    async def add_item(
        self,
        image_id: str,
        box: Box,
        *,
        label: str = "",
        attributes: Mapping[str, Said] | None = None,
        timeout_s: float | None = None,
    ) -> Corrected:
        """Add a garment that no model has found; Search finds it once the job has ended."""
        return await self._run(corrections.add_item(image_id, box, label, attributes or {}), timeout_s)

    async def reject_item(
        self, item_id: str, reason: Reason, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Take an item out of search and lists."""
        return await self._run(corrections.reject_item(item_id, reason, etag), timeout_s)

    async def restore_item(
        self, item_id: str, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Take a rejection back."""
        return await self._run(corrections.restore_item(item_id, etag), timeout_s)

    async def set_primary_item(
        self, item_id: str, target: Target, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Let an item represent its "image" or its "product"."""
        return await self._run(corrections.set_primary_item(item_id, target, etag), timeout_s)

    async def verify_item(self, item_id: str, *, etag: str = "", timeout_s: float | None = None) -> Corrected:
        """Agree with an item: its label, attributes and box are a person's from now on."""
        return await self._run(corrections.verify_item(item_id, etag), timeout_s)

    async def verify_items(
        self, items_or_ids: Sequence[Item | str], *, timeout_s: float | None = None
    ) -> VerifiedItems:
        """Agree with several items, all of them or none; of an `Item` only if it has not changed since."""
        return await self._run(reviews.verify_items(items_or_ids), timeout_s)

    async def lease_review_items(
        self,
        *,
        reviewer: str = "",
        max_items: int = 0,
        lease_s: int = 0,
        category: str = "",
        model_version: str = "",
        never_seen: bool = False,
        audit_share: float = 0.0,
        disagreements: bool = False,
        similar_to: str = "",
        min_similarity: float = 0.0,
        item_id: str = "",
        include_picture_urls: bool = False,
        timeout_s: float | None = None,
    ) -> ReviewLeases:
        """Items to review, the most useful first, which nobody else gets until the lease ends.

        Called again, it renews the leases of those that are still open, and adds items up to `max_items`.

        Args:
            reviewer: tells reviewers who share a key apart.
            max_items, lease_s: 0 stands for 10 items and for 300 s.
            category, model_version, never_seen: what they are taken for, by which model, and whether only
            items count that nobody has ever changed.
            audit_share: which share is drawn at random.
            disagreements: only items that models, or a newer model and a person, do not agree on.
            similar_to, min_similarity: only items that look like this one and are taken for the same.
            item_id: only this item, unless another reviewer has it.
            include_picture_urls: return URLs of crops and photos.
        """
        options = reviews.LeaseOptions(
            reviewer,
            max_items,
            lease_s,
            category,
            model_version,
            never_seen,
            audit_share,
            disagreements,
            similar_to,
            min_similarity,
            item_id,
            include_picture_urls,
        )
        return await self._run(reviews.lease_review_items(options), timeout_s)

    async def release_review_items(
        self,
        item_ids: Sequence[str] = (),
        *,
        reviewer: str = "",
        skip: bool = False,
        timeout_s: float | None = None,
    ) -> int:
        """Give items back to the queue, all that the reviewer has if none are named; returns how many.

        With `skip`, nobody gets them for an hour.
        """
        return await self._run(reviews.release_review_items(reviewer, item_ids, skip), timeout_s)

    async def get_review_statistics(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        only_audited: bool = False,
        split: Split = "",
        shares: tuple[float, float, float] | None = None,
        agreement_in_time: bool = False,
        timeout_s: float | None = None,
    ) -> ReviewStatistics:
        """Who has decided how much in a time, and how often each model says what people say.

        Agreement is that on all reviewed items, on those that were drawn at random, on those of photos in
        one split of `export_dataset`, with the same `shares`, or with `agreement_in_time` on those that
        people have decided on in the time.
        """
        wanted = only_audited, split, shares, agreement_in_time
        call = reviews.get_review_statistics(created_from, created_before, *wanted)
        return await self._run(call, timeout_s)

    async def get_taxonomy(self, *, timeout_s: float | None = None) -> VersionedTaxonomy:
        """The words that garments are described with."""
        return await self._run(reviews.get_taxonomy(), timeout_s)

    async def undo_correction(self, correction_id: str, *, timeout_s: float | None = None) -> Corrected:
        """Bring back what was before a correction."""
        return await self._run(corrections.undo_correction(correction_id), timeout_s)

    async def list_corrections(
        self,
        *,
        item_id: str = "",
        author: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Correction]:
        """A page of corrections, newest first; only those of an item or an author where one is named."""
        call = corrections.list_corrections(page_size, page_token, item_id, author)
        return await self._run(call, timeout_s)

    def iter_corrections(
        self, *, item_id: str = "", author: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[Correction]:
        """Like `list_corrections`, page after page; `timeout_s` is for each."""
        return self._each(
            lambda token: corrections.list_corrections(page_size, token, item_id, author), timeout_s
        )

    async def search(
        self,
        photo: PhotoSource | Photo | None = None,
        *,
        text: str | None = None,
        item_id: str | None = None,
        product_id: str | None = None,
        embedding: Embedding | None = None,
        examples: ExampleSet | None = None,
        where: Where = (),
        top_k: int = 10,
        page_token: str = "",
        min_score: float | None = None,
        min_detection_score: float | None = None,
        include_crops: bool = False,
        include_crop_urls: bool = False,
        rerank: bool = True,
        group_by_product: bool = False,
        collapse_near_duplicates: bool = False,
        facets: Sequence[str] = (),
        rank_weights: RankWeights | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> SearchResult:
        """Finds items that look like a photo, a text, an item, a product, an embedding or examples: give
        exactly one.

        Args:
            where: a text such as "category=dress,price<50", a `Filter`, or conditions that must all hold.
            top_k: the most hits for each query and page; a page may hold fewer, also before the last.
            page_token: `next_page_token` of the result before; it is empty on the last page.
            min_score: leave out hits with a lower cosine similarity.
            min_detection_score: search for the garments of the photo that the detector is sure of to this
            score.
            include_crops, include_crop_urls: return each hit's crop as a JPEG, or a URL of it.
            rerank: favour hits of the query's category; without it the order is by similarity alone.
            group_by_product, facets: at most one hit of each product; fields to count the values of.
            collapse_near_duplicates: leave out hits whose photo looks the same as that of a better one.
            rank_weights: how hits are re-ranked, instead of by their category alone.
        """
        options = SearchOptions(
            where=where,
            top_k=top_k,
            page_token=page_token,
            min_score=min_score,
            min_detection_score=min_detection_score,
            include_crops=include_crops,
            include_crop_urls=include_crop_urls,
            rerank=rerank,
            group_by_product=group_by_product,
            collapse_near_duplicates=collapse_near_duplicates,
            facets=facets,
            rank_weights=rank_weights,
            priority=priority,
            model_version=model_version,
        )
        query = Query(photo, text, item_id, product_id, embedding, examples)
        return await self._run(search(query, options), timeout_s)

    async def erase_product(self, product_id: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove a product from every store, at once and for good, whether it is deleted or not.

        Wait for the end with `wait_for_operation`.
        """
        return await self._run(erasures.erase_product(product_id), timeout_s)

    async def erase_end_user(self, end_user: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove the id of an end user, as `end_user` told it, from all that your tenant keeps.

        What was done for them stays without the id; their wardrobe, feedback and preferences go, and so do
        products of the type "wardrobe" that are in no other wardrobe. Wait for the end with
        `wait_for_operation`.
        """
        return await self._run(erasures.erase_end_user(end_user), timeout_s)

    async def erase_tenant(self, tenant: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove all that the server keeps of a tenant, for good; for those who run the server.

        Wait for the end with `wait_for_operation`.
        """
        return await self._run(erasures.erase_tenant(tenant), timeout_s)

    async def start_audit(
        self,
        *,
        repair: bool = False,
        all_tenants: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to compare the stores of the catalogue, and to mend what differs if `repair` says so.

        The same key begins once; without one the client makes a fresh one.
        """
        return await self._run(operations.start_audit(repair, all_tenants, idempotency_key), timeout_s)

    async def audit(
        self, *, repair: bool = False, all_tenants: bool = False, timeout_s: float = WAIT_TIMEOUT_S
    ) -> AuditReport:
        """Compares the stores of the catalogue, and mends what differs if `repair` says so.

        `all_tenants` is for those who run the server.
        """
        started = await self.start_audit(repair=repair, all_tenants=all_tenants)
        operation = await self.wait_for_operation(started.id, timeout_s=timeout_s)
        if operation.error is not None:
            raise operation.error
        if operation.response is None:
            raise FailedPrecondition(f"the audit {operation.id} is {operation.state.name}")
        return audit_report_from_any(operation.response)

    async def start_import(
        self,
        source: str = "",
        *,
        photos_per_second: float = 0.0,
        again: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> StartedImport:
        """Begins an import of products and photos, or finds the one that was begun with the same key.

        Send its entries with `send_entries`, from `next_number` on, and then call `finish_import`. The
        operation goes on by itself: `watch_operation` tells how far it is.

        Args:
            source: what is imported, for people, such as the name of a file.
            photos_per_second: index at most so many; 0 for as many as the server can.
            again: index photos also that were indexed before and deleted since.
            idempotency_key: choose one to find the import again after an interruption.
        """
        call = imports.start_import(source, photos_per_second, again, idempotency_key)
        return await self._run(call, timeout_s)

    def send_entries(
        self, operation_id: str, entries: Iterable[ImportEntry], *, timeout_s: float = BULK_TIMEOUT_S
    ) -> AsyncIterator[int]:
        """Sends entries of an import, in their order: the number of each, once it cannot be lost any more.

        Where the server goes away, the run waits for it. Files are read when they are sent; what is wrong
        with an entry is reported by `iter_import_failures`.

        Args:
            timeout_s: how long the run goes on without an answer.
        """
        run = AsyncImportRun(self._transport, operation_id, entries, timeout_s, self._metadata)
        return run.numbers()

    def check_entries(
        self, entries: Iterable[ImportEntry], *, again: bool = False, timeout_s: float = BULK_TIMEOUT_S
    ) -> AsyncIterator[ImportFailure]:
        """What an import of these entries would refuse, in their order; nothing is kept.

        The server makes the checks of an import. What is at a URL, and whether the quota is large enough,
        only an import finds out.

        Args:
            again: as of `start_import`.
            timeout_s: how long the run goes on without an answer.
        """
        run = AsyncImportCheck(self._transport, entries, again, timeout_s, self._metadata)
        return run.failures()

    async def finish_import(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Says that all entries were sent; the import is done when it has worked on all of them."""
        return await self._run(imports.finish_import(operation_id), timeout_s)

    async def list_import_failures(
        self,
        operation_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[ImportFailure]:
        """A page of the entries that failed so far, in their order."""
        return await self._run(imports.list_import_failures(operation_id, page_size, page_token), timeout_s)

    def iter_import_failures(
        self, operation_id: str, *, page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[ImportFailure]:
        """All entries that failed so far, in their order; `timeout_s` is for each page."""
        return self._each(
            lambda token: imports.list_import_failures(operation_id, page_size, token), timeout_s
        )

    async def read_product_page(
        self,
        url: str = "",
        *,
        content: bytes | None = None,
        base_url: str = "",
        timeout_s: float | None = None,
    ) -> tuple[ProductOnPage, ...]:
        """The products that a shop's page describes by schema.org or Open Graph; nothing is stored.

        Args:
            url: where the server fetches the page, of a host that its operator allows.
            content: the page itself instead, HTML.
            base_url: where that was found, which relative URLs start from.
        """
        return await self._run(imports.read_product_page(url, content, base_url), timeout_s)

    async def list_collections(self, *, timeout_s: float | None = None) -> tuple[Collection, ...]:
        """The collection that is searched, and the one beside it; for those who run the server."""
        return await self._run(collections.list_collections(), timeout_s)

    async def start_backfill(
        self,
        embedder_version: str = "",
        *,
        photos_per_second: float = 0.0,
        swap: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to embed the catalogue for a loaded embedder, by version or alias; "" is the default.

        The live collection goes on answering. `photos_per_second` limits the work; 0 is no limit. With
        `swap`, searches go to the new collection at the end, if it lacks nothing. The same key begins once;
        without one the client makes a fresh one.
        """
        call = collections.start_backfill(embedder_version, photos_per_second, swap, idempotency_key)
        return await self._run(call, timeout_s)

    async def list_item_versions(
        self, *, all_tenants: bool = False, timeout_s: float | None = None
    ) -> VersionsInUse:
        """What has described the items of the live collection, with their numbers, and what is served.

        `all_tenants` is for those who run the server.
        """
        return await self._run(collections.list_item_versions(all_tenants), timeout_s)

    async def start_reindex(
        self,
        scope: ReindexScope = ReindexScope.STALE,
        *,
        photos_per_second: float = 0.0,
        all_tenants: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to find and describe the items of stored photos anew, with what is served.

        Items keep their ids where their boxes are found again, and what people say of them holds.
        `photos_per_second` limits the work; 0 is no limit. `all_tenants` is for those who run the server. The
        same key begins once; without one the client makes a fresh one.
        """
        call = collections.start_reindex(scope, photos_per_second, all_tenants, idempotency_key)
        return await self._run(call, timeout_s)

    async def swap_collection(
        self, collection: str, *, allow_lacking: bool = False, timeout_s: float | None = None
    ) -> tuple[Collection, ...]:
        """Lets searches go to the collection of this name; the one before is still written.

        It is refused where the collection lacks items, unless `allow_lacking` says so.
        """
        return await self._run(collections.swap_collection(collection, allow_lacking), timeout_s)

    async def drop_collection(self, collection: str, *, timeout_s: float | None = None) -> None:
        """Removes the collection of this name, which is not searched, with its embeddings."""
        await self._run(collections.drop_collection(collection), timeout_s)

    async def export_dataset(
        self,
        *,
        after_image_id: str = "",
        shares: tuple[float, float, float] = (0.8, 0.1, 0.1),
        include_partly_reviewed: bool = False,
        include_rejected: bool = False,
        include_rejected_detections: bool = False,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        timeout_s: float = WAIT_TIMEOUT_S,
    ) -> AsyncIterator[DatasetPhoto]:
        """The photos whose items people have reviewed, the oldest first, behind `after_image_id`.

        `shares` are those of training, validation and test photos; the photos of a product are in one split,
        and stay there as long as the shares are the same. With `include_partly_reviewed`, photos some of
        whose items nobody has reviewed are among them, without those items; with `include_rejected`, items
        that people have rejected; with `include_rejected_detections`, what was found and became no item.
        `get_image_content` has the pixels. `timeout_s` is for 500 photos.
        """
        which = DatasetFilter(
            shares,
            include_partly_reviewed,
            include_rejected,
            created_from,
            created_before,
            include_rejected_detections,
        )
        count = DATASET_PAGE
        while count == DATASET_PAGE:
            page: dict[str, DatasetPhoto] = {}
            call = exports.export_dataset(which, after_image_id)
            async for photo in self._transport.stream(call, timeout_s, self._metadata):
                if photo is not None:
                    page[photo.image_id] = photo  # a stream that broke begins anew
            for photo in page.values():
                after_image_id = photo.image_id
                yield photo
            count = len(page)

    async def start_catalog_export(
        self, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> Operation:
        """Begins to write the whole catalogue in parts: its response is a `CatalogExport`.

        The same key begins once; without one the client makes a fresh one.
        """
        return await self._run(exports.start_catalog_export(idempotency_key), timeout_s)

    async def get_catalog_export_part(
        self, operation_id: str, part: str, *, timeout_s: float | None = None
    ) -> bytes:
        """A part of an exported catalogue by its name: lines of JSON."""
        return await self._run(exports.get_catalog_export_part(operation_id, part), timeout_s)

    async def import_review(
        self, image_id: str, items: Sequence[ReviewedItem], *, timeout_s: float | None = None
    ) -> ReviewImport:
        """Lays what people said at another server over the items of a photo.

        `items` are all that the photo had there. Sent again, it changes nothing.
        """
        return await self._run(exports.import_review(image_id, items), timeout_s)

    async def get_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """The operation with this id."""
        return await self._run(operations.get_operation(operation_id), timeout_s)

    async def list_operations(
        self,
        *,
        states: Sequence[OperationState] = (),
        kinds: Sequence[OperationKind] = (),
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Operation]:
        """A page of operations, newest first: those in one of the states, of the kinds, of the time, where
        given."""
        which = OperationFilter(states, kinds, created_from, created_before)
        return await self._run(operations.list_operations(which, page_size, page_token), timeout_s)

    def iter_operations(
        self,
        *,
        states: Sequence[OperationState] = (),
        kinds: Sequence[OperationKind] = (),
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Operation]:
        """Like `list_operations`, page after page; `timeout_s` is for each."""
        which = OperationFilter(states, kinds, created_from, created_before)
        return self._each(lambda token: operations.list_operations(which, page_size, token), timeout_s)

    def watch_operation(
        self, operation_id: str, *, timeout_s: float = WAIT_TIMEOUT_S
    ) -> AsyncIterator[Operation]:
        """The operation now and after every change, until it is done."""
        return self._transport.stream(operations.watch_operation(operation_id), timeout_s, self._metadata)

    async def wait_for_operation(self, operation_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> Operation:
        """The operation once it is done: SUCCEEDED, CANCELLED, or FAILED with its error."""
        async for operation in self.watch_operation(operation_id, timeout_s=timeout_s):
            if operation.state.final:
                return operation
        raise Unavailable(f"the watch of operation {operation_id} ended before it did", code="UNAVAILABLE")

    async def cancel_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Asks a running operation to stop; what it finished stays."""
        return await self._run(operations.cancel_operation(operation_id), timeout_s)

    async def retry_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Runs an operation again that FAILED or was CANCELLED, from where it stopped."""
        return await self._run(operations.retry_operation(operation_id), timeout_s)

    async def close(self) -> None:
        """Closes the connection."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def _uploaded(self, photo: PhotoSource | Photo, timeout_s: float | None) -> Photo:
        """The photo, which is uploaded unless it was before."""
        read = read_photo(photo)
        if isinstance(read.source, Upload | BlobUri):
            return read
        return Photo(await self.upload(read.source, timeout_s=timeout_s), read.boxes)

    async def _run(self, call: Call[T], timeout_s: float | None) -> T:
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        return await self._transport.run(call, timeout_s, self._metadata)

    async def _each(
        self, list_page: Callable[[str], Call[Page[T]]], timeout_s: float | None
    ) -> AsyncIterator[T]:
        """What the pages hold, from the first page on."""
        page_token = ""
        while True:
            page = await self._run(list_page(page_token), timeout_s)
            for each in page.items:
                yield each
            page_token = page.next_page_token
            if not page_token:
                return
