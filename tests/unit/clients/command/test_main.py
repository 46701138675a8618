"""The `armoire` command against a real server."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2
from PIL import Image

from armoire.command.main import build_parser, main
from armoire.v1 import catalog_pb2, inference_pb2, types_pb2

EMBEDDING = types_pb2.Embedding(values=[0.5, 0.25], model_version="clip@1", preprocess_version="square@1")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMOIRE_ADDRESS", raising=False)
    monkeypatch.delenv("ARMOIRE_TIMEOUT_S", raising=False)


@pytest.fixture
def armoire(server: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command; returns its exit status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main([*arguments, "--address", server.address])
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


def documents(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Three photos; the second is none."""
    for name, color in (("a.png", "red"), ("c.png", "blue")):
        Image.new("RGB", (200, 100), color).save(tmp_path / name)
    (tmp_path / "b.png").write_bytes(b"not a picture")
    return [str(tmp_path / name) for name in ("a.png", "b.png", "c.png")]


@pytest.fixture
def refusal(fail: Any) -> Any:
    fields = {"content": "must be a JPEG, PNG or WebP picture"}
    return fail(
        grpc.StatusCode.INVALID_ARGUMENT, "content: must be a picture", reason="NOT_AN_IMAGE", fields=fields
    )


REFUSED = {
    "code": "INVALID_ARGUMENT",
    "reason": "NOT_AN_IMAGE",
    "field": "content",
    "message": "content: must be a picture",
}


def _is_bad(request: Any) -> bool:
    image = request.images[0] if hasattr(request, "images") else request.image
    return bool(image.content == b"not a picture")


# health, models


def test_health(armoire: Any, server: Any) -> None:
    server.say("Check", health_pb2.HealthCheckResponse(status="SERVING"))
    status, out, err = armoire("health", "--json")
    assert (status, err) == (0, "")
    services = {"armoire.v1.InferenceService": "SERVING", "armoire.v1.CatalogService": "SERVING"}
    assert documents(out) == [{"address": server.address, "serving": True, "services": services}]


def test_health_of_a_server_that_takes_no_calls(armoire: Any, server: Any) -> None:
    server.say("Check", health_pb2.HealthCheckResponse(status="NOT_SERVING"))
    status, out, err = armoire("health")
    assert status == 1
    assert out.splitlines()[1] == "server                       NOT_SERVING"
    assert "does not take calls now" in err


def test_models(armoire: Any, server: Any) -> None:
    model = inference_pb2.Model(
        name="yolo", version="1", task="MODEL_TASK_DETECT", input_width=640, input_height=320
    )
    server.say("ListModels", inference_pb2.ListModelsResponse(models=[model]))
    (document,) = documents(armoire("models", "--json")[1])
    assert (document["name"], document["task"], document["parity"]) == ("yolo", "detect", {})
    header, row = armoire("models")[1].splitlines()
    assert header.split()[:4] == ["name", "version", "task", "input"]
    assert row.split()[:5] == ["yolo", "1", "detect", "640x320", "-"]


# analyze


