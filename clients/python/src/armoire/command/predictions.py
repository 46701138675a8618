"""`armoire admin predictions`: the prediction log, for retraining and drift."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.documents import prediction_document
from armoire.command.durations import moment
from armoire.command.files import check_target
from armoire.command.options import Commands, add_command, add_group

EXAMPLES = """\
  armoire admin predictions export --since 7d log.jsonl
  armoire admin predictions export --since 2026-01-01 --pictures photos log.jsonl"""
STDOUT = "-"
_PAGE, _PAGE_OF_PICTURES = 500, 50
_SUFFIXES = ((b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"RIFF", ".webp"))
"""Suffixes of photos by their first bytes."""


def add_to(admin: Commands) -> None:
    group = add_group(admin, "predictions", "Read the prediction log.", EXAMPLES)
    summary = "Write the prediction log to a file, one JSON object a line, the oldest first."
    parser = add_command(group, "export", export, summary, EXAMPLES, group="admin predictions")
    parser.add_argument("out", metavar="OUT", help="the file to write; - writes to standard output")
    for option, what in (("--since", "from this time on"), ("--until", "before this time")):
        parser.add_argument(
            option,
            type=moment,
            metavar="TIME",
            help=f"only what was said {what}: an age such as 7d or 12h, or a date such as 2026-01-31 or "
            "2026-01-31T12:00+00:00 (UTC unless it says otherwise)",
        )
    parser.add_argument("--tenant", default="", help="whose calls (default: yours)")
    parser.add_argument("--pictures", metavar="FOLDER", help="save the photos that are kept here, too")


async def export(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    pictures = None if arguments.pictures is None else Path(arguments.pictures)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    written = 0
    with _opened(arguments.out) as out:
        async for logged in client.iter_predictions(
            created_from=arguments.since,
            created_before=arguments.until,
            include_pictures=pictures is not None,
            tenant=arguments.tenant,
            page_size=_PAGE if pictures is None else _PAGE_OF_PICTURES,
        ):
            picture = None
            if pictures is not None and logged.picture:
                picture = _save(logged.picture, pictures, logged.id)
            out.write(json.dumps(prediction_document(logged, picture)) + "\n")
            written += 1
    console.note(f"wrote {written} entries of the prediction log")


def _save(picture: bytes, folder: Path, id: str) -> str:
    suffix = next((suffix for start, suffix in _SUFFIXES if picture.startswith(start)), "")
    path = folder / f"{id}{suffix}"
    path.write_bytes(picture)
    return str(path)


@contextmanager
def _opened(out: str) -> Iterator[TextIO]:
    if out == STDOUT:
        yield sys.stdout
        return
    check_target(Path(out))
    try:
        with Path(out).open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise CommandFailed(f"cannot save {out}: {error.strerror}") from error
