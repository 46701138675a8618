"""A tenant's own categories, words of attributes and colours, in place of the server's."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.errors import InvalidInput
from domain.taxonomy import Attribute, Category, Taxonomy, normalized

MAX_CATEGORIES = 200
MAX_COLORS = 100
MAX_VALUES = 100
MAX_SYNONYMS = 30
MAX_PROMPTS = 10
MAX_WORD_CHARS = 60
MAX_PROMPT_CHARS = 200
MAX_PHRASES = 4000
"""Texts that are embedded for one taxonomy."""
_NAMED_ELSEWHERE = {"category": "categories", "color": "colors"}
"""The attributes whose values are names."""


@dataclass(frozen=True, slots=True)
class NamedColor:
    """A colour, its CIE L*a*b* (D65) centre, and other words for it.

    `family` is the colour of which it is a shade; "" where it is a family itself.
    """

    name: str
    lab: tuple[float, ...]
    synonyms: tuple[str, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class TenantTaxonomy:
    """A tenant's own words. What is empty is the server's; the questions are always the server's.

    Attributes:
        categories: all of them, in place of the server's.
        attributes: of those named, the values and the prompts; empty values or prompts are the server's.
        colors: all of them, in place of the server's.
    """

    categories: tuple[Category, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    colors: tuple[NamedColor, ...] = ()

    def over(self, server: Taxonomy) -> Taxonomy:
        """The tenant's taxonomy: what it has of its own, and the rest of the server's.

        Raises:
            InvalidInput: a part is out of its limits or does not fit the server's taxonomy; the field is its
                path.
        """
        if self == TenantTaxonomy():
            return server
        _check_categories(self.categories, sorted({each.slot for each in server.categories}))
        _check_attributes(self.attributes, server)
        _check_colors(self.colors)
        merged = self._merged(server)
        if (count := phrase_count(merged)) > MAX_PHRASES:
            text = f"makes {count} phrases of words and prompts; at most {MAX_PHRASES} are allowed"
            raise InvalidInput("", text)
        return merged

    def _merged(self, server: Taxonomy) -> Taxonomy:
        colors, synonyms, families = server.colors, server.color_synonyms, server.color_families
        variants = {} if self.colors else server.color_variants
        if self.colors:
            colors = {each.name: (each.lab[0], each.lab[1], each.lab[2]) for each in self.colors}
            synonyms = {each.name: each.synonyms for each in self.colors if each.synonyms}
            families = _families(self.colors)
        own = {attribute.name: attribute for attribute in self.attributes}
        names = {
            "category": [category.name for category in self.categories],
            "color": [color.name for color in self.colors],
        }
        attributes = [
            _attribute(each, own.get(each.name), names.get(each.name, ())) for each in server.attributes
        ]
        merged = Taxonomy(
            *(self.categories or server.categories, tuple(attributes), colors, synonyms, ()),
            color_families=families,
            color_variants=variants,
        )
        kept = {category.name for category in merged.categories}
        types = [each for each in server.garment_types if not each.category or each.category in kept]
        others = [word for word in server.non_garments if merged.canonical_category(word) is None]
        return replace(merged, non_garments=tuple(others), garment_types=tuple(types))


def phrase_count(taxonomy: Taxonomy) -> int:
    """How many texts are embedded for a taxonomy, at most."""
    words = {attribute.name: len(attribute.values) for attribute in taxonomy.asked_attributes}
    words["category"] = sum(1 + len(category.synonyms) for category in taxonomy.categories)
    words["category"] += len(taxonomy.non_garments)
    return sum(words[each.name] * (1 + len(each.prompts)) for each in taxonomy.asked_attributes)


def _families(colors: Sequence[NamedColor]) -> dict[str, tuple[str, ...]]:
    """By the colours that are families with other shades: these."""
    shades: dict[str, list[str]] = {}
    for color in colors:
        if color.family:
            shades.setdefault(color.family, []).append(color.name)
    return {name: tuple(of_family) for name, of_family in shades.items()}


def _attribute(server: Attribute, own: Attribute | None, names: Sequence[str]) -> Attribute:
    values = own.values if own is not None and own.values else tuple(names) or server.values
    prompts = own.prompts if own is not None and own.prompts else server.prompts
    numbers = server.numbers if values == server.values else ()
    return Attribute(server.name, values, prompts, server.asked, numbers)


def _check_categories(categories: Sequence[Category], slots: Sequence[str]) -> None:
    if not categories:
        return
    _check_count("categories", categories, 2, MAX_CATEGORIES)
    taken: dict[str, str] = {}
    for index, category in enumerate(categories):
        path = f"categories[{index}]"
        _check_words(path, category.name, category.synonyms, taken)
        if category.slot not in slots:
            raise InvalidInput(f"{path}.slot", f"must be one of {', '.join(slots)}")


def _check_colors(colors: Sequence[NamedColor]) -> None:
    if not colors:
        return
    _check_count("colors", colors, 2, MAX_COLORS)
    taken: dict[str, str] = {}
    for index, color in enumerate(colors):
        path = f"colors[{index}]"
        _check_words(path, color.name, color.synonyms, taken)
        limits = ((0.0, 100.0), (-128.0, 127.0), (-128.0, 127.0))
        if len(color.lab) != 3 or not all(
            math.isfinite(number) and least <= number <= most
            for number, (least, most) in zip(color.lab, limits, strict=True)
        ):
            raise InvalidInput(f"{path}.lab", "must be L from 0 to 100, a and b from -128 to 127")
    families = {color.name for color in colors if not color.family}
    for index, color in enumerate(colors):
        if color.family and color.family not in families:
            text = f"must be the name of a colour that has no family itself, not {color.family[:100]!r}"
            raise InvalidInput(f"colors[{index}].family", text)


def _check_attributes(attributes: Sequence[Attribute], server: Taxonomy) -> None:
    known = [attribute.name for attribute in server.attributes]
    _check_count("attributes", attributes, 0, len(known))
    for index, attribute in enumerate(attributes):
        path = f"attributes[{index}]"
        if attribute.name not in known:
            raise InvalidInput(f"{path}.name", f"must be one of {', '.join(known)}")
        if attribute.name in [each.name for each in attributes[:index]]:
            raise InvalidInput(f"{path}.name", f"must not name {attribute.name!r} a second time")
        _check_values(f"{path}.values", attribute)
        _check_count(f"{path}.prompts", attribute.prompts, 0, MAX_PROMPTS)
        for number, prompt in enumerate(attribute.prompts):
            _check_prompt(f"{path}.prompts[{number}]", prompt)


def _check_values(path: str, attribute: Attribute) -> None:
    if not attribute.values:
        return
    if attribute.name in _NAMED_ELSEWHERE:
        raise InvalidInput(path, f"must be empty: they are the names of {_NAMED_ELSEWHERE[attribute.name]}")
    _check_count(path, attribute.values, 2, MAX_VALUES)
    taken: set[str] = set()
    for index, value in enumerate(attribute.values):
        _check_word(f"{path}[{index}]", value, MAX_WORD_CHARS)
        if value.casefold() in taken:
            raise InvalidInput(f"{path}[{index}]", f"must not be {value!r} a second time")
        taken.add(value.casefold())


def _check_prompt(path: str, prompt: str) -> None:
    _check_word(path, prompt, MAX_PROMPT_CHARS)
    if prompt.count("{}") != 1 or prompt.count("{") != 1 or prompt.count("}") != 1:
        raise InvalidInput(path, 'must hold "{}", in place of a value, once, and no other braces')


def _check_words(path: str, name: str, synonyms: Sequence[str], taken: dict[str, str]) -> None:
    """Check a name and its synonyms; `taken` is whose each word is, and grows by these."""
    _check_count(f"{path}.synonyms", synonyms, 0, MAX_SYNONYMS)
    words = [(f"{path}.name", name), *((f"{path}.synonyms[{i}]", word) for i, word in enumerate(synonyms))]
    for field, word in words:
        _check_word(field, word, MAX_WORD_CHARS)
        key = normalized(word)
        if not key:
            raise InvalidInput(field, "must have a letter or a digit")
        if taken.get(key, name) != name or (key in taken and field.endswith(".name")):
            raise InvalidInput(field, f"must not be {word!r}, which is a word of {taken[key]!r}")
        taken[key] = name


def _check_word(field: str, word: str, most: int) -> None:
    if not 1 <= len(word) <= most:
        raise InvalidInput(field, f"must have 1 to {most} characters, got {len(word)}")
    if word != word.strip() or any(unicodedata.category(each) in ("Cc", "Cs") for each in word):
        raise InvalidInput(field, "must have no control characters, and no blanks around it")


def _check_count(field: str, values: Iterable[object], least: int, most: int) -> None:
    if not least <= (count := len(tuple(values))) <= most:
        raise InvalidInput(field, f"must hold {least} to {most}, got {count}")
