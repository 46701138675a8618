"""Fills measured tables and pictures into Markdown pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.errors import InvalidInput
from training.evaluation.tables import tables

BLOCK = re.compile(r"(<!-- figures: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PICTURES = (".png", ".jpg")
PUBLISHED_SPLIT = "validation"


def fill_pages(
    folder: Path,
    pages: Sequence[Path],
    pictures: Path,
    runs: Mapping[str, Path],
    former: Path | None = None,
) -> None:
    """Fill every block of the pages from `folder`/figures.json and copy the pictures that they show.

    A block is the text between `<!-- figures: NAME -->` and `<!-- end -->`. `runs` are folders of training
    runs by name, whose curves.png is copied as NAME-curves.png beside the pictures. `former` holds the
    figures.json of the models that the table "versions" compares with.

    Raises:
        InvalidInput: there is no figures.json or curves.png, the figures are not of the validation split, or
            a page asks for a table that does not exist.
    """
    for name, run in runs.items():
        if not (run / "curves.png").is_file():
            raise InvalidInput(f"{name}-run", f"must hold curves.png: {run}")
    for page in pages:
        if not page.is_file():
            raise InvalidInput("pages", f"must be Markdown files: {page}")
    made = _read_tables(folder / "figures.json", None if former is None else former / "figures.json")
    filled = {page: fill(page.read_text(encoding="utf-8"), made) for page in pages}
    for page, text in filled.items():
        page.write_text(text, encoding="utf-8")
    pictures.mkdir(parents=True, exist_ok=True)
    for picture in sorted(folder.iterdir()):
        if picture.suffix in PICTURES and any(f"/{picture.name})" in text for text in filled.values()):
            shutil.copyfile(picture, pictures / picture.name)
    for name, run in runs.items():
        shutil.copyfile(run / "curves.png", pictures / f"{name}-curves.png")


def _read_tables(file: Path, former: Path | None) -> dict[str, str]:
    content = _read_figures("figures", file)
    try:
        return tables(content, None if former is None else _read_figures("former", former))
    except (KeyError, TypeError) as error:
        raise InvalidInput("figures", f"holds a figures.json that evaluate did not write: {file}") from error


def _read_figures(field: str, file: Path) -> str:
    if not file.is_file():
        raise InvalidInput(field, f"must hold figures.json: {file.parent}")
    content = file.read_text(encoding="utf-8")
    try:
        split = json.loads(content)["split"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(field, f"holds a figures.json that evaluate did not write: {file}") from error
    if split != PUBLISHED_SPLIT:
        raise InvalidInput(field, f"must be of the {PUBLISHED_SPLIT} split, not of {split!r}: {file}")
    return content


def fill(text: str, made: Mapping[str, str]) -> str:
    """Replace the blocks of a text."""

    def block(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in made:
            raise InvalidInput("page", f"asks for the table {name!r}; there are {', '.join(made)}")
        return f"{match[1]}\n{made[name]}\n{match[3]}"

    return BLOCK.sub(block, text)
