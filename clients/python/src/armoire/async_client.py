"""The asyncio client."""

from __future__ import annotations

import copy
import ssl
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

import grpc

from armoire.async_caller import AsyncCaller
from armoire.async_outfits import AsyncOutfits
from armoire.async_transport import AsyncTransport
from armoire.async_wardrobes import AsyncWardrobes
from armoire.calls import server
from armoire.channel import MAX_MESSAGE_BYTES, end_user_metadata, is_loopback, key_metadata, server_address
from armoire.deadlines import TIMEOUT_S
from armoire.errors import NotFound
from armoire.methods.async_accounts import AsyncAccountMethods
from armoire.methods.async_administration import AsyncAdministrationMethods
from armoire.methods.async_collections import AsyncCollectionMethods
from armoire.methods.async_corrections import AsyncCorrectionMethods
from armoire.methods.async_exports import AsyncExportMethods
from armoire.methods.async_images import AsyncImageMethods
from armoire.methods.async_imports import AsyncImportMethods
from armoire.methods.async_indexing import AsyncIndexingMethods
from armoire.methods.async_inference import AsyncInferenceMethods
from armoire.methods.async_items import AsyncItemMethods
from armoire.methods.async_models import AsyncModelMethods
from armoire.methods.async_operations import AsyncOperationMethods
from armoire.methods.async_products import AsyncProductMethods
from armoire.methods.async_reviews import AsyncReviewMethods
from armoire.methods.async_search import AsyncSearchMethods
from armoire.methods.async_webhooks import AsyncWebhookMethods
from armoire.retries import RetryPolicy
from armoire.values.server import Health


class AsyncClient(
    AsyncModelMethods,
    AsyncAccountMethods,
    AsyncAdministrationMethods,
    AsyncInferenceMethods,
    AsyncProductMethods,
    AsyncIndexingMethods,
    AsyncWebhookMethods,
    AsyncImageMethods,
    AsyncItemMethods,
    AsyncCorrectionMethods,
    AsyncReviewMethods,
    AsyncSearchMethods,
    AsyncCollectionMethods,
    AsyncImportMethods,
    AsyncExportMethods,
    AsyncOperationMethods,
):
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
        key = key_metadata(token)
        if key and credentials is None and not is_loopback(address):
            warnings.warn(f"the token travels to {address} unencrypted: give credentials", stacklevel=2)
        transport = AsyncTransport(address, retries or RetryPolicy(), credentials, max_message_bytes)
        headers = (*metadata, *end_user_metadata(end_user), *key)
        self._caller = AsyncCaller(transport, timeout_s, headers, upload_tls)

    def with_metadata(self, metadata: Sequence[tuple[str, str]]) -> Self:
        """This client with further headers on every call. Both share the connection: closing one closes
        both."""
        other = copy.copy(self)
        other._caller = self._caller.with_metadata(metadata)
        return other

    def with_end_user(self, end_user: str) -> Self:
        """This client, calling for an end user; see `end_user`. Both share the connection."""
        return self.with_metadata(end_user_metadata(end_user))

    @property
    def outfits(self) -> AsyncOutfits:
        """The calls on outfits: suggest, complete, score."""
        return AsyncOutfits(self._caller)

    @property
    def wardrobes(self) -> AsyncWardrobes:
        """The calls on end users: their wardrobe, feedback and preferences."""
        return AsyncWardrobes(self._caller)

    async def health(self, *, timeout_s: float | None = None) -> Health:
        """Whether the server takes calls, and the state of each service it has. Never retried."""
        states: dict[str, str] = {}
        for service in ("", *server.SERVICES):
            with suppress(NotFound):
                states[service] = await self._caller.run(server.check_health(service), timeout_s)
        return Health(states.pop("", "") == "SERVING", states)

    async def close(self) -> None:
        """Closes the connection."""
        await self._caller.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()
