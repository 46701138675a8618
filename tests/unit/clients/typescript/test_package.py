"""The TypeScript client as a package: its version, its files, and what the module for browsers needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]
PACKAGE = ROOT / "clients/typescript"
MANIFEST: dict[str, Any] = json.loads((PACKAGE / "package.json").read_text())
LOCKED: dict[str, Any] = json.loads((ROOT / "package-lock.json").read_text())["packages"]


def test_its_version_is_that_of_the_python_client() -> None:
    python = tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text())["project"]
    assert (MANIFEST["version"], MANIFEST["license"]) == (python["version"], python["license"])


def test_it_is_checked_with_the_oldest_packages_that_it_supports() -> None:
    for name, wanted in MANIFEST["dependencies"].items():
        assert wanted == f"^{LOCKED[f'node_modules/{name}']['version']}"


def test_every_proto_has_its_module_and_is_exported() -> None:
    index = (PACKAGE / "src/index.ts").read_text()
    for proto in (ROOT / "protos/armoire/v1").glob("*.proto"):
        assert (PACKAGE / f"lib/armoire/v1/{proto.stem}_pb.js").is_file()
        assert f'"./armoire/v1/{proto.stem}_pb.js"' in index


def test_the_module_for_browsers_imports_nothing() -> None:
    module = (PACKAGE / "browser/armoire-client.js").read_text()
    assert re.findall(r"^import\b.*|\bimport\(|\brequire\(", module, re.MULTILINE) == []


def test_the_licences_name_what_the_module_for_browsers_holds() -> None:
    module = (PACKAGE / "browser/armoire-client.js").read_text()
    held = set(re.findall(r"^// node_modules/(@[\w-]+/[\w-]+)/", module, re.MULTILINE))
    text = (PACKAGE / "browser/LICENSES.txt").read_text()
    named = set(re.findall(r"^(@[\w/-]+) ([\d.]+) ", text, re.MULTILINE))
    assert named == {(name, LOCKED[f"node_modules/{name}"]["version"]) for name in held}


def test_the_packed_files_are_those_that_it_exports() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, which is not on the PATH")
    line = [npm, "pack", "--dry-run", "--json", "--ignore-scripts"]
    done = subprocess.run(line, cwd=PACKAGE, capture_output=True, text=True, timeout=300, check=True)
    packed = {file["path"] for file in json.loads(done.stdout)[0]["files"]}
    exported = {path[2:] for entry in MANIFEST["exports"].values() for path in entry.values()}
    assert exported | {"LICENSE", "README.md", "package.json", "browser/LICENSES.txt"} <= packed
    assert {path.split("/")[0] for path in packed if "/" in path} == {"lib", "browser"}
