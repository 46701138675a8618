from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from models.tag_head import TagHead  # noqa: E402
from training.data.picture_file import PictureFile  # noqa: E402
from training.data.tag_table import TaggedPicture  # noqa: E402
from training.recipes.tag_targets import TagTargets, masked_losses  # noqa: E402

HEADS = (
    TagHead("pattern", "one", ("plain", "striped")),
    TagHead("formality", "number"),
    TagHead("style", "many", ("casual", "party", "sporty")),
)
WEIGHTS = {"pattern": 1.0, "formality": 2.0, "style": 1.0}


def picture(**tags: tuple[str, ...] | float) -> TaggedPicture:
    return TaggedPicture(PictureFile(Path("a")), "", "train", "", tags)


def targets(*pictures: TaggedPicture) -> TagTargets:
    return TagTargets.of(HEADS, pictures)


def test_targets_stand_in_the_order_of_the_heads() -> None:
    found = targets(
        picture(pattern=("striped",), formality=0.25, style=("casual", "sporty")), picture(style=())
    )
    assert found.values.tolist() == [[0, 1, 0.25, 1, 0, 1], [0] * 6]
    assert found.known.tolist() == [[True, True, True], [False, False, True]]
    assert found.counts() == {"pattern": 1, "formality": 1, "style": 2}
    assert found.rows(torch.tensor([1])).known.tolist() == [[False, False, True]]


def test_what_is_not_known_has_no_loss_and_no_gradient() -> None:
    logits = torch.zeros(2, 6, requires_grad=True)
    losses = masked_losses(logits, targets(picture(pattern=("striped",)), picture()), WEIGHTS)
    assert float(losses["pattern"].detach()) == pytest.approx(0.6931, abs=1e-4)
    assert [float(losses[name].detach()) for name in ("formality", "style")] == [0, 0]
    torch.stack([*losses.values()]).sum().backward()
    assert logits.grad is not None
    assert logits.grad[0].tolist() == [0.5, -0.5, 0, 0, 0, 0]
    assert logits.grad[1].tolist() == [0] * 6


def test_each_kind_has_its_loss() -> None:
    logits = torch.zeros(1, 6)
    losses = masked_losses(logits, targets(picture(formality=0.9, style=("party",))), WEIGHTS)
    assert float(losses["formality"]) == pytest.approx(2 * 0.6931, abs=1e-3)
    least = targets(picture(formality=0.9))
    logits = torch.full((1, 6), 0.9).logit().requires_grad_()
    masked_losses(logits, least, WEIGHTS)["formality"].backward()
    assert logits.grad is not None
    assert float(logits.grad[0, 2]) == pytest.approx(0, abs=1e-6)
    assert float(losses["style"]) == pytest.approx(0.6931, abs=1e-4)