def test_analyze_goes_on_after_a_bad_photo(
    armoire: Any, server: Any, photos: list[str], analysis: inference_pb2.ImageAnalysis, refusal: Any
) -> None:
    def analyze(request: inference_pb2.AnalyzeRequest) -> inference_pb2.AnalyzeResponse:
        outcome = {"error": refusal.status} if _is_bad(request) else {"analysis": analysis}
        return inference_pb2.AnalyzeResponse(results=[outcome])

    server.say("Analyze", analyze)
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
                "attributes": {
                    "category": {"value": "dress", "score": 0.5},
                    "pattern": {"value": "striped", "score": 0.25},
                },
                "colors": [{"name": "red", "fraction": 0.875}],
                "accepted": True,
                "reason": None,
            },
            {
                "box_xyxy": [150, 50, 155, 55],
                "score": 0.5,
                "label": "bag",
                "attributes": {},
                "colors": [],
                "accepted": False,
                "reason": "too_small",
            },
        ],
        "model_versions": {
            "detector": "yolo@1",
            "detector_preprocess": "letterbox@1",
            "embedder": "clip@1",
            "embedder_preprocess": "square@1",
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


def test_analyze_looks_into_folders(
    armoire: Any, server: Any, tmp_path: Path, analysis: inference_pb2.ImageAnalysis
) -> None:
    for name in ("z.JPG", "deep/a.webp", "deep/b.jpeg", ".hidden.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    found = documents(armoire("analyze", str(tmp_path), "--json")[1])
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
    monkeypatch.delitem(sys.modules, "armoire.drawing", raising=False)
    monkeypatch.delattr("armoire.drawing", raising=False)
    monkeypatch.setitem(sys.modules, "PIL", None)
    status, out, err = armoire("analyze", photos[0], "--draw", "x.png")
    assert (status, out) == (1, "")
    assert "pip install 'armoire-client[images]'" in err
    assert server.requests["Analyze"] == []


# embed


def test_embed_photos(armoire: Any, server: Any, photos: list[str], refusal: Any) -> None:
    def embed(request: inference_pb2.EmbedImageRequest) -> inference_pb2.EmbedImageResponse:
        good = {"embeddings": {"embeddings": [EMBEDDING]}}
        return inference_pb2.EmbedImageResponse(
            results=[{"error": refusal.status} if _is_bad(request) else good]
        )

    server.say("EmbedImage", embed)
    status, out, _ = armoire("embed", *photos, "--json")
    first, bad, _last = documents(out)
    assert status == 1
    assert bad == {"image": photos[1], "error": REFUSED}
    assert first == {
        "image": photos[0],
        "embedding": [0.5, 0.25],
        "model_version": "clip@1",
        "preprocess_version": "square@1",
    }


def test_embed_texts(armoire: Any, server: Any) -> None:
    both = [{"embedding": EMBEDDING}, {"embedding": EMBEDDING}]
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=both))
    status, out, _ = armoire("embed", "--text", "red", "--text", "blue", "--json")
    assert status == 0
    assert [document["text"] for document in documents(out)] == ["red", "blue"]
    assert documents(out)[0]["embedding"] == [0.5, 0.25]


def test_embed_goes_on_after_a_bad_text(armoire: Any, server: Any, refusal: Any) -> None:
    outcomes = [{"error": refusal.status}, {"embedding": EMBEDDING}]
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=outcomes))
    long = "ab" * 400
    status, out, err = armoire("embed", "--text", long, "--text", "blue", "--json")
    bad, good = documents(out)
    assert status == 1
    assert bad == {"text": long, "error": REFUSED}
    assert good["text"] == "blue"
    assert err == f"armoire: {long[:40]}...: content: must be a picture\n"


@pytest.mark.parametrize("arguments", [[], ["a.jpg", "--text", "red"]])
def test_embed_wants_photos_or_texts(armoire: Any, arguments: list[str]) -> None:
    status, _, err = armoire("embed", *arguments)
    assert status == 2
    assert "one of the two" in err


# index


def test_index_prints_jobs(armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any) -> None:
    def index(request: catalog_pb2.IndexImageRequest) -> Any:
        queued = catalog_pb2.IndexImageResponse(job=job("QUEUED", image_name=request.image_name))
        return refusal if _is_bad(request) else queued

    server.say("IndexImage", index)
    status, out, _ = armoire("index", *photos, "--json")
    first, bad, _last = documents(out)
    assert status == 1
    assert first == {"image": photos[0], "job_id": "job-1", "state": "QUEUED", "items": [], "error": None}
    assert bad == {"image": photos[1], "job_id": None, "state": None, "items": [], "error": REFUSED}
    assert armoire("index", photos[0])[1] == f"job-1  QUEUED     {photos[0]}\n"


def test_index_waits(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say(
        "WatchJob", [catalog_pb2.WatchJobResponse(job=job(each)) for each in ("ANALYZING", "COMPLETE")]
    )
    status, out, _ = armoire("index", photos[0], "--wait", "--json")
    assert status == 0
    assert documents(out) == [
        {
            "image": photos[0],
            "job_id": "job-1",
            "state": "COMPLETE",
            "items": [{"item_id": "item-1", "label": "dress", "primary": True}],
            "error": None,
        }
    ]
    assert armoire("index", photos[0], "--wait")[1] == f"job-1  COMPLETE   {photos[0]}  dress*\n"


def test_index_does_not_wait_for_what_is_done(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("COMPLETE")))
    assert armoire("index", photos[0], "--wait")[0] == 0
    assert server.requests["WatchJob"] == []


