"""`armoire products`: what is sold."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command import erasures
from armoire.command.console import Console, UsageError
from armoire.command.documents import product_document
from armoire.command.options import (
    Commands,
    add_command,
    add_deleted,
    add_group,
    add_ids,
    add_limit,
    add_order,
    add_where,
    add_yes,
    require_yes,
)
from armoire.command.product_fields import add_product_fields, product_of
from armoire.command.records import (
    RecordKind,
    delete_each,
    restore_each,
    show_each,
    show_newest,
    with_deletion,
)
from armoire.values.products import Product

EXAMPLES = """\
  armoire products list --limit 100
  armoire products get --external-id SKU-1042 --json
  armoire products create "Red dress" --external-id SKU-1042 --category dress --price "19.90 EUR"
  armoire products update 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --price "17.90 EUR"
  armoire products delete 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003
  armoire products restore 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003"""


def add_to(commands: Commands) -> None:
    summary = "List, show, create, change, delete, restore or erase the products of the catalogue."
    group = add_group(commands, "products", summary, EXAMPLES)
    _add_list(group)
    _add_get(group)
    _add_create(group)
    _add_update(group)
    _add_delete(group)
    _add_restore(group)
    _add_erase(group)


def _add_list(group: Commands) -> None:
    examples = (
        "  armoire products list\n"
        "  armoire products list --limit 1000 --json > products.jsonl\n"
        '  armoire products list --text dress --order-by "price desc"\n'
        "  armoire products list --deleted"
    )
    summary = "List products, the newest first."
    parser = add_command(group, "list", list_products, summary, examples, group="products")
    add_order(
        parser,
        "their name, brand, category, product type or external id",
        "create_time, update_time, display_name, brand or price",
    )
    add_where(parser, "brand=Acme,color=red,price<50")
    add_deleted(parser, "products")
    add_limit(parser)


def _add_get(group: Commands) -> None:
    examples = (
        "  armoire products get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --json\n"
        "  armoire products get --external-id SKU-1042"
    )
    summary = "Show the products named."
    parser = add_command(group, "get", get_products, summary, examples, group="products")
    parser.add_argument("ids", nargs="*", metavar="ID", help="of a product; several are allowed")
    parser.add_argument(
        "--external-id",
        action="append",
        default=[],
        metavar="ID",
        help="the shop's own id of a product; may be given again",
    )


def _add_create(group: Commands) -> None:
    examples = (
        '  armoire products create "Red dress" --external-id SKU-1042 --category dress --price "19.90 EUR"'
    )
    summary = "Create a product. `armoire index` creates one together with its photos."
    parser = add_command(group, "create", create_product, summary, examples, group="products")
    parser.add_argument("display_name", metavar="NAME", help="what it is called")
    add_product_fields(parser)


def _add_update(group: Commands) -> None:
    examples = (
        "  armoire products update 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --price '17.90 EUR'\n"
        "  armoire products update 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --list-price ''"
    )
    summary = "Change the fields of a product that are given; an empty text clears one."
    parser = add_command(group, "update", update_product, summary, examples, group="products")
    parser.add_argument("id", metavar="ID", help="of the product")
    parser.add_argument("--name", dest="display_name", metavar="NAME", help="what it is called")
    add_product_fields(parser)


def _add_delete(group: Commands) -> None:
    examples = "  armoire products delete 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003"
    summary = "Delete the products named, with their photos and items. `restore` brings them back."
    parser = add_command(group, "delete", delete_products, summary, examples, group="products")
    add_ids(parser, "product")


def _add_restore(group: Commands) -> None:
    examples = (
        "  armoire products list --deleted\n  armoire products restore 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003"
    )
    summary = "Bring back deleted products, with the photos that were deleted with them."
    add_ids(add_command(group, "restore", restore_products, summary, examples, group="products"), "product")


def _add_erase(group: Commands) -> None:
    examples = "  armoire products erase 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003 --yes"
    summary = "Remove the products named from every store at once and for good, deleted or not."
    parser = add_command(group, "erase", erase_products, summary, examples, group="products")
    add_ids(parser, "product")
    add_yes(parser)


async def list_products(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    with_deleted = arguments.deleted or arguments.only_deleted
    await show_newest(
        with_deletion(PRODUCTS, lambda product: product.delete_time) if with_deleted else PRODUCTS,
        lambda page_size: client.iter_products(
            text=arguments.text,
            where=arguments.where,
            order_by=arguments.order_by,
            show_deleted=arguments.deleted,
            only_deleted=arguments.only_deleted,
            page_size=page_size,
        ),
        arguments.limit,
        console,
    )


async def get_products(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    if bool(arguments.ids) == bool(arguments.external_id):
        raise UsageError("give IDs or --external-id, one of the two")

    async def get(external_id: str) -> Product:
        return await client.get_product(external_id=external_id)

    if arguments.ids:
        await show_each(PRODUCTS, client.get_product, arguments.ids, console)
    else:
        await show_each(PRODUCTS, get, arguments.external_id, console)


async def create_product(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    product, _ = product_of(arguments)
    PRODUCTS.show([await client.create_product(product)], console)


async def update_product(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    product, fields = product_of(arguments, arguments.id)
    if not fields:
        raise UsageError("give a field to change, such as --price")
    PRODUCTS.show([await client.update_product(product, fields)], console)


async def delete_products(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await delete_each("product_id", client.delete_product, arguments.ids, console)


async def restore_products(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    async def restore(product_id: str) -> Product:
        restored = await client.restore_product(product_id)
        if restored.lost_images:
            console.note(
                f"{product_id}: {restored.lost_images} photos stay deleted: their originals are gone"
            )
        return restored.product

    await restore_each(PRODUCTS, restore, arguments.ids, console)


async def erase_products(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    require_yes(arguments, "This removes the products with their photos, items, corrections and pictures")
    for product_id in arguments.ids:
        await erasures.finish(client, await client.erase_product(product_id), console)


def _row(product: Product) -> tuple[object, ...]:
    return (
        product.id,
        product.external_id,
        product.display_name,
        product.brand,
        product.category,
        product.product_type,
        product.price,
        product.availability,
    )


PRODUCTS = RecordKind(
    "product_id",
    product_document,
    ("product", "external id", "name", "brand", "category", "type", "price", "availability"),
    _row,
)
