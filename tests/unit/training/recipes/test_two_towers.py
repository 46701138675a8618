from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from export.clip.text_tower import encode_short, longest  # noqa: E402
from training.data.pretrained import LITE0  # noqa: E402
from training.recipes import losses, two_towers  # noqa: E402
from training.recipes.captions import Caption  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedder")


def test_the_cut_vocabulary_ends_with_the_two_marks(folder: Path) -> None:
    tokens = two_towers.Tokenizer(folder)(["a red dress", "zyzzyva"])
    assert tokens.shape == (2, 24)
    assert tokens[:, 0].tolist() == [two_towers.VOCABULARY_SIZE - 2] * 2
    assert tokens.max(dim=1).values.tolist() == [two_towers.VOCABULARY_SIZE - 1] * 2
    assert int((tokens[1] > 0).sum()) > int((tokens[0] > 0).sum())


def test_words_come_out_as_open_clip_computes_them_without_their_padding(folder: Path) -> None:
    model = two_towers.build(folder, 64).eval()
    tokens = two_towers.Tokenizer(folder)(["a hat", "a photo of a light blue shirt"])
    assert longest(tokens) < tokens.shape[1]
    with torch.no_grad():
        short = encode_short(model, tokens[:, : longest(tokens)])
        assert torch.allclose(short, model.encode_text(tokens), atol=1e-5)


def test_pictures_are_normalised_as_the_config_says(folder: Path) -> None:
    model = two_towers.build(folder, 64)
    mean = torch.tensor(model.visual.preprocess_cfg["mean"])
    grey = np.round(255 * mean.numpy()).astype(np.uint8)
    inputs = two_towers.as_input(np.tile(grey, (1, 8, 8, 1)))
    assert inputs.shape == (1, 3, 8, 8)
    assert inputs.abs().max() < 0.01


def test_a_pretrained_trunk_takes_pictures_as_clip_normalises_them(folder: Path) -> None:
    import timm

    theirs = timm.create_model(LITE0.network, num_classes=0).eval()
    trunk = two_towers.build(folder, 64).visual.trunk.eval()
    two_towers.load_trunk(trunk, theirs.state_dict())
    pictures = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    own = (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() - 127) / 128
    with torch.no_grad():
        wanted = theirs.bn1(theirs.conv_stem(own))[
            ..., 1:-1, 1:-1
        ]  # beside the padding, which is another grey
        found = trunk.bn1(trunk.conv_stem(two_towers.as_input(pictures)))[..., 1:-1, 1:-1]
    assert torch.allclose(found, wanted, atol=1e-4)


def test_the_first_layers_of_a_pretrained_trunk_do_not_change(folder: Path) -> None:
    trunk = two_towers.build(folder, 64).visual.trunk
    two_towers.load_trunk(trunk, trunk.state_dict())
    two_towers.keep_frozen_statistics(trunk.train())
    frozen = {name.split(".weight")[0] for name, p in trunk.named_parameters() if not p.requires_grad}
    assert {"conv_stem", "blocks.2.0.conv_pw"} <= frozen
    assert not any(name.startswith(("blocks.3", "conv_head")) for name in frozen)
    assert not trunk.blocks[2][0].bn1.training
    assert trunk.blocks[3][0].bn1.training


def test_the_answer_that_fits_lowers_the_loss() -> None:
    images, texts = torch.eye(3)[:2], torch.eye(3)
    scale = torch.tensor(10.0)
    right = losses.answers_loss(images, texts, torch.eye(3)[:2], scale)
    wrong = losses.answers_loss(images, texts, torch.eye(3)[1:], scale)
    assert right < 0.01 < wrong
    assert losses.answers_loss(images, texts, torch.zeros(2, 3), scale) == 0


def test_captions_fit_where_all_they_say_is_known() -> None:
    captions = [Caption("a red hat", 1, 2, -1), Caption("a hat", 1), Caption("a striped hat", 1, -1, 0)]
    fitting = losses.fits(captions, categories=[1, 1, 0], colors=[2, -1, 2], patterns=[-1, 0, 0])
    assert fitting.tolist() == [[True, True, False], [False, True, True], [False, False, False]]


def test_captions_and_views_that_match_lower_their_losses() -> None:
    points = torch.eye(4)
    matching = torch.eye(4, dtype=torch.bool)
    scale = torch.tensor(10.0)
    good = losses.captions_loss(points, points, matching, scale)
    bad = losses.captions_loss(points, points.roll(1, 0), matching, scale)
    assert good < 0.1 < bad
    assert losses.instance_loss(points, points) < losses.instance_loss(points, points.roll(1, 0))


def test_texts_that_stand_to_each_other_as_the_teacher_sees_lower_the_loss() -> None:
    teacher = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.2], [0.0, 1.0]]), dim=1)
    turned = teacher @ torch.tensor([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    assert float(losses.relations_loss(turned, teacher)) == pytest.approx(0, abs=1e-6)
    assert losses.relations_loss(turned.roll(1, 0), teacher) > 0.1
