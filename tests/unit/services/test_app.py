"""What importing the services does to the environment that their workers inherit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRINT_HOME = "import os, services.app; print(os.environ.get('BENTOML_HOME'))"


@pytest.mark.parametrize(
    ("variables", "home"),
    [
        ({"ARMOIRE_HOME": "/var/armoire"}, "/var/armoire/bentoml"),
        ({"ARMOIRE_HOME": "/var/armoire", "BENTOML_HOME": "/var/models"}, "/var/models"),
        ({"ARMOIRE_GRPC__PORT": "none"}, "None"),  # the worker reports it
    ],
)
def test_models_are_looked_up_where_exports_are_stored(variables: dict[str, str], home: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "BENTOML_HOME"}
    command = [sys.executable, "-c", PRINT_HOME]
    printed = subprocess.run(
        command, cwd=ROOT, env=environment | variables, text=True, capture_output=True, check=False
    )
    assert printed.stdout.strip() == home, printed.stderr
