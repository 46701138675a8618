"""Calls on webhooks."""

from __future__ import annotations

from collections.abc import Sequence

from armoire.call import Call, call_of
from armoire.messages.webhooks import delivery_from_proto, webhook_from_proto
from armoire.v1 import webhooks_pb2
from armoire.values.types import Page
from armoire.values.webhooks import CreatedWebhook, Webhook, WebhookDelivery, WebhookDeliveryState


def create_webhook(url: str, events: Sequence[str]) -> Call[CreatedWebhook]:
    return call_of(
        "armoire.v1.CatalogService/CreateWebhook",
        webhooks_pb2.CreateWebhookRequest(url=url, events=events),
        webhooks_pb2.CreateWebhookResponse,
        lambda reply: CreatedWebhook(webhook_from_proto(reply.webhook), reply.secret),
        repeatable=False,
    )


def list_webhooks() -> Call[tuple[Webhook, ...]]:
    return call_of(
        "armoire.v1.CatalogService/ListWebhooks",
        webhooks_pb2.ListWebhooksRequest(),
        webhooks_pb2.ListWebhooksResponse,
        lambda reply: tuple(map(webhook_from_proto, reply.webhooks)),
    )


def delete_webhook(webhook_id: str) -> Call[None]:
    return call_of(
        "armoire.v1.CatalogService/DeleteWebhook",
        webhooks_pb2.DeleteWebhookRequest(webhook_id=webhook_id),
        webhooks_pb2.DeleteWebhookResponse,
        lambda _: None,
        repeatable=False,
    )


def test_webhook(webhook_id: str) -> Call[WebhookDelivery]:
    return call_of(
        "armoire.v1.CatalogService/TestWebhook",
        webhooks_pb2.TestWebhookRequest(webhook_id=webhook_id),
        webhooks_pb2.TestWebhookResponse,
        lambda reply: delivery_from_proto(reply.delivery),
        repeatable=False,
    )


def list_webhook_deliveries(
    webhook_id: str, state: WebhookDeliveryState | None, page_size: int, page_token: str
) -> Call[Page[WebhookDelivery]]:
    return call_of(
        "armoire.v1.CatalogService/ListWebhookDeliveries",
        webhooks_pb2.ListWebhookDeliveriesRequest(
            webhook_id=webhook_id,
            state=None if state is None else f"WEBHOOK_DELIVERY_STATE_{WebhookDeliveryState(state).name}",
            page_size=page_size,
            page_token=page_token,
        ),
        webhooks_pb2.ListWebhookDeliveriesResponse,
        lambda reply: Page(tuple(map(delivery_from_proto, reply.deliveries)), reply.next_page_token),
    )


def redeliver_webhook(delivery_id: str) -> Call[WebhookDelivery]:
    return call_of(
        "armoire.v1.CatalogService/RedeliverWebhook",
        webhooks_pb2.RedeliverWebhookRequest(delivery_id=delivery_id),
        webhooks_pb2.RedeliverWebhookResponse,
        lambda reply: delivery_from_proto(reply.delivery),
        repeatable=False,
    )
