"""The whole measurement on a few drawings: figures that mean nothing, every step up to the page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from training.__main__ import main
from training.command.evaluation import PAGES
from training.evaluation.page import fill
from training.evaluation.tables import tables

ROOT = Path(__file__).parents[4]
LABELS = {
    "court-polo": "Polo",
    "striped-tee": "T-Shirt",
    "red-party-dress": "Dress",
    "polka-dress": "Dress",
    "straight-jeans": "Pants",
    "camel-coat": "Outwear",
    "trail-sneakers": "Shoes",
}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven samples as photos of the validation split, with what people would say of some of them."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "images").mkdir()
    (folder / "ground_truth").mkdir()
    for name in LABELS:
        picture = cv2.imread(str(ROOT / "samples" / f"{name}.jpg"))
        cv2.imwrite(str(folder / "images" / f"{name}.jpg"), cv2.resize(picture, None, fx=0.5, fy=0.5))
    rows = [f"{name},{label},false,{i % 3},validation" for i, (name, label) in enumerate(LABELS.items())]
    (folder / "labels.csv").write_text("\n".join(["image,label,kids,sender,split", *rows]))
    (folder / "ground_truth" / "queries.csv").write_text("text,category,color\nred dress,dress,red\n")
    (folder / "ground_truth" / "colors.csv").write_text(
        "image,color,also\nred-party-dress,red,\npolka-dress,red,\n"
    )
    (folder / "ground_truth" / "boxes.csv").write_text("image,x1,y1,x2,y2\nred-party-dress,0.2,0.1,0.8,0.9\n")
    (folder / "ground_truth" / "synonyms.csv").write_text(
        "text,labels,street\nfrock,Dress,dress\nanorak,Outwear,coat\nbeanie,Hat,hat\n"
    )
    (folder / "ground_truth" / "families.csv").write_text(
        "photos,image,garment,family,also\nstreet,camel-coat,coat,brown,beige\nclothing,red-party-dress,,red,\n"
    )
    (folder / "ground_truth" / "words.csv").write_text(
        "photos,image,garment,fit,season\nstreet,camel-coat,coat,,winter\nclothing,red-party-dress,,slim,summer\n"
    )
    write_street(folder / "street")
    return folder


def write_street(folder: Path) -> None:
    """Two samples as photos of people, one of each split."""
    (folder / "photos").mkdir(parents=True)
    items = [{"label": "coat", "box": [60, 40, 200, 340], "area": 30_000}]
    rows = []
    for name, split in (("camel-coat", "development"), ("court-polo", "train")):
        picture = cv2.resize(cv2.imread(str(ROOT / "samples" / f"{name}.jpg")), (300, 400))
        cv2.imwrite(str(folder / "photos" / f"{name}.jpg"), picture)
        rows.append({"photo": name, "size": [300, 400], "items": items, "split": split})
    (folder / "items.json").write_text(json.dumps(rows))


def arguments(photos: Path, *more: str) -> list[str]:
    return [
        *("--taxonomy", str(ROOT / "domain/taxonomy.toml"), "evaluate"),
        *("--photos", str(photos / "images"), "--labels", str(photos / "labels.csv")),
        *("--ground-truth", str(photos / "ground_truth"), "--scenes", "3", "--cache", str(photos / "cache")),
        *models(photos),
        *more,
    ]


def models(photos: Path) -> list[str]:
    artifacts = ROOT / "artifacts"
    return [
        *("--street", str(photos / "street")),
        *("--detector", str(artifacts / "demo-detector"), "--embedder", str(artifacts / "demo-embedder")),
    ]


@pytest.fixture(scope="module")
def report(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `evaluate` writes; the time of our graphs is taken beside themselves."""
    out = tmp_path_factory.mktemp("report")
    ours = ROOT / "artifacts"
    beside = ("--vit", str(ours / "demo-embedder"), "--yolo", str(ours / "demo-detector"))
    assert main(arguments(photos, *beside, "--out", str(out))) == 0
    return out


def test_figures_count_every_photo(report: Path) -> None:
    figures = json.loads((report / "figures.json").read_text())
    assert (figures["photos"], figures["contributors"], figures["caveat"]) == (7, 3, "")
    for measured in figures["category"].values():
        assert sum(map(sum, measured["confusion"])) == 7
    assert figures["itself"]["JPEG quality 40"]["as served"]["count"] == 7
    assert figures["itself"]["JPEG quality 40"]["whole photo"]["value"] > 0.8
    assert figures["boxes"]["found"]["count"] == 1
    assert figures["scenes"]["scenes"] == 3
    assert (figures["worn"]["photos"], figures["worn"]["found"]["count"]) == (1, 1)
    over = figures["products"]["over a person's, box given"]
    assert 0 < over["top1"]["count"] <= 7
    words = {row["text"]: row["relevant"] for row in figures["synonyms"]["as served"]["rows"]}
    assert words == {"frock": 2, "anorak": 2}
    assert figures["synonyms"]["as served"]["searched"] == 8
    families = figures["families"]
    assert {name: each["in_box"]["value"] for name, each in families.items()} == {"worn": 1.0, "lying": 1.0}
    assert {name: each["balanced"]["count"] for name, each in figures["words"].items()} == {
        "fit": 1,
        "season": 2,
    }
    (row,) = figures["texts"]["item"]["rows"]
    assert (row["relevant"], row["ceiling"]) == (2, 0.4)
    assert {speed["name"] for speed in figures["speed"]} == {"image tower", "detector"}


