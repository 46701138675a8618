from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from training.evaluation.page import fill, fill_pages

PAGE = "Words.\n\n<!-- figures: speed -->\nold\n<!-- end -->\n\nMore words.\n"


def test_a_block_is_replaced_and_the_words_around_it_stay() -> None:
    once = fill(PAGE, {"speed": "| a |\n"})
    assert once == "Words.\n\n<!-- figures: speed -->\n\n| a |\n\n<!-- end -->\n\nMore words.\n"
    assert fill(once, {"speed": "| b |\n"}) == once.replace("| a |", "| b |")


def test_a_table_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="'speed'"):
        fill(PAGE, {"boxes": ""})


def test_a_folder_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"figures\.json"):
        fill_pages(tmp_path, [], tmp_path / "pictures", {})


def test_figures_that_evaluate_did_not_write_are_refused(tmp_path: Path) -> None:
    (tmp_path / "figures.json").write_text('{"split": "validation"}')
    with pytest.raises(InvalidInput, match="did not write"):
        fill_pages(tmp_path, [], tmp_path / "pictures", {})


def test_former_figures_that_are_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "figures.json").write_text('{"split": "validation"}')
    with pytest.raises(InvalidInput, match=r"former.*must hold figures\.json"):
        fill_pages(tmp_path, [], tmp_path / "pictures", {}, tmp_path / "nowhere")
