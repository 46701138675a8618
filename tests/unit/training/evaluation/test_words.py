from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from training.evaluation.figures import Figures
from training.evaluation.ground_truth import WordTruth, read_ground_truth
from training.evaluation.tables import NOT_MEASURED, tables
from training.evaluation.words import DescribedGarment, WordRow, measure_words

ROOT = Path(__file__).parents[4]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")


def garment(image: str, answer: str, *said: str) -> DescribedGarment:
    return DescribedGarment(WordTruth("street", image, "coat", {"fit": said}), {"fit": answer}, image)


def test_values_count_alike_and_one_answer_for_all_is_chance() -> None:
    judged = [
        garment("a", "slim", "slim"),
        garment("b", "loose", "slim", "loose"),
        garment("c", "slim", "slim"),
        garment("d", "loose", "loose"),
        garment("e", "slim"),
    ]
    found = measure_words(judged, TAXONOMY)
    assert list(found) == ["fit"]
    fit = found["fit"]
    assert fit.balanced.value == pytest.approx((2 / 3 + 1) / 2)
    assert fit.balanced.low <= fit.balanced.value <= fit.balanced.high
    assert (fit.balanced.count, fit.constant, fit.asked) == (4, 0.5, False)
    assert (fit.accepted.value, fit.best_constant) == (1.0, 0.75)
    assert fit.rows[0] == WordRow("slim", 3, pytest.approx(2 / 3), 2)
    assert fit.rows[1] == WordRow("regular", 0, None, 0)


def test_nothing_is_measured_of_what_nobody_has_said() -> None:
    assert measure_words([garment("a", "slim")], TAXONOMY) == {}


def test_the_committed_words_can_be_read() -> None:
    words = read_ground_truth(ROOT / "training/ground_truth", TAXONOMY).words
    assert Counter(each.photos for each in words) == {"clothing": 100, "street": 73}
    assert len({(each.image, each.garment) for each in words}) == 173
    assert all(set(each.values) == {"fit", "season", "formality", "style"} for each in words)
    assert all(each.values["formality"] and each.values["style"] for each in words)


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("photos,image,garment,fit\nbeach,a,coat,slim\n", "words.csv[0].photos"),
        ("photos,image,garment,fit\nstreet,a,coat,slim|huge\n", "words.csv[0].fit"),
        ("photos,image,garment,smell\nstreet,a,coat,musty\n", "words.csv"),
    ],
)
def test_a_bad_word_is_named(tmp_path: Path, table: str, field: str) -> None:
    (tmp_path / "words.csv").write_text(table)
    with pytest.raises(InvalidInput) as refused:
        read_ground_truth(tmp_path, TAXONOMY)
    assert refused.value.violations[0].field == field


def test_the_tables_show_words(full_figures: Figures, figures: Figures) -> None:
    made = tables(full_figures.to_json())
    assert "| fit | no | 4 | 0.210 (0.110 to 0.310) | 0.20 | 0.270 (0.170 to 0.370) | 0.68 |" in made["words"]
    assert "| fit | slim | 24 | 0.04 | 12 |" in made["word-values"]
    assert tables(figures.to_json())["words"] == NOT_MEASURED
