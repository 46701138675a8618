"""Shows the logs of servers in the report of a test that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.server import ServerProcess

LINES = 80


class ServerLogs:
    """A plugin that notes which servers are launched."""

    def __init__(self) -> None:
        self._servers: list[ServerProcess] = []

    def pytest_configure(self) -> None:
        launch = ServerProcess.launch

        def noted(server: ServerProcess) -> None:
            if server not in self._servers:
                self._servers.append(server)
            launch(server)

        ServerProcess.launch = noted  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[Any]:
        report: pytest.TestReport = yield
        if report.failed:
            report.sections += [(_title(server), server.log_tail(LINES)) for server in self._servers]
        return report

    def pytest_runtest_logfinish(self) -> None:
        """Forget the servers that ended with the test."""
        self._servers = [server for server in self._servers if _runs(server)]


def _runs(server: ServerProcess) -> bool:
    return server.process is not None and server.process.poll() is None


def _title(server: ServerProcess) -> str:
    return f"the last {LINES} lines of {server.log_path}, {server.service} at {server.address}"
