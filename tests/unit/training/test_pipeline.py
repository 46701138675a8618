"""The pipeline's stages name commands and keys that exist. DVC itself is in an environment of its own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from export.arguments import command_line
from training.__main__ import parser
from training.recipes.classifier import ClassifierParams
from training.recipes.params import read_params

PIPELINE = Path(__file__).parents[3] / "training/pipeline"
STAGES: dict[str, dict[str, Any]] = yaml.safe_load((PIPELINE / "dvc.yaml").read_text())["stages"]
PARAMS = yaml.safe_load((PIPELINE / "params.yaml").read_text())


def command(stage: str) -> list[str]:
    """The words of a stage's command, with its params in place."""

    def value(found: re.Match[str]) -> str:
        section, key = found[1].split(".")
        return str(PARAMS[section][key])

    return shlex.split(re.sub(r"\$\{([\w.]+)\}", value, STAGES[stage]["cmd"]))


@pytest.mark.parametrize("stage", ["pictures", "train", "evaluate"])
def test_a_stage_of_training_is_a_command_of_it(stage: str) -> None:
    python, module, name, *arguments = command(stage)
    assert (python, module, name) == ("python", "-m", "training")
    parser().parse_args(arguments)


def test_the_stage_of_the_export_is_a_command_of_it() -> None:
    *_, name, module = command("export")[:3]
    assert (name, module) == ("-m", "export")
    command_line().parse_args(command("export")[3:])


def test_the_params_are_keys_of_the_recipe() -> None:
    params = read_params(ClassifierParams, "classifier", PIPELINE / "params.yaml", ())
    made = {out for stage in STAGES.values() for out in stage.get("outs", ())}
    assert {str(params.data.path), str(params.network.pretrained)} <= made


def test_stages_depend_on_what_stages_make_and_what_is_there() -> None:
    made = {out for stage in STAGES.values() for out in stage.get("outs", ())}
    for stage in STAGES.values():
        for dependency in stage.get("deps", ()):
            assert dependency in made or (PIPELINE.parents[1] / dependency).exists(), dependency
