"""`armoire search`: items that look like a photo, a text or an item."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, TypeAlias

from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import search_document
from armoire.command.files import read_photo
from armoire.command.options import Commands, add_command, conditions, count, number
from armoire.command.pictures import load_drawing, save
from armoire.command.tables import attributes_text, box_text, colors_text, filter_text, table
from armoire.errors import InvalidInput
from armoire.values.search import Example, ExampleSet, Facet, Hit, QueryHits, RankWeights, SearchResult

EXAMPLES = """\
  armoire search street.jpg --sheet hits.png
  armoire search --text "striped shirt" --top-k 5
  armoire search shirt.jpg --text "this, but in red"
  armoire search --text dress --where 'category=dress,color=red|blue,price<50'
  armoire search --item 01932f6e-5a0c-7c51-9d0e-0f2a53b1c002 --json
  armoire search --product 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --group-by-product

filters:
  Conditions separated by commas must all hold. field=a|b holds where the field has one of these values,
  field!=a|b where it has none of them; <, <=, > and >= compare with numbers and with times, such as
  create_time>=2026-11-01. product.NAME is an attribute of the product. Of groups with bars between them one
  must hold: '(category=dress)|(category=skirt,color=red)'; a group after ! must not hold: '!(label=bag)'.
  A value with a comma goes in quotes: 'brand="Smith, Sons"'.

Hits are in the order of their rank score: the similarity, with a bonus for the query's category."""


_Queries: TypeAlias = dict[str, Any]
"""Queries by their name in `Client.search`."""


def add_to(commands: Commands) -> None:
    summary = "Find indexed items that look like a photo, a text or an item."
    parser = add_command(commands, "search", search, summary, EXAMPLES)
    query = parser.add_mutually_exclusive_group()
    query.add_argument("photo", nargs="?", metavar="PHOTO", help="one query for each garment in it")
    parser.add_argument(
        "--text",
        metavar="T",
        help="what to look for, in words; beside another query, what is to change: 'in red'",
    )
    parser.add_argument(
        "--unlike", action="append", default=[], metavar="ID", help="less like this item; may be repeated"
    )
    query.add_argument("--item", metavar="ID", help="more like this indexed item")
    query.add_argument("--product", metavar="ID", help="more like this product, without its own items")
    parser.add_argument("--top-k", type=count, default=10, metavar="N", help="hits a query (default: 10)")
    parser.add_argument(
        "--where", type=conditions, default=(), metavar="FILTER", help="only items that pass (see below)"
    )
    parser.add_argument(
        "--min-score", type=number, metavar="S", help="leave out hits less similar than this, -1 to 1"
    )
    parser.add_argument(
        "--min-detection-score",
        type=number,
        metavar="S",
        help="search for garments of the photo that the detector is sure of to this score, 0 to 1",
    )
    parser.add_argument(
        "--group-by-product", action="store_true", help="at most one hit a product, its most similar item"
    )
    parser.add_argument(
        "--collapse-duplicates",
        action="store_true",
        help="leave out hits whose photo looks the same as that of a better hit",
    )
    parser.add_argument(
        "--facets",
        type=lambda text: text.split(","),
        default=(),
        metavar="FIELDS",
        help="count the values of these fields, separated by commas, over all items that pass the filter",
    )
    parser.add_argument(
        "--rank",
        type=_weights,
        metavar="WEIGHTS",
        help="what agreements add to the similarity: color=0.3,shape=0.1; of category, attributes, color, "
        "shape, brand and price",
    )
    parser.add_argument("--no-rerank", action="store_true", help="order hits by their similarity alone")
    parser.add_argument(
        "--page-token", default="", metavar="T", help="next_page_token that --json printed, for further hits"
    )
    parser.add_argument(
        "--sheet",
        metavar="OUT.png",
        type=Path,
        help="save queries and hits side by side (needs the [images] extra)",
    )


