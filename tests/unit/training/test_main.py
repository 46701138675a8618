from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from training.__main__ import main, parser
from training.evaluation.measurement import EvaluationOptions

TAXONOMY = Path(__file__).parents[3] / "domain/taxonomy.toml"
COMMANDS = (
    *("samples", "dataset", "fcos", "embedder", "projection", "evaluate", "baselines", "page"),
    "families",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    output = help_of(command, capsys)
    assert re.search(r"\n\n[A-Z][^\n]+\.\n\noptions:", output)


def options_of(command: str) -> Any:
    if command == "evaluate":
        return EvaluationOptions
    pytest.importorskip("torch", reason="training needs torch")
    from training.data.detection_dataset import DatasetOptions
    from training.recipes.embedder import EmbedderOptions
    from training.recipes.fcos import FcosOptions
    from training.recipes.projection import ProjectionOptions

    options = {"dataset": DatasetOptions, "fcos": FcosOptions}
    options["projection"] = ProjectionOptions
    return options.get(command, EmbedderOptions)


@pytest.mark.parametrize("command", ["dataset", "embedder", "evaluate", "fcos", "projection"])
def test_what_is_not_given_is_left_to_the_options(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    defaults = {field.name: field.default for field in fields(options_of(command))}
    required = {
        "evaluate": ["--photos", "a", "--labels", "b", "--detector", "c", "--embedder", "d"],
        "fcos": ["--dataset", "a", "--out", "b"],
        "projection": ["--data", "a", "--out", "b", "--start-from", "c"],
    }.get(command, ["--data", "a", "--out", "b"])
    given = vars(parser().parse_args([command, *required])).keys() - {"run"}
    assert given == {option[2:].replace("-", "_") for option in required[::2]} | {"taxonomy"} | (
        {"ground_truth"} & given
    )
    stated = re.findall(r"--([a-z-]+) [A-Z_]+[^-]*?\(default\s+([0-9.]+)\)", help_of(command, capsys))
    assert len(stated) >= 1
    for name, value in stated:
        assert defaults[name.replace("-", "_")] == float(value), name


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    return capsys.readouterr().out


def test_data_has_no_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["embedder", "--out", "somewhere"])
    assert "--data" in capsys.readouterr().err


def test_a_folder_without_photos_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch", reason="training needs torch")
    recipe = ["embedder", "--data", str(tmp_path), "--out", str(tmp_path / "run")]
    assert main(["--taxonomy", str(TAXONOMY), *recipe]) == 2
    assert "labels.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "arguments", "complaint"),
    [
        ("embedder", ("--minutes", "-1"), "minutes: must be above 0, not -1"),
        ("embedder", ("--input-px", "100"), "input-px: must be a multiple of 32 from 64 on, not 100"),
        ("embedder", ("--minutes", "nan"), "minutes: must be above 0, not nan"),
        ("embedder", ("--seed", "-1"), "seed: must be at least 0, not -1"),
        ("embedder", ("--threads", "0"), "threads: must be at least 1, not 0"),
        ("embedder", ("--dev-share", "1"), "dev-share: must be at least 0 and below 1, not 1"),
        ("embedder", ("--dev-share", "-0.1"), "dev-share: must be at least 0 and below 1, not -0.1"),
        ("embedder", ("--dev-until", "0"), "dev-until: must be above 0 and at most 1, not 0"),
        ("embedder", ("--dev-until", "1.1"), "dev-until: must be above 0 and at most 1, not 1.1"),
        ("embedder", ("--start-from", "no"), "start-from: must be a file or an artifact's folder: no"),
        ("embedder", ("--fashion-mnist", "nowhere"), "fashion-mnist: must be a folder: nowhere"),
        ("dataset", ("--street", "nowhere"), "street: must be a folder: nowhere"),
        ("dataset", ("--side-px", "20"), "side-px: must be at least 64, not 20"),
    ],
)
def test_bad_options_are_refused_before_anything_is_read(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    arguments: tuple[str, str],
    complaint: str,
) -> None:
    assert main([command, "--data", str(tmp_path), "--out", str(tmp_path / "run"), *arguments]) == 2
    assert capsys.readouterr().err == f"{complaint}\n"
