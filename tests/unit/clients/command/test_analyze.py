from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from armoire.v1 import inference_pb2, types_pb2
from tests.unit.clients.command.outcomes import REFUSED, documents, is_bad


def test_analyze_goes_on_after_a_bad_photo(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis, refusal: Any
) -> None:
    analysis.warnings.append(types_pb2.QUALITY_ISSUE_LOW_RESOLUTION)

    def analyze(requests: Iterator[Any], context: Any) -> Iterator[inference_pb2.AnalyzeStreamResponse]:
        for request in requests:
            outcome = {"error": refusal.status} if is_bad(request) else {"analysis": analysis}
            yield inference_pb2.AnalyzeStreamResponse(id=request.id, **outcome)

    server.say("AnalyzeStream", analyze)
    status, out, err = armoire("analyze", *photos, "--json")
    first, bad, last = documents(out)
    assert status == 1
    assert err == f"armoire: {photos[1]}: content: must be a picture\n"
    assert bad == {"image": photos[1], "error": REFUSED}
    assert (first["image"], last["image"]) == (photos[0], photos[2])
    assert first == {
        "image": photos[0],
        "items": [
            {
                "box_xyxy": [10, 5, 90, 95],
                "score": 0.75,
                "label": "dress",
                "whole_image": False,
                "attributes": {
                    "category": {"value": "dress", "score": 0.5, "source": "model"},
                    "pattern": {"value": "striped", "score": 0.25, "source": "model"},
                },
                "colors": [{"name": "red", "fraction": 0.875}],
                "categories": [],
                "garment_score": None,
                "accepted": True,
                "reason": None,
                "warnings": ["blurred"],
            },
            {
                "box_xyxy": [150, 50, 155, 55],
                "score": 0.5,
                "label": "bag",
                "whole_image": False,
                "attributes": {},
                "colors": [],
                "categories": [],
                "garment_score": None,
                "accepted": False,
                "reason": "too_small",
                "warnings": [],
            },
        ],
        "warnings": ["low_resolution"],
        "model_versions": {
            "detector": "yolo@1",
            "detector_preprocess": "letterbox@1",
            "embedder": "clip@1",
            "embedder_preprocess": "square@1",
            "classifier": None,
            "classifier_preprocess": None,
        },
        "timings_ms": {
            "decode": 1.5,
            "detect_queue": 0,
            "detect": 0,
            "crop": 0,
            "embed_queue": 0,
            "embed": 0,
            "describe": 0,
            "search": 0,
            "total": 20,
            "classify_queue": 0,
            "classify": 0,
        },
    }


def test_analyze_for_people(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis
) -> None:
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    status, out, err = armoire("analyze", photos[0])
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"{photos[0]}: 200 x 100 px, 20 ms",
        "label  score  box            attributes  colors   note",
        "dress  0.750  10 5 90 95     striped     red 88%  blurred",
        "bag    0.500  150 50 155 55  -           -        rejected: too_small",
        "",
    ]


def test_categories_of_a_classifier_are_shown(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis
) -> None:
    analysis.classifier_version, analysis.classifier_preprocess_version = "lite0@1", "shortest@1"
    for value, score in (("jersey", 0.75), ("sundress", 0.125)):
        analysis.items[0].categories.add(value=value, score=score)
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    assert armoire("analyze", photos[0])[1].splitlines()[1:4] == [
        "label  score  box            attributes  categories                colors   note",
        "dress  0.750  10 5 90 95     striped     jersey 75%, sundress 12%  red 88%  blurred",
        "bag    0.500  150 50 155 55  -           -                         -        rejected: too_small",
    ]
    (document,) = documents(armoire("analyze", photos[0], "--json")[1])
    assert document["items"][0]["categories"] == [
        {"value": "jersey", "score": 0.75},
        {"value": "sundress", "score": 0.125},
    ]
    assert document["model_versions"]["classifier"] == "lite0@1"
    assert document["model_versions"]["classifier_preprocess"] == "shortest@1"


def test_answers_with_several_values_and_a_number(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis
) -> None:
    answers = analysis.items[0].attributes
    answers["seasons"].values.extend(
        [types_pb2.ScoredValue(value=word, score=0.5) for word in ("spring", "summer")]
    )
    answers["formality"].number = 0.25
    analysis.warnings.append(types_pb2.QUALITY_ISSUE_LOW_RESOLUTION)
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    heading, _, row, *_ = armoire("analyze", photos[0], "--min-score", "0.25")[1].splitlines()
    assert heading.endswith(", low_resolution")
    assert "formality 0.25, striped, spring + summer" in row
    assert server.requests["Analyze"][0].min_score == 0.25
    (document,) = documents(armoire("analyze", photos[0], "--json")[1])
    attributes = document["items"][0]["attributes"]
    assert [each["value"] for each in attributes["seasons"]["values"]] == ["spring", "summer"]
    assert (attributes["seasons"]["value"], attributes["formality"]["number"]) == ("spring", 0.25)


