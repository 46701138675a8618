"""`armoire export dataset`: the photos that people have reviewed, in a form that training tools read."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.durations import date
from armoire.command.options import Commands, add_command, add_concurrency, shares
from armoire.command.pipelining import in_order
from armoire.deadlines import WAIT_TIMEOUT_S
from armoire.errors import ArmoireError, NotFound
from armoire.exported_folder import WrongFolder
from armoire.values.exports import DatasetPhoto

if TYPE_CHECKING:
    from armoire.datasets.folder import DatasetFolder
    from armoire.datasets.forms import DatasetForm

_CHUNK = 64
_CONCURRENCY = 8
_FORMS = ("yolo", "coco", "image-text")

EXAMPLES = """\
  armoire export dataset garments --format yolo
  armoire export dataset garments-coco --format coco --splits 0.7,0.2,0.1 --include-rejected
  armoire export dataset pairs --format image-text --from 2026-01-01

Only photos without an unreviewed item are exported; --partly-reviewed takes others, too, without those items.
The same command goes on where it was interrupted. For what people review later, export into a new folder."""


def add_to(group: Commands) -> None:
    summary = "Write the photos that people have reviewed into a folder, for training."
    parser = add_command(group, "dataset", export_dataset, summary, EXAMPLES, group="export")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where it goes; made if it is not there")
    parser.add_argument("--format", required=True, choices=_FORMS, help="whose tools are to read it")
    parser.add_argument(
        "--splits",
        type=shares,
        default=(0.8, 0.1, 0.1),
        metavar="A,B,C",
        help="shares of training, validation and test photos (default: 0.8,0.1,0.1)",
    )
    parser.add_argument(
        "--include-rejected",
        action="store_true",
        help="what people said is no garment gets the class `ignore`",
    )
    parser.add_argument(
        "--include-rejected-detections",
        action="store_true",
        help="so does what was found and became no item; COCO tools ignore these regions",
    )
    parser.add_argument(
        "--partly-reviewed", action="store_true", help="photos with items that nobody has reviewed, too"
    )
    for option, what in (("--from", "at or after"), ("--before", "before")):
        parser.add_argument(
            option,
            type=date,
            dest=f"created_{option.removeprefix('--')}",
            metavar="TIME",
            help=f"only photos indexed {what} this moment, such as 2026-01-31 or 2026-01-31T12:00:00Z",
        )
    add_concurrency(parser, "photos", _CONCURRENCY)


async def export_dataset(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where a photo could not be had, or there is none."""
    forms = _load_forms()
    from armoire.datasets.folder import DatasetFolder

    folder, form = DatasetFolder(arguments.folder), forms.DatasetForm(arguments.format)
    try:
        after = folder.open(_options(arguments))
        left_out = await _store_all(client, arguments, folder, form, after, console)
        categories = folder.categories()
        with_ignore = arguments.include_rejected or arguments.include_rejected_detections
        counts = await asyncio.to_thread(forms.finish, folder, form, categories, with_ignore)
    except WrongFolder as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"cannot write {arguments.folder}: {error}") from error
    if not counts.photos:
        raise CommandFailed("people have reviewed no photo as a whole; `armoire items verify` does")
    document = {
        "folder": str(arguments.folder),
        "format": form.value,
        "photos": counts.photos,
        "items": counts.items,
        "left_out": left_out,
    }
    splits = ", ".join(f"{count} {split}" for split, count in sorted(counts.photos.items()))
    console.show(document, f"{arguments.folder}: {splits} photos, {counts.items} items")
    if left_out:
        console.note(f"{left_out} photos are left out: nobody says what one of their items is")


def _load_forms() -> Any:
    """Raises CommandFailed where Pillow, which it needs, is not installed."""
    try:
        from armoire.datasets import forms
    except ModuleNotFoundError as error:
        raise CommandFailed("datasets need Pillow: pip install 'armoire-client[images]'") from error
    return forms


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    """What must be the same when the export goes on."""
    moments = {
        name: moment.isoformat() if moment else None
        for name, moment in (
            ("created_from", arguments.created_from),
            ("created_before", arguments.created_before),
        )
    }
    return {
        "form": arguments.format,
        "splits": list(arguments.splits),
        "include_rejected": arguments.include_rejected,
        "partly_reviewed": arguments.partly_reviewed,
        **({"include_rejected_detections": True} if arguments.include_rejected_detections else {}),
        **moments,
    }


async def _store_all(
    client: AsyncClient,
    arguments: argparse.Namespace,
    folder: DatasetFolder,
    form: DatasetForm,
    after: str,
    console: Console,
) -> int:
    """Store the photos behind `after`; returns how many are left out."""
    from armoire.datasets.forms import store_photo

    async def fetch(photo: DatasetPhoto) -> bytes:
        return (await client.get_image_content(photo.image_id)).content

    left_out = 0
    async for chunk in _chunks(_photos(client, arguments, after)):
        folder.keep_categories(chunk[0].categories)
        async for photo, content in in_order(fetch, chunk, arguments.concurrency):
            problem = _problem(photo, content)
            if isinstance(content, ArmoireError) or problem:
                console.complain(f"{photo.image_id}: {problem}")
            elif not await asyncio.to_thread(store_photo, folder, form, photo, content):
                left_out += 1
    return left_out


def _photos(client: AsyncClient, arguments: argparse.Namespace, after: str) -> AsyncIterator[DatasetPhoto]:
    return client.export_dataset(
        after_image_id=after,
        shares=arguments.splits,
        include_partly_reviewed=arguments.partly_reviewed,
        include_rejected=arguments.include_rejected,
        include_rejected_detections=arguments.include_rejected_detections,
        created_from=arguments.created_from,
        created_before=arguments.created_before,
        timeout_s=arguments.timeout_s or WAIT_TIMEOUT_S,
    )


async def _chunks(photos: AsyncIterator[DatasetPhoto]) -> AsyncIterator[list[DatasetPhoto]]:
    chunk: list[DatasetPhoto] = []
    async for photo in photos:
        chunk.append(photo)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _problem(photo: DatasetPhoto, content: bytes | ArmoireError) -> str:
    """Why a photo is not stored; "" where it can be."""
    if isinstance(content, NotFound):
        return "it was deleted meanwhile"
    if isinstance(content, ArmoireError):
        return content.message
    is_whole = hashlib.sha256(content).hexdigest() == photo.sha256
    return "" if is_whole else "its stored bytes are not those that were indexed"
