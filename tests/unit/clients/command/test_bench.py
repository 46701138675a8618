"""`armoire bench` against a real server."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from PIL import Image

import armoire
from armoire.command.main import main
from armoire.v1 import inference_pb2, search_pb2
from tests.unit.clients.command.outcomes import documents

GOOD = inference_pb2.DetectResponse(results=[{"detections": {}}])
SOURCE = Path(armoire.__file__).parents[1]
BRIEFLY = ("--seconds", "1", "--warm-up", "0")


@pytest.fixture
def bench(armoire: Any, server: Any, photos: list[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `armoire bench detect PHOTO` for a moment."""
    server.say("Detect", GOOD)
    server.say("ListModels", inference_pb2.ListModelsResponse(models=[{"name": "yolo", "version": "yolo-1"}]))
    return lambda *options: armoire("bench", "detect", photos[0], *BRIEFLY, *options)


def test_a_sweep_of_clients(bench: Any, tmp_path: Path) -> None:
    saved, plot = tmp_path / "out.json", tmp_path / "plot.png"
    status, out, err = bench("--clients", "1,4", "--json", "--out", str(saved), "--plot", str(plot))
    first, second = documents(out)
    assert status == 0
    assert (first["rpc"], first["mode"], first["clients"], second["clients"]) == ("detect", "closed", 1, 4)
    assert (first["errors"], first["model_versions"]) == ({}, {"yolo": "yolo-1"})
    assert 0 < first["p50_ms"] <= first["p95_ms"] <= first["p99_ms"]
    assert first["calls"] > 0
    assert saved.read_text() == out
    with Image.open(plot) as picture:
        assert picture.width > 100
    note, *rest = err.splitlines()
    assert note.startswith("detect of 1 photo, closed loop, 1 s after 0 s of warm-up; yolo-1; ")
    assert rest == [f"saved {saved}", f"saved {plot}"]


def test_an_open_loop_for_people_and_for_pages(bench: Any) -> None:
    status, out, _ = bench("--rate", "100")
    header, row = out.splitlines()
    assert status == 0
    assert header.split()[:3] == ["clients", "rate/s", "calls/s"]
    assert row.split()[:2] == ["1000", "100"]
    title, _, header, _, *rows = bench("--rate", "50,100", "--markdown")[1].splitlines()
    assert title.startswith("detect of 1 photo, open loop")
    assert header.startswith("| clients | rate/s |")
    assert [line.split(" | ")[1] for line in rows] == ["50", "100"]


def test_texts_and_searches(armoire: Any, server: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"embedding": {}}] * 2))
    server.say("Search", search_pb2.SearchResponse())
    texts = armoire("bench", "embed-text", "red", "blue", "--texts-per-call", "2", *BRIEFLY, "--json")
    (document,) = documents(texts[1])
    assert (document["rpc"], document["inputs_per_call"]) == ("embed-text", 2)
    assert document["inputs_per_s"] == pytest.approx(2 * document["throughput_per_s"], abs=0.01)
    assert list(server.requests["EmbedText"][0].texts) == ["red", "blue"]
    options = ("--text", "red", "--item", "item-1", "--top-k", "3", "--where", "price<5")
    assert armoire("bench", "search", *options, *BRIEFLY)[0] == 0
    kinds = {request.WhichOneof("query") for request in server.requests["Search"]}
    assert kinds == {"text", "item_id"}
    assert {(r.top_k, len(r.filter.conditions)) for r in server.requests["Search"]} == {(3, 1)}


def test_a_server_of_the_catalogue_alone(armoire: Any, server: Any) -> None:
    server.say("Search", search_pb2.SearchResponse())
    status, out, err = armoire("bench", "search", "--text", "red", *BRIEFLY, "--json")
    assert status == 0
    assert documents(out)[0]["model_versions"] == {}
    assert "no models listed" in err


def test_errors_do_not_stop_the_run(bench: Any, server: Any, fail: Any) -> None:
    refusal = fail(grpc.StatusCode.RESOURCE_EXHAUSTED, "no room")
    server.say("Detect", lambda _: refusal if len(server.requests["Detect"]) % 2 == 0 else GOOD)
    status, out, err = bench("--clients", "1", "--json")
    (document,) = documents(out)
    refused = document["errors"]["RESOURCE_EXHAUSTED"]
    assert status == 1
    assert 0 < refused <= document["calls"]
    assert f"armoire: {refused} calls ended in RESOURCE_EXHAUSTED, such as: no room\n" in err


def test_a_server_that_answers_nothing_in_time(bench: Any, server: Any, never: Any) -> None:
    answers = iter([GOOD])
    server.say("Detect", lambda request: next(answers, None) or never(request))
    status, out, err = bench(
        *("--seconds", "0.2", "--warm-up", "0.05"),  # in which the first call falls due
        *("--timeout-s", "0.3", "--clients", "1", "--rate", "200", "--json"),
    )
    (document,) = documents(out)
    assert status == 1
    assert (document["calls"], document["p50_ms"]) == (0, None)
    assert f"0 calls were sent late, which their latency counts, and {document['not_sent']} not at all" in err
    assert "no call was answered in the time measured" in err


