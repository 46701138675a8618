"""Files with the settings of a tenant: TOML, with the tables of the server's `taxonomy.toml`, or JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from armoire.command.console import CommandFailed
from armoire.values.outfits import OutfitWeights
from armoire.values.search import RankWeights
from armoire.values.tenant_settings import (
    Taxonomy,
    TaxonomyAttribute,
    TaxonomyCategory,
    TaxonomyColor,
    TenantSettings,
)

Table: TypeAlias = Mapping[str, Any]
_MAX_BYTES = 4 * 2**20
_TABLES = (
    "rank_weights",
    "outfit_weights",
    "categories",
    "attributes",
    "colors",
    "color_synonyms",
    "color_families",
)
_SHOWN = ("tenant", "vocabulary_version", "etag")
"""What is shown beside the settings."""
_ROWS = {"categories": ("name", "slot", "synonyms"), "attributes": ("name", "values", "prompts")}
_WEIGHTS = tuple(field.name for field in fields(RankWeights))
_OUTFIT_WEIGHTS = tuple(field.name for field in fields(OutfitWeights))


class NotUnderstood(ValueError):
    """A part of the file is not what it must be."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings in a file, of no tenant yet; `skipped` names what else is there."""

    settings: TenantSettings
    skipped: tuple[str, ...] = ()


def read_settings(path: Path) -> SettingsFile:
    """What a file holds. Raises CommandFailed where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise CommandFailed(f"{path} is larger than {_MAX_BYTES} bytes")
        text = content.decode()
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        return SettingsFile(_settings(document), _skipped(document))
    except (OSError, ValueError, RecursionError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}") from None


def settings_document(settings: TenantSettings) -> dict[str, Any]:
    """What `read_settings` reads from a JSON file, and what else is known."""
    taxonomy = settings.taxonomy
    weights, outfits = settings.rank_weights, settings.outfit_weights
    document = {
        "tenant": settings.tenant,
        "vocabulary_version": settings.vocabulary_version,
        "etag": settings.etag,
        "rank_weights": None if weights is None else asdict(weights),
        "outfit_weights": None if outfits is None else asdict(outfits),
        "categories": [asdict(each) for each in taxonomy.categories],
        "attributes": [asdict(each) for each in taxonomy.attributes],
        "colors": {each.name: list(each.lab) for each in taxonomy.colors},
        "color_synonyms": {each.name: list(each.synonyms) for each in taxonomy.colors if each.synonyms},
        "color_families": _families(taxonomy.colors),
    }
    return {name: value for name, value in document.items() if value not in (None, [], {})}


def _skipped(document: Table) -> tuple[str, ...]:
    """Keys that are no setting of a tenant's, such as those that the server's taxonomy has beside them."""
    tables = {name for name in document if name not in (*_TABLES, *_SHOWN)}
    of_rows = {
        f"{table}.{name}"
        for table, known in _ROWS.items()
        for row in document.get(table, ())
        for name in row
        if name not in known
    }
    return tuple(sorted(tables | of_rows))


def _settings(document: Any) -> TenantSettings:
    """Raises NotUnderstood, which names the part."""
    table = _table("the file", document)
    taxonomy = Taxonomy(
        tuple(
            TaxonomyCategory(
                _text(path, row, "name"), _text(path, row, "slot"), _texts(path, row, "synonyms")
            )
            for path, row in _rows(table, "categories")
        ),
        tuple(
            TaxonomyAttribute(
                _text(path, row, "name"), _texts(path, row, "values"), _texts(path, row, "prompts")
            )
            for path, row in _rows(table, "attributes")
        ),
        _colors(table),
    )
    weights = _weights(table, "rank_weights", _WEIGHTS)
    outfits = _weights(table, "outfit_weights", _OUTFIT_WEIGHTS)
    return TenantSettings(
        rank_weights=None if weights is None else RankWeights(**weights),
        taxonomy=taxonomy,
        outfit_weights=None if outfits is None else OutfitWeights(**outfits),
    )


def _weights(table: Table, name: str, known: tuple[str, ...]) -> dict[str, float] | None:
    """The weights of that name; None without the table."""
    if name not in table:
        return None
    weights = _table(name, table[name], known)
    return {each: _number(f"{name}.{each}", value) for each, value in weights.items() if value is not None}


def _colors(table: Table) -> tuple[TaxonomyColor, ...]:
    colors = _table("colors", table.get("colors", {}))
    synonyms = _table("color_synonyms", table.get("color_synonyms", {}), tuple(colors))
    family_of = _family_of(table, tuple(colors))
    made: list[TaxonomyColor] = []
    for name, lab in colors.items():
        if not isinstance(lab, list) or len(lab) != 3:
            raise NotUnderstood(f"colors.{name} must be [L, a, b]")
        lightness, a, b = (_number(f"colors.{name}", number) for number in lab)
        words = _texts("color_synonyms", synonyms, name)
        made.append(TaxonomyColor(name, (lightness, a, b), words, family_of.get(name, "")))
    return tuple(made)


def _families(colors: tuple[TaxonomyColor, ...]) -> dict[str, list[str]]:
    """By families: their other shades."""
    families: dict[str, list[str]] = {}
    for color in colors:
        if color.family:
            families.setdefault(color.family, []).append(color.name)
    return families


def _family_of(table: Table, colors: tuple[str, ...]) -> dict[str, str]:
    """The family by shade, which is of one at most, and none itself."""
    families = _table("color_families", table.get("color_families", {}), colors)
    found: dict[str, str] = {}
    for name in families:
        for shade in _texts("color_families", families, name):
            if shade not in colors:
                raise NotUnderstood(
                    f"color_families.{name} has {shade[:100]!r}, which is no colour of colors"
                )
            if shade in families or shade in found:
                raise NotUnderstood(f"color_families.{name} has {shade[:100]!r}, which is a family or of one")
            found[shade] = name
    return found


def _rows(table: Table, name: str) -> list[tuple[str, Table]]:
    rows = table.get(name, [])
    if not isinstance(rows, list):
        raise NotUnderstood(f"{name} must be a list of tables")
    paths = [f"{name}[{index}]" for index in range(len(rows))]
    return [(path, _table(path, row)) for path, row in zip(paths, rows, strict=True)]


def _table(path: str, value: Any, known: tuple[str, ...] | None = None) -> Table:
    if not isinstance(value, dict):
        raise NotUnderstood(f"{path} must be a table")
    unknown = sorted(str(name) for name in value if known is not None and name not in known)
    if unknown:
        names = ", ".join(known or ()) or "nothing"
        raise NotUnderstood(f"{path} has {unknown[0][:100]!r}, which is none of {names}")
    return value


def _text(path: str, row: Table, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise NotUnderstood(f"{path}.{name} must be a text")
    return value


def _texts(path: str, row: Table, name: str) -> tuple[str, ...]:
    values = row.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise NotUnderstood(f"{path}.{name} must be a list of texts")
    return tuple(values)


def _number(path: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotUnderstood(f"{path} must be a number")
    return float(value)
