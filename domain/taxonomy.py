"""The taxonomy, read from `taxonomy.toml`: categories, attributes with their values, and named colours."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from domain.errors import InvalidInput
from domain.garment_types import GarmentType, parse_garment_types, plain_type

_HEAD_END = re.compile(r"\b(?:with|for|in|from|by)\b")
NON_GARMENTS = "non_garments"
"""The vocabulary of words for what is no garment; no attribute has this name."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of garment and its slot in an outfit.

    Attributes:
        synonyms: other words for it, of which its zero-shot embedding is made too.
        aliases: further words for it, of which the embedding is not made.
    """

    name: str
    slot: str
    synonyms: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All words for it, the name first."""
        return (self.name, *self.synonyms, *self.aliases)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute, its values, and its zero-shot prompts, in which "{}" stands for a value.

    Attributes:
        asked: whether words answer it; where they do not, people do, and a probe of the embedder.
        numbers: what each value amounts to, 0 to 1, where the values are ordered; else ().
    """

    name: str
    values: tuple[str, ...]
    prompts: tuple[str, ...]
    asked: bool = True
    numbers: tuple[float, ...] = ()

    def number_of(self, value: str) -> float | None:
        """What a value amounts to; None where it is none of the values, or they have no numbers."""
        return dict(zip(self.values, self.numbers, strict=False)).get(value)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The content of the file.

    `colors` maps a name to its CIE L*a*b* (D65) centre, `color_synonyms` a name to other words for it.
    `non_garments` are words for what photos show beside garments. `color_families` has the other shades of
    colours that are families; a colour in none is a family of its own. `color_variants` has further centres
    of colours. `garment_types` are the leaves below the categories, as outfits need them.
    """

    categories: tuple[Category, ...]
    attributes: tuple[Attribute, ...]
    colors: Mapping[str, tuple[float, float, float]]
    color_synonyms: Mapping[str, tuple[str, ...]]
    non_garments: tuple[str, ...] = ()
    color_families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    color_variants: Mapping[str, tuple[tuple[float, float, float], ...]] = field(default_factory=dict)
    garment_types: tuple[GarmentType, ...] = ()
    version: str = field(init=False, repr=False, compare=False)
    """Names all that items are described with: it changes with a category, an attribute that is asked, the
    centre of a colour or a word for other things.
    """
    _words: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """Index of the first category by its normalised words."""
    _color_words: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Names of colours by themselves, casefolded, and by their normalised names and synonyms."""
    _family_of: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The family of each colour that is not named like it."""
    _type_words: Mapping[str, Mapping[str, GarmentType]] = field(init=False, repr=False, compare=False)
    """For each category, and "" for all, the types by their normalised words, longest word first."""

    def __post_init__(self) -> None:
        words: dict[str, int] = {}
        for index, category in enumerate(self.categories):
            for word in category.words:
                words.setdefault(normalized(word), index)
        asked = [(each.name, each.values, each.prompts) for each in self.asked_attributes]
        described: tuple[object, ...] = (
            *(self.categories, asked, sorted(self.colors.items()), self.non_garments),
            *([sorted(self.color_variants.items())] if self.color_variants else []),
        )
        object.__setattr__(self, "version", hashlib.sha256(repr(described).encode()).hexdigest()[:16])
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_color_words", _color_words(self.colors, self.color_synonyms))
        families = {shade: name for name, shades in self.color_families.items() for shade in shades}
        object.__setattr__(self, "_family_of", families)
        object.__setattr__(self, "_type_words", _type_words(self.garment_types))

    @classmethod
    def load(cls, path: Path) -> Taxonomy:
        """Read and check the file.

        Raises:
            InvalidInput: the file is invalid; the field is the part of the file.
        """
        try:
            return _parse(tomllib.loads(path.read_text(encoding="utf-8")))
        except InvalidInput as error:
            raise error.within(str(path)) from None
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(str(path), f"cannot be read as TOML: {error}") from error

    @property
    def asked_attributes(self) -> tuple[Attribute, ...]:
        """Those that the embedder answers."""
        return tuple(attribute for attribute in self.attributes if attribute.asked)

    def attribute(self, name: str) -> Attribute:
        """The attribute of that name. Raises KeyError if there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)

    def number_of(self, name: str, value: str) -> float | None:
        """What a value of an attribute amounts to, 0 to 1; None where it has no number."""
        named = (attribute for attribute in self.attributes if attribute.name == name)
        return next((each.number_of(value) for each in named), None)

    def canonical_category(self, word: str) -> str | None:
        """The category with that name, synonym or alias, singular or plural; None if there is none."""
        wanted = normalized(word)
        forms = (wanted, f"{wanted}s", wanted.removesuffix("s"), wanted.removesuffix("es"))
        indices = [self._words[form] for form in forms if form in self._words]
        return self.categories[min(indices)].name if indices else None

    def canonical_color(self, word: str) -> str | None:
        """The colour with that name or synonym; None if there is none."""
        return self._color_words.get(word.casefold()) or self._color_words.get(normalized(word))

    def garment_type(self, category: str, *texts: str) -> GarmentType | None:
        """The type of a garment of that category, as the first text that names one says.

        Of garments whose category is none of the taxonomy's, such as a belt, the category's own words count,
        too. Without such words it is the first type of the category, or a plain one where the file has none;
        None where the category is unknown.
        """
        known = self.canonical_category(category) or ""
        words = self._type_words.get(known, {})
        for text in texts if known else (category, *texts):
            if found := _named_type(normalized(text), words):
                return found
        of_category = (each for each in self.garment_types if known and each.category == known)
        return next(of_category, None) or next(
            (plain_type(each.name, each.slot) for each in self.categories if each.name == known), None
        )

    def named_garment_type(self, text: str) -> GarmentType | None:
        """The type that a name such as "tie-dye t-shirt with belt" is about; None where it names none.

        In English that is the last one before a word such as "with".
        """
        words = _HEAD_END.split(normalized(text), maxsplit=1)[0].split()
        types = self._type_words.get("", {})
        for end in range(len(words), 0, -1):
            for start in range(end):
                phrase = " ".join(words[start:end])
                for form in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
                    if form in types:
                        return types[form]
        return None

    def family_of(self, color: str) -> str:
        """The family of a colour: the colour itself where it is one, or is in none."""
        return self._family_of.get(color, color)

    def shades_of(self, color: str) -> tuple[str, ...]:
        """What the name of a colour stands for: of a family itself and all its shades, else itself."""
        return (color, *self.color_families.get(color, ()))

    def centers_of(self, color: str) -> tuple[tuple[float, float, float], ...]:
        """The centre of a colour, and its further centres, in CIE L*a*b*. Raises KeyError for no colour."""
        return (self.colors[color], *self.color_variants.get(color, ()))

    def categories_in(self, text: str) -> tuple[str, ...]:
        """The categories that `text` names, by any of their words as whole words, longest word first."""
        return self.take_categories(text)[0]

    def take_categories(self, text: str) -> tuple[tuple[str, ...], str]:
        """As `categories_in`, and the text without their words."""
        names = {word: self.categories[index].name for word, index in self._words.items()}
        return _take(text, names)

    def take_colors(self, text: str) -> tuple[tuple[str, ...], str]:
        """The colours whose name or synonym is in `text` as whole words, and the text without these words."""
        return _take(text, {normalized(word): name for word, name in self._color_words.items()})


def _take(text: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The names of the words that the text has, longest word first, and the normalised text without them."""
    rest = f" {normalized(text)} "
    found: list[str] = []
    for word in sorted(filter(None, names), key=len, reverse=True):
        if f" {word}" not in rest:
            continue
        pattern = rf"(?<= ){re.escape(word)}(?:s|es)?(?= )"
        if re.search(pattern, rest):
            rest = re.sub(pattern, " ", rest)
            found.append(names[word])
    return tuple(dict.fromkeys(found)), " ".join(rest.split())


