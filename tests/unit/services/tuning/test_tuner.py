"""A run on the demo models leaves settings that the server reads, and a report."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers import PROVIDER_NAMES, Provider
from services.inference.cores import cpu_count
from services.tuning import tuner as tune
from services.tuning.setting import Setting
from settings import ROOT, Settings, load_settings, settings_rows

BRIEF = ["--minutes", "0.001", "--rounds", "1", "--call", "detect", "--clients", "8"]
SMALL = [*BRIEF, "--detector-batch", "1"]
COUNTS = st.integers(1, 8)
SETTINGS = st.builds(
    Setting, st.sampled_from(["cpu", "cuda", "tensorrt"]), COUNTS, COUNTS, COUNTS, COUNTS, COUNTS
).map(lambda setting: setting.canonical)
SLOTS = "ARMOIRE_MODELS__SLOTS"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable, _, _ in settings_rows():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ARMOIRE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in sorted((ROOT / "samples").glob("*.jpg"))[:2]:
        shutil.copy(path, folder)
    return folder


def values(lines: Iterator[str] | list[str]) -> dict[str, str]:
    return dict(shlex.split(line)[0].split("=", 1) for line in lines if not line.startswith("#"))


def with_environment(variables: dict[str, str]) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings()


def test_a_run_leaves_three_files(home: Path, photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert tune.main([*SMALL, "--photos", str(photos), "--slots", "1", "--threads", "1"]) == 0
    report = json.loads((home / "tune/report.json").read_text())
    chosen = Setting(**report["chosen"])
    written = values((home / "tune/settings.env").read_text().splitlines())
    assert tune.setting_of(with_environment(written)) == chosen
    assert {each["slots"] for each in report["settings"]} == {1, cpu_count()}
    assert {each["detector_max_batch"] for each in report["settings"]} == {1, 4}
    assert str(chosen) in (home / "tune/report.md").read_text()
    told = capfd.readouterr().err
    assert "2 photos of photos, one client and then 8" in told
    assert "make serve" in told


@given(SETTINGS, st.sampled_from([{}, {SLOTS: "3"}, {SLOTS: "0", "ARMOIRE_MODELS__EXCLUSIVE_THREADS": "1"}]))
def test_the_server_set_so_does_what_was_chosen(chosen: Setting, present: dict[str, str]) -> None:
    lines = values(tune.settings_lines(chosen, with_environment(present)))
    assert tune.setting_of(with_environment({**present, **lines})) == chosen
    options = tune.options_of(Settings.model_construct(), chosen)
    assert (options.slots, options.provider) == (chosen.slots, chosen.provider)
    assert options.detector_batching.max_batch == chosen.detector_max_batch
    assert options.image_batching.max_batch == chosen.embedder_max_batch
    assert bool(options.image_batching.batch_sizes) == (chosen.provider != "cpu")


def test_what_is_default_is_not_written() -> None:
    plain = load_settings()
    present = tune.setting_of(plain)
    assert list(tune.settings_lines(present, plain)) == []
    assert list(tune.settings_lines(replace(present, detector_max_batch=7), plain)) == [
        "ARMOIRE_BATCHING__DETECTOR_MAX_BATCH=7"
    ]


def test_what_the_environment_says_otherwise_is_written() -> None:
    set_so = with_environment({SLOTS: "7"})
    default = tune.setting_of(load_settings())
    assert f"{SLOTS}={default.slots}" in list(tune.settings_lines(default, set_so))
    assert f"{SLOTS}=7" in list(tune.settings_lines(tune.setting_of(set_so), set_so))


def test_a_shell_reads_the_models_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my models"
    shutil.copytree(ROOT / "artifacts/demo-detector", folder)
    monkeypatch.chdir(tmp_path)
    given_so = tune.with_models(load_settings(), "my models", None)
    file = tmp_path / "settings.env"
    file.write_text("\n".join(tune.settings_lines(tune.setting_of(given_so), given_so)))
    shell = 'set -a; . ./settings.env; set +a; printf %s "$ARMOIRE_MODELS__DETECTOR"'
    told = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert told.stdout == str(folder)
    assert tune.quoted(file.read_text().splitlines()) == ["ARMOIRE_MODELS__DETECTOR"]


def test_what_needs_no_quotes_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "yolo-v8_n.1"
    shutil.copytree(ROOT / "artifacts/demo-detector", folder)
    given_so = tune.with_models(load_settings(), str(folder), None)
    lines = list(tune.settings_lines(tune.setting_of(given_so), given_so))
    assert lines == [f"ARMOIRE_MODELS__DETECTOR={folder}"]
    assert tune.quoted(lines) == []


@pytest.mark.parametrize("provider", ["cuda", "tensorrt"])
def test_a_provider_that_is_not_installed_is_told_with_what_to_install(
    provider: Provider, photos: Path, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if PROVIDER_NAMES[provider] in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has it")
    assert tune.main([*SMALL, "--photos", str(photos), "--provider", provider]) == 1
    told = capfd.readouterr().err
    assert f"execution provider {provider!r} is not in the installed onnxruntime" in told
    assert "pip install onnxruntime-gpu" in told or "TensorRT libraries" in told
    assert not (home / "tune/settings.env").exists()


def test_nothing_to_choose_from_is_told(photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cores = str(cpu_count())
    alike = ["--slots", cores, "--threads", "1", "--exclusive-threads", cores, "--detector-batch", "4"]
    assert tune.main([*BRIEF, "--photos", str(photos), *alike]) == 2
    assert "nothing to choose from" in capfd.readouterr().err


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")  # BentoML's model store
def test_a_model_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no model '/nowhere'"):
        tune.main(["--detector", "/nowhere"])


def test_a_model_for_something_else_is_told(photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedder = str(ROOT / "artifacts/demo-embedder")
    assert tune.main([*SMALL, "--photos", str(photos), "--detector", embedder]) == 1
    assert "one for 'detect' is needed" in capfd.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, photos: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert tune.main([*SMALL, "--photos", str(photos), "--out", str(locked)]) == 2
    assert "cannot be written to" in capfd.readouterr().err


def test_a_file_in_the_place_of_the_folder_is_told(
    tmp_path: Path, photos: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert tune.main([*SMALL, "--photos", str(photos), "--out", str(tmp_path / "file")]) == 2
    assert "--out" in capfd.readouterr().err
