"""What a Bento has that an installation has not."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from settings import ROOT

CLIENT = ROOT / "clients/python"


def find_client() -> None:
    """Let the client, with the stubs, be imported from its sources where it is not installed."""
    if find_spec("armoire") is None:
        sys.path.append(str(CLIENT / "src"))


def release() -> str:
    """The version of the client, which is that of the server, installed or not."""
    try:
        return version("armoire-client")
    except PackageNotFoundError:
        with (CLIENT / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
