"""`armoire outfit`: what goes together."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command import wardrobes
from armoire.command.console import Console
from armoire.command.documents import outfit_document
from armoire.command.options import Commands, add_command, add_group, conditions, count, number
from armoire.command.pictures import load_drawing, save
from armoire.command.pipelining import in_order
from armoire.command.tables import table
from armoire.errors import ArmoireError
from armoire.values.outfits import Occasion, Outfit, OutfitItem, OutfitSlot, Season
from armoire.values.wardrobes import OutfitPool

GROUP = "outfit"
SLOTS = tuple(slot.value for slot in OutfitSlot if slot is not OutfitSlot.UNKNOWN)
POOLS = tuple(pool.value for pool in OutfitPool if pool is not OutfitPool.UNKNOWN)
_CONCURRENCY = 4
_SAYS = """
An outfit has a top, a bottom and shoes, or a one-piece and shoes; layers, outerwear, hosiery and accessories
may be added. Its score, 0 to 1, is the sum of what its terms add: color, formality, compatibility (garments
that go well together), pattern and season; one that is bad takes more than its share, and is below 0. Where
the server has a learned scorer, there is the term learned, too. The sentence is made of the terms that move
the score most."""
SUGGEST = f"""\
  armoire outfit suggest --count 3 --sheet looks.png
  armoire outfit suggest --count 10 --seed 7 --json
  armoire outfit suggest --season winter --temperature -2 --formality 0.8
  armoire outfit suggest --where 'price<80,availability=in_stock,color=navy|white'
  armoire outfit suggest --base 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002
  armoire outfit suggest --user customer-4711 --pool wardrobe
{_SAYS}

The same seed has the same answer of the same catalogue; another one looks at other items. With --json each
outfit is a line: score, terms (what each adds), explanation, items (item_id, slot, category and more).

For a user the term preference says how much feedback tells of their taste, up to 0.2 either way."""
COMPLETE = f"""\
  armoire outfit complete --base 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002 --slot shoes
  armoire outfit complete --base SHIRT --base CHINOS --slot layer --where 'brand=Acme' --count 10
{_SAYS}

