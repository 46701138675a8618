"""What words ask to change beside a picture: "this, but in red", "not a dress"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.taxonomy import Taxonomy
from services.catalog.search.filter import MATCH_ALL, Condition, Filter, OneOf

_NO_MEANING = frozenset(
    {
        *("a", "an", "and", "also", "as", "but", "by", "color", "colored", "colour", "coloured"),
        *("for", "from", "have", "has", "i", "in", "instead", "is", "it", "like", "make", "me"),
        *("more", "my", "of", "one", "only", "or", "please", "same", "similar", "that", "the"),
        *("them", "these", "this", "those", "to", "want", "with"),
    }
)
"""Words that say nothing of a garment where a picture shows it."""
_NEGATOR = re.compile(
    r"\b(?:other than|rather than|instead of|except(?: for)?|excluding|without"
    r"|not|no|never|avoid|\w+n['\u2019]t)\b"
)
"""What stands before words that hits are not to have; it reaches to the end of its clause."""
_CLAUSE_END = re.compile(r"[,;.:!?()]|\bbut\b|\band (?:in|with|as)\b")
_BUT_NOT = re.compile(r"\b(?:anything|everything|all) but\b")
"""Where "but" ends no clause and excludes."""


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


def split_negated(text: str) -> tuple[str, str]:
    """The words of a text that are asked for, and those after "not", "without", "except" and the like."""
    plain, negated = list[str](), list[str]()
    for clause in _CLAUSE_END.split(_BUT_NOT.sub("not", text.casefold())):
        before, *after = _NEGATOR.split(clause)
        plain.append(before)
        negated += after
    return " ".join(" ".join(plain).split()), " ".join(" ".join(negated).split())


def read_modification(text: str, taxonomy: Taxonomy) -> Modification:
    """Read a text; colours are taken before categories, so that "jeans blue" is a colour."""
    colors, rest = taxonomy.take_colors(text)
    categories, rest = taxonomy.take_categories(rest)
    words = [word for word in rest.split() if word not in _NO_MEANING]
    return Modification(colors, categories, " ".join(words))


def modification_filter(
    wanted: Iterable[Modification], unwanted: Iterable[Modification], category: str
) -> Filter:
    """The filter of all texts: hits have the colours and categories of `wanted`, none of those of `unwanted`.

    A colour that is a family stands for all its shades, as in every filter. Hits keep `category`,
    that of the pictures, where no text names one; "" is none.
    """
    wanted = list(wanted)
    categories = tuple(dict.fromkeys(name for each in wanted for name in each.categories))
    kept = categories or ((category,) if category else ())
    colors = tuple(dict.fromkeys(name for each in wanted for name in each.colors))
    conditions = _conditions(colors, kept)
    none_of = tuple(
        Filter((condition,)) for each in unwanted for condition in _conditions(each.colors, each.categories)
    )
    return Filter(conditions, none_of=none_of) if conditions or none_of else MATCH_ALL


def _conditions(colors: tuple[str, ...], categories: tuple[str, ...]) -> tuple[Condition, ...]:
    tests = {"main_color": colors, "category": categories}
    return tuple(Condition(field, OneOf(values)) for field, values in tests.items() if values)
