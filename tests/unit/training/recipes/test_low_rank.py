from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.low_rank import add_low_rank, merged_weights  # noqa: E402


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    layers = torch.nn.Conv2d(8, 16, 1), torch.nn.Flatten(), torch.nn.Linear(64, 12), torch.nn.Linear(12, 3)
    return torch.nn.Sequential(*layers)


def test_nothing_changes_at_first_and_only_the_changes_are_trained() -> None:
    before, changed = network(), network()
    assert add_low_rank(changed, rank=2, scale=4.0) == 2  # the last layer is too small
    pictures = torch.randn(2, 8, 2, 2)
    assert torch.equal(before(pictures), changed(pictures))
    trained = {name for name, parameter in changed.named_parameters() if parameter.requires_grad}
    assert {name.rpartition(".")[2] for name in trained} == {"down", "up"}
    assert len(trained) == 4


def test_merged_weights_have_their_names_and_give_the_same() -> None:
    changed = network()
    add_low_rank(changed, rank=2, scale=4.0)
    optimizer = torch.optim.SGD([p for p in changed.parameters() if p.requires_grad], lr=0.1)
    pictures = torch.randn(2, 8, 2, 2)
    for _ in range(2):
        changed(pictures).square().sum().backward()
        optimizer.step()
    plain, weights = network(), merged_weights(changed)
    assert weights.keys() == plain.state_dict().keys()
    assert not torch.equal(weights["0.weight"], plain.state_dict()["0.weight"])
    plain.load_state_dict(weights)
    torch.testing.assert_close(plain(pictures), changed(pictures))


def test_the_matrix_of_attention_gets_a_change() -> None:
    attention = torch.nn.MultiheadAttention(16, 2, batch_first=True)
    assert add_low_rank(attention, rank=2, scale=1.0) == 2
    attention.eval()
    states = torch.randn(1, 3, 16)
    with torch.no_grad():
        attention.parametrizations.in_proj_weight[0].up.normal_()
    plain = torch.nn.MultiheadAttention(16, 2, batch_first=True).eval()
    plain.load_state_dict(merged_weights(attention))
    expected = attention(states, states, states)[0]
    torch.testing.assert_close(plain(states, states, states)[0], expected)
