"""The calls of CatalogService on webhooks: convert, call, convert."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc

from armoire.v1 import webhooks_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.webhooks import delivery_state_from_proto, delivery_to_proto, webhook_to_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class WebhookServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog

    async def CreateWebhook(
        self, request: webhooks_pb2.CreateWebhookRequest, context: Context
    ) -> webhooks_pb2.CreateWebhookResponse:
        made = await self._catalog.webhooks.create(current_principal(), request.url, request.events)
        return webhooks_pb2.CreateWebhookResponse(webhook=webhook_to_proto(made.webhook), secret=made.secret)

    async def ListWebhooks(
        self, request: webhooks_pb2.ListWebhooksRequest, context: Context
    ) -> webhooks_pb2.ListWebhooksResponse:
        found = await self._catalog.webhooks.list(current_principal())
        return webhooks_pb2.ListWebhooksResponse(webhooks=map(webhook_to_proto, found))

    async def DeleteWebhook(
        self, request: webhooks_pb2.DeleteWebhookRequest, context: Context
    ) -> webhooks_pb2.DeleteWebhookResponse:
        await self._catalog.webhooks.delete(current_principal(), request.webhook_id)
        return webhooks_pb2.DeleteWebhookResponse()

    async def TestWebhook(
        self, request: webhooks_pb2.TestWebhookRequest, context: Context
    ) -> webhooks_pb2.TestWebhookResponse:
        delivery = await self._catalog.webhooks.test(current_principal(), request.webhook_id)
        return webhooks_pb2.TestWebhookResponse(delivery=delivery_to_proto(delivery))

    async def ListWebhookDeliveries(
        self, request: webhooks_pb2.ListWebhookDeliveriesRequest, context: Context
    ) -> webhooks_pb2.ListWebhookDeliveriesResponse:
        page = await self._catalog.webhooks.list_deliveries(
            current_principal(),
            request.page_size,
            request.page_token,
            request.webhook_id,
            delivery_state_from_proto(request.state),
        )
        return webhooks_pb2.ListWebhookDeliveriesResponse(
            deliveries=map(delivery_to_proto, page.entries), next_page_token=page.next_token
        )

    async def RedeliverWebhook(
        self, request: webhooks_pb2.RedeliverWebhookRequest, context: Context
    ) -> webhooks_pb2.RedeliverWebhookResponse:
        delivery = await self._catalog.webhooks.redeliver(current_principal(), request.delivery_id)
        return webhooks_pb2.RedeliverWebhookResponse(delivery=delivery_to_proto(delivery))
