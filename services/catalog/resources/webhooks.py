"""Webhooks: made, listed, tested and removed by administrators of a tenant."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.ids import IdSource, check_id
from services.catalog.limits import CatalogLimits
from services.catalog.records import webhooks
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.webhooks import Delivery, DeliveryState, Event, Webhook
from services.catalog.webhooks.sender import WebhookSender, new_secret
from services.sql.database import Database

MAX_WEBHOOKS = 16
_TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook with its secret, which is shown once."""

    webhook: Webhook
    secret: str = field(repr=False)


class Webhooks:
    """The calls on webhooks, each within the caller's tenant."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        ids: IdSource,
        limits: CatalogLimits,
        sender: WebhookSender,
        wake_dispatchers: Callable[[], None],
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._limits = limits
        self._sender = sender
        self._wake_dispatchers = wake_dispatchers

    async def create(self, principal: Principal, url: str, events: Sequence[str]) -> NewWebhook:
        """Send events to a URL from now on; all where none is named. Raises InvalidInput."""
        url, wanted = self._sender.check_url(url), _checked_events(events)
        tenant_id, id, secret, moment_us = principal.tenant_id, self._ids.next(), new_secret(), now_us()

        def insert(session: Session) -> Changed[Webhook]:
            if webhooks.count_webhooks(session, tenant_id) >= MAX_WEBHOOKS:
                raise FailedPrecondition(
                    f"a tenant has at most {MAX_WEBHOOKS} webhooks; delete one", reason="TOO_MANY_WEBHOOKS"
                )
            made = webhooks.insert_webhook(session, tenant_id, id, url, wanted, secret, moment_us)
            return made, Change(_name(id), {}, _facts(made))

        return NewWebhook(await self._trail.write(principal, insert), secret)

    async def list(self, principal: Principal) -> Sequence[Webhook]:
        """Newest first."""
        return await self._database.read(lambda session: webhooks.list_webhooks(session, principal.tenant_id))

    async def delete(self, principal: Principal, webhook_id: str) -> None:
        """Remove a webhook with its deliveries. Raises InvalidInput, NotFound."""
        id = check_id("webhook_id", webhook_id)

        def delete(session: Session) -> Changed[None]:
            gone = webhooks.delete_webhook(session, principal.tenant_id, id)
            return None, Change(_name(id), _facts(gone), {})

        await self._trail.write(principal, delete)

    async def test(self, principal: Principal, webhook_id: str) -> Delivery:
        """Send a test event once; a webhook that takes it is turned on. Raises InvalidInput, NotFound."""
        id, tenant_id, moment_us = check_id("webhook_id", webhook_id), principal.tenant_id, now_us()
        hook, secret = await self._database.read(
            lambda session: (
                webhooks.read_webhook(session, tenant_id, id),
                webhooks.read_secret(session, tenant_id, id),
            )
        )
        values = webhooks.delivery_values(tenant_id, self._ids.next(), id, _TEST, {}, moment_us)
        sent = await self._sender.send(hook.url, secret, values["id"], int(time.time()), values["body"])
        state = DeliveryState.DELIVERED if sent.ok else DeliveryState.FAILED
        values |= {"state": state, "attempts": 1, "status": sent.status, "error": sent.error[:200]}

        def store(session: Session) -> Changed[Delivery]:
            webhooks.insert_delivery(session, values)
            if sent.ok:
                webhooks.note_outcome(session, tenant_id, id, moment_us, ok=True)
            facts = {"test": state.name, "status": sent.status}
            return webhooks.read_delivery(session, tenant_id, values["id"]), Change(_name(id), {}, facts)

        return await self._trail.write(principal, store)

    async def list_deliveries(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        webhook_id: str = "",
        state: DeliveryState | None = None,
    ) -> Page[Delivery]:
        """Newest first. Raises InvalidInput."""
        id = check_id("webhook_id", webhook_id) if webhook_id else ""
        scope = f"deliveries {id} {state}"
        cursor = read_cursor(self._limits, principal, scope, page_size, page_token)
        found = await self._database.read(
            lambda session: webhooks.list_deliveries(session, principal.tenant_id, cursor, id, state)
        )
        return cut_page(cursor, found, lambda delivery: delivery.id)

    async def redeliver(self, principal: Principal, delivery_id: str) -> Delivery:
        """Send a delivery again. Raises InvalidInput, NotFound."""
        id, moment_us, tenant_id = check_id("delivery_id", delivery_id), now_us(), principal.tenant_id

        def again(session: Session) -> Changed[Delivery]:
            before = webhooks.read_delivery(session, tenant_id, id)
            after = webhooks.redeliver(session, tenant_id, id, moment_us)
            change = Change(
                _name(before.webhook_id),
                {"delivery": id, "state": before.state.name},
                {"delivery": id, "state": after.state.name},
            )
            return replace(after), change

        delivery = await self._trail.write(principal, again)
        self._wake_dispatchers()
        return delivery


def _checked_events(events: Sequence[str]) -> list[str]:
    known = [event.value for event in Event]
    if not events:
        return known
    for index, event in enumerate(events):
        if event not in known:
            raise InvalidInput(f"events[{index}]", f"must be one of {', '.join(known)}; got {event[:100]!r}")
    return sorted(set(events))


def _name(webhook_id: str) -> str:
    return f"webhooks/{webhook_id}"


def _facts(hook: Webhook) -> dict[str, object]:
    return {"url": hook.url, "events": list(hook.events)}
