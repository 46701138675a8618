"""The figures that people expect of the rules, and that each term moves as it should."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.garment_types import Season
from domain.outfit_rules import OutfitWeights
from services.outfits.explanation import explain
from services.outfits.piece import Piece
from services.outfits.rule_scorer import RuleScorer
from services.outfits.scorer import Occasion
from services.outfits.term_values import outfit_warmth, warmth_wanted
from tests.unit.services.outfits.wardrobes import piece, rules, taxonomy, wardrobe

POOL = wardrobe(120, seed=3)
SCORER = RuleScorer(rules(), taxonomy())


def look(*texts: str) -> list[Piece]:
    return [piece(text) for text in texts]


def terms(pieces: list[Piece], occasion: Occasion = Occasion()) -> dict[str, float]:
    return {term.name: term.value for term in SCORER.score(pieces, occasion).terms}


@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=8), st.sampled_from([None, *Season]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_terms_are_shares_that_sum_to_the_score(pieces: list[Piece], season: Season | None) -> None:
    score = SCORER.score(pieces, Occasion(season=season, temperature_c=12.0))
    assert all(0.0 <= term.value <= 1.0 for term in score.terms)
    assert sum(term.share for term in score.terms) == pytest.approx(1.0)
    assert score.value == pytest.approx(sum(term.points for term in score.terms))
    assert 0.0 <= score.value <= 1.0 + 1e-9


@given(
    st.lists(st.lists(st.sampled_from(POOL), min_size=1, max_size=8), min_size=1, max_size=5),
    st.sampled_from([Occasion(), Occasion(Season.WINTER, -3.0, 0.7)]),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_sets_scored_together_have_the_scores_of_each(sets: list[list[Piece]], occasion: Occasion) -> None:
    alone = [SCORER.score(pieces, occasion).value for pieces in sets]
    assert SCORER.scores(sets, occasion).tolist() == pytest.approx(alone, abs=1e-8)


@given(st.lists(st.sampled_from(POOL), min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_order_of_the_pieces_does_not_matter(pieces: list[Piece], dice: object) -> None:
    shuffled = list(pieces)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert terms(shuffled) == pytest.approx(terms(pieces))


def test_colors() -> None:
    assert terms(look("grey t-shirt", "black jeans", "charcoal boots"))["color"] == 0.7
    for pair in (
        ("navy shirt", "camel chinos"),
        ("navy shirt", "white chinos"),
        ("blue shirt", "brown chinos"),
    ):
        assert 0.9 <= terms(look(*pair, "black shoes"))["color"] <= 1.0
    assert 0.9 <= terms(look("red shirt", "black chinos"))["color"] <= 1.0
    assert terms(look("red shirt", "pink skirt", "black shoes"))["color"] < 0.5
    two, three, four = (
        terms(look(*texts))["color"]
        for texts in (
            ("mustard shirt", "teal skirt"),
            ("mustard shirt", "teal skirt", "brown boots"),
            ("mustard shirt", "teal skirt", "brown boots", "lavender hat"),
        )
    )
    assert two > three > four


def test_a_classic_pair_hides_no_other_colors() -> None:
    classic = terms(look("blue shirt", "brown chinos"))["color"]
    assert terms(look("blue shirt", "brown chinos", "purple hat"))["color"] < classic
    assert terms(look("blue shirt", "brown chinos", "white sneakers"))["color"] == classic


def test_formality() -> None:
    formal = terms(look("white dress shirt", "black tie", "black blazer"))["formality"]
    casual = terms(look("white t-shirt", "blue jeans", "white sneakers"))["formality"]
    mixed = terms(look("black blazer", "white t-shirt", "blue jeans", "white sneakers"))["formality"]
    assert min(formal, casual) > 0.9
    assert mixed < 0.6
    gala = Occasion(formality=1.0)
    assert terms(look("white t-shirt", "blue jeans"), gala)["formality"] < casual


@given(st.sampled_from(POOL), st.sampled_from(POOL), st.floats(0.0, 0.5), st.floats(0.01, 0.5))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_further_apart_in_formality_the_lower(
    one: Piece, other: Piece, apart: float, more: float
) -> None:
    values = [
        terms([replace(one, formality=0.0), replace(other, formality=distance)])["formality"]
        for distance in (apart, apart + more)
    ]
    assert values[1] <= values[0]


def test_garments_that_do_or_do_not_go_together() -> None:
    good, neither, bad = (
        terms(look("black blazer", bottom))["compatibility"]
        for bottom in ("black chinos", "black jeans", "black joggers")
    )
    assert good > neither > bad


def test_patterns() -> None:
    shirt, skirt, bag = piece("white shirt"), piece("black skirt"), piece("black bag")
    values = [
        terms([replace(shirt, pattern=first), replace(skirt, pattern=second), replace(bag, pattern=third)])[
            "pattern"
        ]
        for first, second, third in (
            ("plain", "plain", ""),
            ("striped", "plain", "plain"),
            ("striped", "striped", "plain"),
            ("striped", "floral", "plain"),
            ("striped", "floral", "checked"),
        )
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] == values[1] == 1.0
    assert values[-1] < values[-2] < 0.5


def test_seasons_and_temperature() -> None:
    summer, winter = (
        look("white tank top", "beige shorts", "brown sandals"),
        look("black coat", "black boots"),
    )
    assert terms(summer, Occasion(season=Season.SUMMER))["season"] == 1.0
    assert terms(summer, Occasion(season=Season.WINTER))["season"] == 0.0
    assert terms([*summer, *winter])["season"] < 1.0
    warm, cold = Occasion(temperature_c=28.0), Occasion(temperature_c=-5.0)
    clad = look("grey sweater", "black jeans", "black parka", "black boots")
    assert terms(summer, warm)["season"] > terms(clad, warm)["season"]
    assert terms(summer, cold)["season"] < terms(clad, cold)["season"]


def test_weights_are_those_given() -> None:
    colors_alone = RuleScorer(rules(), taxonomy(), OutfitWeights(2.0, 0.0, 0.0, 0.0, 0.0))
    score = colors_alone.score(look("grey t-shirt", "black jeans"))
    assert score.value == pytest.approx(1.0 - rules().severity * (1.0 - 0.7))


def test_a_severity_of_1_is_the_weighted_mean() -> None:
    lenient = RuleScorer(replace(rules(), severity=1.0), taxonomy())
    for pieces in (
        look("red blouse", "pink skirt", "orange high heels"),
        look("grey t-shirt", "black jeans"),
    ):
        score = lenient.score(pieces)
        assert score.value == pytest.approx(sum(term.value * term.share for term in score.terms))
        assert SCORER.score(pieces).value == pytest.approx(1.0 - rules().severity * (1.0 - score.value))


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (
            ("white shirt", "navy chinos"),
            "White shirt and navy chinos: white and navy are a classic pair of colours.",
        ),
        (
            ("navy blazer", "white shirt", "camel chinos", "white sneakers"),
            "Navy blazer, white shirt, camel chinos and white sneakers: navy and camel are a classic pair of "
            "colours; the sneakers are less formal than the blazer; blazer and sneakers do not go together.",
        ),
        (
            ("red blouse", "pink skirt"),
            "Red blouse and pink skirt: all pieces are about as formal; red and pink clash.",
        ),
        (
            ("grey t-shirt", "black jeans"),
            "Grey t-shirt and black jeans: all pieces are about as formal; grey and black are neutrals "
            "alone, safe but plain.",
        ),
        (("red t-shirt",), "Red t-shirt: red is its one colour."),
    ],
)
def test_the_sentence_names_the_terms_that_moved(texts: tuple[str, ...], sentence: str) -> None:
    pieces = look(*texts)
    assert explain(pieces, SCORER.score(pieces)) == sentence


LOOKS = st.lists(st.sampled_from(POOL), min_size=2, max_size=6)
NEUTRALS = sorted(rules().neutrals)
ANY_CLASH = sorted(map(sorted, rules().clashes))
ANY_GOOD, ANY_BAD = sorted(map(sorted, rules().good_pairs)), sorted(map(sorted, rules().bad_pairs))


def value(pieces: list[Piece], occasion: Occasion = Occasion()) -> float:
    return SCORER.score(pieces, occasion).value


def named(each: Piece, name: str) -> Piece:
    """The piece as one of another garment type that is as warm and as formal."""
    return replace(each, type=replace(each.type, name=name))


@given(LOOKS, st.sampled_from(ANY_CLASH))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_clash_lowers_the_score_of_any_look(pieces: list[Piece], clash: list[str]) -> None:
    calm = [replace(each, color=NEUTRALS[0]) for each in pieces]
    loud = [replace(calm[0], color=clash[0]), replace(calm[1], color=clash[1]), *calm[2:]]
    assert value(loud) < value(calm) or value(calm) < 1e-6
    assert "clash" in explain(loud, SCORER.score(loud))


@given(LOOKS, st.sampled_from(["floral", "checked"]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_each_further_pattern_lowers_the_score(pieces: list[Piece], pattern: str) -> None:
    plain = [replace(each, color="black", formality=0.5, pattern="plain") for each in pieces]
    one = [replace(plain[0], pattern="striped"), *plain[1:]]
    two = [one[0], replace(plain[1], pattern=pattern), *plain[2:]]
    assert value(plain) == value(one)
    assert value(one) > value(two) or value(one) < 1e-6
    (term,) = (term for term in SCORER.score(two).terms if term.name == "pattern")
    assert "compete" in term.reason
    assert term.points < term.share


@given(LOOKS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_further_from_the_formality_asked_for_the_lower(
    pieces: list[Piece], asked: float, other: float
) -> None:
    mean = sum(each.formality for each in pieces) / len(pieces)
    near, far = sorted((asked, other), key=lambda level: abs(level - mean))
    assert value(pieces, Occasion(formality=far)) <= value(pieces, Occasion(formality=near)) + 1e-9


@given(LOOKS, st.floats(-20.0, 40.0), st.floats(-20.0, 40.0))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_further_from_the_warmth_of_the_weather_the_lower(
    pieces: list[Piece], one: float, other: float
) -> None:
    worn = outfit_warmth(pieces)
    near, far = sorted((one, other), key=lambda degrees: abs(warmth_wanted(degrees) - worn))
    assert value(pieces, Occasion(temperature_c=far)) <= value(pieces, Occasion(temperature_c=near)) + 1e-9


@given(LOOKS, st.sampled_from(list(Season)))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_piece_for_another_season_lowers_the_score(pieces: list[Piece], season: Season) -> None:
    worn = [replace(each, type=replace(each.type, seasons=frozenset({season}))) for each in pieces]
    (other, *_) = (each for each in Season if each is not season)
    odd = [replace(worn[0], type=replace(worn[0].type, seasons=frozenset({other}))), *worn[1:]]
    occasion = Occasion(season=season)
    assert value(odd, occasion) < value(worn, occasion) or value(worn, occasion) < 1e-6


@given(LOOKS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_further_one_piece_is_from_the_formality_of_the_others_the_lower(
    pieces: list[Piece], one: float, other: float
) -> None:
    (first, *rest) = pieces
    mean = sum(each.formality for each in rest) / len(rest)
    near, far = sorted((one, other), key=lambda level: abs(level - mean))
    moved = [value([replace(first, formality=level), *rest]) for level in (near, far)]
    assert moved[1] <= moved[0] + 1e-9


@given(LOOKS, st.sampled_from(ANY_BAD), st.sampled_from(ANY_GOOD))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_garments_that_do_not_go_together_lower_the_score_of_any_look(
    pieces: list[Piece], bad: list[str], good: list[str]
) -> None:
    plain = [named(each, f"type {index}") for index, each in enumerate(pieces)]
    liked, neither, disliked = (
        value([*(named(each, name) for each, name in zip(plain[:2], names, strict=True)), *plain[2:]])
        for names in (good, ("type 0", "type 1"), bad)
    )
    assert liked > neither > disliked or neither < 1e-6


@given(LOOKS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_sentence_names_the_term_that_takes_most(pieces: list[Piece]) -> None:
    score = SCORER.score(pieces)
    told = [term for term in score.terms if term.taken >= 0.08 and term.reason]
    if told:
        most = max(told, key=lambda term: term.taken)
        assert most.reason in explain(pieces, score)


@given(LOOKS, st.sampled_from([Occasion(), Occasion(formality=0.9), Occasion(temperature_c=-5.0)]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_takes_much_has_a_reason(pieces: list[Piece], occasion: Occasion) -> None:
    for term in SCORER.score(pieces, occasion).terms:
        assert term.reason or term.taken < 0.1


FORMAL = ("white dress shirt", "black tie", "black blazer", "black trousers", "black shoes")
WITH_LOAFERS = ("navy blazer", "white shirt", "camel chinos", "brown loafers")
WITH_SNEAKERS = ("navy blazer", "white shirt", "camel chinos", "white sneakers")
LOOKS_AS_A_WHOLE = [
    (0.75, ("grey t-shirt", "black jeans", "charcoal boots")),
    (0.73, ("grey sweater", "black trousers", "charcoal ankle boots")),
    (0.75, ("beige shirt", "grey chinos", "black loafers")),
    (0.75, ("black t-shirt", "black jeans", "black boots")),
    (0.99, ("navy sweater", "burgundy skirt", "black ankle boots")),
    (0.99, ("blue shirt", "brown chinos", "brown loafers")),
    (0.91, ("black shirt", "white jeans", "black boots")),
    (0.97, ("red blouse", "black trousers", "black high heels")),
    (0.97, FORMAL),
    (1.00, ("white t-shirt", "blue jeans", "white sneakers")),
    (1.00, ("grey hoodie", "black joggers", "white sneakers")),
    (0.96, WITH_LOAFERS),
    (0.69, WITH_SNEAKERS),
    (0.42, ("navy blazer", "white t-shirt", "grey joggers", "white sneakers")),
    (0.45, ("black evening gown", "white sneakers")),
    (0.29, ("red blouse", "pink skirt", "black high heels")),
    (0.29, ("red blouse", "pink skirt", "orange high heels")),
    (0.21, ("red shirt", "green chinos", "white sneakers")),
    (0.35, ("purple t-shirt", "orange shorts", "white sneakers")),
]
"""Those of the page on outfits, and more: neutrals about 0.75, classic pairs from 0.9 on, clashes below 0.5.
"""


@pytest.mark.parametrize(("expected", "texts"), LOOKS_AS_A_WHOLE)
def test_looks_as_a_whole(expected: float, texts: tuple[str, ...]) -> None:
    assert value(look(*texts)) == pytest.approx(expected, abs=0.006)
