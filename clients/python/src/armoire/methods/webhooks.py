# Generated from methods/async_webhooks.py by "make client". Change that file.
"""The calls on webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from armoire.caller import Caller
from armoire.calls import webhooks
from armoire.values.types import Page
from armoire.values.webhooks import CreatedWebhook, Webhook, WebhookDelivery, WebhookDeliveryState


class WebhookMethods:
    """The calls on webhooks and their deliveries."""

    _caller: Caller

    def create_webhook(
        self, url: str, events: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> CreatedWebhook:
        """Sends the end of jobs and operations to a URL from now on: the events named, or all of them."""
        return self._caller.run(webhooks.create_webhook(url, events), timeout_s)

    def list_webhooks(self, *, timeout_s: float | None = None) -> tuple[Webhook, ...]:
        """All webhooks, newest first."""
        return self._caller.run(webhooks.list_webhooks(), timeout_s)

    def delete_webhook(self, webhook_id: str, *, timeout_s: float | None = None) -> None:
        """Removes a webhook with its deliveries."""
        self._caller.run(webhooks.delete_webhook(webhook_id), timeout_s)

    def test_webhook(self, webhook_id: str, *, timeout_s: float | None = None) -> WebhookDelivery:
        """Sends a test event at once; a webhook that takes it is turned on again, if it was disabled."""
        return self._caller.run(webhooks.test_webhook(webhook_id), timeout_s)

    def list_webhook_deliveries(
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
        return self._caller.run(call, timeout_s)

    def iter_webhook_deliveries(
        self,
        *,
        webhook_id: str = "",
        state: WebhookDeliveryState | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> Iterator[WebhookDelivery]:
        """Like `list_webhook_deliveries`, page after page; `timeout_s` is for each."""
        return self._caller.each(
            lambda token: webhooks.list_webhook_deliveries(webhook_id, state, page_size, token), timeout_s
        )

    def redeliver_webhook(self, delivery_id: str, *, timeout_s: float | None = None) -> WebhookDelivery:
        """Sends a delivery again, whatever its state."""
        return self._caller.run(webhooks.redeliver_webhook(delivery_id), timeout_s)
