"""Sends hostile inputs over all ports and transports, and shows that the server stands and answers as before.

One round is plain, the other with TLS and keys, where half of the inputs come without one. Between them a
neighbour asks for the health, and a good request is answered as before the first input. Where the neighbour
waits for long, the inputs of that time are sent again, one at a time, to find the one that makes it wait.
What is printed: crashes, INTERNAL and UNKNOWN, tracebacks of the log, memory, and the neighbour's longest
waits.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from rich.progress import Progress

from armoire import Client
from bench.secured_server import secured_server
from demo.server import ServerProcess
from tests.servers.fuzz import BOUND_MS, Neighbour
from tests.servers.hostile.inputs import KINDS
from tests.servers.hostile.sender import Sender, Target
from tests.servers.hostile.values import Values, sample

SENDERS = 4
LOOKS = 10
"""How often the memory is looked at during a round. The second look, after a fifth, is what the last one is
compared with: a server that has just started has not yet loaded what any calls need.
"""
PAUSE_S = 30.0
MAX_GROWTH = 0.05
SENT_AGAIN = 3
"""How often an input is sent alone: what holds the server does so each time, another program does not."""


@dataclass
class Outcome:
    """What a round has shown."""

    answers: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def good_answer(client: Client) -> tuple[list[str], np.ndarray]:
    """The labels and embeddings of a photo's items."""
    items = client.analyze(sample()).items
    found = [item.embedding.values for item in items if item.embedding is not None]
    return [item.label for item in items], np.array(found)


def same(before: tuple[list[str], np.ndarray], after: tuple[list[str], np.ndarray]) -> bool:
    return before[0] == after[0] and np.allclose(before[1], after[1], atol=1e-4)


def family(server: psutil.Process) -> list[psutil.Process]:
    return [server, *server.children(recursive=True)]


def memory_mb(processes: Sequence[psutil.Process]) -> float:
    return float(sum(each.memory_info().rss for each in processes) / 2**20)


@dataclass
class Waits:
    """The waits of a neighbour; long ones are looked into.

    Attributes:
        together: its longest wait by the clock and by the server, in milliseconds, beside all senders.
        alone_ms: its longest wait by the server while the inputs of long waits were sent one at a time.
    """

    neighbour: Neighbour
    together: tuple[float, float] = (0.0, 0.0)
    alone_ms: float = 0.0
    checked: int = 0

    def look(self, send: Callable[[int], object], numbers: Sequence[int]) -> Iterator[tuple[float, int]]:
        """If it has waited for too long, send the inputs again; those that each do it, with its waits."""
        waited = self.neighbour.longest()
        self.together = max(self.together[0], waited[0]), max(self.together[1], waited[1])
        for number in numbers if waited[1] > BOUND_MS else ():
            alone_ms = self._alone(send, number)
            self.alone_ms, self.checked = max(self.alone_ms, alone_ms), self.checked + 1
            if alone_ms > BOUND_MS:
                yield alone_ms, number

    def _alone(self, send: Callable[[int], object], number: int) -> float:
        """The shortest of its longest waits beside this input, in milliseconds, until one is short enough."""
        shortest = math.inf
        for _ in range(SENT_AGAIN):
            self.neighbour.longest()
            send(number)
            shortest = min(shortest, self.neighbour.longest()[1])
            if shortest <= BOUND_MS:
                break
        return shortest

    def told(self) -> str:
        text = (
            f"longest wait of the neighbour {self.together[0]:.0f} ms, {self.together[1]:.0f} by the server"
        )
        return f"{text}; beside one input at a time {self.alone_ms:.0f} ms, of {self.checked} inputs"


def send_one(sender: Sender, seed: int, pictures: Sequence[bytes], number: int) -> tuple[str, str]:
    """Send the input of this number; its kind and what was answered."""
    draw = random.Random(seed * 1_000_003 + number)
    names, makers, shares = zip(*KINDS, strict=True)
    index = draw.choices(range(len(KINDS)), shares)[0]
    given = makers[index](Values(draw, pictures))
    return names[index], sender.send(given, draw)


