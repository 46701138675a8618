"""`armoire items`: the garments found in indexed photos."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable

from armoire.async_client import AsyncClient
from armoire.command import corrections
from armoire.command.console import Console
from armoire.command.documents import image_url_document, item_document
from armoire.command.options import (
    Commands,
    add_command,
    add_group,
    add_ids,
    add_lifetime,
    add_limit,
    add_where,
)
from armoire.command.records import RecordKind, show_each, show_lines, show_newest, with_column
from armoire.command.tables import attributes_text, box_text, colors_text
from armoire.values.images import ImageUrl
from armoire.values.items import Item

EXAMPLES = """\
  armoire items list --product 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003
  armoire items get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002 --json"""


def add_to(commands: Commands) -> None:
    summary = "List, show or correct the garments found in indexed photos."
    group = add_group(commands, "items", summary, EXAMPLES)
    _add_list(group)
    _add_get(group)
    _add_url(group)
    corrections.add_to(group)


def _add_list(group: Commands) -> None:
    examples = "  armoire items list --image 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --json"
    summary = "List items, the newest first."
    parser = add_command(group, "list", list_items, summary, examples, group="items")
    parser.add_argument("--product", default="", metavar="ID", help="only items of this product")
    parser.add_argument("--image", default="", metavar="ID", help="only items of this photo")
    parser.add_argument("--rejected", action="store_true", help="items that people have rejected, too")
    parser.add_argument(
        "--max-garment-score", type=float, metavar="SHARE", help="only what is hardly a garment, such as 0.3"
    )
    parser.add_argument("--min-garment-score", type=float, metavar="SHARE", help="only at least that")
    add_where(parser, "category=dress,color=red|blue")
    add_limit(parser)


def _add_get(group: Commands) -> None:
    examples = "  armoire items get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002 --json"
    summary = "Show the items named."
    add_ids(add_command(group, "get", get_items, summary, examples, group="items"), "item")


def _add_url(group: Commands) -> None:
    examples = "  armoire items url 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002 --lifetime 10m"
    summary = "Make URLs of the crops of the items named, which work without a key until they expire."
    parser = add_command(group, "url", show_urls, summary, examples, group="items")
    add_ids(parser, "item")
    add_lifetime(parser)


async def list_items(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        with_column(ITEMS, "rejected", lambda item: item.reject_reason) if arguments.rejected else ITEMS,
        lambda page_size: client.iter_items(
            product_id=arguments.product,
            image_id=arguments.image,
            show_rejected=arguments.rejected,
            min_garment_score=arguments.min_garment_score,
            max_garment_score=arguments.max_garment_score,
            where=arguments.where,
            page_size=page_size,
        ),
        arguments.limit,
        console,
    )


async def get_items(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(ITEMS, client.get_item, arguments.ids, console)


async def show_urls(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    def link(item_id: str) -> Awaitable[ImageUrl]:
        return client.get_crop_url(item_id, lifetime_s=arguments.lifetime)

    await show_lines("item_id", link, image_url_document, lambda linked: linked.url, arguments.ids, console)


def _row(item: Item) -> tuple[object, ...]:
    primary = [
        word
        for word, holds in (("photo", item.primary_in_image), ("product", item.primary_in_product))
        if holds
    ]
    return (
        item.id,
        item.label,
        item.score,
        box_text(item.box),
        attributes_text(item.attributes),
        colors_text(item.colors),
        ", ".join(primary),
        item.image_name,
        item.product_id,
    )


ITEMS = RecordKind(
    "item_id",
    item_document,
    (
        "item",
        "label",
        "score",
        "box",
        "attributes",
        "colors",
        "represents its",
        "image",
        "product",
    ),
    _row,
)
