"""Outfits for recipes: a folder that `python -m training convert` has written, and what is held out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import InvalidInput
from models.manifest import file_sha256
from training.data.holdout import hold_out_validation
from training.data.outfit_sets import (
    CASES,
    OUTFITS,
    QUESTIONS,
    BlankQuestion,
    CompatibilityCase,
    OutfitItem,
    OutfitSet,
    read_cases,
    read_outfits,
    read_questions,
)


class OutfitData(BaseModel):
    """Where outfits are, and what is held out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="a folder with outfits.jsonl, and maybe questions.jsonl and cases.jsonl")
    more: tuple[Path, ...] = Field(
        (), description="further folders, whose outfits are trained on, too, and are not measured"
    )
    validation_share: float = Field(
        0.15,
        gt=0,
        lt=1,
        description="share of the outfits that is held out where there is no validation split",
    )
    limit: int = Field(0, ge=0, description="most outfits of a split, for a quick test; 0: all")


@dataclass(frozen=True, slots=True)
class Outfits:
    """Outfits with two items or more, by split, and what the data set itself asks of those held out."""

    train: tuple[OutfitSet, ...]
    validation: tuple[OutfitSet, ...]
    test: tuple[OutfitSet, ...]
    questions: tuple[BlankQuestion, ...] = ()
    cases: tuple[CompatibilityCase, ...] = ()

    @property
    def items(self) -> dict[str, OutfitItem]:
        """Each item once, by its id."""
        parts = (self.train, self.validation, self.test)
        return {item.id: item for part in parts for outfit in part for item in outfit.items}

    def asked(self, split: str) -> tuple[list[BlankQuestion], list[CompatibilityCase]]:
        """The data set's own questions and cases of a split, of items that are known."""
        known = self.items.keys()
        return (
            [q for q in self.questions if q.split == split and known >= {*q.outfit, *q.answers}],
            [c for c in self.cases if c.split == split and known >= {*c.outfit}],
        )


def read_outfit_data(data: OutfitData) -> Outfits:
    """Read the outfits of all folders.

    Raises:
        InvalidInput: a file or a picture is missing, a file is of another form, or nothing is for training.
    """
    if not data.path.is_dir():
        raise InvalidInput("data.path", f"must be a folder with {OUTFITS}: {data.path}")
    found = read_outfits(data.path / OUTFITS)
    train = [outfit for outfit in found if outfit.split == "train"]
    validation = [outfit for outfit in found if outfit.split == "validation"]
    if not train:
        raise InvalidInput("data.path", f"has no outfits for training: {data.path}")
    if not validation:
        held = hold_out_validation([outfit.id for outfit in train], data.validation_share)
        validation = [outfit for outfit, is_held in zip(train, held, strict=True) if is_held]
        train = [outfit for outfit, is_held in zip(train, held, strict=True) if not is_held]
    for folder in data.more:
        train += [outfit for outfit in read_outfits(folder / OUTFITS) if outfit.split == "train"]
    test = [outfit for outfit in found if outfit.split == "test"]
    outfits = Outfits(
        _usable(train, data.limit),
        _usable(validation, data.limit),
        _usable(test, data.limit),
        tuple(read_questions(data.path / QUESTIONS)),
        tuple(read_cases(data.path / CASES)),
    )
    _check(outfits)
    return outfits


def outfits_sha256(outfits: Sequence[OutfitSet]) -> str:
    """A sha256 over the outfits with that of each picture file, in the order of their ids."""
    files = {item.image: "" for outfit in outfits for item in outfit.items if item.image}
    files = {path: file_sha256(Path(path)) for path in files}
    digest = hashlib.sha256()
    for outfit in sorted(outfits, key=lambda outfit: outfit.id):
        facts = asdict(outfit)
        for item in facts["items"]:
            item["image"] = files.get(item["image"], "")
        digest.update(repr(facts).encode())
    return digest.hexdigest()


def outfit_facts(outfits: Outfits) -> dict[str, str]:
    """The number of outfits of each split, and their sha256."""
    splits = {name: getattr(outfits, name) for name in ("train", "validation", "test")}
    facts = {f"{name} outfits": str(len(split)) for name, split in splits.items()}
    return facts | {f"{name} sha256": outfits_sha256(split) for name, split in splits.items() if split}


def _usable(outfits: Sequence[OutfitSet], limit: int) -> tuple[OutfitSet, ...]:
    kept = [outfit for outfit in outfits if len(outfit.items) > 1]
    return tuple(kept[: limit or None])


def _check(outfits: Outfits) -> None:
    for item in outfits.items.values():
        if not item.slot:
            raise InvalidInput("data.path", f"has an item without a slot: {item.id} ({item.category})")
        if item.picture is None and not item.name:
            raise InvalidInput("data.path", f"has an item with neither picture nor name: {item.id}")
        if item.picture is not None and not item.picture.path.is_file():
            raise InvalidInput("data.path", f"lacks a picture: {item.picture.path}")