def normalized(text: str) -> str:
    """The words of a text in any script, without case and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold()))


def _color_words(colors: Iterable[str], synonyms: Mapping[str, Sequence[str]]) -> dict[str, str]:
    words = {name.casefold(): name for name in colors}
    for name in colors:
        for word in filter(None, map(normalized, (name, *synonyms.get(name, ())))):
            words.setdefault(word, name)
    return words


def _type_words(types: Sequence[GarmentType]) -> dict[str, dict[str, GarmentType]]:
    words: dict[str, dict[str, GarmentType]] = {}
    for each in types:
        for word in map(normalized, (each.name, *each.words)):
            for category in {each.category, ""}:
                words.setdefault(category, {}).setdefault(word, each)
    return {
        category: dict(sorted(named.items(), key=lambda entry: -len(entry[0])))
        for category, named in words.items()
    }


def _named_type(text: str, words: Mapping[str, GarmentType]) -> GarmentType | None:
    """The type whose word is in the text as whole words, singular or plural; the longest word counts."""
    spaced = f" {text} "
    for word, each in words.items():
        if word in spaced and any(f" {word}{ending} " in spaced for ending in ("", "s", "es")):
            return each
    return None


def _parse(document: Mapping[str, Any]) -> Taxonomy:
    categories = tuple(_category(row, i) for i, row in enumerate(document.get("categories", ())))
    colors = {name: _lab(f"colors.{name}", value) for name, value in document.get("colors", {}).items()}
    if not categories or not colors:
        raise InvalidInput("categories" if not categories else "colors", "must not be empty")
    defaults = {"category": [c.name for c in categories], "color": list(colors)}
    attributes = tuple(_attribute(row, i, defaults) for i, row in enumerate(document.get("attributes", ())))
    if "category" not in {attribute.name for attribute in attributes}:
        raise InvalidInput("attributes", "must hold one named 'category'")
    taxonomy = Taxonomy(
        categories,
        attributes,
        colors,
        _color_synonyms(document, colors),
        _non_garments(document),
        _color_families(document, colors),
        _color_variants(document, colors),
        parse_garment_types(document.get("garment_types", ()), {c.name: c.slot for c in categories}),
    )
    for index, word in enumerate(taxonomy.non_garments):
        if (category := taxonomy.canonical_category(word)) is not None:
            raise InvalidInput(f"non_garments.words[{index}]", f"must not name the category {category!r}")
    return taxonomy


def _non_garments(document: Mapping[str, Any]) -> tuple[str, ...]:
    words = document.get("non_garments", {}).get("words", [])
    if not isinstance(words, list):
        raise InvalidInput("non_garments.words", "must be a list of words")
    for index, word in enumerate(words):
        if not isinstance(word, str) or not word.strip():
            raise InvalidInput(f"non_garments.words[{index}]", "must be a non-empty string")
    return tuple(words)


def _category(row: Mapping[str, Any], index: int) -> Category:
    for key in ("name", "slot"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise InvalidInput(f"categories[{index}].{key}", "must be a non-empty string")
    return Category(row["name"], row["slot"], tuple(row.get("synonyms", ())), tuple(row.get("aliases", ())))


def _attribute(row: Mapping[str, Any], index: int, defaults: Mapping[str, list[str]]) -> Attribute:
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidInput(f"attributes[{index}].name", "must be a non-empty string")
    if name == NON_GARMENTS:
        raise InvalidInput(f"attributes[{index}].name", f"must not be {NON_GARMENTS!r}")
    values = tuple(row.get("values", defaults.get(name, ())))
    if len(values) < 2:
        raise InvalidInput(f"attributes[{index}].values", "must hold at least 2 values")
    prompts = tuple(row.get("prompts", ("{}",)))
    if any("{}" not in prompt for prompt in prompts):
        raise InvalidInput(f"attributes[{index}].prompts", "each must hold {}")
    asked = row.get("asked", True)
    if not isinstance(asked, bool) or (name == "category" and not asked):
        raise InvalidInput(f"attributes[{index}].asked", "must be true or false, and true of the category")
    return Attribute(name, values, prompts, asked, _numbers(row, index, len(values)))


def _numbers(row: Mapping[str, Any], index: int, count: int) -> tuple[float, ...]:
    numbers = row.get("numbers", [])
    if not isinstance(numbers, list) or len(numbers) not in (0, count):
        raise InvalidInput(f"attributes[{index}].numbers", "must be a list with one number for each value")
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers):
        raise InvalidInput(f"attributes[{index}].numbers", "must be numbers")
    if numbers != sorted(numbers) or any(not 0 <= each <= 1 for each in numbers):
        raise InvalidInput(f"attributes[{index}].numbers", "must be from 0 to 1, in rising order")
    return tuple(map(float, numbers))


def _color_synonyms(document: Mapping[str, Any], colors: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    taken = {normalized(name) for name in colors}
    for name, words in document.get("color_synonyms", {}).items():
        if name not in colors:
            raise InvalidInput(f"color_synonyms.{name}", "must be one of the colours")
        for word in map(normalized, words):
            if word in taken:
                raise InvalidInput(f"color_synonyms.{name}", f"must not name {word!r} a second time")
            taken.add(word)
    return {name: tuple(words) for name, words in document.get("color_synonyms", {}).items()}


def _color_families(document: Mapping[str, Any], colors: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    families = document.get("color_families", {})
    placed = set(families)
    for name, shades in families.items():
        field = f"color_families.{name}"
        if name not in colors:
            raise InvalidInput(field, "must be one of the colours")
        if not isinstance(shades, list) or any(shade not in colors for shade in shades):
            raise InvalidInput(field, "must be a list of some of the colours")
        for shade in shades:
            if shade in placed:
                raise InvalidInput(field, f"must not name {shade!r}, which is a family or of one already")
            placed.add(shade)
    return {name: tuple(shades) for name, shades in families.items()}


def _color_variants(
    document: Mapping[str, Any], colors: Mapping[str, Any]
) -> dict[str, tuple[tuple[float, float, float], ...]]:
    variants = document.get("color_variants", {})
    for name, centers in variants.items():
        if name not in colors or not isinstance(centers, list):
            raise InvalidInput(f"color_variants.{name}", "must be one of the colours, with a list of centres")
    return {
        name: tuple(_lab(f"color_variants.{name}[{i}]", center) for i, center in enumerate(centers))
        for name, centers in variants.items()
    }


def _lab(field: str, value: Any) -> tuple[float, float, float]:
    if not (isinstance(value, list) and len(value) == 3 and 0 <= value[0] <= 100):
        raise InvalidInput(field, "must be [L, a, b] with L from 0 to 100")
    return float(value[0]), float(value[1]), float(value[2])


NO_TAXONOMY = Taxonomy((), (), {}, {})
"""Of a process that describes nothing."""

TaxonomyOf: TypeAlias = Callable[[str], Taxonomy]
"""The taxonomy of a tenant at the moment."""