def test_index_waits_until_what_is_done_can_be_found(
    armoire: Any, server: Any, photos: list[str], job: Any
) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("COMPLETE", searchable=False)))
    server.say("WatchJob", [catalog_pb2.WatchJobResponse(job=job("COMPLETE"))])
    assert armoire("index", photos[0], "--wait")[0] == 0
    assert len(server.requests["WatchJob"]) == 1


def test_index_tells_of_a_failed_job(
    armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any
) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say("WatchJob", [catalog_pb2.WatchJobResponse(job=job("FAILED", error=refusal.status))])
    status, out, _ = armoire("index", photos[0], "--wait", "--json")
    (document,) = documents(out)
    assert status == 1
    assert (document["job_id"], document["state"], document["error"]) == ("job-1", "FAILED", REFUSED)


def test_index_again_uses_the_same_keys(armoire: Any, server: Any, photos: list[str], job: Any) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("QUEUED")))
    for arguments in ([], [], ["--again"], ["--product-id", "p"], ["--product-name", "n"]):
        armoire("index", photos[0], *arguments)
    copy = Path(photos[0]).with_name("copy.png")
    copy.write_bytes(Path(photos[0]).read_bytes())
    for other in (photos[2], str(copy)):
        armoire("index", other)
    keys = [request.idempotency_key for request in server.requests["IndexImage"]]
    assert keys[0] == keys[1]
    assert len({*keys}) == 6
    assert max(map(len, keys)) <= 64


def test_index_creates_one_product_for_all_photos(
    armoire: Any, server: Any, photos: list[str], job: Any, refusal: Any
) -> None:
    queued = catalog_pb2.IndexImageResponse(job=job("QUEUED", product_id="product-1"))
    server.say("IndexImage", lambda request: refusal if _is_bad(request) else queued)
    bad, first, second = photos[1], photos[0], photos[2]
    options = ("--product-name", "Red dress", "--category", "dress", "--price", "19.90")
    status, out, _ = armoire("index", bad, first, second, *options, "--currency", "USD", "--json")
    assert status == 1
    assert [document["image"] for document in documents(out)] == [bad, first, second]
    requests = server.requests["IndexImage"]
    assert [request.WhichOneof("owner") for request in requests] == ["product", "product", "product_id"]
    product = requests[1].product
    assert (product.display_name, product.category, requests[1].image_name) == ("Red dress", "dress", "a.png")
    assert (product.price.currency_code, product.price.units, product.price.nanos) == ("USD", 19, 900_000_000)
    assert requests[2].product_id == "product-1"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--category", "dress"], "give --product-name too"),
        (["--price", "5"], "give --product-name too"),
        (["--product-name", "a", "--price", "cheap"], "--price: 'cheap' is not a price"),
        (["--product-name", "a", "--product-id", "b"], "not both"),
        (["--product-name", "a", "--products", "t.csv"], "--products names the products"),
        (["--concurrency", "0"], "whole number from 1"),
        (["--timeout-s", "0"], "seconds above 0"),
        (["--timeout-s", "soon"], "seconds above 0"),
    ],
)
def test_index_options_that_make_no_sense(
    armoire: Any, photos: list[str], options: list[str], complaint: str
) -> None:
    status, out, err = armoire("index", photos[0], *options)
    assert (status, out) == (2, "")
    assert complaint in err


SAMPLES = Path(__file__).parents[4] / "samples"


def test_index_gives_each_photo_the_product_of_its_row(armoire: Any, server: Any, job: Any) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("COMPLETE")))
    photo = SAMPLES / "court-polo.jpg"
    status, out, err = armoire("index", str(SAMPLES), "--products", str(SAMPLES / "samples.csv"))
    assert (status, err) == (0, "")
    by_name = {request.image_name: request.product for request in server.requests["IndexImage"]}
    assert len(by_name) == len(out.splitlines()) == len([*SAMPLES.glob("*.jpg")])
    polo = by_name[photo.name]
    assert (polo.display_name, polo.category) == ("Court Polo", "t-shirt")
    assert (polo.price.currency_code, polo.price.units, polo.price.nanos) == ("EUR", 34, 500_000_000)


