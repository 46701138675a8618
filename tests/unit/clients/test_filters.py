from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armoire import AnyOf, Condition, Filter, InvalidInput, NumberRange, TimeRange, parse_where

FIELDS = st.text(alphabet="abz_09é", min_size=1, max_size=8)
BLANKS = st.sampled_from(["", " ", "  "])
BARE = re.compile(r"""[^\s,|<>=()"'][^,|<>=()]*""")
SIGNS = {"<": "less_than", "<=": "at_most", ">": "more_than", ">=": "at_least"}


@st.composite
def values(draw: st.DrawFn) -> tuple[str, str]:
    """A value and one way of writing it."""
    value = draw(st.text(alphabet="aé1 ,|<>=()!\"'\\\n", max_size=8) | st.text())
    if BARE.fullmatch(value) and value == value.strip() and draw(st.booleans()):
        return value, value
    quote = draw(st.sampled_from("'\""))
    escaped = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
    return value, f"{quote}{escaped}{quote}"


@st.composite
def written_conditions(draw: st.DrawFn) -> tuple[Condition, str]:
    name, blank = draw(FIELDS), draw(BLANKS)
    if draw(st.booleans()):
        pairs = draw(st.lists(values(), min_size=1, max_size=4))
        test = AnyOf(tuple(value for value, _ in pairs))
        return Condition(name, test), f"{name}{blank}={blank}" + f"{blank}|".join(text for _, text in pairs)
    sign = draw(st.sampled_from(sorted(SIGNS)))
    number = draw(st.floats(allow_nan=False, allow_infinity=False))
    return Condition(name, NumberRange(**{SIGNS[sign]: number})), f"{name}{blank}{sign}{blank}{number!r}"


def written_filters(depth: int) -> st.SearchStrategy[tuple[Filter, str]]:
    """A filter and one way of writing it; groups nest so deep."""
    conditions = st.lists(written_conditions(), min_size=1, max_size=3)
    if depth == 0:
        return conditions.map(lambda pairs: joined(pairs, [], []))
    groups = st.lists(written_filters(depth - 1), min_size=1, max_size=3)
    return st.builds(
        joined, conditions, st.lists(groups, max_size=2), st.lists(written_filters(depth - 1), max_size=2)
    )


def joined(
    pairs: list[tuple[Condition, str]],
    choices: list[list[tuple[Filter, str]]],
    excluded: list[tuple[Filter, str]],
) -> tuple[Filter, str]:
    """What holds the conditions, one group of each choice, and none of the excluded groups."""
    any_of = [tuple(each for each, _ in groups) for groups in choices]
    made = Filter(
        conditions=tuple(condition for condition, _ in pairs),
        any_of=any_of[0] if len(any_of) == 1 else (),
        none_of=tuple(each for each, _ in excluded),
        all_of=tuple(Filter(any_of=each) for each in any_of) if len(any_of) > 1 else (),
    )
    texts = [text for _, text in pairs]
    texts += [" | ".join(f"({text})" for _, text in groups) for groups in choices]
    texts += [f"! ({text})" for _, text in excluded]
    return made, " , ".join(texts)


@given(written_filters(1), BLANKS)
def test_what_is_written_is_read(pair: tuple[Filter, str], blank: str) -> None:
    expected, text = pair
    assert parse_where(blank + text + blank) == expected


@given(st.text(alphabet="ab1 ,|<>=()!\"'\\.-", max_size=30))
def test_any_text_is_read_or_refused_with_a_pointer_into_it(text: str) -> None:
    try:
        found = parse_where(text)
    except InvalidInput as error:
        problem, shown, marker = error.message.split("\n")
        assert problem.startswith("where: ")
        assert shown == "  " + text
        assert marker.index("^") - 2 <= len(text)
    else:
        assert all(condition.field for condition in found.conditions)


def test_the_example() -> None:
    found = parse_where('category=dress,color=red|light blue , price<50,brand="Smith, Sons"')
    assert found == Filter(
        (
            Condition("category", AnyOf(("dress",))),
            Condition("color", AnyOf(("red", "light blue"))),
            Condition("price", NumberRange(less_than=50)),
            Condition("brand", AnyOf(("Smith, Sons",))),
        )
    )


def test_the_example_with_groups_and_exclusions() -> None:
    dress, skirt, bag = (Condition("category", AnyOf((word,))) for word in ("dress", "skirt", "bag"))
    origin = Condition("product.made-in", AnyOf(("Portugal",)))
    assert parse_where(
        "(category=dress)|(category=skirt),product.made-in!=Portugal,!(category=bag)"
    ) == Filter(any_of=(Filter((dress,)), Filter((skirt,))), none_of=(Filter((origin,)), Filter((bag,))))


def test_groups_nest_only_so_deep() -> None:
    assert parse_where("(" * 16 + "a=b" + ")" * 16) != Filter()
    with pytest.raises(InvalidInput, match="nest 16 deep"):
        parse_where("(" * 10_000 + "a=b" + ")" * 10_000)


@pytest.mark.parametrize(
    ("text", "problem", "marked"),
    [
        ("price<abc", "expected a number or a time such as 2026-11-01 after <", "abc"),
        ("price>=nan", "expected a number or a time such as 2026-11-01 after >=", "nan"),
        ("category", "expected =, !=, <, <=, > or >= after 'category'", ""),
        ("category dress", "expected =, !=, <, <=, > or >= after 'category'", "d"),
        ("=dress", "expected the name of a field here", "="),
        ("category=dress,", "expected the name of a field here", ""),
        ("category=", "expected a value here", ""),
        ("color=red||blue", "expected a value here", "|"),
        ('brand="Smith', "this quote is never closed", '"'),
        ("brand=a=b", "expected ',' and another condition", "="),
        ('brand="a"b', "expected ',' and another condition", "b"),
        ("brand=a(b)", "expected ',' and another condition", "("),
        ("(brand=a", "expected ',' or the ')' that closes the group", ""),
        ("()", "expected the name of a field here", ")"),
        ("!brand=a", "expected a group in parentheses here", "b"),
        ("(brand=a)|brand=b", "expected a group in parentheses here", "b"),
        ("brand=a)", "expected ',' and another condition", ")"),
    ],
)
def test_the_pointer_shows_the_offending_part(text: str, problem: str, marked: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_where(text)
    error = caught.value
    said, shown, marker = error.message.split("\n")
    assert problem in said
    start = marker.index("^") - 2
    assert shown[2:][start : start + marker.count("^")] == marked
    assert (error.reason, error.field) == ("WHERE_SYNTAX", "where")
    assert f"character {start + 1}" in error.violations[0].description


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_condition(text: str) -> None:
    assert parse_where(text) == Filter()


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("create_time>=2026-11-01", TimeRange(at_least=datetime(2026, 11, 1))),
        (
            "create_time<2026-11-01T10:30:00Z",
            TimeRange(less_than=datetime(2026, 11, 1, 10, 30, tzinfo=UTC)),
        ),
        ("create_time>1700000000", NumberRange(more_than=1_700_000_000)),
    ],
)
def test_times_are_read(text: str, test: TimeRange | NumberRange) -> None:
    assert parse_where(text) == Filter((Condition("create_time", test),))
