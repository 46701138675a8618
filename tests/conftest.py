"""Servers that are started once for all tests that ask for them."""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image
from xdist.scheduler import LoadFileScheduling

import armoire
from demo.server import ServerProcess
from tests import postgres
from tests.server_logs import ServerLogs

ROOT = Path(__file__).parents[1]

# A slow machine is not a failing test, and every run tries the same examples; others are tried with
# --hypothesis-profile=default.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


BROWSER = "tests/browser/"
LONG = (BROWSER, "tests/integration/", "tests/parity/", "tests/unit/training/", "tests/unit/services/tuning/")
"""Folders of long tests, which run first, so that no process is at one alone when the others have ended."""
CACHE = Path(__file__).parents[1] / ".armoire/tests-cache"
"""Of all servers of the tests: optimizing the graphs takes a quarter of a server's first start."""
PREFIXES = ("ARMOIRE_", "BENTOML_", "OTEL_", "GRPC_")
"""Of variables that a developer may have set for servers and clients of theirs."""


def _names_a_proxy(name: str) -> bool:
    """Clients of all kinds would ask it for the servers of the tests."""
    return name.lower().endswith("_proxy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stack",
        choices=("embedded", "servers"),
        default="embedded",
        help="the stores of the catalogue's tests: files, or the servers that TEST_POSTGRES_URL, "
        "TEST_MILVUS_URI and TEST_BLOB_URL name (make test-servers)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Give this process homes of its own, and none of the caller's settings."""
    home = tempfile.TemporaryDirectory(prefix="armoire-tests-")
    config.add_cleanup(home.cleanup)
    for name in [name for name in os.environ if name.upper().startswith(PREFIXES) or _names_a_proxy(name)]:
        del os.environ[name]
    # Servers of the tests compile the modules once and not at each start, which takes a fifth of it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["ARMOIRE_HOME"] = home.name
    os.environ["ARMOIRE_CACHE"] = str(CACHE)
    os.environ["BENTOML_HOME"] = f"{home.name}/bentoml"
    os.environ["YOLO_CONFIG_DIR"] = home.name
    os.environ["BENTOML_DO_NOT_TRACK"] = "true"
    config.pluginmanager.register(ServerLogs())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    """Long tests are first, in the order of their folders; all others are behind them as they were."""
    return next((turn for turn, folder in enumerate(LONG) if nodeid.startswith(folder)), len(LONG))


class SharedFolders(LoadFileScheduling):
    """Gives the tests of a file to one process, and those of the page, which share a server, too."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedFolders | None:
    return SharedFolders(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def _seed() -> None:
    """Every test draws the same random numbers, whichever ran before it."""
    random.seed(0)
    np.random.seed(0)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Everything in one process, on embedded stores, on free loopback ports."""
    with ServerProcess(tmp_path_factory.mktemp("home")) as process:
        yield process


@pytest.fixture(scope="session")
def server_address(server: ServerProcess) -> str:
    """host:port of the running server."""
    return server.address


@pytest.fixture
def client(server: ServerProcess) -> Iterator[armoire.Client]:
    with armoire.Client(server.address) as connected:
        yield connected


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one that TEST_POSTGRES_URL names, or one of the tests' own."""
    if named := os.environ.get("TEST_POSTGRES_URL"):
        yield named
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip(
            "needs PostgreSQL: install its server (Debian: apt install postgresql), or set TEST_POSTGRES_URL"
        )
    with postgres.serving(binaries) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with postgres.empty_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The pictures that ship with the repository."""
    return sorted((ROOT / "samples").glob("*.jpg"))


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Pixels (H, W, 3) uint8 to an encoded picture."""

    def encoded(pixels: np.ndarray, format: str = "JPEG", **options: object) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, format, **options)
        return buffer.getvalue()

    return encoded
