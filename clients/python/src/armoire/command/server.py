"""`armoire health` and `armoire limits`: whether the server works, and what it takes."""

from __future__ import annotations

import argparse
from dataclasses import asdict

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

    add_command(
        commands,
        "limits",
        show_limits,
        "Say what the server holds requests to.",
        "  armoire limits\n  armoire limits --json",
    )


async def show_limits(client: AsyncClient, _arguments: argparse.Namespace, console: Console) -> None:
    limits = asdict(await client.limits())
    rows = [
        (service, name, ", ".join(value) if isinstance(value, tuple) else value)
        for service, found in limits.items()
        for name, value in (found or {}).items()
    ]
    console.show(limits, table(("service", "limit", "value"), rows))


async def show_health(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    health = await client.health()
    rows = [("server", "SERVING" if health.serving else "NOT_SERVING"), *health.services.items()]
    text = table(("service", "state"), rows)
    console.show(health_document(arguments.address, health), text)
    if not health.serving:
        console.complain(f"the server at {arguments.address} does not take calls now")