def test_families_of_garments_to_fit_by(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = photos / "ground_truth" / "train_families.csv"
    table.write_text(
        "photos,image,garment,family,also\nstreet,court-polo,coat,grey,\nclothing,red-party-dress,,red,\n"
    )
    wanted = ["--photos", str(photos / "images"), "--ground-truth", str(photos / "ground_truth")]
    assert main(["--taxonomy", str(ROOT / "domain/taxonomy.toml"), "families", *wanted, *models(photos)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["lying"]["served"]["value"], found["lying"]["served"]["count"]) == (1.0, 1)
    assert (found["worn"]["garments"], found["worn"]["in_box"]["count"]) == (1, 1)


def test_no_path_of_the_machine_is_told(report: Path, photos: Path) -> None:
    text = (report / "figures.json").read_text() + (report / "tables.md").read_text()
    assert str(photos) not in text
    assert "--photos PHOTOS/images --labels PHOTOS/labels.csv" in text


def test_sheets_are_small_pictures(report: Path) -> None:
    for name in ("categories", "boxes", "neighbours", "scenes", "texts"):
        file = report / f"{name}.jpg"
        assert cv2.imread(str(file)).shape[2] == 3
        assert file.stat().st_size <= 300_000
    assert cv2.imread(str(report / "confusion.png")) is not None


def test_every_table_names_its_command_and_fits_its_page(report: Path, tmp_path: Path) -> None:
    tables = (report / "tables.md").read_text()
    names = re.findall(r"^## (.*)$", tables, re.MULTILINE)
    page = tmp_path / "page.md"
    blocks = "".join(f"<!-- figures: {name} -->\n<!-- end -->\n" for name in names)
    page.write_text(f"{blocks}![Hits](pictures/categories.jpg)\n")
    pictures = tmp_path / "pictures"
    (tmp_path / "curves.png").write_bytes(b"curves")
    into = ["--figures", str(report), "--pages", str(page), "--pictures", str(pictures)]
    into += ["--former", str(report)]
    assert main(["page", *into, "--detector-run", str(tmp_path)]) == 0
    assert (pictures / "detector-curves.png").read_bytes() == b"curves"
    text = page.read_text()
    measured = len(names) - text.count("Not measured in this run.")
    assert measured >= len(names) - 2  # no cut-outs were judged, and there may be no photos of people
    assert measured < len(names)
    assert text.count("Made by `python -m training evaluate") == measured
    shown = {path.name for path in pictures.iterdir()}
    assert shown == {"categories.jpg", "detector-curves.png"}


def test_the_pages_ask_for_tables_that_exist(report: Path) -> None:
    made = tables((report / "figures.json").read_text())
    for page in PAGES:
        text = (ROOT / page).read_text()
        assert text.count("<!-- figures:") == text.count("<!-- end -->") > 0
        assert fill(text, made).count("Made by `python -m training evaluate") > 0


def test_figures_of_another_split_stay_off_the_page(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- figures: speed -->\n<!-- end -->\n")
    figures = json.loads((report / "figures.json").read_text())
    for split in ("dev", "validation"):
        (tmp_path / "figures.json").write_text(json.dumps(figures | {"split": split}))
        into = ["--figures", str(tmp_path), "--pages", str(page), "--pictures", str(tmp_path / "pictures")]
        assert main(["page", *into]) == (2 if split == "dev" else 0)
        assert ("Made by" in page.read_text()) == (split == "validation")
    assert "must be of the validation split, not of 'dev'" in capsys.readouterr().err


def test_curves_that_are_not_there_are_asked_for(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = ["--figures", str(report), "--pages", str(report / "tables.md"), "--pictures", str(tmp_path)]
    assert main(["page", *into, "--embedder-run", str(tmp_path)]) == 2
    assert "embedder-run" in capsys.readouterr().err


def test_measuring_needs_no_torch() -> None:
    code = "import sys, training.evaluation.report; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_split_without_photos_is_refused(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(photos, "--split", "dev")) == 2
    output = capsys.readouterr().err
    assert "dev photos" in output
    assert "note: figures of the dev split. They are valid only for models that were not trained" in output


def test_a_folder_that_is_not_there_is_named(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments(photos), "--photos", "/nope"]) == 2
    assert "photos: must be a folder: /nope" in capsys.readouterr().err
