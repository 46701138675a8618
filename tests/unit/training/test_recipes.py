"""The recipes end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.taxonomy import Taxonomy  # noqa: E402
from training.__main__ import main  # noqa: E402
from training.detector import DetectorOptions, write_dataset  # noqa: E402
from training.embedder import EmbedderOptions, train_embedder  # noqa: E402
from training.samples import catalogue, draw_sample  # noqa: E402
from training.two_towers import build  # noqa: E402

TAXONOMY = Path(__file__).parents[3] / "taxonomy.toml"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory, taxonomy: Taxonomy) -> Path:
    """Forty small "photos" of four labels by forty senders, some of them for validation."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "images").mkdir()
    samples = {sample.name: sample for sample in catalogue()}
    labels = {
        "Court Polo": "Polo",
        "Red Party Dress": "Dress",
        "Straight Jeans": "Pants",
        "Camel Coat": "Outwear",
    }
    rows = ["image,label,kids,sender,split"]
    for index in range(40):
        name = list(labels)[index % len(labels)]
        picture, _ = draw_sample(samples[name], taxonomy, np.random.default_rng(index))
        small = cv2.resize(picture, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / "images" / f"{index}.jpg"), small[..., ::-1])
        split = "validation" if index >= 36 else "train"
        rows.append(f"{index},{labels[name]},false,{index},{split}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_the_embedder_trains_resumes_and_loads_in_open_clip(photos: Path, tmp_path: Path) -> None:
    def options(minutes: float, out: Path = tmp_path, start_from: Path | None = None) -> EmbedderOptions:
        return EmbedderOptions(
            photos,
            out,
            TAXONOMY,
            start_from=start_from,
            dev_share=0.1 if start_from is None else 0,
            cache=tmp_path,
            minutes=minutes,
            batch=16,
            drawings=11,
            thumbnail_px=64,
        )

    train_embedder(options(0.001))
    weights = train_embedder(options(0.03))
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    steps = [row["step"] for row in metrics["rows"]]
    assert 1 <= steps[0] < steps[1]
    assert metrics["facts"]["photos"] + metrics["facts"]["dev photos"] == 36
    assert metrics["facts"]["photos are"] == "not the published clothing photos"
    model = build(tmp_path, weights)
    assert all(bool(torch.isfinite(value).all()) for value in model.state_dict().values())
    refined = train_embedder(options(0.001, tmp_path / "refined", tmp_path / "last.pt"))
    before, after = (torch.load(path)["text_projection"] for path in (weights, refined))
    assert 0 < float((before - after).abs().max()) < 0.01


def test_the_detectors_pictures_have_boxes_and_no_validation_photo(photos: Path, tmp_path: Path) -> None:
    options = DetectorOptions(
        photos,
        tmp_path,
        TAXONOMY,
        cache=tmp_path,
        input_px=96,
        scenes=3,
        dev_scenes=2,
        sample_copies=0,
        thumbnail_px=64,
    )
    write_dataset(options, tmp_path / "dataset")
    pictures = list((tmp_path / "dataset" / "images").rglob("*.jpg"))
    labels = [path.read_text(encoding="utf-8").split("\n") for path in tmp_path.rglob("labels/*/*.txt")]
    assert len(pictures) == len(labels)
    assert 5 < len(pictures) <= 36 + 5
    for line in (line for lines in labels for line in lines if line):
        assert all(0 <= float(value) <= 1 for value in line.split()[1:])


def test_a_folder_without_photos_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "--taxonomy",
        str(TAXONOMY),
        "embedder",
        "--data",
        str(tmp_path),
        "--out",
        str(tmp_path / "run"),
    ]
    assert main(arguments) == 2
    assert "labels.csv" in capsys.readouterr().err


def test_data_has_no_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["detector", "--out", "somewhere"])
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--minutes", "-1"), "minutes must be above 0"),
        (("--dev-share", "1"), "dev-share must be at least 0 and below 1"),
        (("--start-from", "nothing.pt"), "start-from must be a file"),
        (("--fashion-mnist", "nowhere"), "fashion-mnist must be a folder"),
    ],
)
def test_bad_options_are_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], complaint: str
) -> None:
    assert main(["embedder", "--data", str(tmp_path), "--out", str(tmp_path / "run"), *arguments]) == 2
    assert complaint in capsys.readouterr().err.replace(":", "")