def run(target: Target, count: int, seed: int, first: int, progress: Progress, pause_s: float) -> Outcome:
    """Send `count` inputs, the first of which has the number `first`."""
    outcome = Outcome()
    server = target.server.process
    assert server is not None
    processes = family(psutil.Process(server.pid))
    send = partial(send_one, Sender(target), seed, Values(random.Random(seed)).pictures)
    client = target.client()
    before, waits = good_answer(client), Waits(Neighbour(target.server))
    task = progress.add_task(f"{'TLS and keys' if target.tls else 'plain'}", total=count)
    memory: list[float] = []
    with ThreadPoolExecutor(SENDERS) as pool:
        for start in range(first, first + count, 200):
            numbers = range(start, min(start + 200, first + count))
            for number, (kind, answer) in zip(numbers, pool.map(send, numbers), strict=True):
                outcome.answers[f"{kind}: {answer}"] += 1
                if answer.startswith("BAD"):
                    outcome.bad.append(f"{number} {kind}: {answer}")
            for alone_ms, number in waits.look(send, numbers):
                outcome.problems.append(f"{number} alone let the neighbour wait for {alone_ms:.0f} ms")
            progress.advance(task, len(numbers))
            if not same(before, good_answer(client)):
                outcome.problems.append(f"a good request was answered otherwise after input {numbers[-1]}")
            if numbers[-1] + 1 - first >= count * (len(memory) + 1) / LOOKS:
                memory.append(memory_mb(processes))
    time.sleep(pause_s)
    memory.append(memory_mb(processes))
    waits.neighbour.end()
    if family(psutil.Process(server.pid)) != processes:
        outcome.problems.append("a process of the server ended")
    growth = memory[-1] / memory[1] - 1
    if growth > MAX_GROWTH:
        outcome.problems.append(f"memory has grown by {growth:.1%}")
    outcome.notes.append(
        f"memory after each tenth, MiB: {' '.join(f'{each:.0f}' for each in memory[:-1])}; "
        f"after a pause of {pause_s:g} s {memory[-1]:.0f} ({growth:+.1%})"
    )
    outcome.notes.append(waits.told())
    return outcome


def report(name: str, outcome: Outcome, log: str) -> bool:
    """Print a round; whether it has no fault."""
    sys.stdout.write(f"\n{name}: {sum(outcome.answers.values())} inputs\n")
    for answer, count in sorted(
        outcome.answers.items(), key=lambda pair: (pair[0].partition(":")[0], -pair[1])
    ):
        sys.stdout.write(f"{count:8} {answer}\n")
    tracebacks = log.count("Traceback (most recent call last)")
    for line in [*outcome.notes, *outcome.bad[:30], *outcome.problems]:
        sys.stdout.write(f"{line}\n")
    if tracebacks:
        sys.stdout.write(log[log.index("Traceback (most") :][:4000] + "\n")
    sys.stdout.write(
        f"{len(outcome.bad)} INTERNAL or UNKNOWN, {tracebacks} tracebacks, {len(outcome.problems)} problems\n"
    )
    return not (outcome.bad or outcome.problems or tracebacks)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20_000, help="inputs of both rounds together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pause-s", type=float, default=PAUSE_S, help="before the memory is looked at")
    parser.add_argument("--log", type=Path, help="file to which the logs of the servers are added")
    chosen = parser.parse_args()
    half, holds = chosen.count // 2, True
    for number, secure in enumerate((False, True)):
        with tempfile.TemporaryDirectory(prefix="armoire-hostile-") as home, Progress() as progress:
            secured = secured_server(Path(home)) if secure else None
            with secured.process if secured else ServerProcess(Path(home)) as server:
                target = Target(server)
                if secured is not None:
                    target = Target(server, secured.tls, secured.ca_file, secured.make_key())
                outcome = run(target, half, chosen.seed, number * half, progress, chosen.pause_s)
            log = server.log_path.read_text(errors="replace")
            if chosen.log:
                with chosen.log.open("a") as file:
                    file.write(log)
        holds = report("with TLS and keys" if secure else "plain", outcome, log) and holds
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
