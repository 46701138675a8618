"""What is trained on, what chooses the best epoch, and what is measured on once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import InvalidInput
from training.data.holdout import hold_out_validation
from training.data.picture_file import PictureFile


class SplitData(BaseModel):
    """Where pictures are, and what is held out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="a table (CSV) with a row for each picture")
    images: Path | None = Field(None, description="the folder of the table's pictures; null: its own")
    train_split: str = Field("train", min_length=1, description="name of the split that is trained on")
    validation_split: str = Field(
        "", description='split by which the best epoch is chosen; "": held out of the training split'
    )
    validation_share: float = Field(
        0.1, gt=0, lt=1, description="share that is held out, by group where groups are known"
    )
    test_split: str = Field("", description='split that the best epoch is measured on, once; "": none')


class SplitRow(Protocol):
    """A row of a table; `group` is who took the picture or its product, "" where that is not known."""

    @property
    def file(self) -> PictureFile: ...

    @property
    def group(self) -> str: ...

    @property
    def split(self) -> str: ...


Row = TypeVar("Row", bound=SplitRow)


@dataclass(frozen=True, slots=True)
class Splits(Generic[Row]):
    """The rows of the three splits."""

    train: tuple[Row, ...]
    validation: tuple[Row, ...]
    test: tuple[Row, ...]

    def limited(self, most: int, kind: Callable[[Row], str]) -> Splits[Row]:
        """The first `most` rows of each kind in each split; all where it is 0."""
        parts = (_limited(part, most, kind) for part in (self.train, self.validation, self.test))
        return Splits(*parts)

    def facts(self, noun: str, sha256: Callable[[Sequence[Row]], str]) -> dict[str, str]:
        """The number of rows of each split, and the sha256 of those that there are."""
        splits = {"train": self.train, "validation": self.validation, "test": self.test}
        facts = {f"{name} {noun}": str(len(split)) for name, split in splits.items()}
        return facts | {f"{name} sha256": sha256(split) for name, split in splits.items() if split}


def divide(data: SplitData, rows: Sequence[Row]) -> Splits[Row]:
    """The rows by split; without a validation split whole groups of the training split are held out.

    Raises:
        InvalidInput: there is no such split, or nothing can be held out.
    """
    splits = {name: [row for row in rows if row.split == name] for name in {row.split for row in rows}}
    for key in ("train_split", "validation_split", "test_split"):
        if (name := getattr(data, key)) and name not in splits:
            raise InvalidInput(f"data.{key}", f"is {name!r}; there are {', '.join(sorted(splits)) or 'none'}")
    train, validation = splits[data.train_split], splits.get(data.validation_split, [])
    if not data.validation_split:
        held = hold_out_validation([row.group or str(row.file.path) for row in train], data.validation_share)
        validation = [row for row, is_held in zip(train, held, strict=True) if is_held]
        train = [row for row, is_held in zip(train, held, strict=True) if not is_held]
    return Splits(tuple(train), tuple(validation), tuple(splits.get(data.test_split, ())))


def check_columns(data: SplitData, keys: Mapping[str, bool], columns: Sequence[str]) -> None:
    """Check that a table has the columns that these keys name.

    A column that the key's default names may be missing where the key's value here is True.

    Raises:
        InvalidInput: it has no such column.
    """
    for key, may_lack in keys.items():
        name, default = getattr(data, key), type(data).model_fields[key].default
        if name and name not in columns and not (may_lack and name == default):
            known = ", ".join(sorted(columns)) or "none"
            raise InvalidInput(f"data.{key}", f"{data.path.name} has no column {name!r}: {known}")


def check_files(data: SplitData, rows: Sequence[SplitRow]) -> None:
    """Raises InvalidInput if a picture is missing."""
    if missing := next((row.file.path for row in rows if not row.file.path.is_file()), None):
        raise InvalidInput("data.images", f"lacks a picture that {data.path.name} names: {missing}")


def _limited(rows: Sequence[Row], most: int, kind: Callable[[Row], str]) -> tuple[Row, ...]:
    seen: Counter[str] = Counter()
    kept = []
    for row in rows:
        seen[kind(row)] += 1
        if not most or seen[kind(row)] <= most:
            kept.append(row)
    return tuple(kept)
