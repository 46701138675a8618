"""What happens to the server during a soak test, and when."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from armoire import Client
from models.manifest import FILE_NAME
from tests.polling import until
from tests.servers.soak.callers import Scene

GRACE_S = 5.0
"""For calls that began while the server was away."""
SECOND = "second-"
SWITCHED = ("demo-detector", "demo-embedder")


@dataclass(frozen=True, slots=True)
class Event:
    """`share` is the part of the test's time that has passed when it happens."""

    share: float
    name: str
    happen: Callable[[Scene], None]


def second_version(source: Path, folder: Path) -> None:
    """A copy of a model under another name, which is a version of its own with the same answers."""
    copy = folder / f"{SECOND}{source.name}"
    shutil.copytree(source, copy)
    document = json.loads((copy / FILE_NAME).read_text())
    (copy / FILE_NAME).write_text(json.dumps(document | {"name": copy.name}))


def switch_to_and_fro(scene: Scene) -> None:
    """Load second versions, make them the defaults, go back and unload them.

    The catalogue goes on with the embedder of its live collection.
    """
    with scene.site.client() as client:
        first = _defaults(client)
        second = [client.load_model(f"{SECOND}{name}")[0].version for name in SWITCHED]
        for version in second:
            client.set_model_alias(version)
        scene.stop.wait(5.0)
        for version in first:
            client.set_model_alias(version)
        for version in second:
            client.unload_model(version)


def _defaults(client: Client) -> list[str]:
    """The versions of the default detector and embedder."""
    of_tasks = [model for model in client.models() if model.task in ("detect", "embed_image")]
    return [model.version for model in of_tasks if "default" in model.aliases]


def restart(scene: Scene) -> None:
    """Tell the server to end, which lets the calls in flight finish, and start it again."""
    server = scene.site.server
    with scene.ledger.server_away(GRACE_S):
        status = server.stop()
        server.start()
    if status:
        scene.ledger.accuse(f"the server ended with status {status} when it was told to")


def kill(scene: Scene) -> None:
    """End all processes of the server at once, as a power cut does, and start it again."""
    with scene.ledger.server_away(GRACE_S):
        scene.site.server.kill()
        scene.site.server.start()


def kill_worker(scene: Scene) -> None:
    """End the worker alone; the supervisor starts another one."""
    server = scene.site.server
    assert server.process is not None
    supervisor = psutil.Process(server.process.pid)
    with scene.ledger.server_away(GRACE_S):
        workers = supervisor.children()
        for worker in workers:
            worker.kill()
        gone = {worker.pid for worker in workers}
        until(lambda: {child.pid for child in supervisor.children()} - gone)
        server.wait_serving()


TIMELINE: Sequence[Event] = (
    Event(0.10, "switch of detector and embedder, to and fro", switch_to_and_fro),
    Event(0.30, "drain and restart", restart),
    Event(0.45, "kill -9 of the worker", kill_worker),
    Event(0.60, "kill -9 of all processes, restart", kill),
    Event(0.75, "switch of detector and embedder, to and fro", switch_to_and_fro),
    Event(0.90, "drain and restart", restart),
)


def run_timeline(scene: Scene, seconds: float, tell: Callable[[str], None]) -> list[tuple[float, float, str]]:
    """Let the events happen in their time; returns their beginnings, lengths in seconds, and names."""
    happened = []
    for event in TIMELINE:
        scene.stop.wait(max(0.0, event.share * seconds - scene.ledger.clock.now_s()))
        began_s = scene.ledger.clock.now_s()
        tell(event.name)
        event.happen(scene)
        happened.append((began_s, scene.ledger.clock.now_s() - began_s, event.name))
    time.sleep(max(0.0, seconds - scene.ledger.clock.now_s()))
    return happened
