"""A tagger whose outputs are the picture's mean colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from domain.errors import ArtifactError
from domain.types import ScoredValue
from models.artifact import Artifact
from models.bound import Bound
from models.manifest import Manifest, file_sha256
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession
from models.tag_head import TagHead, slices
from models.tagger import TagAnswer, Tagger

HEADS = (TagHead("formality", "number"), TagHead("pattern", "one", ("plain", "striped")))


def write_artifact(folder: Path, heads: tuple[TagHead, ...] = HEADS) -> Path:
    nodes = [
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["answers"], axes=[1, 2], keepdims=0),
    ]
    images = helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", 8, 8, 3])
    outputs = helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["n", 3])
    graph = helper.make_graph(nodes, "tiny", [images], [outputs])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), str(folder / "tagger.onnx"))
    pictures = np.random.default_rng(0).integers(0, 2, (2, 8, 8, 3)).astype(np.uint8)
    answers = pictures.astype(np.float32).mean(axis=(1, 2))
    np.savez(folder / "golden.npz", tagger_inputs=pictures, tagger_outputs=answers)
    manifest = Manifest(
        name="tiny-tagger",
        task="tag",
        source="written by a test",
        license="Apache-2.0",
        image=ImagePreprocessing(8, 8, "squash", "bilinear", (0.0,) * 3, (1.0,) * 3),
        opset=17,
        files={path.name: file_sha256(path) for path in folder.iterdir()},
        parity={"pictures": 8.0},
        bounds={"pictures": Bound(at_least=8)},
        heads=heads,
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


def test_each_head_has_its_outputs(tmp_path: Path) -> None:
    tagger = Tagger.load(Artifact.load(write_artifact(tmp_path)), OnnxSession)
    photo = np.zeros((12, 16, 3), np.uint8)
    photo[..., 2] = 1
    answers = tagger.tag(photo)
    assert answers["formality"] == TagAnswer(number=0.0)
    assert answers["pattern"].values == (ScoredValue("striped", 1.0), ScoredValue("plain", 0.0))
    assert tagger.check() < 1e-6


def test_heads_stand_one_after_the_other() -> None:
    heads = (*HEADS, TagHead("style", "many", ("a", "b", "c")))
    assert slices(heads) == [slice(0, 1), slice(1, 3), slice(3, 6)]


@pytest.mark.parametrize(
    ("heads", "complaint"),
    [
        ((), "heads are missing"),
        ((HEADS[0], HEADS[0]), "the head 'formality' is there twice"),
        ((TagHead("pattern", "one"),), "the head 'pattern' has no values"),
    ],
)
def test_a_manifest_without_right_heads_is_refused(
    tmp_path: Path, heads: tuple[TagHead, ...], complaint: str
) -> None:
    with pytest.raises(ArtifactError, match=complaint):
        Artifact.load(write_artifact(tmp_path, heads))
