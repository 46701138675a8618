"""Webhooks and their deliveries."""

from __future__ import annotations

from armoire.v1 import webhooks_pb2
from domain.errors import InvalidInput
from services.catalog.records.webhooks import Delivery, DeliveryState, Webhook
from services.edge.conversion.types import time_to_proto

_STATES: dict[DeliveryState, webhooks_pb2.WebhookDeliveryState] = {
    DeliveryState.PENDING: webhooks_pb2.WEBHOOK_DELIVERY_STATE_PENDING,
    DeliveryState.DELIVERED: webhooks_pb2.WEBHOOK_DELIVERY_STATE_DELIVERED,
    DeliveryState.FAILED: webhooks_pb2.WEBHOOK_DELIVERY_STATE_FAILED,
}


def webhook_to_proto(hook: Webhook) -> webhooks_pb2.Webhook:
    return webhooks_pb2.Webhook(
        id=hook.id,
        url=hook.url,
        events=hook.events,
        disabled=hook.disabled,
        failing_from=None if hook.failing_from is None else time_to_proto(hook.failing_from),
        create_time=time_to_proto(hook.create_time),
    )


def delivery_to_proto(delivery: Delivery) -> webhooks_pb2.WebhookDelivery:
    return webhooks_pb2.WebhookDelivery(
        id=delivery.id,
        webhook_id=delivery.webhook_id,
        event=delivery.event,
        state=_STATES[delivery.state],
        attempts=delivery.attempts,
        status=delivery.status,
        error=delivery.error,
        create_time=time_to_proto(delivery.create_time),
        update_time=time_to_proto(delivery.update_time),
    )


def delivery_state_from_proto(number: int) -> DeliveryState | None:
    """None where it is unspecified. Raises InvalidInput."""
    if not number:
        return None
    for state, known in _STATES.items():
        if known == number:
            return state
    raise InvalidInput("state", f"must be a value of WebhookDeliveryState, got {number}")
