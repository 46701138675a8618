"""What images install is what pyproject.toml asks for, in the versions of requirements.lock."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)
NAME = re.compile(r"[\w.-]+")
GROUPS = dict(re.findall(r"^GROUPS_([\w-]+) := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
GROUPS["bento"] = GROUPS["all-in-one"]
IMAGES = sorted(path.stem for path in (ROOT / "docker/requirements").glob("*.txt"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(path: Path) -> dict[str, str]:
    return {canonical(name): version for name, version in PINNED.findall(path.read_text())}


def wanted(group: str, groups: dict[str, list[Any]]) -> Iterator[str]:
    """The names that a group asks for on Linux."""
    for each in groups[group]:
        if isinstance(each, dict):
            yield from wanted(each["include-group"], groups)
        elif found := NAME.match(each):
            yield canonical(found.group())


def test_every_image_has_its_file() -> None:
    assert sorted(GROUPS) == IMAGES


@pytest.mark.parametrize("image", IMAGES)
def test_a_file_has_what_its_groups_ask_for(image: str) -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    names = {name for group in GROUPS[image].split() for name in wanted(group, groups)}
    assert names <= set(pinned(ROOT / f"docker/requirements/{image}.txt"))


@pytest.mark.parametrize("image", IMAGES)
def test_versions_are_those_of_the_lock_and_every_file_has_a_hash(image: str) -> None:
    path, lock = ROOT / f"docker/requirements/{image}.txt", pinned(ROOT / "requirements.lock")
    versions = pinned(path)
    differ = {name: version for name, version in versions.items() if lock.get(name, version) != version}
    assert differ == {}
    entries = re.split(r"\n(?=[a-z0-9])", path.read_text(), flags=re.IGNORECASE)[1:]
    assert len(entries) == len(versions)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_images_have_one_onnxruntime_and_milvus_lite_only_where_it_is_wanted() -> None:
    names = {image: set(pinned(ROOT / f"docker/requirements/{image}.txt")) for image in IMAGES}
    for image in ("inference", "cpu", "all-in-one", "cuda"):
        assert len(names[image] & {"onnxruntime", "onnxruntime-gpu"}) == 1
    assert [image for image in IMAGES if "milvus-lite" in names[image]] == ["all-in-one", "bento"]
    assert not any("torch" in each for each in names.values())
