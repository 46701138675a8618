"""Kill processes at random points under mixed load: nothing acknowledged is lost, doubled, stale or orphaned.

Callers index photos, change products, correct items, delete and restore, while collections are filled and
swapped. On files the catalogue is killed; on servers that, a worker, PostgreSQL, Milvus and S3.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.server import ROOT
from tests.servers.crashes.ledger import Ledger
from tests.servers.stores.process import StoreProcess
from tests.servers.stores.site import KILLED_SESSION_S, StoreSite, store_site

LATEST_S = 3.0
"""The longest that a process lives after it was ready."""
PATIENCE_S = 300.0
LOOK_S = 900.0
VICTIMS = ("catalogue", "catalogue", "worker", "worker", "postgres", "s3", "milvus")
"""A Milvus takes longest to start again."""


@dataclass(eq=False)
class Child:
    """A process of `load.py`, whose lines go to the ledger."""

    mode: str
    stores: dict[str, str]
    life: int
    ledger: Ledger
    environment: dict[str, str]
    log: Path
    ready: threading.Event = field(default_factory=threading.Event)
    look: dict[str, Any] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.servers.crashes.load", self.mode]
        command += [json.dumps(self.stores), str(self.life)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdin is not None
        self.process.stdin.writelines(json.dumps(entry) + "\n" for entry in self.ledger.unanswered())
        self.process.stdin.close()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith("\n"):
                return  # it was killed meanwhile
            told = json.loads(line)
            if told["op"] == "ready":
                self.ready.set()
            elif told["op"] == "look":
                self.look = told
            else:
                self.ledger.note(told)
        self.ready.set()

    def kill(self) -> None:
        """SIGKILL; returns once everything that it told was read."""
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        status = self.process.wait()
        self._reader.join()
        return status

    def await_ready(self) -> None:
        """Raises RuntimeError where it ended or is not ready in time."""
        if not self.ready.wait(PATIENCE_S) or self.process.poll() is not None:
            raise RuntimeError(f"the {self.mode} of life {self.life} did not become ready; see {self.log}")


@dataclass(eq=False)
class Siege:
    """Kills one process after the other."""

    stores: dict[str, str]
    folder: Path
    dice: random.Random
    site: StoreSite | None = None
    victims: Sequence[str] = VICTIMS
    ledger: Ledger = field(default_factory=Ledger)
    kills: Counter[str] = field(default_factory=Counter)
    life: int = 0
    children: dict[str, Child] = field(default_factory=dict)

    def run(self, kills: int, every: int) -> list[str]:
        """What was wrong; the stores are looked at after every `every` kills, and at the end."""
        problems: list[str] = []
        while sum(self.kills.values()) < kills and not problems:
            for mode in ("callers", "worker") if self.site else ("callers",):
                if mode not in self.children:
                    self._start(mode)
            self._strike()
            if sum(self.kills.values()) % every == 0 or sum(self.kills.values()) == kills:
                problems = self._look()
        return problems + self.ledger.wrong

    def end(self) -> None:
        """End all children."""
        for mode in list(self.children):
            self.children.pop(mode).kill()

    def _start(self, mode: str) -> None:
        self.life += 1
        environment = self.site.s3_environment if self.site else {}
        child = Child(mode, self.stores, self.life, self.ledger, environment, self.folder / f"{mode}.log")
        child.start()
        self.children[mode] = child
        if mode != "look" and self.dice.random() < 0.8:  # else it is killed while it starts
            child.await_ready()

    def _strike(self) -> None:
        victim = self.dice.choice(self.victims) if self.site else "catalogue"
        time.sleep(self.dice.uniform(0.0, LATEST_S))
        self.kills[victim] += 1
        answered = self._answered()
        if victim in ("catalogue", "worker"):
            self.children.pop("callers" if victim == "catalogue" else victim).kill()
            return
        store: StoreProcess = getattr(self.site, victim)
        store.kill()
        time.sleep(self.dice.uniform(0.0, 1.0))
        store.start()
        self._await_answers(answered + 5, victim)

    def _answered(self) -> int:
        return sum(count for name, count in self.ledger.calls.items() if name.endswith("done"))

    def _await_answers(self, count: int, victim: str) -> None:
        """The callers that live on get answers again."""
        deadline = time.monotonic() + PATIENCE_S
        while self._answered() < count:
            if time.monotonic() > deadline or self.children["callers"].process.poll() is not None:
                self.ledger.wrong.append(f"no more answers within {PATIENCE_S:g} s of the death of {victim}")
                return
            time.sleep(0.05)

    def _look(self) -> list[str]:
        self.end()
        self._start("look")
        child = self.children.pop("look")
        try:
            child.process.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            child.kill()
            return [f"the work did not end within {LOOK_S:g} s"]
        child.wait()
        if child.look is None:
            return [f"the last look failed; see {child.log}"]
        problems = self.ledger.compare(child.look)
        held = {name: child.look["audit"][name] for name in ("items", "vectors", "blobs")}
        print(
            f"after {sum(self.kills.values())} kills ({dict(self.kills)}): {held}, jobs {child.look['jobs']},"
        )
        print(f"  photos {len(self.ledger.entries)}, problems {len(problems)}", flush=True)
        return problems


def main() -> int:
    """1 where anything was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds the stack, which ends the servers
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100, help="of each stack (100)")
    parser.add_argument("--every", type=int, default=20, help="kills between looks at the stores (20)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stack", choices=("embedded", "servers", "both"), default="both")
    parser.add_argument(
        "--victims",
        default=",".join(VICTIMS),
        help="what is killed on servers, as often as named (%(default)s)",
    )
    arguments = parser.parse_args()
    stacks = ("embedded", "servers") if arguments.stack == "both" else (arguments.stack,)
    return max([_besiege(stack, arguments) for stack in stacks])


def _besiege(stack: str, arguments: argparse.Namespace) -> int:
    dice = random.Random(arguments.seed)
    folder = Path(tempfile.mkdtemp(prefix="armoire-crashes-"))
    started_s = time.monotonic()
    print(f"{stack}: logs in {folder}", flush=True)
    with ExitStack() as closing:
        if stack == "servers":
            site = closing.enter_context(store_site(KILLED_SESSION_S))
            named = (site.database_url, f"{site.blob_url}/crashes", site.milvus_uri)
        else:
            site = None
            named = (f"sqlite:///{folder / 'catalog.db'}", str(folder / "blobs"), str(folder / "milvus.db"))
        stores = dict(zip(("database_url", "blob_url", "milvus_uri"), named, strict=True))
        siege = Siege(stores, folder, dice, site, arguments.victims.split(","))
        closing.callback(siege.end)
        problems = siege.run(arguments.kills, arguments.every)
    took_s = time.monotonic() - started_s
    print(f"{stack}: {sum(siege.kills.values())} kills in {took_s:.0f} s: {dict(siege.kills)}")
    for call, count in sorted(siege.ledger.calls.items()):
        print(f"  {call}: {count}")
    for problem in problems[:50]:
        print(f"  WRONG {problem}")
    print(f"{stack}: {len(problems)} problems", flush=True)
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main())
