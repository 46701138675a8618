"""`armoire health`: whether the server works."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import health_document
from armoire.command.options import Commands, add_command
from armoire.command.tables import table


def add_to(commands: Commands) -> None:
    add_command(
        commands,
        "health",
        show_health,
        "Say whether the server takes calls; exit 1 where it does not.",
        "  armoire health\n  armoire health --address 10.0.0.5:50051 --json",
    )


async def show_health(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    health = await client.health()
    rows = [("server", "SERVING" if health.serving else "NOT_SERVING"), *health.services.items()]
    text = table(("service", "state"), rows)
    console.show(health_document(arguments.address, health), text)
    if not health.serving:
        console.complain(f"the server at {arguments.address} does not take calls now")