def test_a_table_may_tell_more_and_name_folders(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, job: Any
) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("COMPLETE")))
    table = tmp_path / "table.csv"
    rows = (
        "file,product_name,category,price,currency,brand,description",
        "a.png,Any,dress,,,,",
        f'{tmp_path.name}/a.png,Red dress,dress,19.90,USD,"Smith, Sons",Long',
    )
    table.write_text("\n".join(rows))
    status, _, err = armoire("index", photos[0], photos[2], "--products", str(table))
    assert (status, err) == (0, f"not in {table}, so of no product: {photos[2]}\n")
    requests = {request.image_name: request for request in server.requests["IndexImage"]}
    product = requests["a.png"].product
    assert (product.display_name, product.brand, product.description) == ("Red dress", "Smith, Sons", "Long")
    assert product.price.currency_code == "USD"
    assert requests["c.png"].WhichOneof("owner") is None


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["a.png,Gown,dress,1", "b.png,Gown,dress,cheap"], "line 3: 'cheap' is not a price"),
        (["a.png,,dress,1"], "line 2: product_name is empty"),
        ([",Gown,dress,1"], "line 2: file is empty"),
        (["a.png,Gown,dress,1", "", "a.png,Gown,dress,1"], "line 4: 'a.png' has a row already"),
        (["a.png,Gown,dress,1,2"], "line 2: it has more cells"),
        (['a.png,"Gown,dress,1'], "line 2: unexpected end of data"),
    ],
)
def test_a_bad_row_is_told_with_its_line(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, rows: list[str], complaint: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join(["file,product_name,category,price", *rows]))
    status, out, err = armoire("index", photos[0], "--products", str(table))
    assert (status, out) == (2, "")
    assert f"{table}, {complaint}" in err
    assert server.requests == {}


def test_a_table_that_is_none(armoire: Any, photos: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    for content, complaint in (
        (b"", "no column file"),
        (b"file,price\n", "product_name"),
        (b"\xff", "UTF-8"),
    ):
        table.write_bytes(content)
        status, _, err = armoire("index", photos[0], "--products", str(table))
        assert status == 2
        assert complaint in err
    assert "No such file" in armoire("index", photos[0], "--products", str(tmp_path / "gone.csv"))[2]


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED])
def test_a_wait_that_breaks_names_photo_and_job(
    armoire: Any, server: Any, photos: list[str], job: Any, fail: Any, code: grpc.StatusCode
) -> None:
    server.say("IndexImage", catalog_pb2.IndexImageResponse(job=job("QUEUED")))
    server.say("WatchJob", [fail(code, "gone", reason="WHY")])
    status, out, err = armoire("index", photos[0], "--wait", "--json")
    assert status == 1
    assert err.startswith(f"armoire: {photos[0]} is sent, but job job-1 could not be waited for: gone")
    assert documents(out)[0]["error"]["reason"] == "WHY"


# jobs


def test_jobs_by_id(armoire: Any, server: Any, job: Any, fail: Any) -> None:
    def get(request: catalog_pb2.GetJobRequest) -> Any:
        if request.job_id == "job-1":
            return catalog_pb2.GetJobResponse(job=job("COMPLETE"))
        return fail(grpc.StatusCode.NOT_FOUND, "no such job")

    server.say("GetJob", get)
    status, out, err = armoire("jobs", "job-1", "job-2", "--json")
    assert (status, err) == (1, "armoire: job-2: no such job (request id request-1)\n")
    by_id = {document["job_id"]: document for document in documents(out)}
    assert by_id["job-1"] == {
        "job_id": "job-1",
        "image": "dress.jpg",
        "state": "COMPLETE",
        "error": None,
        "items": [{"item_id": "item-1", "label": "dress", "primary": True}],
    }
    assert (by_id["job-2"]["state"], by_id["job-2"]["error"]["code"]) == (None, "NOT_FOUND")


