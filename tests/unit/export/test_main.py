from __future__ import annotations

from pathlib import Path

import pytest

from export.__main__ import main


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    for command in ("export yolo", "export clip", "export verify", "export list"):
        assert command in out


@pytest.mark.parametrize("name", ["Upper", "a", "with space", "-dash", "../up", "x" * 64])
def test_a_bad_name_is_refused_at_once(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["yolo", "x.pt", f"--name={name}"])
    assert stop.value.code == 2
    assert "lower-case letters" in capsys.readouterr().err


@pytest.mark.parametrize("score", ["1.5", "-0.1", "nan", "high"])
def test_a_bad_score_is_refused_at_once(capsys: pytest.CaptureFixture[str], score: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["yolo", "x.pt", "--name=tiny", f"--min-score={score}"])
    assert stop.value.code == 2
    assert f"must be from 0 to 1, not {score}" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["yolo mlflow:garments", "clip tiny --pretrained mlflow:@x"])
def test_a_bad_reference_to_a_registered_checkpoint_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main([*option.split(), "--name", "tiny"]) == 2
    assert capsys.readouterr().err.startswith("error: checkpoint: must be ")


def test_a_folder_that_is_not_an_artifact_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    assert main(["yolo", "yolov8n.yaml", "--name", "tiny", "--out", str(tmp_path)]) == 2
    assert "choose another --out" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_verify_says_that_a_folder_is_no_artifact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    assert "a model artifact?" in capsys.readouterr().err


def test_a_missing_checkpoint_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["yolo", str(tmp_path / "gone.pt"), "--name", "tiny"]) == 2
    assert "gone.pt does not exist" in capsys.readouterr().err


def test_three_sides_are_too_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["yolo", "yolov8n.yaml", "--name", "tiny", "--imgsz", "1", "2", "3"]) == 2
    assert "--imgsz takes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--precision", "int8", "--photos", "p"], "--photos and --labels go together"),
        (["--precision", "int8", "--labels", "l"], "--photos and --labels go together"),
        (["--photos", "p", "--labels", "l"], "--photos are for --precision fp16 or int8"),
        (["--precision", "int8", "--photos", "p", "--labels", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_photos_are_asked_for_before_the_work(
    capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert main(["clip", "ViT-Z-99", "--name", "tiny", *arguments]) == 2
    assert problem in capsys.readouterr().err


def test_an_unknown_precision_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["clip", "ViT-B-32", "--name", "tiny", "--precision", "int4"])
    assert stop.value.code == 2
    assert "int4" in capsys.readouterr().err


ARTIFACTS = Path(__file__).parents[3] / "artifacts"


def test_what_is_no_twin_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    detector = str(ARTIFACTS / "demo-detector")
    assert main(["convert", detector, "--precision", "fp32", "--name", "twin"]) == 2
    assert "only from fp32, to fp16 or int8" in capsys.readouterr().err
