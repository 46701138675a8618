"""BentoML's supervisor takes commands from nobody else; against the BentoML that is installed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from bentoml._internal.utils import circus

from services.host.supervisor_endpoints import close_endpoints

Make = Callable[..., circus.Arbiter]
STOP_S = 3600.0


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes supervisors as BentoML does; they have their signal handlers until the test ends."""
    monkeypatch.setattr(circus, "Arbiter", circus.Arbiter)  # put back afterwards
    close_endpoints(STOP_S)
    made = []

    def make(**options: object) -> circus.Arbiter:
        made.append(circus.create_standalone_arbiter([], **options))
        return made[-1]

    yield make
    for arbiter in made:
        arbiter.ctrl.sys_hdl.stop()


def test_the_supervisor_listens_on_no_port(make: Make) -> None:
    arbiter = make()
    before = len(psutil.Process().net_connections("all"))
    arbiter.initialize()
    arbiter.ctrl.initialize()
    try:
        assert (arbiter.endpoint, arbiter.pubsub_endpoint) == (
            "inproc://armoire-supervisor",
            "inproc://armoire-supervisor-events",
        )
        assert len(psutil.Process().net_connections("all")) == before
    finally:
        arbiter.evpub_socket.close()
        arbiter.ctrl.ctrl_socket.close()


def test_a_plugin_reaches_the_supervisor_in_a_folder_of_this_user(make: Make) -> None:
    plugin = {"use": "circus.plugins.CircusPlugin"}
    arbiter = make(plugins=[plugin])
    folder = Path(arbiter.endpoint.removeprefix("ipc://")).parent
    assert f"ipc://{folder}/pubsub_endpoint" == arbiter.pubsub_endpoint
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == os.getuid()
    assert str(folder) in arbiter.watchers[0].cmd
    assert arbiter.watchers[0].graceful_timeout == STOP_S
    arbiter.exit_stack.close()
    assert not folder.exists()