def test_jobs_that_are_not_there_are_no_table(armoire: Any, server: Any, fail: Any) -> None:
    server.say("GetJob", fail(grpc.StatusCode.NOT_FOUND, "job 'x' does not exist"))
    assert armoire("jobs", "x-1")[:2] == (1, "")


def test_newest_jobs_come_in_pages(armoire: Any, server: Any, job: Any, refusal: Any) -> None:
    def page(request: catalog_pb2.ListJobsRequest) -> catalog_pb2.ListJobsResponse:
        jobs = [job("FAILED", error=refusal.status)] * min(request.page_size, 40)
        return catalog_pb2.ListJobsResponse(jobs=jobs, next_page_token=f"{request.page_token}+")

    server.say("ListJobs", page)
    status, out, _ = armoire("jobs", "--limit", "60", "--state", "FAILED", "--json")
    assert status == 0
    assert len(documents(out)) == 60
    assert documents(out)[0]["error"] == REFUSED
    requests = server.requests["ListJobs"]
    assert [(request.page_size, request.page_token) for request in requests] == [(50, ""), (20, "+")]
    assert list(requests[0].states) == [catalog_pb2.JOB_STATE_FAILED]


def test_jobs_for_people(armoire: Any, server: Any, job: Any) -> None:
    server.say("ListJobs", catalog_pb2.ListJobsResponse(jobs=[job("COMPLETE")]))
    header, row = armoire("jobs")[1].splitlines()
    assert header.split() == ["job", "state", "image", "items", "error"]
    assert row.split() == ["job-1", "COMPLETE", "dress.jpg", "dress", "-"]


# search


@pytest.fixture
def found(item: catalog_pb2.Item, product: catalog_pb2.Product) -> catalog_pb2.SearchResponse:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 40), "green").save(buffer, "JPEG")
    hit = catalog_pb2.Hit(item=item, score=0.75, product=product, crop=buffer.getvalue())
    query = catalog_pb2.QueryHits(box={"x1": 10, "y1": 5, "x2": 90, "y2": 95}, label="dress", hits=[hit])
    return catalog_pb2.SearchResponse(queries=[query])


HIT = {
    "item_id": "item-1",
    "product_id": "product-1",
    "score": 0.75,
    "label": "dress",
    "attributes": {"color": {"value": "red", "score": 0.25}},
    "image": "dress.jpg",
}


def test_search_by_photo(armoire: Any, server: Any, photos: list[str], found: Any) -> None:
    server.say("Search", found)
    status, out, _ = armoire(
        "search", photos[0], "--top-k", "3", "--where", "category=dress,price<50", "--json"
    )
    assert status == 0
    assert documents(out) == [{"queries": [{"box_xyxy": [10, 5, 90, 95], "label": "dress", "hits": [HIT]}]}]
    (request,) = server.requests["Search"]
    assert (request.top_k, len(request.filter.conditions), request.include_crops) == (3, 2, False)
    heading, _, row = armoire("search", photos[0])[1].splitlines()
    assert heading == "dress at 10 5 90 95"
    assert row.split()[:4] == ["1", "0.750", "dress", "red"]
    assert "19.90 EUR" in row


@pytest.mark.parametrize(("option", "kind"), [("--text", "text"), ("--item", "item_id")])
def test_search_by_text_or_item(armoire: Any, server: Any, found: Any, option: str, kind: str) -> None:
    found.queries[0].ClearField("box")
    found.queries[0].ClearField("label")
    server.say("Search", found)
    (document,) = documents(armoire("search", option, "x", "--json")[1])
    assert document == {"queries": [{"box_xyxy": None, "label": None, "hits": [HIT]}]}
    assert server.requests["Search"][0].WhichOneof("query") == kind


def test_search_that_finds_nothing(armoire: Any, server: Any) -> None:
    server.say("Search", catalog_pb2.SearchResponse(queries=[{}]))
    assert armoire("search", "--text", "x")[:2] == (0, "no hits\n")


