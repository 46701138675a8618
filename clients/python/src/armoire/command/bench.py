"""`armoire bench`: how fast a server answers."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.bench.requests import (
    Requests,
    empty_request,
    photo_requests,
    search_requests,
    text_requests,
)
from armoire.command.console import Console, UsageError
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_group, conditions, count, seconds
from armoire.command.tables import counted

EXAMPLES = """\
  armoire bench analyze photos/ --clients 32 --seconds 30
  armoire bench detect photos/ --clients 1,8,32 --plot curve.png
  armoire bench embed photos/ --rate 50 --json
  armoire bench search --text "red dress" --where 'price<50'

armoire bench COMMAND --help shows all options of a call."""

_NOTES = """

closed loop (--clients alone): each client sends its next call when its last one is answered, so a slow
  server gets fewer calls. Shows how much it can do.
open loop (--rate): calls fall due at random times at that rate, however slow the server is. Latency counts
  from when a call was due, late sending included. Shows what users see at that rate.
latencies are of the calls that went well; percentiles are nearest ranks. Calls of the warm-up do not count.
Ctrl-C ends the run and shows what was measured so far."""


def add_to(commands: Commands) -> None:
    summary = "Measure how many calls a server answers a second, and how fast."
    calls = add_group(commands, "bench", summary, EXAMPLES)
    for rpc, what in (
        ("analyze", "Time finding, describing and embedding the garments in photos."),
        ("detect", "Time finding the garments in photos."),
        ("embed", "Time embedding whole photos."),
    ):
        _add_photos(_add_call(calls, rpc, what, ("photos/ --clients 1,8,32", "photos/ --rate 50")))
    texts = ('"red dress" "striped shirt"', '"red dress" --clients 32 --json')
    _add_texts(_add_call(calls, "embed-text", "Time embedding texts.", texts))
    searches = ("photos/ --clients 8", "--text dress --where 'category=dress,price<50' --rate 20")
    _add_search(_add_call(calls, "search", "Time searching the catalogue.", searches))
    what = "Time a call that does next to nothing: what any call costs."
    _add_call(calls, "empty", what, ("--clients 1", "--clients 32 --processes 2"))


async def bench(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    # It brings processes and more, which no other command needs.
    from armoire.command.measuring import show_speed

    if arguments.json and arguments.markdown:
        raise UsageError("give --json or --markdown, one of the two")
    requests, inputs = await _make_requests(arguments)
    await show_speed(client, requests, inputs, arguments, console)


async def _make_requests(arguments: argparse.Namespace) -> tuple[Requests, str]:
    """The requests, and what they are of in words."""
    match arguments.rpc:
        case "empty":
            return empty_request(), "nothing"
        case "embed-text":
            return text_requests(arguments.texts, arguments.inputs_per_call), _counted(
                arguments.texts, "text"
            )
        case "search":
            return await _make_searches(arguments)
    photos = await _read_photos(arguments.photos)
    return photo_requests(arguments.rpc, photos, arguments.inputs_per_call), _counted(photos, "photo")


async def _make_searches(arguments: argparse.Namespace) -> tuple[Requests, str]:
    if not (arguments.photos or arguments.text or arguments.item):
        raise UsageError("give photos, --text or --item to search for")
    photos = await _read_photos(arguments.photos)
    kinds = ((photos, "photo"), (arguments.text, "text"), (arguments.item, "item"))
    made = search_requests(photos, arguments.text, arguments.item, arguments.where, arguments.top_k)
    return made, ", ".join(_counted(inputs, kind) for inputs, kind in kinds if inputs)


async def _read_photos(paths: Sequence[str]) -> list[bytes]:
    return [await read_photo(path) for path in find_photos(paths)]


def _counted(inputs: Sequence[object], kind: str) -> str:
    return counted(len(inputs), kind)


def _add_call(calls: Commands, rpc: str, summary: str, examples: Sequence[str]) -> argparse.ArgumentParser:
    lines = "\n".join(f"  armoire bench {rpc} {example}" for example in examples)
    parser = add_command(calls, rpc, bench, summary, lines + _NOTES, group="bench")
    parser.set_defaults(rpc=rpc, inputs_per_call=1)
    _add_pace(parser)
    _add_output(parser)
    return parser


def _add_pace(parser: argparse.ArgumentParser) -> None:
    pace = parser.add_argument_group("load")
    pace.add_argument(
        "--clients",
        type=counts,
        metavar="N[,N...]",
        help="calls under way at a time; several: a measurement for each (default: 8; with --rate 1000)",
    )
    pace.add_argument(
        "--rate",
        type=rates,
        metavar="R[,R...]",
        help="open loop: calls a second, at random times; several: a measurement for each",
    )
    pace.add_argument("--seconds", type=seconds, default=10.0, metavar="S", help="to measure (default: 10)")
    pace.add_argument(
        "--warm-up", type=warm_up, default=1.0, metavar="S", help="seconds before that (default: 1)"
    )
    pace.add_argument(
        "--processes", type=count, default=1, metavar="P", help="that share the clients (default: 1)"
    )
    pace.add_argument(
        "--connections", type=count, default=1, metavar="C", help="of each process (default: 1)"
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    output = parser.add_argument_group("output")
    output.add_argument("--markdown", action="store_true", help="print a Markdown table")
    output.add_argument("--out", type=Path, metavar="FILE", help="save what --json prints, too")
    output.add_argument(
        "--plot",
        type=Path,
        metavar="FILE.png",
        help="save latency against throughput as a picture (needs the [bench] extra)",
    )
    output.add_argument(
        "--metrics",
        metavar="URL",
        help="the server's metrics, such as http://127.0.0.1:3000/metrics: shows the sizes of its batches",
    )


def _add_photos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="photos, or folders of them")
    _add_inputs_per_call(parser, "--images-per-call", "photos")


def _add_texts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", nargs="+", metavar="TEXT", help="texts to embed")
    _add_inputs_per_call(parser, "--texts-per-call", "texts")


def _add_inputs_per_call(parser: argparse.ArgumentParser, option: str, inputs: str) -> None:
    parser.add_argument(
        option,
        type=count,
        dest="inputs_per_call",
        default=1,
        metavar="K",
        help=f"{inputs} in each call (default: 1)",
    )


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="*", metavar="PHOTO", help="photos, or folders of them")
    parser.add_argument("--text", action="append", default=[], metavar="T", help="may be given again")
    parser.add_argument("--item", action="append", default=[], metavar="ID", help="may be given again")
    parser.add_argument("--top-k", type=count, default=10, metavar="N", help="hits a query (default: 10)")
    parser.add_argument(
        "--where", type=conditions, default=(), metavar="FILTER", help="as of `armoire search`"
    )


def counts(text: str) -> tuple[int, ...]:
    return tuple(count(part) for part in text.split(","))


def rates(text: str) -> tuple[float, ...]:
    values = tuple(_number(part) for part in text.split(","))
    if not all(value > 0 for value in values):
        raise argparse.ArgumentTypeError(f"expected numbers of calls a second above 0, not {text!r}")
    return values


def warm_up(text: str) -> float:
    value = _number(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"expected a number of seconds from 0, not {text!r}")
    return value


def _number(text: str) -> float:
    """NaN where it is none, or not finite."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
