from __future__ import annotations

import dataclasses
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


class Lengths:
    """A session that notes how many columns it is given."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.seen: list[int] = []

    def run(self, inputs: np.ndarray, *, exclusive: bool = False) -> tuple[np.ndarray, ...]:
        self.seen.append(inputs.shape[1])
        return (np.ones((len(inputs), 3), np.float32),)

    def shrink_arena(self, inputs: np.ndarray) -> None:
        self.run(inputs)


@pytest.mark.parametrize(
    ("provider", "short", "columns"),
    [("cpu", True, [2, 3, 4]), ("cpu", False, [4, 4, 4]), ("cuda", True, [4, 4, 4])],
)
def test_a_text_is_as_long_as_its_highest_id_says(
    embedder_artifact: Artifact, provider: str, short: bool, columns: list[int]
) -> None:
    manifest = dataclasses.replace(embedder_artifact.manifest, short_texts=short)
    session = Lengths(provider)
    encoder = TextEncoder(dataclasses.replace(embedder_artifact, manifest=manifest), session)
    for rows in ([[1, 9, 0, 0]], [[1, 9, 0, 0], [1, 2, 9, 0]], [[1, 2, 2, 9]]):
        encoder.run(np.array(rows, np.int64))
    assert session.seen == columns


def test_no_texts_embed_to_nothing(embedder_artifact: Artifact) -> None:
    manifest = dataclasses.replace(embedder_artifact.manifest, short_texts=True)
    encoder = TextEncoder(dataclasses.replace(embedder_artifact, manifest=manifest), Lengths("cpu"))
    assert encoder.run(np.zeros((0, 4), np.int64)).shape == (0, 3)