@pytest.mark.parametrize("arguments", [[], ["a.jpg", "--text", "b"], ["--text", "b", "--top-k", "none"]])
def test_search_wants_one_query(armoire: Any, arguments: list[str]) -> None:
    assert armoire("search", *arguments)[0] == 2


def test_too_many_hits_are_refused_in_the_options_words(armoire: Any, server: Any, fail: Any) -> None:
    bad = fail(grpc.StatusCode.INVALID_ARGUMENT, "top_k: or 0", fields={"top_k": "must be 1 to 100, or 0"})
    server.say("Search", bad)
    server.say("GetInferenceLimits", inference_pb2.GetInferenceLimitsResponse())
    server.say("GetCatalogLimits", catalog_pb2.GetCatalogLimitsResponse(max_top_k=100))
    status, out, err = armoire("search", "--text", "x", "--top-k", "101")
    assert (status, out) == (2, "")
    assert err == "armoire search: error: --top-k must be 1 to 100, not 101\n"


def test_a_bad_filter_is_pointed_at(armoire: Any) -> None:
    status, _, err = armoire("search", "--text", "x", "--where", "category=dress,price<cheap")
    assert status == 2
    assert err.endswith("  category=dress,price<cheap\n" + " " * 23 + "^^^^^\n")


def test_a_search_that_fails(armoire: Any, server: Any, refusal: Any) -> None:
    server.say("Search", refusal)
    status, out, err = armoire("search", "--text", "x", "--json")
    assert status == 1
    assert documents(out) == [{"error": REFUSED}]
    assert err == "armoire: content: must be a picture (request id request-1)\n"


def test_a_sheet_shows_query_and_hits(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, found: Any, item: catalog_pb2.Item
) -> None:
    server.say("Search", found)
    server.say("GetItem", catalog_pb2.GetItemResponse(item={"crop": found.queries[0].hits[0].crop}))
    sizes = set()
    for query in ([photos[0]], ["--text", "a red dress"], ["--item", "item-1"]):
        out = tmp_path / "sheet.png"
        assert armoire("search", *query, "--sheet", str(out))[0] == 0
        with Image.open(out) as sheet:
            sizes.add(sheet.size)
            pixels = {color for _, color in sheet.getcolors(10**6)}
        assert (0, 128, 1) in pixels  # the hit
        assert ((255, 0, 0) in pixels) == (query == [photos[0]])
    assert sizes == {(396, 268)}
    assert all(request.include_crops for request in server.requests["Search"])


# what holds for every command


def test_no_server(capsys: pytest.CaptureFixture[str], free_address: str, photos: list[str]) -> None:
    assert main(["analyze", *photos, "--json", "--address", free_address]) == 1
    out, err = capsys.readouterr()
    (document,) = documents(out)
    assert document["error"]["reason"] == "NO_ANSWER"
    assert free_address in err
    assert "make serve" in err


def test_shared_options_stand_anywhere_and_come_from_the_environment() -> None:
    parser = build_parser({"ARMOIRE_ADDRESS": "far:1", "ARMOIRE_TIMEOUT_S": "7"})
    plain = parser.parse_args(["health"])
    assert (plain.address, plain.timeout_s, plain.json) == ("far:1", 7.0, False)
    before = parser.parse_args(["--address", "near:2", "--timeout-s", "8", "--json", "health"])
    after = parser.parse_args(["health", "--address", "near:2", "--timeout-s", "8", "--json"])
    assert (before.address, before.timeout_s, before.json) == ("near:2", 8.0, True)
    assert (after.address, after.timeout_s, after.json) == ("near:2", 8.0, True)
    assert build_parser({"ARMOIRE_ADDRESS": ""}).parse_args(["health"]).address == "127.0.0.1:50051"


def test_the_timeout_of_a_call(armoire: Any, server: Any, never: Any) -> None:
    server.say("ListModels", never)
    status, out, _ = armoire("models", "--timeout-s", "0.05", "--json")
    assert status == 1
    assert documents(out)[0]["error"]["code"] == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize("command", ["health", "models", "analyze", "embed", "index", "jobs", "search"])
def test_help_teaches_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"examples:\n  armoire {command}" in capsys.readouterr().out


def test_no_command() -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
