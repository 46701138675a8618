"""`armoire images`: the photos that were indexed."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.documents import (
    duplicate_document,
    duplicate_group_document,
    image_document,
    image_url_document,
)
from armoire.command.files import check_target
from armoire.command.options import (
    Commands,
    add_command,
    add_deleted,
    add_group,
    add_ids,
    add_lifetime,
    add_limit,
    add_order,
    count,
)
from armoire.command.records import (
    RecordKind,
    delete_each,
    restore_each,
    show_each,
    show_lines,
    show_newest,
    with_deletion,
)
from armoire.values.images import DuplicateGroup, DuplicatePhoto, Image, ImageUrl

EXAMPLES = """\
  armoire images list --product 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003
  armoire images get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --json
  armoire images save 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 small.webp --thumbnail 512
  armoire images url 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --lifetime 10m
  armoire images duplicates --json
  armoire images move 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --external-id SKU-1
  armoire images delete 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004
  armoire images restore 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004"""


def add_to(commands: Commands) -> None:
    summary = "List, show, save, link to, compare, move, delete or restore the photos of the catalogue."
    group = add_group(commands, "images", summary, EXAMPLES)
    _add_list(group)
    _add_get(group)
    _add_save(group)
    _add_save_rejected(group)
    _add_url(group)
    _add_duplicates(group)
    _add_move(group)
    _add_delete(group)
    _add_restore(group)


def _add_list(group: Commands) -> None:
    examples = "  armoire images list --limit 100 --json\n  armoire images list --deleted"
    summary = "List photos, the newest first."
    parser = add_command(group, "list", list_images, summary, examples, group="images")
    parser.add_argument("--product", default="", metavar="ID", help="only photos of this product")
    add_order(parser, "their name", "create_time, update_time, name or size_bytes")
    add_deleted(parser, "photos")
    add_limit(parser)


def _add_get(group: Commands) -> None:
    examples = "  armoire images get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --json"
    summary = "Show the photos named, with what was rejected in them and why."
    add_ids(add_command(group, "get", get_images, summary, examples, group="images"), "photo")


def _add_save(group: Commands) -> None:
    examples = (
        "  armoire images save 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 original.jpg\n"
        "  armoire images save 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 small.webp --thumbnail 512"
    )
    summary = "Save a photo as it was sent, or a small WebP of it."
    parser = add_command(group, "save", save_image, summary, examples, group="images")
    parser.add_argument("id", metavar="ID", help="of a photo")
    parser.add_argument("file", metavar="FILE", type=Path, help="to save it as")
    parser.add_argument(
        "--thumbnail", type=count, metavar="PX", help="a WebP whose longer side has at most so many pixels"
    )


def _add_save_rejected(group: Commands) -> None:
    example = "  armoire images save-rejected 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 rejected/"
    summary = "Save the pictures of what was found in a photo and rejected, as far as they are kept."
    parser = add_command(group, "save-rejected", save_rejected, summary, example, group="images")
    parser.add_argument("id", metavar="ID", help="of a photo")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="to save them in; it is made if need be")


def _add_url(group: Commands) -> None:
    examples = (
        "  armoire images url 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004\n"
        "  armoire images url 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --thumbnail 512 --lifetime 10m"
    )
    summary = "Make URLs of the photos named, which work without a key until they expire."
    parser = add_command(group, "url", show_urls, summary, examples, group="images")
    add_ids(parser, "photo")
    parser.add_argument(
        "--thumbnail",
        type=count,
        default=0,
        metavar="PX",
        help="of a WebP whose longer side has at most so many",
    )
    add_lifetime(parser)


def _add_duplicates(group: Commands) -> None:
    examples = (
        "  armoire images duplicates\n"
        "  armoire images duplicates --product 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003\n"
        "  armoire images duplicates 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --max-distance 10 --json"
    )
    summary = "List the photos that look the same as one, or all that look the same, in groups."
    parser = add_command(group, "duplicates", show_duplicates, summary, examples, group="images")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("id", metavar="ID", nargs="?", default="", help="of a photo; else, groups are listed")
    which.add_argument("--product", default="", metavar="ID", help="only groups with a photo of this product")
    parser.add_argument(
        "--max-distance",
        type=int,
        metavar="BITS",
        help="in how many of 256 bits hashes may differ, 0 to 31; 31 unless given",
    )
    add_limit(parser)


def _add_move(group: Commands) -> None:
    examples = (
        "  armoire images move 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --product "
        "01932f6e-5a0c-7c51-9d0e-0f2a53b1c003\n"
        "  armoire images move 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --external-id SKU-1\n"
        "  armoire images move 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004 --no-product"
    )
    summary = "Move the photos named to another product; their items follow in search."
    parser = add_command(group, "move", move_images, summary, examples, group="images")
    add_ids(parser, "photo")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--product", metavar="ID", help="the product that gets them")
    target.add_argument("--external-id", metavar="ID", help="that product by the shop's own id")
    target.add_argument("--no-product", action="store_true", help="let them belong to no product")


def _add_delete(group: Commands) -> None:
    examples = "  armoire images delete 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004"
    summary = "Delete the photos named, with their items. `restore` brings them back."
    add_ids(add_command(group, "delete", delete_images, summary, examples, group="images"), "photo")


def _add_restore(group: Commands) -> None:
    examples = (
        "  armoire images list --deleted\n  armoire images restore 01932f6e-5a0c-7c51-9d0e-0f2a53b1c004"
    )
    summary = "Bring back deleted photos, with their items."
    add_ids(add_command(group, "restore", restore_images, summary, examples, group="images"), "photo")


async def list_images(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    with_deleted = arguments.deleted or arguments.only_deleted
    await show_newest(
        with_deletion(IMAGES, lambda image: image.delete_time) if with_deleted else IMAGES,
        lambda page_size: client.iter_images(
            product_id=arguments.product,
            text=arguments.text,
            order_by=arguments.order_by,
            show_deleted=arguments.deleted,
            only_deleted=arguments.only_deleted,
            page_size=page_size,
        ),
        arguments.limit,
        console,
    )


async def get_images(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(IMAGES, client.get_image, arguments.ids, console)


async def save_image(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    check_target(arguments.file)
    if arguments.thumbnail is None:
        picture = await client.get_image_content(arguments.id)
    else:
        picture = await client.get_thumbnail(arguments.id, max_side_px=arguments.thumbnail)
    try:
        arguments.file.write_bytes(picture.content)
    except OSError as error:
        raise CommandFailed(f"cannot save {arguments.file}: {error}") from error
    document = {"image_id": arguments.id, "file": str(arguments.file), "media_type": picture.media_type}
    console.show(document, f"saved {arguments.file} ({picture.media_type})")


async def save_rejected(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Names the files after the photo, the number of the crop and the reason."""
    image = await client.get_image(arguments.id, include_rejected_crops=True)
    pictures = {
        arguments.folder / f"{image.id}-{index}-{each.reason}.jpg": each.crop
        for index, each in enumerate(image.rejected_crops)
        if each.crop is not None
    }
    try:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        for path, content in pictures.items():
            path.write_bytes(content)
    except OSError as error:
        raise CommandFailed(f"cannot save to {arguments.folder}: {error}") from error
    found = len(image.rejected_crops)
    console.show(
        {"image_id": image.id, "files": [str(path) for path in pictures], "rejected_crops": found},
        f"saved {len(pictures)} of {found} rejected crops in {arguments.folder}",
    )


