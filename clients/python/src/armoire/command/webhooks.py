"""`armoire webhooks`: where the end of jobs and operations is sent."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import Document
from armoire.command.options import Commands, add_command, add_group, add_ids, add_limit
from armoire.command.records import RecordKind, delete_each, show_each, show_newest
from armoire.values.webhooks import Webhook, WebhookDelivery, WebhookDeliveryState

EXAMPLES = """\
  armoire webhooks create https://shop.example/armoire --event indexing_job.failed
  armoire webhooks test 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001
  armoire webhooks list
  armoire webhooks deliveries --state FAILED
  armoire webhooks redeliver 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002

What is sent has ids, states and reasons, and is signed with the secret that `create` shows once."""
_ID = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"


def add_to(commands: Commands) -> None:
    summary = "Send the end of jobs and operations to URLs of yours."
    group = add_group(commands, "webhooks", summary, EXAMPLES)
    _add_create(group)
    add_command(
        group,
        "list",
        list_webhooks,
        "List webhooks, the newest first.",
        "  armoire webhooks list",
        group="webhooks",
    )
    for name, run, what, kind in (
        ("delete", delete_webhooks, "Remove the webhooks named, with their deliveries.", "webhook"),
        (
            "test",
            test_webhooks,
            "Send a test event now; one that is taken turns a webhook on again.",
            "webhook",
        ),
        ("redeliver", redeliver_webhooks, "Send the deliveries named again.", "delivery"),
    ):
        example = f"  armoire webhooks {name} {_ID}"
        add_ids(add_command(group, name, run, what, example, group="webhooks"), kind)
    _add_deliveries(group)


def _add_create(group: Commands) -> None:
    examples = "  armoire webhooks create https://shop.example/armoire --event indexing_job.failed"
    summary = "Send events to a URL from now on, and show the secret that signs them."
    parser = add_command(group, "create", create_webhook, summary, examples, group="webhooks")
    parser.add_argument(
        "url", metavar="URL", help="https, on the public internet unless the server allows others"
    )
    parser.add_argument(
        "--event",
        action="append",
        default=[],
        metavar="EVENT",
        help="such as indexing_job.failed; may be given again (default: all)",
    )


def _add_deliveries(group: Commands) -> None:
    examples = f"  armoire webhooks deliveries --webhook {_ID} --state FAILED"
    summary = "List what was sent or waits to be, the newest first."
    parser = add_command(group, "deliveries", list_deliveries, summary, examples, group="webhooks")
    parser.add_argument("--webhook", default="", metavar="ID", help="only those of this webhook")
    states = [state.value for state in WebhookDeliveryState if state is not WebhookDeliveryState.UNKNOWN]
    parser.add_argument("--state", choices=states, help="only those in this state")
    add_limit(parser)


async def create_webhook(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    made = await client.create_webhook(arguments.url, arguments.event)
    text = f"{made.webhook.id}\nsecret, shown this once: {made.secret}"
    console.show({**_document(made.webhook), "secret": made.secret}, text)


async def list_webhooks(client: AsyncClient, _arguments: argparse.Namespace, console: Console) -> None:
    WEBHOOKS.show(await client.list_webhooks(), console)


async def delete_webhooks(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await delete_each("webhook_id", client.delete_webhook, arguments.ids, console)


async def test_webhooks(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(DELIVERIES, client.test_webhook, arguments.ids, console)


async def redeliver_webhooks(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(DELIVERIES, client.redeliver_webhook, arguments.ids, console)


async def list_deliveries(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    state = WebhookDeliveryState(arguments.state) if arguments.state else None
    await show_newest(
        DELIVERIES,
        lambda page_size: client.iter_webhook_deliveries(
            webhook_id=arguments.webhook, state=state, page_size=page_size
        ),
        arguments.limit,
        console,
    )


def _document(hook: Webhook) -> Document:
    times = {name: _text(getattr(hook, name)) for name in ("failing_from", "create_time")}
    others = {name: value for name, value in asdict(hook).items() if name not in ("id", *times)}
    return {"webhook_id": hook.id, **others, "events": list(hook.events), **times}


def _delivery_document(delivery: WebhookDelivery) -> Document:
    times = {name: _text(getattr(delivery, name)) for name in ("create_time", "update_time")}
    others = {name: value for name, value in asdict(delivery).items() if name not in ("id", *times)}
    return {"delivery_id": delivery.id, **others, "state": str(delivery.state), **times}


def _text(moment: object) -> str | None:
    return None if moment is None else str(moment)


WEBHOOKS = RecordKind(
    "webhook_id",
    _document,
    ("webhook", "url", "events", "disabled"),
    lambda hook: (hook.id, hook.url, ", ".join(hook.events), "yes" if hook.disabled else ""),
)
DELIVERIES = RecordKind(
    "delivery_id",
    _delivery_document,
    ("delivery", "event", "state", "attempts", "status", "error"),
    lambda sent: (sent.id, sent.event, sent.state, sent.attempts, sent.status or "", sent.error),
)
