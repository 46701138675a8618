"""`armoire outfit feedback`, `wardrobe` and `preferences`: what end users own, think and like."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from armoire.async_client import AsyncClient
from armoire.command import erasures
from armoire.command.console import Console
from armoire.command.documents import Document, money_document
from armoire.command.options import Commands, add_command, add_group, add_limit, add_yes, require_yes
from armoire.command.records import RecordKind, show_newest
from armoire.command.tables import counted
from armoire.prices import parse_price
from armoire.values.products import Money
from armoire.values.wardrobes import (
    FeedbackKind,
    NewWardrobeItem,
    Preference,
    WardrobeItem,
    WardrobeState,
)

KINDS = tuple(kind.value for kind in FeedbackKind if kind is not FeedbackKind.UNKNOWN)
STATES = tuple(state.value for state in WardrobeState if state is not WardrobeState.UNKNOWN)
_ITEM = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c002"
FEEDBACK = f"""\
  armoire outfit feedback like {_ITEM} --user customer-4711
  armoire outfit feedback wear SHIRT CHINOS SNEAKERS --user customer-4711

Several items are an outfit, and share what is said. What is worn is counted in the wardrobe, too."""
WARDROBE = f"""\
  armoire outfit wardrobe add {_ITEM} --user customer-4711 --price "90 EUR" --acquired 2026-11-30
  armoire outfit wardrobe list --user customer-4711 --never-worn
  armoire outfit wardrobe remove {_ITEM} --user customer-4711"""
PREFERENCES = """\
  armoire outfit preferences show --user customer-4711
  armoire outfit preferences reset --user customer-4711 --yes
  armoire outfit preferences export --user customer-4711 > customer-4711.json
  armoire outfit preferences erase --user customer-4711 --yes"""
_WARDROBE, _PREFERENCES = "outfit wardrobe", "outfit preferences"


def add_to(group: Commands) -> None:
    summary = "Say what an end user thinks of an item, or of an outfit."
    parser = add_command(group, "feedback", record_feedback, summary, FEEDBACK, "outfit")
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}")
    parser.add_argument("ids", nargs="+", metavar="ITEM", help="the ids of 1 to 12 items")
    add_user(parser, required=True)
    parser.add_argument("--key", metavar="KEY", help="say it once, however often the command is repeated")
    _add_wardrobe(group)
    _add_preferences(group)


def add_user(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--user", required=required, default="", metavar="USER", help="the end user: an id of yours"
    )


def _add_wardrobe(commands: Commands) -> None:
    summary = "What an end user owns, wishes for or has bought."
    group = add_group(commands, "wardrobe", summary, WARDROBE)
    summary = "Put items of the catalogue into a wardrobe, or change what is said of them."
    parser = add_command(group, "add", add_items, summary, WARDROBE, _WARDROBE)
    parser.add_argument("ids", nargs="+", metavar="ITEM", help="the ids of items")
    parser.add_argument(
        "--state",
        choices=STATES,
        default="owned",
        metavar="STATE",
        help=f"one of {', '.join(STATES)} (default: owned)",
    )
    parser.add_argument("--price", type=_price, metavar="PRICE", help="what was paid, such as '19.90 EUR'")
    parser.add_argument("--acquired", type=_day, metavar="DAY", help="since when, such as 2026-11-30")
    parser.add_argument(
        "--note", default="", metavar="TEXT", help="what the end user says of them, up to 500 characters"
    )
    add_user(parser, required=True)
    summary = "List a wardrobe, the newest first, with the cost of each wear."
    parser = add_command(group, "list", list_items, summary, WARDROBE, _WARDROBE)
    parser.add_argument(
        "--state",
        action="append",
        choices=STATES,
        default=[],
        metavar="STATE",
        help=f"only what is {', '.join(STATES)}; may be repeated",
    )
    parser.add_argument("--never-worn", action="store_true", help="only what was never worn")
    add_limit(parser)
    add_user(parser, required=True)
    summary = "Take items out of a wardrobe; they stay in the catalogue."
    parser = add_command(group, "remove", remove_items, summary, WARDROBE, _WARDROBE)
    parser.add_argument("ids", nargs="+", metavar="ITEM", help="the ids of items")
    add_user(parser, required=True)


def _add_preferences(commands: Commands) -> None:
    summary = "What feedback has come to for an end user."
    group = add_group(commands, "preferences", summary, PREFERENCES)
    for name, run, what in (
        ("show", show_preferences, "Show what an end user likes, the best known first."),
        ("export", export_data, "Print all that is kept of an end user, as JSON."),
        ("reset", reset_preferences, "Forget all feedback; the wardrobe stays."),
        ("erase", erase_user, "Remove all that is kept of an end user, and the id, for good."),
    ):
        parser = add_command(group, name, run, what, PREFERENCES, _PREFERENCES)
        add_user(parser, required=True)
        if name in ("reset", "erase"):
            add_yes(parser)


async def record_feedback(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    feedback_id = await client.wardrobes.record_feedback(
        arguments.user, arguments.kind, arguments.ids, idempotency_key=arguments.key
    )
    console.show({"feedback_id": feedback_id}, feedback_id)


async def add_items(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    said = (arguments.state, arguments.price, arguments.acquired, arguments.note)
    items = [NewWardrobeItem(item_id, *said) for item_id in arguments.ids]
    ENTRIES.show(await client.wardrobes.add(arguments.user, items), console)


async def list_items(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        ENTRIES,
        lambda page_size: client.wardrobes.iter(
            arguments.user,
            states=arguments.state,
            never_worn=arguments.never_worn,
            page_size=page_size,
        ),
        arguments.limit,
        console,
    )


async def remove_items(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    removed = await client.wardrobes.remove(arguments.user, arguments.ids)
    console.show({"removed": removed}, f"{counted(removed, 'item')} removed")


async def show_preferences(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    PREFERENCE.show((await client.wardrobes.preferences(arguments.user)).values, console)


async def reset_preferences(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    require_yes(arguments, "This forgets all feedback of the end user")
    await client.wardrobes.reset_preferences(arguments.user)
    console.show({"end_user": arguments.user, "reset": True}, "reset")


async def export_data(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    data = await client.wardrobes.export(arguments.user)
    document = {
        "end_user": data.end_user,
        "wardrobe": [_entry_document(each) for each in data.wardrobe],
        "feedback": [
            {
                "feedback_id": each.id,
                "kind": each.kind.value,
                "item_ids": list(each.item_ids),
                "create_time": _text(each.create_time),
            }
            for each in data.feedback
        ],
        "preferences": asdict(data.preferences),
        "shown_outfits": list(data.shown_outfits),
    }
    console.show(document, json.dumps(document, indent=2))


async def erase_user(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    require_yes(arguments, "This removes all that is kept of the end user")
    await erasures.finish(client, await client.erase_end_user(arguments.user), console)


def _price(text: str) -> Money:
    """Raises ArgumentTypeError where it is none."""
    try:
        return parse_price(text, "EUR")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _day(text: str) -> date:
    """Raises ArgumentTypeError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a day such as 2026-11-30, not {text!r}") from None


def _entry_document(item: WardrobeItem) -> Document:
    return {
        "item_id": item.item_id,
        "state": item.state.value,
        "price": money_document(item.price),
        "acquired": _text(item.acquired),
        "note": item.note,
        "wear_count": item.wear_count,
        "last_wear_time": _text(item.last_wear_time),
        "cost_per_wear": money_document(item.cost_per_wear),
        "create_time": _text(item.create_time),
    }


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _entry_row(item: WardrobeItem) -> Sequence[object]:
    worn = item.last_wear_time.date().isoformat() if item.last_wear_time else ""
    return item.item_id, item.state.value, item.price, item.wear_count, worn, item.cost_per_wear, item.note


ENTRIES = RecordKind(
    "item_id",
    _entry_document,
    ("item", "state", "price", "worn", "last worn", "cost per wear", "note"),
    _entry_row,
)


def _preference_document(preference: Preference) -> Document:
    return asdict(preference)


def _preference_row(preference: Preference) -> Sequence[object]:
    return preference.facet, preference.value, preference.score, preference.weight


PREFERENCE = RecordKind("value", _preference_document, ("facet", "value", "score", "weight"), _preference_row)
