from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput
from training.recipes.params import (
    RecipeParams,
    flat,
    key_table,
    merged,
    preset_table,
    read_params,
    require_same,
)


class Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="where it is")
    limit: int = Field(0, ge=0, description="most")


class Params(RecipeParams):
    presets: ClassVar = {"small": {"batch": 4, "data": {"limit": 9}}, "large": {"batch": 64}}

    data: Data
    kind: Literal["a", "b"] = Field("a", description="which")


def written(folder: Path, text: str) -> Path:
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_given_wins_over_the_preset_and_that_over_the_defaults(tmp_path: Path) -> None:
    table = written(tmp_path, "tool:\n  preset: small\n  data: {path: here}\n  epochs: 3\nother: {x: 1}\n")
    params = read_params(Params, "tool", table)
    assert (params.batch, params.data.limit, params.data.path, params.epochs) == (4, 9, Path("here"), 3)
    assert params.patience == 10
    changed = read_params(Params, "tool", table, [("batch", "5"), ("data.limit", "1"), ("kind", "b")])
    assert (changed.batch, changed.data.limit, changed.data.path, changed.kind) == (5, 1, Path("here"), "b")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tool: {data: {path: a}, bach: 3}", "bach: is unknown; did you mean batch?"),
        ("tool: {data: {path: a, zzz: 3}}", "data.zzz: is unknown; the keys are seed, epochs"),
        ("tool: {batch: 3}", "data: must be given"),
        ("tool: {data: {path: a}, batch: 0}", "batch: must be greater than or equal to 1, not 0"),
        ("tool: {data: {path: a}, batch: many}", "batch: must be a valid integer"),
        ("tool: {data: {path: a}, kind: c}", "kind: must be 'a' or 'b', not c"),
        ("tool: {data: {path: a}, preset: huge}", "preset: must be one of small, large, not 'huge'"),
        ("other: {}", "config: params.yaml must have a section 'tool' with keys"),
        ("tool: 3", "config: params.yaml must have a section 'tool' with keys"),
        ("tool: {", "config: params.yaml is no YAML"),
    ],
)
def test_wrong_keys_are_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_params(Params, "tool", written(tmp_path, text))
    assert str(refused.value).startswith(complaint)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"config: must be a YAML file: .*none.yaml"):
        read_params(Params, "tool", tmp_path / "none.yaml")


def test_a_run_goes_on_only_with_the_same_params() -> None:
    first = Params.model_validate({"data": {"path": "a"}, "threads": 1})
    had = flat(first.model_dump(mode="json"))
    require_same(Params.model_validate({"data": {"path": "a"}, "threads": 2, "workers": 3}), had)
    with pytest.raises(InvalidInput) as refused:
        require_same(Params.model_validate({"data": {"path": "b"}, "epochs": 2}), had)
    assert "epochs is 2; the run that is resumed had 30" in str(refused.value)
    assert "data.path is b; the run that is resumed had a" in str(refused.value)


def test_mappings_are_merged_and_flattened_by_path() -> None:
    both = merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}, "e": {"f": 5}})
    assert both == {"a": {"b": 1, "c": 4}, "d": 3, "e": {"f": 5}}
    assert flat(both) == {"a.b": 1, "a.c": 4, "d": 3, "e.f": 5}


def test_all_keys_are_described_with_their_limits() -> None:
    rows = key_table(Params).split("\n")
    assert "| `data.path` |  | path | where it is |" in rows
    assert "| `data.limit` | `0` | integer ≥ 0 | most |" in rows
    assert "| `kind` | `a` | a, b | which |" in rows
    assert "| `learning_rate` | `0.0001` | number > 0 < 1 | the highest, of AdamW |" in rows
    assert not [row for row in rows if row.endswith("|  |")]


def test_presets_are_columns() -> None:
    assert preset_table(Params).split("\n") == [
        "| key | `small` | `large` |",
        "| --- | --- | --- |",
        "| `batch` | 4 | 64 |",
        "| `data.limit` | 9 |  |",
    ]
