"""`python -m services.drift`: drift reports from a server's prediction log or catalogue."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from armoire import ArmoireError, AsyncClient
from armoire.command.console import CommandFailed, UsageError
from armoire.command.encryption import tls_of
from armoire.command.files import check_target
from armoire.deadlines import TIMEOUT_S
from domain import errors
from services.drift.catalog_photos import read_catalog
from services.drift.command import current_window, limits_of, parse_arguments, reference_window
from services.drift.comparison import compare
from services.drift.exposition import exposition
from services.drift.logged_photos import read_log
from services.drift.page import page
from services.drift.report import DriftReport
from services.drift.reviews import read_agreements
from services.drift.sample import Samples
from services.drift.saved_reference import SavedReference
from services.drift.summary import summary
from services.drift.window import Window

OK, FAILED, USAGE, ALARM, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status; a wrong command line raises SystemExit(2)."""
    arguments = parse_arguments(argv)
    try:
        return asyncio.run(_run(arguments))
    except UsageError as error:
        return _failed(str(error), USAGE)
    except errors.ArmoireError as error:
        return _failed(error.message, FAILED)
    except (ArmoireError, CommandFailed, OSError) as error:
        return _failed(str(error), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED


def _failed(text: str, status: int) -> int:
    sys.stderr.write(f"python -m services.drift: {text}\n")
    return status


async def _run(arguments: argparse.Namespace) -> int:
    for target in (getattr(arguments, name, None) for name in ("out", "html", "metrics")):
        if target is not None:
            check_target(target)
    current_window(arguments).check("--since")
    async with _client(arguments) as client:
        if arguments.command == "save":
            return await _save(client, arguments)
        report = await _report(client, arguments)
    _write(report, arguments)
    return ALARM if report.alarm else OK


def _client(arguments: argparse.Namespace) -> AsyncClient:
    tls, timeout_s = tls_of(arguments), arguments.timeout_s or TIMEOUT_S
    credentials = tls.credentials() if tls else None
    try:
        return AsyncClient(arguments.address, timeout_s=timeout_s, credentials=credentials)
    except ValueError as error:  # of the key
        raise UsageError(str(error)) from error


async def _samples(client: AsyncClient, window: Window, arguments: argparse.Namespace) -> Samples:
    if arguments.source == "catalog":
        return await read_catalog(client, window, arguments.max_units)
    by_photo = arguments.unit == "photo"
    return await read_log(client, window, arguments.max_units, arguments.tenant, by_photo=by_photo)


async def _save(client: AsyncClient, arguments: argparse.Namespace) -> int:
    window = current_window(arguments)
    samples = await _samples(client, window, arguments)
    SavedReference(arguments.tenant, window, samples).save(arguments.out)
    for source, sample in samples.items():
        sys.stdout.write(f"{source}: {sample.units} calls, {sample.photos} photos or texts\n")
    return OK


async def _report(client: AsyncClient, arguments: argparse.Namespace) -> DriftReport:
    current = current_window(arguments)
    reference = await _reference(client, arguments)
    limits = limits_of(arguments)
    outcome = compare(reference.samples, await _samples(client, current, arguments), limits)
    agreements = None
    if arguments.agreement:
        agreements = await read_agreements(client, reference.window, current)
    return DriftReport(
        reference.tenant, datetime.now(UTC), reference.window, current, outcome, limits, agreements
    )


async def _reference(client: AsyncClient, arguments: argparse.Namespace) -> SavedReference:
    if arguments.reference is not None:
        reference = SavedReference.load(arguments.reference)
        if reference.tenant != arguments.tenant:
            raise UsageError(
                f"--reference is of the tenant {reference.tenant!r}, --tenant says {arguments.tenant!r}"
            )
        return reference
    window = reference_window(arguments)
    window.check("--reference-since")
    samples = await _samples(client, window, arguments)
    return SavedReference(arguments.tenant, window, samples)


def _write(report: DriftReport, arguments: argparse.Namespace) -> None:
    document = json.dumps(report.document(), indent=1) + "\n"
    if arguments.out is not None:
        arguments.out.write_text(document, encoding="utf-8")
    if arguments.html is not None:
        arguments.html.write_text(page(report), encoding="utf-8")
    if arguments.metrics is not None:
        _replace(arguments.metrics, exposition(report))
    sys.stdout.write(document if arguments.json else summary(report))


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole, since the collector may read it at any moment."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(main())
