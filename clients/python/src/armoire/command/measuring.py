"""What `armoire bench` does once it knows its requests: send them, and show what came of it."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from armoire.async_client import AsyncClient
from armoire.async_transport import AsyncTransport
from armoire.bench.batches import NoMetrics, added, read_batch_rows
from armoire.bench.load import Load
from armoire.bench.measurement import Measurement, measure
from armoire.bench.report import HEADERS, description, markdown, measurement_document, row
from armoire.bench.requests import Requests
from armoire.bench.workers import WorkerLost
from armoire.call import Call
from armoire.channel import key_metadata
from armoire.command.console import CommandFailed, Console, UsageError
from armoire.command.encryption import tls_of
from armoire.command.files import check_target
from armoire.command.pipelining import outcome_of
from armoire.deadlines import TIMEOUT_S
from armoire.errors import Unimplemented
from armoire.retries import RetryPolicy

_BUSY_CORES = 0.9
_OPEN_LOOP_CLIENTS = 1000
_CLOSED_LOOP_CLIENTS = 8


async def show_speed(
    client: AsyncClient, requests: Requests, inputs: str, arguments: argparse.Namespace, console: Console
) -> None:
    """Measures each load that the arguments ask for; `inputs` says what the requests are of."""
    plot = _load_plot(arguments.plot) if arguments.plot else None
    if arguments.out:
        check_target(arguments.out)
    loads = _loads(arguments, requests)
    versions = await _model_versions(client)
    await _try_once(loads[0])
    title = description(loads[0], inputs, versions)
    console.note(title)
    measurements = await _measure_all(loads, arguments, console)
    if not measurements:
        console.note("nothing was measured")
    else:
        _show(measurements, versions, title, arguments, console)
    if measurements and plot:
        figure = plot.draw(title, measurements)
        _save(lambda: plot.save(figure, arguments.plot), arguments.plot, console)
    if _is_interrupted():
        raise asyncio.CancelledError


def _loads(arguments: argparse.Namespace, requests: Requests) -> list[Load]:
    """One load, or one for each value of the option that holds several."""
    rates: Sequence[float | None] = arguments.rate or (None,)
    clients = arguments.clients or (_OPEN_LOOP_CLIENTS if arguments.rate else _CLOSED_LOOP_CLIENTS,)
    if len(rates) > 1 and len(clients) > 1:
        raise UsageError("give several --clients or several --rate, not both")
    return [
        Load(
            arguments.address,
            requests,
            clients=count,
            seconds=arguments.seconds,
            warm_up_s=arguments.warm_up,
            rate_per_s=rate,
            timeout_s=arguments.timeout_s or TIMEOUT_S,
            connections=arguments.connections,
            metadata=key_metadata(),
            tls=tls_of(arguments),
        )
        for count in clients
        for rate in rates
    ]


async def _model_versions(client: AsyncClient) -> dict[str, str]:
    with suppress(Unimplemented):  # a server of the catalogue alone
        return {model.name: model.version for model in await client.models()}
    return {}


async def _try_once(load: Load) -> None:
    """Raises what would meet every call of the load too."""
    credentials = load.tls.credentials() if load.tls else None
    transport = AsyncTransport(load.address, RetryPolicy(), credentials)
    try:
        call = Call(load.requests.path, load.requests.bodies[0], bytes, repeatable=False)
        await outcome_of(transport.run(call, load.timeout_s, load.metadata))
    finally:
        await transport.close()


async def _measure_all(
    loads: Sequence[Load], arguments: argparse.Namespace, console: Console
) -> list[Measurement]:
    """A measurement for each load, as far as Ctrl-C or a mishap lets it come."""
    measurements: list[Measurement] = []
    seconds = sum(int(load.warm_up_s + load.seconds) for load in loads)
    console.start("measuring", seconds, unit="s")
    try:
        for load in loads:
            measurements.append(await _measure(load, arguments, console.step))
            if measurements[-1].interrupted:
                break
    except (WorkerLost, NoMetrics) as error:
        console.complain(str(error))
    except asyncio.CancelledError:
        pass  # before the load began
    console.finish()
    return [each for each in measurements if each.tally.seconds]


async def _measure(load: Load, arguments: argparse.Namespace, on_second: Callable[[], None]) -> Measurement:
    if not arguments.metrics:
        return await measure(load, arguments.processes, on_second)
    before = await asyncio.to_thread(read_batch_rows, arguments.metrics)
    measurement = await measure(load, arguments.processes, on_second)
    after = await asyncio.to_thread(read_batch_rows, arguments.metrics)
    return replace(measurement, batch_rows=added(before, after))


def _is_interrupted() -> bool:
    """Ctrl-C was pressed, and has waited for what was measured to be shown."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _show(
    measurements: Sequence[Measurement],
    versions: Mapping[str, str],
    title: str,
    arguments: argparse.Namespace,
    console: Console,
) -> None:
    documents = [measurement_document(each, versions) for each in measurements]
    if arguments.markdown:
        console.show({}, markdown(title, measurements))
    else:
        console.show_table(documents, HEADERS, map(row, measurements))
    if arguments.out:
        lines = "".join(json.dumps(document) + "\n" for document in documents)
        _save(lambda: arguments.out.write_text(lines), arguments.out, console)
    for measurement in measurements:
        _note_limits(measurement, console)
    _complain(measurements, console)


def _note_limits(measurement: Measurement, console: Console) -> None:
    """What the figures do not say by themselves."""
    tally, load = measurement.tally, measurement.load
    if tally.held_back or tally.not_sent:
        console.note(
            f"at {load.rate_per_s:g} calls/s all {load.clients} clients were busy at times: "
            f"{tally.held_back} calls were sent late, which their latency counts, "
            f"and {tally.not_sent} not at all, which no percentile counts"
        )
    if tally.cores > _BUSY_CORES:
        console.note(
            f"sending kept {tally.cores:.1f} cores of one process busy: the server may be faster than this "
            "says; give more --processes"
        )


def _complain(measurements: Sequence[Measurement], console: Console) -> None:
    errors = sum((each.tally.errors for each in measurements), Counter[str]())
    examples = {code: text for each in measurements for code, text in each.tally.examples.items()}
    for code, count in errors.most_common():
        console.complain(f"{count} calls ended in {code}, such as: {examples[code]}")
    if not any(each.tally.calls for each in measurements) and not _is_interrupted():
        console.complain("no call was answered in the time measured: give more --seconds")


def _load_plot(target: Path) -> ModuleType:
    try:
        from armoire.bench import plot
    except ModuleNotFoundError as error:
        raise CommandFailed("plots need Matplotlib: pip install 'armoire-client[bench]'") from error
    check_target(target, plot.SUFFIXES)
    return plot


def _save(write: Callable[[], object], target: Path, console: Console) -> None:
    try:
        write()
    except OSError as error:
        raise CommandFailed(f"cannot save {target}: {error}") from error
    console.note(f"saved {target}")