async def show_urls(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    def link(image_id: str) -> Awaitable[ImageUrl]:
        thumbnail_px, lifetime_s = arguments.thumbnail, arguments.lifetime
        return client.get_image_url(image_id, thumbnail_px=thumbnail_px, lifetime_s=lifetime_s)

    await show_lines("image_id", link, image_url_document, lambda linked: linked.url, arguments.ids, console)


async def show_duplicates(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    within: int | None = arguments.max_distance
    if not arguments.id:
        await show_newest(
            DUPLICATE_GROUPS,
            lambda page_size: client.iter_near_duplicates(
                product_id=arguments.product, max_distance=within, page_size=page_size
            ),
            arguments.limit,
            console,
        )
        return
    found = await client.find_near_duplicates(arguments.id, max_distance=within, page_size=arguments.limit)
    DUPLICATES.show(found.photos, console)
    if not found.hashed:
        console.note("the photo has no hash: it is too plain to be told apart from others, or not hashed yet")
    if found.total_size > len(found.photos):
        console.note(f"{len(found.photos)} of {found.total_size} are shown; --limit shows more")


async def move_images(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    product_id = arguments.product or ""
    if arguments.external_id:
        product_id = (await client.get_product(external_id=arguments.external_id)).id

    async def move(image_id: str) -> Image:
        return await client.update_image(image_id, product_id=product_id)

    await show_each(IMAGES, move, arguments.ids, console)


async def delete_images(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await delete_each("image_id", client.delete_image, arguments.ids, console)


async def restore_images(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await restore_each(IMAGES, client.restore_image, arguments.ids, console)


def _row(image: Image) -> tuple[object, ...]:
    rejected = ", ".join(f"{crop.label or 'box'}: {crop.reason}" for crop in image.rejected_crops)
    size = f"{image.width}x{image.height}"
    return image.id, image.name, image.product_id, size, image.format, ", ".join(image.warnings), rejected


IMAGES = RecordKind(
    "image_id", image_document, ("image", "name", "product", "size", "format", "warnings", "rejected"), _row
)


def _duplicate_row(photo: DuplicatePhoto) -> tuple[object, ...]:
    return photo.image.id, photo.image.name, photo.image.product_id, photo.distance


def _group_row(group: DuplicateGroup) -> tuple[object, ...]:
    oldest, *copies = group.photos
    named = ", ".join(f"{copy.image.id} ({copy.distance})" for copy in copies)
    return (
        group.total_size,
        oldest.image.id,
        named + (", ..." if group.total_size > len(group.photos) else ""),
    )


DUPLICATES = RecordKind(
    "image_id", duplicate_document, ("image", "name", "product", "distance"), _duplicate_row
)
DUPLICATE_GROUPS = RecordKind(
    "photos", duplicate_group_document, ("photos", "oldest", "copies (distance)"), _group_row
)
