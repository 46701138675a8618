"""`make check` refuses a change that breaks callers of the frozen contract."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUF = ROOT / "node_modules/.bin/buf"

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf: make setup-dev, which needs npm")


def breaking(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `make check` runs, for the protos below `folder`."""
    command = [str(BUF), "breaking", "--against", str(ROOT / "protos/frozen.binpb")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The contract, to be changed."""
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    return tmp_path


def change(copy: Path, name: str, before: str, after: str) -> None:
    path = copy / "protos/armoire/v1" / name
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))


def test_the_contract_keeps_what_was_frozen(copy: Path) -> None:
    assert (breaking(copy).returncode, breaking(copy).stdout) == (0, "")


def test_an_addition_is_allowed(copy: Path) -> None:
    change(copy, "search.proto", "message SearchRequest {\n", "message SearchRequest {\n  bool fast = 99;\n")
    assert breaking(copy).returncode == 0


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("search.proto", "float weight = 6 [", "double weight = 6 [", "changed type"),
        ("products.proto", "  string brand = 5 [", "  string brand = 55 [", 'field "5"'),
        ("indexing.proto", "  INDEXING_JOB_STATE_CANCELLED = 6;\n", "", 'value "6"'),
        (
            "catalog.proto",
            "  rpc GetItem(GetItemRequest) returns (GetItemResponse) {\n"
            "    option (scopes) = SCOPE_READ;\n  }\n",
            "",
            "GetItem",
        ),
        ("types.proto", 'go_package = "armoire/v1;armoirev1"', 'go_package = "other"', "go_package"),
    ],
)
def test_a_breaking_change_is_refused(copy: Path, name: str, before: str, after: str, told: str) -> None:
    change(copy, name, before, after)
    refused = breaking(copy)
    assert refused.returncode != 0
    assert told in refused.stdout
