"""A registry in files, and an artifact to keep in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from export.registry.registry import ModelRegistry

DETECTOR = Path(__file__).parents[4] / "artifacts/demo-detector"


@pytest.fixture(scope="session")
def registry_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of a registry; making its tables takes seconds, so the tests share one."""
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="session")
def registry(registry_home: Path) -> ModelRegistry:
    return ModelRegistry.at("", registry_home)
