"""The keys that recipes with a params.yaml share, and how such a file is read."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import InvalidInput

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]


class RecipeParams(BaseModel):
    """The keys of every recipe that is trained in epochs.

    `presets` are values of keys by the name of a preset; keys that are given win.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    unimportant: ClassVar[frozenset[str]] = frozenset({"threads", "workers"})
    """Keys that a run may be resumed with other values of, because the result does not depend on them."""

    seed: int = Field(0, ge=0, description="of weights, order and augmentation")
    epochs: int = Field(30, ge=1, description="passes over the training split with all layers")
    patience: int = Field(
        10, ge=1, description="epochs without a better validation figure after which it ends"
    )
    batch: int = Field(32, ge=1, description="examples at a time on the device")
    accumulation: int = Field(1, ge=1, description="batches whose gradients make one update")
    learning_rate: float = Field(1e-4, gt=0, lt=1, description="the highest, of AdamW")
    weight_decay: float = Field(0.02, ge=0, lt=1, description="of AdamW, for matrices")
    clip_norm: float = Field(5.0, gt=0, description="to which the norm of the gradients is clipped")
    device: Device = Field("auto", description="auto: CUDA where torch has it")
    precision: Precision = Field(
        "auto", description="of the forward pass; auto: bf16 or fp16 on CUDA, fp32 on a CPU"
    )
    threads: int = Field(1, ge=1, description="of torch on a CPU")
    workers: int = Field(0, ge=0, description="processes that read pictures; 0: the training's own")

    @property
    def update_size(self) -> int:
        """Examples that make one update."""
        return self.batch * self.accumulation


Params = TypeVar("Params", bound=RecipeParams)


def read_params(
    kind: type[Params], name: str, table: Path, overrides: Sequence[tuple[str, str]] = ()
) -> Params:
    """The section `name` of a YAML file, over the values of its `preset`; `overrides` win over both.

    Raises:
        InvalidInput: the file cannot be read, or a key is unknown, missing or beyond its limit.
    """
    section = _section(table, name)
    for key, value in overrides:
        _put(section, key, value)
    preset = section.pop("preset", None)
    if preset is not None and preset not in kind.presets:
        raise InvalidInput("preset", f"must be one of {', '.join(kind.presets)}, not {str(preset)[:50]!r}")
    values = merged(kind.presets[preset] if preset else {}, section)
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _refusal(kind, error) from error


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both mappings in one; of keys that both have, the second's value, except that mappings are merged."""
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Values by their path, such as {"data.path": ...}."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        nested = isinstance(value, Mapping)
        result |= flat(value, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value}
    return result


def require_same(params: RecipeParams, had: Mapping[str, Any]) -> None:
    """Compare with what a run that is resumed was started with, as `flat` has it.

    Raises:
        InvalidInput: a key that the result depends on has another value; all of them are named.
    """
    now = flat(params.model_dump(mode="json"))
    differing = [
        f"{key} is {now.get(key)}; the run that is resumed had {had.get(key)}"
        for key in dict.fromkeys((*had, *now))
        if now.get(key) != had.get(key) and key not in params.unimportant
    ]
    if differing:
        raise InvalidInput("config", "; ".join(differing))


def key_table(kind: type[RecipeParams]) -> str:
    """The keys of a recipe as a Markdown table."""
    rows = [f"| `{key}` | {default} | {limit} | {meaning} |" for key, default, limit, meaning in _keys(kind)]
    return "\n".join(["| key | default | values | meaning |", "| --- | --- | --- | --- |", *rows])


def preset_table(kind: type[RecipeParams]) -> str:
    """What the presets of a recipe set, as a Markdown table."""
    presets = {name: flat(values) for name, values in kind.presets.items()}
    keys = list(dict.fromkeys(key for values in presets.values() for key in values))
    rows = [
        f"| `{key}` | {' | '.join(str(values.get(key, '')) for values in presets.values())} |" for key in keys
    ]
    head = f"| key | {' | '.join(f'`{name}`' for name in presets)} |"
    return "\n".join([head, f"| --- |{' --- |' * len(presets)}", *rows])


def _section(table: Path, name: str) -> dict[str, Any]:
    if not table.is_file():
        raise InvalidInput("config", f"must be a YAML file: {table}")
    try:
        content = yaml.safe_load(table.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidInput("config", f"{table.name} is no YAML: {reason}") from error
    section = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(section, Mapping):
        raise InvalidInput("config", f"{table.name} must have a section {name!r} with keys")
    return dict(section)


def _put(section: dict[str, Any], key: str, value: str) -> None:
    """Set the key of a path such as data.limit."""
    *path, last = key.split(".")
    for name in path:
        inner = section.get(name)
        section[name] = dict(inner) if isinstance(inner, Mapping) else {}
        section = section[name]
    section[last] = yaml.safe_load(value)


def _refusal(kind: type[RecipeParams], error: ValidationError) -> InvalidInput:
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    field = ".".join(path)
    if first["type"] == "extra_forbidden":
        known = [key for key, *_ in _keys(kind)]
        close = difflib.get_close_matches(field, known, 1)
        hint = f"; did you mean {close[0]}?" if close else f"; the keys are {', '.join(known)}"
        return InvalidInput(field, f"is unknown{hint}")
    if first["type"] == "missing":
        return InvalidInput(field, "must be given")
    message = first["msg"].replace("Input should be", "must be")
    return InvalidInput(field, f"{message}, not {str(first['input'])[:100]}")


def _keys(kind: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Path, default, limits and meaning of each key, those of nested sections after their path."""
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{prefix}{name}.")
        else:
            default = "" if field.is_required() else f"`{_yaml(field.default)}`"
            limits = " ".join((_type(field.annotation), *map(_limit, field.metadata))).strip()
            yield f"{prefix}{name}", default, limits, field.description or ""


def _yaml(value: Any) -> str:
    plain = str(value) if isinstance(value, Path) else value
    text: str = yaml.safe_dump(plain, default_flow_style=True)
    return text.removesuffix("...\n").strip()


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(map(str, get_args(annotation)))
    if get_origin(annotation) in (typing.Union, types.UnionType):
        return " or ".join("null" if part is type(None) else _type(part) for part in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"list of {_type(get_args(annotation)[0])}"
    names = {"str": "text", "Path": "path", "bool": "true, false", "int": "integer", "float": "number"}
    name: str = annotation.__name__
    return names.get(name, name)


def _limit(constraint: Any) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    found = [f"{sign} {getattr(constraint, n):g}" for n, sign in signs.items() if hasattr(constraint, n)]
    return "not empty" if hasattr(constraint, "min_length") else " ".join(found)