def _weights(text: str) -> RankWeights:
    """Raises ArgumentTypeError if the text is none."""
    try:
        pairs = [part.split("=") for part in text.split(",")]
        return RankWeights(**{name.strip(): float(weight) for name, weight in pairs})
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(
            f"must be weights such as color=0.3,shape=0.1, not {text!r}"
        ) from None


async def search(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    drawing = load_drawing(arguments.sheet) if arguments.sheet else None
    photo = None if arguments.photo is None else await read_photo(arguments.photo)
    found = await _find(client, arguments, photo, include_crops=drawing is not None)
    console.show(search_document(found), _text(found))
    if drawing:
        picture = photo or await _crop_of(client, arguments.item)
        caption = arguments.text or arguments.item or arguments.product or Path(arguments.photo).name
        save(drawing.lay_sheet(found, picture, caption), arguments.sheet, console)


async def _find(
    client: AsyncClient, arguments: argparse.Namespace, photo: bytes | None, *, include_crops: bool
) -> SearchResult:
    try:
        return await client.search(
            **_query(arguments, photo),
            where=arguments.where,
            top_k=arguments.top_k,
            page_token=arguments.page_token,
            min_score=arguments.min_score,
            min_detection_score=arguments.min_detection_score,
            rerank=not arguments.no_rerank,
            rank_weights=arguments.rank,
            group_by_product=arguments.group_by_product,
            collapse_near_duplicates=arguments.collapse_duplicates,
            facets=arguments.facets,
            include_crops=include_crops,
        )
    except InvalidInput as error:
        catalog = (await client.limits()).catalog if error.field == "top_k" else None
        if catalog is None:
            raise
        raise UsageError(f"--top-k must be 1 to {catalog.max_top_k}, not {arguments.top_k}") from error


def _query(arguments: argparse.Namespace, photo: bytes | None) -> _Queries:
    """The one query, or several as examples.

    Raises:
        UsageError: there is none.
    """
    given: _Queries = {"item_id": arguments.item, "product_id": arguments.product, "photo": photo}
    given = {name: value for name, value in given.items() if value is not None}
    if arguments.text is not None:
        given["text"] = arguments.text
    if not given:
        raise UsageError("give a PHOTO, --text, --item or --product")
    if len(given) == 1 and not arguments.unlike:
        return given
    positive = tuple(Example(**{name: value}) for name, value in given.items())
    negative = tuple(Example(item_id=item_id) for item_id in arguments.unlike)
    return {"examples": ExampleSet(positive, negative)}


async def _crop_of(client: AsyncClient, item_id: str | None) -> bytes | None:
    return (await client.get_item(item_id, include_crop=True)).crop if item_id else None


def _text(found: SearchResult) -> str:
    hits = list(map(_query_text, found.queries)) or ["no garment to search for"]
    return "\n\n".join([*hits, *map(_facet_text, found.facets)])


def _facet_text(facet: Facet) -> str:
    return table((facet.field, "items"), [(each.value, each.count) for each in facet.values])


def _query_text(query: QueryHits) -> str:
    rows = [(rank, *_row(hit)) for rank, hit in enumerate(query.hits, start=1)]
    headers = (
        *("#", "rank score", "similarity", "label", "attributes", "colors"),
        *("product", "price", "image", "item"),
    )
    hits = table(headers, rows) if rows else _nothing(query)
    if query.box is None:
        return hits
    return f"{query.label or 'garment'} at {box_text(query.box)}\n{hits}"


def _nothing(query: QueryHits) -> str:
    """That there are no hits, and what they would have had to be by the words of the query."""
    applied = filter_text(query.applied_filter)
    return f"no hits that are {applied}" if applied else "no hits"


def _row(hit: Hit) -> tuple[object, ...]:
    product = hit.product
    return (
        hit.rank_score,
        hit.score,
        hit.item.label,
        attributes_text(hit.item.attributes),
        colors_text(hit.item.colors),
        product.display_name if product else "",
        product.price if product else "",
        f"{hit.item.image_name} (same photo)" if hit.same_photo else hit.item.image_name,
        hit.item.id,
    )
