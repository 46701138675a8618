from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

from training.recipes.provenance import Cost, environment, git_commit, spent


def test_costs_add_up() -> None:
    assert Cost(3, 2) + Cost(1, 1) - Cost(2, 1) == Cost(2, 2)
    first = spent()
    sum(range(300_000))
    difference = spent() - first
    assert difference.wall_s > 0
    assert difference.cpu_s >= 0


def test_the_commit_says_whether_files_differ(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(("git", "-C", str(tmp_path), *name, *arguments), check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "a.txt").write_text("a")
    git("add", "a.txt")
    git("commit", "-qm", "a")
    commit = git_commit(tmp_path)
    assert len(commit) == 40
    (tmp_path / "a.txt").write_text("b")
    assert git_commit(tmp_path) == f"{commit}+changes"
    assert git_commit(tmp_path / "nowhere") == "unknown"


def test_the_environment_names_versions() -> None:
    facts = environment()
    assert facts["torch"][0].isdigit()
    assert int(facts["cpus"]) >= 1
