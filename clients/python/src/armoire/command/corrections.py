"""`armoire items correct` and the like: what people say of items."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.documents import correction_document, item_document
from armoire.command.options import Commands, Run, add_command, add_limit
from armoire.command.records import RecordKind, show_newest
from armoire.values.corrections import Corrected, Correction, FieldChange, Said
from armoire.values.types import Box

_ITEM = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c002"
REASONS = ("not_a_garment", "duplicate", "bad_box")


def add_to(group: Commands) -> None:
    """The commands below `armoire items`."""
    _add_correct(group)
    _add_add(group)
    parser = _add_one(group, "reject", reject, "Take an item out of search and lists.", "--reason duplicate")
    parser.add_argument("--reason", required=True, choices=REASONS, help="why it is no item")
    _add_one(group, "restore", restore, "Take a rejection back.")
    _add_one(group, "verify", verify, "Agree with the label, the attributes and the box of an item.")
    summary = "Let an item represent its photo or its product."
    parser = _add_one(group, "set-primary", set_primary, summary, "--of product")
    parser.add_argument("--of", required=True, choices=("image", "product"), help="what it represents")
    _add_history(group)
    summary = "Bring back what was before a correction."
    parser = add_command(group, "undo", undo, summary, f"  armoire items undo {_ITEM}", group="items")
    parser.add_argument("id", metavar="CORRECTION", help="the correction's id")


def _add_correct(group: Commands) -> None:
    summary = "Say what is right of an item."
    example = "--label dress --set color=red --not pattern=striped"
    parser = _add_one(group, "correct", correct, summary, example)
    _add_values(parser)
    parser.add_argument("--box", type=_box, metavar="X1,Y1,X2,Y2", help="in pixels of the upright picture")


def _add_add(group: Commands) -> None:
    summary = "Add a garment that no model has found."
    examples = f"  armoire items add {_ITEM} --box 10,20,200,300 --label hat"
    parser = add_command(group, "add", add, summary, examples, group="items")
    parser.add_argument("id", metavar="IMAGE", help="the photo's id")
    parser.add_argument(
        "--box", type=_box, required=True, metavar="X1,Y1,X2,Y2", help="where it is, in pixels"
    )
    _add_values(parser)


def _add_history(group: Commands) -> None:
    summary = "Show what people have changed, the newest first."
    examples = f"  armoire items history --item {_ITEM}"
    parser = add_command(group, "history", history, summary, examples, group="items")
    parser.add_argument("--item", default="", metavar="ID", help="only changes of this item")
    parser.add_argument("--author", default="", metavar="WHO", help="only changes by this author, as user:ID")
    add_limit(parser)


def _add_one(
    group: Commands, name: str, run: Run, summary: str, arguments: str = ""
) -> argparse.ArgumentParser:
    """A command on one item."""
    examples = f"  armoire items {name} {_ITEM} {arguments}".rstrip()
    parser = add_command(group, name, run, summary, examples, group="items")
    parser.add_argument("id", metavar="ITEM", help="the item's id")
    return parser


def _add_values(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--label", default="", help="its category, or a synonym")
    pair: dict[str, Any] = {"action": "append", "default": [], "type": _pair}
    parser.add_argument(
        "--set", metavar="NAME=VALUE", help="a value of an attribute; may be repeated", **pair
    )
    parser.add_argument("--not", dest="wrong", metavar="NAME=VALUE", help="a value that it has not", **pair)
    parser.add_argument("--clear", action="append", default=[], metavar="NAME", help="no value applies")
    parser.add_argument(
        "--reset", action="append", default=[], metavar="NAME", help="the model's value is back"
    )


async def correct(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    said = _said(arguments)
    box = arguments.box
    _show(await client.correct_item(arguments.id, label=arguments.label, attributes=said, box=box), console)


async def add(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    said, label = _said(arguments), arguments.label
    _show(await client.add_item(arguments.id, arguments.box, label=label, attributes=said), console)


async def reject(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.reject_item(arguments.id, arguments.reason), console)


async def restore(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.restore_item(arguments.id), console)


async def verify(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.verify_item(arguments.id), console)


async def set_primary(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.set_primary_item(arguments.id, arguments.of), console)


async def undo(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.undo_correction(arguments.id), console)


async def history(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        CORRECTIONS,
        lambda page_size: client.iter_corrections(
            item_id=arguments.item, author=arguments.author, page_size=page_size
        ),
        arguments.limit,
        console,
    )


def _said(arguments: argparse.Namespace) -> dict[str, Said]:
    """What the options say of attributes. Raises CommandFailed where they say two things of one."""
    said: dict[str, Said] = {}
    values, wrong = _by_name(arguments.set), _by_name(arguments.wrong)
    answers = [
        *((name, Said(values=each)) for name, each in values.items()),
        *((name, Said(not_values=each)) for name, each in wrong.items()),
        *((name, Said(cleared=True)) for name in arguments.clear),
        *((name, Said(reset=True)) for name in arguments.reset),
    ]
    for name, answer in answers:
        if name in said:
            raise CommandFailed(f"the options say two things of the attribute {name}")
        said[name] = answer
    return said


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _box(text: str) -> Box:
    try:
        x1, y1, x2, y2 = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not X1,Y1,X2,Y2") from None
    return Box(x1, y1, x2, y2)


def _show(corrected: Corrected, console: Console) -> None:
    """The correction and the item as it is now."""
    correction = corrected.correction
    document = {
        "item": None if corrected.item is None else item_document(corrected.item),
        "correction": None if correction is None else correction_document(correction),
        "job_id": corrected.job_id or None,
    }
    lines = ["nothing has changed"] if correction is None else [_text(each) for each in correction.changes]
    lines += [] if correction is None else [f"correction {correction.id}"]
    lines += [f"job {corrected.job_id} makes its crop and its embedding"] if corrected.job_id else []
    console.show(document, "\n".join(lines))


def _text(change: FieldChange) -> str:
    return f"{change.field}: {change.before or '-'} -> {change.after or '-'}"


def _row(correction: Correction) -> tuple[object, ...]:
    changes = "; ".join(map(_text, correction.changes))
    return (
        correction.id,
        correction.create_time,
        correction.author,
        correction.kind,
        correction.item_id,
        changes,
    )


CORRECTIONS = RecordKind(
    "correction_id", correction_document, ("correction", "time", "author", "kind", "item", "changes"), _row
)
