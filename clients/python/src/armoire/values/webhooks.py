"""Webhooks: where the end of jobs and operations is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.types import WireEnum


class WebhookDeliveryState(WireEnum):
    """How far a delivery is; FAILED ones are not sent any more."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL to which events are sent. `failing_from` is since when no delivery has succeeded."""

    id: str
    url: str
    events: tuple[str, ...]
    disabled: bool
    failing_from: datetime | None
    create_time: datetime | None


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A new webhook with the secret that signs what is sent, which is shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """An event on its way to one URL. `id` is the webhook-id of its requests, `status` the last answer's."""

    id: str
    webhook_id: str
    event: str
    state: WebhookDeliveryState
    attempts: int
    status: int
    error: str
    create_time: datetime | None
    update_time: datetime | None
