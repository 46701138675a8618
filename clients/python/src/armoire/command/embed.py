"""`armoire embed`: photos and texts as vectors."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import embedding_document
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_photos
from armoire.command.pipelining import in_order
from armoire.errors import ArmoireError
from armoire.values.types import Embedding

EXAMPLES = """\
  armoire embed --text "red summer dress" --json
  armoire embed front.jpg back.jpg --json > vectors.jsonl"""
_SHOWN = 4
_SUBJECT_CHARS = 40


def add_to(commands: Commands) -> None:
    summary = "Embed whole photos, or texts, into the space that search compares in."
    parser = add_command(commands, "embed", embed, summary, EXAMPLES)
    add_photos(parser, "*")
    parser.add_argument(
        "--text", action="append", default=[], metavar="T", help="a text to embed; may be given again"
    )


async def embed(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    if bool(arguments.paths) == bool(arguments.text):
        raise UsageError("give photos or --text, one of the two")
    if arguments.text:
        await _embed_texts(client, arguments.text, console)
        return
    await _embed_photos(client, arguments, console)


async def _embed_texts(client: AsyncClient, texts: list[str], console: Console) -> None:
    for text, outcome in zip(texts, await client.embed_texts(texts), strict=True):
        if isinstance(outcome, ArmoireError):
            console.show_failure({"text": text}, _shortened(text), outcome)
        else:
            _show(console, "text", text, outcome)


def _shortened(text: str) -> str:
    return text if len(text) <= _SUBJECT_CHARS else f"{text[:_SUBJECT_CHARS]}..."


async def _embed_photos(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    async def embed_one(path: str) -> Embedding:
        (embedding,) = (await client.embed_image(await read_photo(path))).embeddings
        return embedding

    paths = find_photos(arguments.paths)
    console.start("embedding", len(paths))
    async for path, outcome in in_order(embed_one, paths, arguments.concurrency):
        console.step()
        if isinstance(outcome, ArmoireError):
            console.show_failure({"image": path}, path, outcome)
        else:
            _show(console, "image", path, outcome)
    console.finish()


def _show(console: Console, kind: str, source: str, embedding: Embedding) -> None:
    first = ", ".join(f"{value:+.4f}" for value in embedding.values[:_SHOWN])
    width = len(embedding.values)
    text = f"{source}: [{first}, ...] width {width}, {embedding.model_version}"
    console.show(embedding_document(kind, source, embedding), text)