def test_a_call_the_server_does_not_offer_is_told_at_once(armoire: Any, server: Any, photos: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    status, out, err = armoire("bench", "analyze", photos[0])
    assert (status, out) == (1, "")
    assert "does not offer Analyze" in err


def test_no_server(capsys: pytest.CaptureFixture[str], free_address: str, photos: list[str]) -> None:
    assert main(["bench", "detect", photos[0], "--address", free_address]) == 1
    assert "make serve" in capsys.readouterr().err


@pytest.fixture
def ctrl_c_counts() -> Iterator[None]:
    """A shell has what it starts in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_counts")
def test_ctrl_c_shows_what_was_measured(bench: Any, server: Any) -> None:
    calls = itertools.count(1)  # the server's threads share it

    def answer(_: object) -> inference_pb2.DetectResponse:
        if next(calls) == 50:
            os.kill(os.getpid(), signal.SIGINT)
        return GOOD

    server.say("Detect", answer)
    status, out, _ = bench("--seconds", "600", "--warm-up", "0", "--clients", "2", "--json")
    (document,) = documents(out)
    assert status == 130
    assert document["interrupted"] is True
    assert document["calls"] > 20
    assert 0 < document["seconds"] < 600


def is_deaf(process: psutil.Process) -> bool:
    """Whether it blocks or ignores SIGINT."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return bool((int(fields["SigBlk"], 16) | int(fields["SigIgn"], 16)) & 1 << (signal.SIGINT - 1))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.usefixtures("ctrl_c_counts")
def test_ctrl_c_of_a_terminal_reaches_all_processes_and_breaks_none(server: Any, photos: list[str]) -> None:
    started: list[subprocess.Popen[str]] = []
    deaf: list[bool] = []
    calls = itertools.count(1)  # the server's threads share it

    def answer(_: object) -> inference_pb2.DetectResponse:
        if next(calls) == 50:
            deaf.extend(map(is_deaf, psutil.Process(started[0].pid).children()))
            os.killpg(started[0].pid, signal.SIGINT)
        return GOOD

    server.say("Detect", answer)
    server.say("ListModels", inference_pb2.ListModelsResponse())
    command = [sys.executable, "-m", "armoire", "bench", "detect", photos[0], "--address", server.address]
    options = ["--seconds", "600", "--warm-up", "0", "--processes", "2", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, *options], stdout=pipe, stderr=pipe, text=True, start_new_session=True, cwd=SOURCE
    ) as process:
        started.append(process)
        out, err = process.communicate()
    assert process.returncode == 130
    assert documents(out)[0]["calls"] > 20
    assert deaf == [True] * 3  # two of the load and multiprocessing's own: they end when told to
    told = [line for line in err.splitlines() if not line.startswith("sending kept")]  # depends on the load
    assert len(told) == 1  # the description; no traceback of any process


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--clients", "0"], "--clients: expected a whole number from 1, not '0'"),
        (["--clients", "1,,2"], "--clients: expected a whole number from 1, not ''"),
        (["--rate", "fast"], "--rate: expected numbers of calls a second above 0, not 'fast'"),
        (["--rate", "5,0"], "--rate: expected numbers of calls a second above 0, not '5,0'"),
        (["--rate", "inf"], "--rate: expected numbers of calls a second above 0"),
        (["--seconds", "0"], "--seconds: expected a number of seconds above 0"),
        (["--warm-up", "-1"], "--warm-up: expected a number of seconds from 0, not '-1'"),
        (["--images-per-call", "x"], "--images-per-call: expected a whole number from 1"),
        (["--processes", "0"], "--processes: expected a whole number from 1"),
        (["--clients", "1,2", "--rate", "3,4"], "several --clients or several --rate, not both"),
        (["--json", "--markdown"], "--json or --markdown"),
    ],
)
def test_options_that_make_no_sense(bench: Any, server: Any, options: list[str], complaint: str) -> None:
    status, out, err = bench(*options)
    assert (status, out) == (2, "")
    assert "armoire bench detect: error: " in err
    assert complaint in err
    assert server.requests == {}


@pytest.mark.parametrize("arguments", [["search"], ["analyze"], ["embed-text"], ["dance"], []])
def test_calls_that_make_no_sense(armoire: Any, arguments: list[str]) -> None:
    assert armoire("bench", *arguments)[0] == 2


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--plot", "plot.what"], "must end in .pdf, .png, .svg"),
        (["--out", "gone/out.json"], "no folder"),
        (["--metrics", "nowhere"], "cannot read nowhere"),
    ],
)
def test_what_cannot_work_is_told_before_the_load(
    bench: Any, server: Any, options: list[str], complaint: str
) -> None:
    status, out, err = bench(*options)
    assert (status, out) == (1, "")
    assert complaint in err
    assert len(server.requests["Detect"]) <= 1


def test_plots_without_matplotlib(bench: Any, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "armoire.bench.plot", raising=False)
    monkeypatch.delattr("armoire.bench.plot", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.axes", None)
    status, out, err = bench("--plot", "x.png")
    assert (status, out) == (1, "")
    assert "pip install 'armoire-client[bench]'" in err
    assert server.requests == {}


@pytest.mark.parametrize("rpc", ["analyze", "detect", "embed", "embed-text", "search", "empty"])
def test_help_of_a_call_teaches_with_examples(rpc: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", rpc, "--help"])
    out = capsys.readouterr().out
    assert f"examples:\n  armoire bench {rpc} " in out
    assert "Latency counts" in out
