"""`armoire embed`: photos and texts as vectors."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator

from armoire.async_bulk import BULK_WINDOW
from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import embedding_document
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_model, add_photos
from armoire.command.pipelining import in_order
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import ArmoireError
from armoire.values.inference import ImageEmbeddings
from armoire.values.types import Embedding

EXAMPLES = """\
  armoire embed --text "red summer dress" --json
  armoire embed front.jpg back.jpg --json > vectors.jsonl"""
_SHOWN = 4
_SUBJECT_CHARS = 40


def add_to(commands: Commands) -> None:
    summary = "Embed whole photos, or texts, into the space that search compares in."
    parser = add_command(commands, "embed", embed, summary, EXAMPLES)
    add_photos(parser, "*", BULK_WINDOW)
    parser.add_argument(
        "--text", action="append", default=[], metavar="T", help="a text to embed; may be given again"
    )
    add_model(parser, "--model", "the embedder that answers")


async def embed(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    if bool(arguments.paths) == bool(arguments.text):
        raise UsageError("give photos or --text, one of the two")
    if arguments.text:
        await _embed_texts(client, arguments, console)
        return
    await _embed_photos(client, arguments, console)


async def _embed_texts(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    texts: list[str] = arguments.text
    outcomes = await client.embed_texts(texts, model_version=arguments.model)
    for text, outcome in zip(texts, outcomes, strict=True):
        if isinstance(outcome, ArmoireError):
            console.show_failure({"text": text}, _shortened(text), outcome)
        else:
            _show(console, "text", text, outcome)


def _shortened(text: str) -> str:
    return text if len(text) <= _SUBJECT_CHARS else f"{text[:_SUBJECT_CHARS]}..."


async def _embed_photos(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    paths = find_photos(arguments.paths)
    console.start("embedding", len(paths))
    async for path, outcome in _embedded(client, paths, arguments):
        console.step()
        if isinstance(outcome, ArmoireError):
            console.show_failure({"image": path}, path, outcome)
        else:
            _show(console, "image", path, outcome.embeddings[0])
    console.finish()


def _embedded(
    client: AsyncClient, paths: list[str], arguments: argparse.Namespace
) -> AsyncIterator[tuple[str, ImageEmbeddings | ArmoireError]]:
    """Each photo with its outcome; a single one is embedded by a call of its own, ahead of bulk work."""

    async def embed_one(path: str) -> ImageEmbeddings:
        return await client.embed_image(await read_photo(path), model_version=arguments.model)

    if len(paths) == 1:
        return in_order(embed_one, paths, 1)
    return client.embed_many(
        paths,
        model_version=arguments.model,
        window=arguments.concurrency,
        timeout_s=arguments.timeout_s or BULK_TIMEOUT_S,
    )


def _show(console: Console, kind: str, source: str, embedding: Embedding) -> None:
    first = ", ".join(f"{value:+.4f}" for value in embedding.values[:_SHOWN])
    width = len(embedding.values)
    text = f"{source}: [{first}, ...] width {width}, {embedding.model_version}"
    console.show(embedding_document(kind, source, embedding), text)
