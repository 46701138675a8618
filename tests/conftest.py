"""A real server with the demo models, started once for all tests that ask for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

import armoire
from demo.server import ServerProcess

ROOT = Path(__file__).parents[1]

# A slow machine is not a failing test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


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
