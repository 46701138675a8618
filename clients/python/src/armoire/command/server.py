"""`armoire health` and `armoire models`: what the server is and whether it works."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import health_document, model_document
from armoire.command.options import Commands, add_command
from armoire.command.tables import table
from armoire.values.inference import Model


def add_to(commands: Commands) -> None:
    add_command(
        commands,
        "health",
        show_health,
        "Say whether the server takes calls; exit 1 where it does not.",
        "  armoire health\n  armoire health --address 10.0.0.5:50051 --json",
    )
    add_command(
        commands,
        "models",
        show_models,
        "List the loaded models with their versions and origin.",
        "  armoire models\n  armoire models --json | head -n 1",
    )


async def show_health(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    health = await client.health()
    rows = [("server", "SERVING" if health.serving else "NOT_SERVING"), *health.services.items()]
    text = table(("service", "state"), rows)
    console.show(health_document(arguments.address, health), text)
    if not health.serving:
        console.complain(f"the server at {arguments.address} does not take calls now")


async def show_models(client: AsyncClient, _arguments: argparse.Namespace, console: Console) -> None:
    models = await client.models()
    headers = ("name", "version", "task", "input", "width", "precision", "provider", "license", "source")
    console.show_table(map(model_document, models), headers, map(_row, models))


def _row(model: Model) -> tuple[object, ...]:
    size = f"{model.input_width}x{model.input_height}" if model.input_width else ""
    return (
        model.name,
        model.version,
        model.task,
        size,
        model.embedding_width or "",
        model.precision,
        model.provider,
        model.license,
        model.source,
    )
