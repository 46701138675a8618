"""What docker/ sets is a setting; a misspelt one would stop the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from settings import CLIENT_VARIABLES, secret_settings, settings_rows

ROOT = Path(__file__).parents[3]
OF_COMPOSE = {"ARMOIRE_IMAGE", "ARMOIRE_MEMORY"}
SUFFIXES = {".yaml", ".tpl", ".env", ""}
FILES = sorted(
    path
    for path in [*(ROOT / "docker").rglob("*"), ROOT / "bentofile.yaml"]
    if path.is_file() and path.suffix in SUFFIXES and "secrets" not in path.parts
)


def known() -> set[str]:
    names = {name for name, _, _ in settings_rows()} | {f"{name}_FILE" for name in secret_settings()}
    return names | set(CLIENT_VARIABLES) | OF_COMPOSE


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_sets_what_there_is(path: Path) -> None:
    named = set(re.findall(r"\bARMOIRE_[A-Z0-9_]+\b", path.read_text(encoding="utf-8")))
    assert named <= known()


def test_the_files_set_something() -> None:
    assert sum("ARMOIRE_" in path.read_text(encoding="utf-8") for path in FILES) > 5
