"""The `armoire` command: its parser, and what its outcome means to a shell."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Mapping, Sequence

from armoire.async_client import AsyncClient
from armoire.command import (
    admin,
    analyze,
    backfill,
    bench,
    catalog_audit,
    detect,
    embed,
    exports,
    images,
    imports,
    index,
    items,
    jobs,
    models,
    operations,
    outfits,
    products,
    reindex,
    review,
    search,
    server,
    webhooks,
)
from armoire.command.console import CommandFailed, Console, UsageError
from armoire.command.encryption import tls_of
from armoire.command.options import add_shared
from armoire.deadlines import TIMEOUT_S
from armoire.errors import ArmoireError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

EPILOG = """\
examples:
  armoire health
  armoire analyze street.jpg --draw boxes.png
  armoire index photos/ --wait
  armoire search --text "red dress" --where 'price<50' --sheet hits.png
  armoire products list

A server that wants a key takes that of ARMOIRE_API_KEY.
`armoire COMMAND --help` shows the options of a command, with examples.
Exit status: 0 where all went well, 1 where something failed, 2 where the command line is wrong."""


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; a bad command line raises SystemExit(2)."""
    parser = build_parser(os.environ)
    arguments = parser.parse_args(argv)
    console = Console(arguments.json, sys.stdout, sys.stderr)
    try:
        asyncio.run(_run(arguments, console))
    except UsageError as error:
        parser.exit(USAGE, f"armoire {arguments.name}: error: {error}\n")
    except CommandFailed as error:
        console.complain(str(error))
    except ArmoireError as error:
        console.show_failure({}, "", error)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep the interpreter from flushing into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAILED if console.failed else OK


def build_parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    """The parser of all commands; `environment` gives defaults."""
    parser = argparse.ArgumentParser(
        prog="armoire",
        description="Finds clothes in photos, keeps them, and finds the ones that look alike.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_shared(parser, environment)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (
        server,
        admin,
        models,
        detect,
        analyze,
        embed,
        index,
        imports,
        jobs,
        operations,
        webhooks,
        backfill,
        reindex,
        catalog_audit,
        search,
        outfits,
        products,
        images,
        items,
        review,
        exports,
        bench,
    ):
        command.add_to(commands)
    return parser


async def _run(arguments: argparse.Namespace, console: Console) -> None:
    timeout_s = arguments.timeout_s or TIMEOUT_S
    tls = tls_of(arguments)
    credentials = tls.credentials() if tls else None
    try:
        opened = AsyncClient(
            arguments.address,
            timeout_s=timeout_s,
            credentials=credentials,
            upload_tls=tls.ssl_context() if tls else None,
        )
    except ValueError as error:  # of the key
        raise UsageError(str(error)) from error
    async with opened as client:
        await arguments.run(client, arguments, console)
