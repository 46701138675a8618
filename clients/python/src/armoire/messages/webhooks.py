"""Messages of webhooks."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import webhooks_pb2
from armoire.values.webhooks import Webhook, WebhookDelivery, WebhookDeliveryState


def webhook_from_proto(hook: webhooks_pb2.Webhook) -> Webhook:
    failing = time_from_proto(hook.failing_from) if hook.HasField("failing_from") else None
    created = time_from_proto(hook.create_time)
    return Webhook(hook.id, hook.url, tuple(hook.events), hook.disabled, failing, created)


def delivery_from_proto(delivery: webhooks_pb2.WebhookDelivery) -> WebhookDelivery:
    return WebhookDelivery(
        id=delivery.id,
        webhook_id=delivery.webhook_id,
        event=delivery.event,
        state=_state_from_proto(delivery.state),
        attempts=delivery.attempts,
        status=delivery.status,
        error=delivery.error,
        create_time=time_from_proto(delivery.create_time),
        update_time=time_from_proto(delivery.update_time),
    )


_state_from_proto = enum_reader(
    WebhookDeliveryState, webhooks_pb2.WebhookDeliveryState.items(), "WEBHOOK_DELIVERY_STATE_"
)
