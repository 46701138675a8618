"""The `armoire` command against a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from PIL import Image

from armoire.command.main import main


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMOIRE_ADDRESS", raising=False)
    monkeypatch.delenv("ARMOIRE_TIMEOUT_S", raising=False)


@pytest.fixture
def armoire(server: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command; returns its exit status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main([*arguments, "--address", server.address])
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Three photos; the second is none."""
    for name, color in (("a.png", "red"), ("c.png", "blue")):
        Image.new("RGB", (200, 100), color).save(tmp_path / name)
    (tmp_path / "b.png").write_bytes(b"not a picture")
    return [str(tmp_path / name) for name in ("a.png", "b.png", "c.png")]


@pytest.fixture
def refusal(fail: Any) -> Any:
    fields = {"content": "must be a JPEG, PNG or WebP picture"}
    return fail(
        grpc.StatusCode.INVALID_ARGUMENT, "content: must be a picture", reason="NOT_AN_IMAGE", fields=fields
    )
