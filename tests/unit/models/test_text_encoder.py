from __future__ import annotations

import html
import re
from pathlib import Path

import ftfy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.session import OnnxSession
from models.text_encoder import SOUND, TextEncoder, clean


@pytest.fixture
def encoder(embedder_artifact: Artifact) -> TextEncoder:
    return TextEncoder.load(embedder_artifact, OnnxSession)


def edit_golden(folder: Path, name: str, array: np.ndarray) -> None:
    with np.load(folder / "golden.npz") as arrays:
        changed = {**arrays, name: array}
    np.savez(folder / "golden.npz", **changed)


def test_tokens_are_cleaned_padded_and_cut(encoder: TextEncoder) -> None:
    tokens = encoder.preprocess(["  RED &amp; Dress", "blue", "red red red red red", ""])
    assert tokens.tolist() == [[2, 1, 4, 0], [3, 0, 0, 0], [2, 2, 2, 2], [0, 0, 0, 0]]
    assert tokens.dtype == np.int64


def test_no_texts_make_an_empty_batch(encoder: TextEncoder) -> None:
    assert encoder.preprocess([]).shape == (0, encoder.context_length)


def test_embeds_a_batch(encoder: TextEncoder) -> None:
    embeddings = encoder.run(encoder.preprocess(["red", "blue", "red dress"]))
    half = np.sqrt(0.5)
    assert embeddings == pytest.approx(np.array([[1, 0, 0], [0, 1, 0], [half, 0, half]]))
    assert embeddings.shape[1] == encoder.embedding_width


def test_scale_comes_from_the_manifest(encoder: TextEncoder) -> None:
    assert encoder.logit_scale == 10.0


def test_golden_outputs_agree(encoder: TextEncoder) -> None:
    assert encoder.check() == pytest.approx(1)


def test_another_tokenizer_is_noticed(embedder_folder: Path, embedder_artifact: Artifact) -> None:
    path = embedder_folder / "tokenizer.json"
    path.write_text(path.read_text().replace('"red": 2', '"rouge": 2'))
    with pytest.raises(ArtifactError, match="other token ids"):
        TextEncoder.load(embedder_artifact, OnnxSession).check()


def test_one_golden_text_can_be_checked_by_itself(embedder_folder: Path, encoder: TextEncoder) -> None:
    edit_golden(embedder_folder, "texts", np.array(["red dress", "something else"]))
    assert encoder.check(1) == pytest.approx(1)
    with pytest.raises(ArtifactError, match="other token ids"):
        encoder.check()


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_text_that_is_taken_for_sound_needs_no_repair(text: str) -> None:
    if re.fullmatch(SOUND, text):
        assert html.unescape(html.unescape(ftfy.fix_text(text))) == text


@pytest.mark.parametrize(
    ("mode", "text", "cleaned"),
    [
        ("whitespace", " A\n &lt;B&gt; ", "A <B>"),
        ("lower", "“Été”  Ｄress", '"été" dress'),
        ("canonicalize", "T-shirt, no_1!", "tshirt no 1"),
        ("lower", "&amp;amp;", "&"),
    ],
)
def test_clean(mode: str, text: str, cleaned: str) -> None:
    assert clean(text, mode) == cleaned
