"""The recipe end to end on a handful of coloured pictures, with a small network of random weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export.clip.network import ClipOptions, load_network  # noqa: E402
from training.recipes.clip import ClipParams, ClipRun, Share, train_clip  # noqa: E402
from training.recipes.clip_network import ClipModelParams, load_start, prepare  # noqa: E402
from training.recipes.epoch_run import EpochRun  # noqa: E402
from training.recipes.memory import pass_memory  # noqa: E402

COLORS = {"Blue Coat": (40, 60, 200), "Red Dress": (200, 40, 40), "Green Hat": (40, 180, 60)}
CONFIG = {
    "embed_dim": 16,
    "init_logit_bias": -10,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "patch_size": 8, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 700, "width": 32, "heads": 2, "layers": 2},
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten pictures of each label, one by each of ten people, of whom two are for the test."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "small-clip.json").write_text(json.dumps(CONFIG))
    rng = np.random.default_rng(0)
    rows = ["image,text,label,split,group"]
    for label, color in COLORS.items():
        for index in range(10):
            picture = np.clip(rng.normal(color, 20, (40, 30, 3)), 0, 255).astype(np.uint8)
            name = f"{label.replace(' ', '-')}-{index}.png"
            cv2.imwrite(str(folder / name), picture[..., ::-1])
            rows.append(f"{name},a {label.lower()},{label},{'test' if index >= 8 else 'train'},{index}")
    path = folder / "pairs.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def params(table: Path, **changes: Any) -> ClipParams:
    given = {
        "data": {"path": table, "test_split": "test", "validation_share": 0.4},
        "model": {"name": "small-clip", "config": table.parent / "small-clip.json"},
        "learning_rate": 0.01,
        "batch": 6,
        "epochs": 2,
        "interpolation_steps": 3,
        "kept": {"path": table},
    }
    return ClipParams.model_validate({**given, **changes})


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    assert train_clip(params(table), folder) == folder / "model"
    return folder


def test_it_writes_a_model_that_the_export_loads(trained: Path) -> None:
    found = load_network(ClipOptions(f"local-dir:{trained / 'model'}", "garments"))
    weights = found.network.state_dict()
    best = torch.load(trained / "best.pt", weights_only=True)
    figures = json.loads((trained / "figures.json").read_text())
    torch.manual_seed(0)
    start = load_start(params_of_model(trained)).network.state_dict()
    share = figures["share"]
    for name, tensor in weights.items():
        expected = start[name].lerp(best[name], share) if tensor.is_floating_point() else best[name]
        torch.testing.assert_close(tensor, expected)
    assert found.tokenizer(["a red dress"]).shape == (1, 16)


def params_of_model(trained: Path) -> ClipModelParams:
    facts = json.loads((trained / "metrics.json").read_text())["facts"]["params"]
    return ClipModelParams(name=facts["model.name"], config=Path(facts["model.config"]))


def test_the_report_has_figures_before_and_after(trained: Path) -> None:
    figures = json.loads((trained / "figures.json").read_text())
    assert figures["test"]["before"].keys() == figures["test"]["after"].keys()
    assert figures["test"]["after"]["label named rightly (zero-shot)"][3] == 6
    assert figures["test"]["after"]["a picture of the sentence found first"][3] == 3
    assert figures["shares"].keys() == {"0", "0.5", "1"}
    report = (trained / "report.md").read_text()
    for heading in ("Result", "Split: validation", "Split: test", "Curves", "Cost", "Facts"):
        assert f"## {heading}" in report
    assert "python -m export clip local-dir:" in report
    assert "weights before sha256" in report


def test_an_interrupted_run_ends_as_one_that_was_not(
    trained: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        pass

    whole_epoch = EpochRun._train_epoch

    def die_in_the_second(run: EpochRun) -> Any:
        if run._epoch == 1:
            raise Stopped
        return whole_epoch(run)

    with monkeypatch.context() as patch:
        patch.setattr(EpochRun, "_train_epoch", die_in_the_second)
        with pytest.raises(Stopped):
            train_clip(params(table), tmp_path)
    train_clip(params(table), tmp_path)
    whole, resumed = (
        torch.load(folder / "last.pt", weights_only=True)["model"] for folder in (trained, tmp_path)
    )
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_run_is_not_resumed_with_other_params(trained: Path, table: Path) -> None:
    with pytest.raises(InvalidInput, match="loss is sigmoid; the run that is resumed had contrastive"):
        train_clip(params(table, loss="sigmoid"), trained)


@pytest.mark.parametrize("change", [{"loss": "sigmoid"}, {"low_rank": {"rank": 2}}])
def test_other_ways_to_train_leave_the_names_of_the_weights(
    change: dict[str, Any], trained: Path, table: Path, tmp_path: Path
) -> None:
    train_clip(params(table, epochs=1, **change), tmp_path)
    plain, other = (
        load_network(ClipOptions(f"local-dir:{folder / 'model'}", "garments")).network.state_dict()
        for folder in (trained, tmp_path)
    )
    assert plain.keys() == other.keys()


@pytest.mark.parametrize("lock", ["image", "text"])
def test_a_locked_tower_keeps_its_weights(lock: str, table: Path, tmp_path: Path) -> None:
    model = {"name": "small-clip", "config": table.parent / "small-clip.json", "lock": lock}
    given = params(table, model=model, epochs=1)
    torch.manual_seed(0)
    before = load_start(given.model).network.state_dict()
    train_clip(given, tmp_path)
    after = torch.load(tmp_path / "last.pt", weights_only=True)["model"]
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert moved
    assert {name.startswith("visual.") for name in moved - {"logit_scale", "logit_bias"}} == {lock == "text"}


def test_a_share_that_loses_what_is_to_be_kept_is_not_taken(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = {0.0: Share(0.0, 0.1, 0.9), 0.5: Share(0.5, 0.7, 0.89), 1.0: Share(1.0, 0.8, 0.5)}
    chosen: list[float] = []

    def measured(run: ClipRun, after: Any, share: float) -> Share:
        return tried[share]

    def choose(run: ClipRun) -> list[Share]:
        shares = original(run)
        chosen.append(run.share)
        return shares

    original = ClipRun.choose_share
    monkeypatch.setattr(ClipRun, "_measured", measured)
    monkeypatch.setattr(ClipRun, "choose_share", choose)
    train_clip(params(table, epochs=1), tmp_path)
    assert chosen == [0.5]


def test_a_loss_without_its_bias_is_refused(table: Path, tmp_path: Path) -> None:
    config = {key: value for key, value in CONFIG.items() if key != "init_logit_bias"}
    (tmp_path / "plain-clip.json").write_text(json.dumps(config))
    model = {"name": "plain-clip", "config": tmp_path / "plain-clip.json"}
    with pytest.raises(InvalidInput, match="loss: is sigmoid"):
        train_clip(params(table, model=model, loss="sigmoid"), tmp_path / "run")


def test_a_model_that_is_not_known_is_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"model.name: open_clip cannot load"):
        train_clip(params(table, model={"name": "no-such-clip"}), tmp_path)


def test_the_preset_for_four_gigabytes_fits() -> None:
    """With ViT-B-32, beside a gigabyte for CUDA's libraries and workspaces."""
    preset = ClipParams.presets["gpu-4gb"]
    given = ClipParams.model_validate({"data": {"path": "pairs.csv"}, **preset})
    start = load_start(given.model)
    prepare(start.network, given.model, given.low_rank)
    start.network.train()

    def run(count: int) -> object:
        tokens = start.tokenizer(["a photo of a dress"] * count)
        pictures = torch.zeros(count, 3, start.image.height, start.image.width)
        return start.network.encode_image(pictures) @ start.network.encode_text(tokens).T

    memory = pass_memory(start.network, run, given.batch)
    assert 2**30 < memory.half_bytes < 3 * 2**30