def test_analyze_looks_into_folders(
    armoire: Any, server: Any, tmp_path: Path, analysis: inference_pb2.ImageAnalysis
) -> None:
    for name in ("z.JPG", "deep/a.webp", "deep/b.jpeg", ".hidden.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    def analyze(requests: Iterator[Any], context: Any) -> Iterator[inference_pb2.AnalyzeStreamResponse]:
        for request in requests:
            yield inference_pb2.AnalyzeStreamResponse(id=request.id, analysis=analysis)

    server.say("AnalyzeStream", analyze)
    found = documents(armoire("analyze", str(tmp_path), "--json", "--concurrency", "2")[1])
    assert [Path(each["image"]).relative_to(tmp_path).as_posix() for each in found] == [
        "deep/a.webp",
        "deep/b.jpeg",
        "z.JPG",
    ]


def test_a_folder_without_photos(armoire: Any, tmp_path: Path) -> None:
    status, out, err = armoire("analyze", str(tmp_path))
    assert (status, out) == (2, "")
    assert f"armoire analyze: error: no photos under {tmp_path}" in err


def test_a_file_that_is_not_there(armoire: Any, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.jpg")
    status, out, err = armoire("analyze", gone, "--json")
    (document,) = documents(out)
    assert (status, err) == (1, f"armoire: cannot read {gone}: No such file or directory\n")
    assert (document["image"], document["error"]["reason"]) == (gone, "UNREADABLE_FILE")


def test_analyze_draws(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, analysis: inference_pb2.ImageAnalysis
) -> None:
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    out = tmp_path / "drawn.png"
    status, _, err = armoire("analyze", photos[0], "--draw", str(out))
    assert (status, err) == (0, f"saved {out}\n")
    with Image.open(out) as drawn:
        assert drawn.size == (200, 100)
        assert drawn.getpixel((89, 50)) == (10, 125, 72)  # the dress's box
        assert drawn.getpixel((50, 80)) == (255, 0, 0)  # and what it holds


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("drawn.what", "must end in .jpeg, .jpg, .png, .webp"),
        ("gone/drawn.png", "no folder"),
        ("folder.png", "cannot be written"),
    ],
)
def test_a_picture_that_cannot_be_saved_is_told_before_the_work(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, target: str, complaint: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    for arguments in (("analyze", photos[0], "--draw"), ("search", photos[0], "--sheet")):
        status, out, err = armoire(*arguments, str(tmp_path / target))
        assert (status, out) == (1, "")
        assert complaint in err
    assert server.requests == {}


def test_drawing_without_pillow(
    armoire: Any, server: Any, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("armoire.drawing")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("armoire.drawing", raising=False)
    monkeypatch.setitem(sys.modules, "PIL", None)
    status, out, err = armoire("analyze", photos[0], "--draw", "x.png")
    assert (status, out) == (1, "")
    assert "pip install 'armoire-client[images]'" in err
    assert server.requests["Analyze"] == []


def test_the_models_named_analyze_one_photo_and_many(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis
) -> None:
    def analyze(requests: Iterator[Any], context: Any) -> Iterator[inference_pb2.AnalyzeStreamResponse]:
        yield from (inference_pb2.AnalyzeStreamResponse(id=each.id, analysis=analysis) for each in requests)

    server.say("AnalyzeStream", analyze)
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    named = ("--detector", "yolo@2", "--embedder", "clip@2", "--classifier", "canary")
    assert armoire("analyze", photos[0], *named)[0] == 0
    assert armoire("analyze", *photos, *named)[0] == 0
    requests = [*server.requests["Analyze"], *server.requests["AnalyzeStream"]]
    assert len(requests) == 1 + len(photos)
    for asked in requests:
        versions = asked.detector_version, asked.embedder_version, asked.classifier_version
        assert versions == ("yolo@2", "clip@2", "canary")


def test_regions_of_a_photo_are_described_and_their_crops_saved(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis, tmp_path: Path
) -> None:
    analysis.items[0].crop = b"a JPEG"
    result = inference_pb2.AnalyzeResult(analysis=analysis)
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[result]))
    options = ("--box", "1,2,30,40", "--box", "5,5,50.5,60", "--crops", str(tmp_path / "cut"), "--bulk")
    assert armoire("analyze", photos[0], *options)[0] == 0
    assert [path.name for path in (tmp_path / "cut").iterdir()] == ["a-0.jpg"]
    (request,) = server.requests["Analyze"]
    (image,) = request.images
    assert [(box.x1, box.y2) for box in image.boxes] == [(1, 40), (5, 60)]
    assert (request.include_crops, request.priority) == (True, types_pb2.PRIORITY_BULK)


@pytest.mark.parametrize("options", [["--box", "1,2,3"], ["--box", "a,b,c,d"]])
def test_a_bad_box_is_refused(armoire: Any, photos: list[str], options: list[str]) -> None:
    assert armoire("analyze", photos[0], *options)[0] == 2


def test_boxes_are_for_one_photo(armoire: Any, photos: list[str]) -> None:
    assert armoire("analyze", *photos, "--box", "1,2,30,40")[0] == 2
