"""What words ask to change beside a picture: "this, but in red"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy
from imaging.ciede2000 import ciede2000
from services.catalog.search.filter import MATCH_ALL, Condition, Filter, OneOf

_FAMILY = 12.0
"""Colours whose centres differ by at most this much CIEDE2000 are of one family, such as white and cream."""
_NO_MEANING = frozenset(
    {
        *("a", "an", "and", "also", "as", "but", "by", "color", "colored", "colour", "coloured"),
        *("for", "from", "have", "has", "i", "in", "instead", "is", "it", "like", "make", "me"),
        *("more", "my", "of", "one", "only", "or", "please", "same", "similar", "that", "the"),
        *("them", "these", "this", "those", "to", "want", "with"),
    }
)
"""Words that say nothing of a garment where a picture shows it."""


@dataclass(frozen=True, slots=True)
class Modification:
    """The meaning of a text beside a picture.

    Attributes:
        colors, categories: those that the text names, as the taxonomy calls them.
        rest: the other words, for the text encoder; "" if none is left.
    """

    colors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    rest: str = ""


def read_modification(text: str, taxonomy: Taxonomy) -> Modification:
    """Read a text; colours are taken before categories, so that "jeans blue" is a colour."""
    colors, rest = taxonomy.take_colors(text)
    categories, rest = taxonomy.take_categories(rest)
    words = [word for word in rest.split() if word not in _NO_MEANING]
    return Modification(colors, categories, " ".join(words))


def modification_filter(
    wanted: Iterable[Modification], unwanted: Iterable[Modification], category: str, taxonomy: Taxonomy
) -> Filter:
    """The filter of all texts: hits have the colours and categories of `wanted`, none of those of `unwanted`.

    Hits keep `category`, that of the pictures, where no text names one; "" is none.
    """
    wanted = list(wanted)
    categories = tuple(dict.fromkeys(name for each in wanted for name in each.categories))
    kept = categories or ((category,) if category else ())
    colors = _with_families((name for each in wanted for name in each.colors), taxonomy)
    conditions = _conditions(colors, kept)
    none_of = tuple(
        Filter((condition,))
        for each in unwanted
        for condition in _conditions(_with_families(each.colors, taxonomy), each.categories)
    )
    return Filter(conditions, none_of=none_of) if conditions or none_of else MATCH_ALL


def _conditions(colors: tuple[str, ...], categories: tuple[str, ...]) -> tuple[Condition, ...]:
    tests = {"main_color": colors, "category": categories}
    return tuple(Condition(field, OneOf(values)) for field, values in tests.items() if values)


def _with_families(colors: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """The colours and those of their families."""
    names, lab = list(taxonomy.colors), np.array(list(taxonomy.colors.values()), np.float32)
    found: dict[str, None] = {}
    for color in colors:
        differences = ciede2000(lab[names.index(color)], lab)
        order = np.argsort(differences)
        found |= dict.fromkeys(names[index] for index in order if differences[index] <= _FAMILY)
    return tuple(found)
