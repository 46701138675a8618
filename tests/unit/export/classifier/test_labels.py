from __future__ import annotations

from pathlib import Path

import pytest

from export.classifier.labels import choose_labels, read_labels
from export.errors import Unsupported


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.txt", "shirt\n dress \nhat\n"),
        ("labels.json", '["shirt", "dress", "hat"]'),
        ("labels.json", '{"1": "dress", "0": "shirt", "2": "hat"}'),
    ],
)
def test_labels_are_read_from_lines_and_json(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert read_labels(file) == ("shirt", "dress", "hat")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("labels.json", "{", "cannot be read"),
        ("labels.json", '{"0": "shirt", "2": "hat"}', "keys are 0, 1, 2"),
        ("labels.json", '"shirt"', "neither a list nor an object"),
        ("labels.txt", "shirt\n\nhat\n", "label 1 is empty"),
    ],
)
def test_files_that_do_not_name_classes_are_refused(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(Unsupported, match=problem):
        read_labels(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=r"none\.txt cannot be read"):
        read_labels(tmp_path / "none.txt")


def test_a_file_goes_before_the_checkpoints_own_labels(tmp_path: Path) -> None:
    file = tmp_path / "labels.txt"
    file.write_text("a\nb\n")
    assert choose_labels(file, ("x", "y"), 2) == (("a", "b"), f"--labels {file}")
    assert choose_labels(None, ("x", "y"), 2) == (("x", "y"), "the checkpoint")


def test_imagenets_labels_are_taken_by_their_number() -> None:
    labels, source = choose_labels(None, (), 1000)
    assert (len(labels), labels[610]) == (1000, "jersey, T-shirt, tee shirt")
    assert source == "ImageNet, by the number of classes"


def test_there_must_be_as_many_labels_as_classes(tmp_path: Path) -> None:
    file = tmp_path / "labels.txt"
    file.write_text("a\nb\n")
    with pytest.raises(Unsupported, match=r"labels\.txt has 2 labels, the network 3 classes"):
        choose_labels(file, ("x", "y", "z"), 3)
    with pytest.raises(Unsupported, match="the checkpoint has 2 labels, the network 3 classes"):
        choose_labels(None, ("x", "y"), 3)
    with pytest.raises(Unsupported, match="no names for its 3 classes: give a file with --labels"):
        choose_labels(None, (), 3)