What is there need not become a whole outfit: `armoire outfit suggest --base ITEM` makes whole ones. With
--json each candidate is a line, as of suggest, with its item_id as `candidate`."""
SCORE = f"""\
  armoire outfit score BLAZER SHIRT CHINOS SNEAKERS
  armoire outfit score DRESS HEELS --season summer --json
{_SAYS}"""


def add_to(commands: Commands) -> None:
    group = add_group(commands, GROUP, "What goes together, and what end users like.", SUGGEST)
    summary = "Suggest outfits of the catalogue's items, best first."
    parser = add_command(group, "suggest", suggest, summary, SUGGEST, GROUP)
    _add_choice(parser)
    parser.add_argument(
        "--slots",
        type=_slots,
        default=(),
        metavar="SLOTS",
        help=f"fill these beside those of the base, and no others: some of {', '.join(SLOTS)}",
    )
    _add_base(parser, required=False)
    parser.add_argument(
        "--repeat-days",
        type=int,
        metavar="DAYS",
        help="leave out what the user was suggested in the last so many days (default: 7)",
    )
    summary = "Find items for one slot beside those that are there, best first."
    parser = add_command(group, "complete", complete, summary, COMPLETE, GROUP)
    parser.add_argument(
        "--slot", required=True, choices=SLOTS, metavar="SLOT", help=f"one of {', '.join(SLOTS)}"
    )
    _add_choice(parser)
    _add_base(parser, required=True)
    parser = add_command(group, "score", score, "Say how well items go together.", SCORE, GROUP)
    parser.add_argument("ids", nargs="+", metavar="ITEM", help="the ids of 1 to 12 items")
    wardrobes.add_user(parser, required=False)
    _add_occasion(parser)
    _add_sheet(parser)
    wardrobes.add_to(group)


def _add_base(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--base",
        action="append",
        default=[],
        required=required,
        metavar="ITEM",
        help="the id of an item that each outfit has; may be repeated",
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """Which answers, and how many."""
    parser.add_argument("--count", type=count, default=5, metavar="N", help="at most so many (default: 5)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="look at other items (default: 0)")
    parser.add_argument(
        "--where",
        type=conditions,
        default=(),
        metavar="FILTER",
        help="choose from items that pass, such as 'price<80,color=navy' (see `armoire search --help`)",
    )
    parser.add_argument(
        "--diversity",
        type=number,
        metavar="D",
        help="how much answers that differ count beside good ones, 0 to 1 (default: the server's)",
    )
    wardrobes.add_user(parser, required=False)
    parser.add_argument(
        "--pool",
        choices=POOLS,
        metavar="POOL",
        help=f"what outfits are made of: {', '.join(POOLS)}; the last two need --user (default: catalog)",
    )
    _add_occasion(parser)
    _add_sheet(parser)


def _add_occasion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--season", choices=[each.value for each in Season], help="when it is worn")
    parser.add_argument("--temperature", type=number, metavar="C", help="degrees Celsius outside")
    parser.add_argument(
        "--formality", type=number, metavar="F", help="from 0, worn for sports, to 1, worn to a ball"
    )


def _add_sheet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sheet",
        metavar="OUT.png",
        type=Path,
        help="save each outfit as a row of pictures (needs the [images] extra)",
    )


def _slots(text: str) -> tuple[str, ...]:
    """Raises ArgumentTypeError if one is none."""
    slots = tuple(text.split(","))
    for slot in slots:
        if slot not in SLOTS:
            raise argparse.ArgumentTypeError(f"must be some of {', '.join(SLOTS)}, not {slot!r}")
    return slots


async def suggest(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    drawing = load_drawing(arguments.sheet) if arguments.sheet else None
    outfits = await client.outfits.suggest(
        arguments.count,
        seed=arguments.seed,
        base=arguments.base,
        where=arguments.where,
        occasion=_occasion(arguments),
        slots=arguments.slots,
        diversity=arguments.diversity,
        end_user=arguments.user,
        pool=arguments.pool,
        repeat_days=arguments.repeat_days,
    )
    if arguments.user and not outfits:
        console.note("all that there are were suggested lately; --repeat-days 0 shows them again")
    for rank, outfit in enumerate(outfits, start=1):
        console.show(outfit_document(outfit), _text(outfit, f"{rank}. "))
    if drawing:
        save(drawing.lay_outfits(outfits, await _crops(client, outfits)), arguments.sheet, console)


async def complete(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    drawing = load_drawing(arguments.sheet) if arguments.sheet else None
    candidates = await client.outfits.complete(
        arguments.base,
        arguments.slot,
        arguments.count,
        seed=arguments.seed,
        where=arguments.where,
        occasion=_occasion(arguments),
        diversity=arguments.diversity,
        end_user=arguments.user,
        pool=arguments.pool,
    )
    documents = [outfit_document(each.outfit) | {"candidate": each.item.item_id} for each in candidates]
    headers = ("#", "score", *_HEADERS, "why")
    rows = [
        (rank, each.outfit.score, *_row(each.item), each.outfit.explanation)
        for rank, each in enumerate(candidates, start=1)
    ]
    console.show_table(documents, headers, rows)
    if drawing:
        outfits = [each.outfit for each in candidates]
        save(drawing.lay_outfits(outfits, await _crops(client, outfits)), arguments.sheet, console)


async def score(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    drawing = load_drawing(arguments.sheet) if arguments.sheet else None
    scored = await client.outfits.score(arguments.ids, occasion=_occasion(arguments), end_user=arguments.user)
    document = outfit_document(scored.outfit) | {"valid": scored.valid, "problems": list(scored.problems)}
    problems = "\n".join(f"no outfit: {problem}" for problem in scored.problems)
    console.show(document, "\n".join(filter(None, (_text(scored.outfit), problems))))
    if drawing:
        outfits = [scored.outfit]
        save(drawing.lay_outfits(outfits, await _crops(client, outfits)), arguments.sheet, console)


_HEADERS = ("slot", "garment", "color", "product", "price", "item")


def _occasion(arguments: argparse.Namespace) -> Occasion:
    return Occasion(arguments.season, arguments.temperature, arguments.formality)


def _text(outfit: Outfit, prefix: str = "") -> str:
    """The sentence, the items, and what each term adds."""
    rows = table(_HEADERS, map(_row, outfit.items))
    return (
        f"{prefix}{outfit.explanation}\n{rows}\nscore {_share(outfit.score)} = {points_text(outfit.points)}\n"
    )


def points_text(points: Mapping[str, float]) -> str:
    """What each term adds, or takes away, such as "color 0.4 - formality 0.1"."""
    terms = (f" {'-' if each < 0 else '+'} {name} {_share(abs(each))}" for name, each in points.items())
    return "".join(terms).removeprefix(" + ").lstrip()


def _share(value: float) -> str:
    """At most three digits after the point, and none that are 0 at the end."""
    return f"{round(value, 3):g}"


def _row(item: OutfitItem) -> Sequence[object]:
    product = item.product
    return (
        item.slot.value,
        item.garment_type,
        item.color,
        product.display_name if product else "",
        product.price if product else "",
        item.item_id,
    )


async def _crops(client: AsyncClient, outfits: Iterable[Outfit]) -> dict[str, bytes]:
    """The pictures of all items, by their ids; one that fails is left out."""
    ids = list(dict.fromkeys(item.item_id for outfit in outfits for item in outfit.items))
    crops: dict[str, bytes] = {}

    async def read(item_id: str) -> bytes | None:
        return (await client.get_item(item_id, include_crop=True)).crop

    async for item_id, crop in in_order(read, ids, _CONCURRENCY):
        if crop is not None and not isinstance(crop, ArmoireError):
            crops[item_id] = crop
    return crops
