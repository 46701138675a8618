from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.preference_rules import Facet, FeedbackKind, PreferenceRules
from settings import ROOT

FILE = ROOT / "domain/preference_rules.toml"


def test_the_rules() -> None:
    rules = PreferenceRules.load(FILE)
    assert rules.weights == {
        FeedbackKind.LIKE: 1.0,
        FeedbackKind.DISLIKE: -1.0,
        FeedbackKind.WEAR: 2.0,
        FeedbackKind.SKIP: -0.3,
    }
    assert rules.facets.keys() == set(Facet)
    assert sum(rules.facets.values()) == pytest.approx(1.0)
    assert rules.half_life_us == rules.half_life_days * 86_400_000_000


@pytest.mark.parametrize(
    ("before", "after", "field", "said"),
    [
        ("skip = -0.3", "", "feedback.skip", "must be a number from -10 to 10"),
        ("skip = -0.3", "skip = nan", "feedback.skip", "must be a number from -10 to 10"),
        ("like = 1.0", "like = true", "feedback.like", "must be a number from -10 to 10"),
        ("half_life_days = 90.0", "half_life_days = 0", "decay.half_life_days", "must be a number from 0.01"),
        ("brand = 1.0", "brand = -1.0", "facets.brand", "must be a number from 0 to 10"),
        ("share = 0.2", "share = 1.5", "adjustment.share", "must be a number from 0 to 1"),
        ("[feedback]", "feedback = 1\n[other]", "feedback.like", "must be a number from -10 to 10"),
        ("[feedback]", "[feedback", "", "cannot be read as TOML"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong(tmp_path: Path, before: str, after: str, field: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(InvalidInput, match=said) as raised:
        PreferenceRules.load(path)
    assert raised.value.violations[0].field.startswith(str(path))
    assert raised.value.violations[0].field.endswith(field)


def test_some_facet_counts(tmp_path: Path) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    names = {facet.value for facet in Facet}
    zeroed = [f"{line.split()[0]} = 0" if line.split(" ")[0] in names else line for line in lines]
    path = tmp_path / "rules.toml"
    path.write_text("\n".join(zeroed), encoding="utf-8")
    with pytest.raises(InvalidInput, match="must not all be 0"):
        PreferenceRules.load(path)
