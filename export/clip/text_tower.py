"""The text tower of an open_clip network; short texts need not be padded to the context length."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.nn import functional


class TextTower(torch.nn.Module):
    """Token ids (N, context) in, L2-normalised embeddings (N, D) out."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        embeddings: torch.Tensor = self.network.encode_text(tokens, normalize=True)
        return embeddings


class ShortTextTower(TextTower):
    """As `TextTower`, for token ids (N, L) of any length L up to the context."""

    def __init__(self, network: Any) -> None:
        super().__init__(copy.deepcopy(network))
        for block in _tower(self.network).transformer.resblocks:
            block.attn = _SelfAttention(block.attn)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return functional.normalize(encode_short(self.network, tokens), dim=-1)


def takes_short_texts(network: Any) -> bool:
    """Whether each token sees only those before it and the answer is read at the highest id, as in CLIP.

    Then what follows the end of a text changes nothing. SigLIP and CoCa, among others, read it elsewhere.
    """
    tower = _tower(network)
    pool = getattr(tower, "text_pool_type", None) or getattr(tower, "pool_type", None)
    causal = isinstance(getattr(tower, "attn_mask", None), torch.Tensor)
    blocks = getattr(getattr(tower, "transformer", None), "resblocks", [])
    common = bool(blocks) and all(_is_common(getattr(block, "attn", None)) for block in blocks)
    plain = getattr(tower, "cls_emb", None) is None and not getattr(tower, "use_pad_mask", False)
    projects = isinstance(getattr(tower, "text_projection", None), torch.Tensor)
    return pool == "argmax" and causal and common and plain and projects


def encode_short(network: Any, tokens: torch.Tensor) -> torch.Tensor:
    """As the network's `encode_text` (N, D), of token ids (N, L) with as little padding as there may be.

    Source: the forward pass of CLIP's text transformer, its positions and causal mask cut to L.
    """
    tower, length = _tower(network), tokens.shape[1]
    states = tower.token_embedding(tokens) + tower.positional_embedding[:length]
    states = tower.transformer(states, attn_mask=tower.attn_mask[:length, :length])
    ends = tower.ln_final(states)[torch.arange(tokens.shape[0]), tokens.argmax(dim=1)]
    embeddings: torch.Tensor = ends @ tower.text_projection
    return embeddings


def longest(tokens: torch.Tensor) -> int:
    """The length of the longest of these texts (N, context), its end included."""
    return int(tokens.argmax(dim=1).max()) + 1


class _SelfAttention(torch.nn.Module):
    """torch's attention in operations that the tracer writes for any length."""

    def __init__(self, attention: torch.nn.MultiheadAttention) -> None:
        super().__init__()
        self.attention = attention

    def forward(
        self, states: torch.Tensor, *_: torch.Tensor, attn_mask: torch.Tensor, need_weights: bool
    ) -> tuple[torch.Tensor, None]:
        """States (N, L, W), mask (L, L) that is added to the logits."""
        made, heads = self.attention, self.attention.num_heads
        parts = functional.linear(states, made.in_proj_weight, made.in_proj_bias).chunk(3, dim=-1)
        queries, keys, values = (part.reshape(*part.shape[:2], heads, -1).transpose(1, 2) for part in parts)
        logits = queries @ keys.transpose(2, 3) * made.head_dim**-0.5 + attn_mask
        return made.out_proj((logits.softmax(dim=-1) @ values).transpose(1, 2).flatten(2)), None


def _is_common(attention: object) -> bool:
    """One projection for queries, keys and values of batches first, nothing added to them."""
    return (
        isinstance(attention, torch.nn.MultiheadAttention)
        and attention.batch_first
        and attention.in_proj_weight is not None
        and attention.bias_k is None
        and not attention.add_zero_attn
    )


def _tower(network: Any) -> Any:
    return getattr(network, "text", network)
