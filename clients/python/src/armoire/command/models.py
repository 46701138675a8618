"""`armoire models`: which models a server holds, and which of them answers."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import model_document, model_event_document, shadow_report_document
from armoire.command.options import Commands, Run, add_command, add_limit, count, share
from armoire.command.records import RecordKind, show_newest
from armoire.errors import ArmoireError
from armoire.values.inference import Model, ModelTask
from armoire.values.models import ModelEvent, ShadowRequirement

EXAMPLES = """\
  armoire models --stored
  armoire models load garments:latest
  armoire models switch garments-3f2a91c04d7e
  armoire models unload garments-77b0e1d2c3f4
  armoire models switch garments-3f2a91c04d7e --alias shadow
  armoire models switch garments-3f2a91c04d7e --require-shadow 500 --min-label-agreement 0.95
  armoire models history"""
LOADED = "version or reference, as `armoire models` shows it"
SEARCH_NOTE = """\
Inference answers with {version} now. The catalogue goes on with the embedder of its live collection, which
`armoire backfill status` shows; to change over, embed it for the new one: armoire backfill start"""
STALE_NOTE = """\
New photos are indexed with {version}. Items of photos that are indexed already stay as they are, which
`armoire reindex --status` counts; to find them anew: armoire reindex --stale"""
_TASKS = {"detect": ModelTask.DETECT, "embed": ModelTask.EMBED_IMAGE, "classify": ModelTask.CLASSIFY}
_HEADERS = (
    *("name", "version", "task", "state", "aliases", "input", "width", "batch"),
    *("precision", "provider", "license", "reference"),
)


def add_to(commands: Commands) -> None:
    summary = "List the models with their versions, states and origin; load, switch and unload them."
    listing = add_command(commands, "models", show_models, summary, EXAMPLES)
    listing.add_argument("--stored", action="store_true", help="also list those that are not loaded")
    group = listing.add_subparsers(metavar="COMMAND")
    summary = "Load a model beside the others, which go on answering; the default stays."
    parser = _add(group, "load", load_models, summary, "  armoire models load garments:latest")
    parser.add_argument(
        "references", nargs="+", metavar="REFERENCE", help="as `armoire models --stored` shows it"
    )
    summary = "Let calls that name no model go to a loaded one; or let an alias point to it."
    parser = _add(group, "switch", switch_model, summary, "  armoire models switch garments-3f2a91c04d7e")
    parser.add_argument("model", metavar="MODEL", help=LOADED)
    parser.add_argument("--alias", default="default", metavar="NAME", help="which alias (default: default)")
    _add_requirement(parser)
    summary = "Say how far the embedder with the alias `shadow` agrees with the one that answers."
    _add(group, "shadow", show_shadow, summary, "  armoire models shadow --json")
    summary = "Unload models after their last calls; no alias may point to them."
    parser = _add(group, "unload", unload_models, summary, "  armoire models unload garments-77b0e1d2c3f4")
    parser.add_argument("models", nargs="+", metavar="MODEL", help=LOADED)
    summary = "Remove an alias, whose model stays loaded."
    parser = _add(group, "drop-alias", drop_alias, summary, "  armoire models drop-alias canary detect")
    parser.add_argument("alias", metavar="NAME")
    parser.add_argument("task", choices=tuple(_TASKS), help="of the model that it points to")
    summary = "Say what was loaded, switched and unloaded, the newest first."
    add_limit(_add(group, "history", show_history, summary, "  armoire models history --limit 100 --json"))


def _add(group: Commands, name: str, run: Run, summary: str, example: str) -> argparse.ArgumentParser:
    return add_command(group, name, run, summary, example, group="models")


def _add_requirement(parser: argparse.ArgumentParser) -> None:
    """What `armoire models shadow` must say of an embedder."""
    parser.add_argument(
        "--require-shadow",
        type=count,
        metavar="GARMENTS",
        help="only after so many garments were compared with the model that answers: armoire models shadow",
    )
    for option, what in (
        ("--min-label-agreement", "of them have the same category"),
        ("--min-overlap", "of the ten nearest are named by both"),
    ):
        parser.add_argument(
            option, type=share, default=0.0, metavar="SHARE", help=f"and only if so large a share {what}"
        )


async def show_models(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.models(include_stored=arguments.stored), console)


async def load_models(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    for reference in arguments.references:
        try:
            _show(await client.load_model(reference), console)
        except ArmoireError as error:
            console.show_failure({"reference": reference}, reference, error)


async def switch_model(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    alias, required = arguments.alias, _requirement(arguments)
    change = await client.set_model_alias(arguments.model, alias=alias, required_shadow=required)
    version, previous = change.models[0].version, change.previous_version
    text = f"{alias} is {version}" + (f", before it was {previous}" if previous else "")
    console.show({"alias": alias, "version": version, "previous_version": previous}, text)
    embeds = any(model.task is ModelTask.EMBED_IMAGE for model in change.models)
    if alias == "default" and previous not in ("", version):
        console.note((SEARCH_NOTE if embeds else STALE_NOTE).format(version=version))


def _requirement(arguments: argparse.Namespace) -> ShadowRequirement | None:
    shares = arguments.min_label_agreement, arguments.min_overlap
    if arguments.require_shadow is None:
        if any(shares):
            raise UsageError("--min-label-agreement and --min-overlap need --require-shadow")
        return None
    return ShadowRequirement(arguments.require_shadow, *shares)


async def show_shadow(client: AsyncClient, _arguments: argparse.Namespace, console: Console) -> None:
    report = await client.get_shadow_report()
    document = shadow_report_document(report)
    if not report.candidate_version:
        console.show(document, "nothing was compared: armoire models switch MODEL --alias shadow")
        return
    lines = (
        f"{report.candidate_version} beside {report.live_version}",
        f"{report.photos} photos compared, {report.dropped} dropped, {report.failed} failed",
        f"same category: {report.label_agreement:.3f} of {report.garments} garments",
        f"overlap of the ten nearest: {report.overlap:.3f}, of {report.neighbourhoods} garments",
    )
    console.show(document, "\n".join(lines))


async def unload_models(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    for model in arguments.models:
        try:
            await client.unload_model(model)
        except ArmoireError as error:
            console.show_failure({"model": model}, model, error)
        else:
            console.show({"model": model, "unloaded": True}, f"unloaded {model}")


async def drop_alias(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await client.delete_model_alias(arguments.alias, _TASKS[arguments.task])
    console.show({"alias": arguments.alias, "deleted": True}, f"removed the alias {arguments.alias}")


async def show_history(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        EVENTS,
        lambda page_size: client.iter_model_events(page_size=page_size),
        arguments.limit,
        console,
    )


def _show(models: tuple[Model, ...], console: Console) -> None:
    console.show_table(map(model_document, models), _HEADERS, map(_row, models))


def _row(model: Model) -> tuple[object, ...]:
    size = f"{model.input_width}x{model.input_height}" if model.input_width else ""
    return (
        *(model.name, model.version, model.task, model.failure or model.state, ",".join(model.aliases)),
        *(size, model.embedding_width or "", model.max_batch or "", model.precision, model.provider),
        *(model.license, model.reference),
    )


def _event_row(event: ModelEvent) -> tuple[object, ...]:
    time = event.time.isoformat(sep=" ", timespec="seconds") if event.time else ""
    return (
        *(time, event.kind, event.version, event.alias, event.previous_version),
        *(event.reference, event.message),
    )


EVENTS = RecordKind(
    "version",
    model_event_document,
    ("time", "event", "version", "alias", "before", "reference", "message"),
    _event_row,
)
