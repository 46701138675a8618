"""Tiny real artifacts: ONNX graphs of a few operators whose answers can be worked out by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from models.artifact import Artifact
from models.bound import Bound
from models.manifest import Manifest, file_sha256
from models.preprocessing import ImagePreprocessing, TextPreprocessing
from models.session import OnnxSession

SIDE = 32
BOUNDS = {"pictures": Bound(at_least=8), "cosine": Bound(0.999, 1.001), "mismatches": Bound(at_most=0)}
FIGURES = {"pictures": 8.0, "cosine": 0.999, "mismatches": 0.0}
"""Each at the very edge of its bound."""
WORDS = {"[PAD]": 0, "[UNK]": 1, "red": 2, "blue": 3, "dress": 4, "shirt": 5}
CONTEXT = 4


def _save(
    path: Path, nodes: Sequence[onnx.NodeProto], inputs: onnx.ValueInfoProto, width: Sequence[int]
) -> None:
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", *width])
    constants = [node for node in nodes if node.op_type == "Constant"]
    rest = [node for node in nodes if node.op_type != "Constant"]
    graph = helper.make_graph([*constants, *rest], "tiny", [inputs], [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_segmenter_graph(
    path: Path, rows: np.ndarray, coefficients: np.ndarray, prototypes: np.ndarray
) -> None:
    """`rows` (K, 6), `coefficients` (K, M) and `prototypes` (M, h, w) for every picture."""
    arrays = {"rows": rows, "mask_coefficients": coefficients, "mask_prototypes": prototypes}
    nodes = [
        helper.make_node("Cast", ["x"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["pixels"], ["least"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Sub", ["least", "least"], ["zero"]),
    ]
    for name, array in arrays.items():
        shape = np.array([-1] + [1] * array.ndim, np.int64)
        nodes[:0] = [_constant(f"{name}_shape", shape), _constant(f"{name}_values", array[None])]
        nodes += [
            helper.make_node("Reshape", ["zero", f"{name}_shape"], [f"{name}_zero"]),
            helper.make_node("Add", [f"{name}_values", f"{name}_zero"], [name]),
        ]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *array.shape])
        for name, array in arrays.items()
    ]
    pictures = helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    graph = helper.make_graph(nodes, "tiny", [pictures], outputs)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))


def write_classifier_graph(path: Path) -> None:
    """The softmax of (red, green, blue) means / 25.5."""
    nodes = [
        _constant("scale", np.array(25.5, np.float32)),
        helper.make_node("Cast", ["x"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("Div", ["mean", "scale"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["y"], axis=1),
    ]
    _save(path, nodes, helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", SIDE, SIDE, 3]), [3])


def _constant(name: str, values: np.ndarray) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values, name))


def write_detector_graph(path: Path, rows: np.ndarray) -> None:
    """`rows` (K, 6) for every picture, each score raised by the picture's mean / 2550."""
    slope = np.zeros((1, len(rows), 6), np.float32)
    slope[..., 4] = 1 / 2550
    nodes = [
        _constant("rows", rows[None].astype(np.float32)),
        _constant("slope", slope),
        _constant("shape", np.array([-1, 1, 1], np.int64)),
        helper.make_node("Cast", ["x"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Reshape", ["mean", "shape"], ["mean3"]),
        helper.make_node("Mul", ["mean3", "slope"], ["raise"]),
        helper.make_node("Add", ["rows", "raise"], ["y"]),
    ]
    pictures = helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    _save(path, nodes, pictures, [len(rows), 6])


def write_image_graph(path: Path) -> None:
    """The mean colour, L2-normalised."""
    nodes = [
        helper.make_node("Cast", ["x"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["y"], axis=1, p=2),
    ]
    _save(path, nodes, helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", SIDE, SIDE, 3]), [3])


def write_text_graph(path: Path) -> None:
    """Counts of (red, blue, everything else but padding), L2-normalised."""
    table = np.zeros((len(WORDS), 3), np.float32)
    table[WORDS["red"], 0] = table[WORDS["blue"], 1] = 1
    table[[1, 4, 5], 2] = 1
    nodes = [
        _constant("table", table),
        helper.make_node("Gather", ["table", "x"], ["vectors"]),
        helper.make_node("ReduceMean", ["vectors"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["y"], axis=1, p=2),
    ]
    _save(path, nodes, helper.make_tensor_value_info("x", TensorProto.INT64, ["n", CONTEXT]), [3])


def write_tokenizer(path: Path) -> None:
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_truncation(CONTEXT)
    tokenizer.enable_padding(length=CONTEXT)
    tokenizer.save(str(path))


def preprocessing(resize_mode: str) -> ImagePreprocessing:
    return ImagePreprocessing(
        height=SIDE,
        width=SIDE,
        resize_mode=resize_mode,
        interpolation="bicubic",
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
    )


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in folder.iterdir() if path.name != "manifest.json"}


ROWS = np.array(
    [
        [0, 0, 16, 16, 0.9, 0],
        [1, 1, 17, 17, 0.8, 0],
        [1, 1, 17, 17, 0.7, 1],
        [20, 20, 30, 30, 0.6, 0],
        [2, 20, 8, 30, 0.1, 1],
    ],
    np.float32,
)


@pytest.fixture
def detector_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "detector"
    folder.mkdir()
    write_detector_graph(folder / "detector.onnx", ROWS)
    batch = np.stack([np.zeros((SIDE, SIDE, 3), np.uint8), np.full((SIDE, SIDE, 3), 255, np.uint8)])
    (outputs,) = OnnxSession(folder / "detector.onnx").run(batch)
    np.savez(folder / "golden.npz", detector_inputs=batch, detector_outputs=outputs)
    manifest = Manifest(
        name="tiny-detector",
        task="detect",
        source="written by a test",
        license="Apache-2.0",
        image=preprocessing("letterbox"),
        opset=17,
        files=hashes(folder),
        parity=FIGURES,
        bounds=BOUNDS,
        labels=("dress", "shirt"),
        head="raw",
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


@pytest.fixture
def embedder_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "embedder"
    folder.mkdir()
    write_image_graph(folder / "image.onnx")
    write_text_graph(folder / "text.onnx")
    write_tokenizer(folder / "tokenizer.json")
    pictures = np.random.default_rng(0).integers(0, 255, (2, SIDE, SIDE, 3), np.uint8)
    tokens = np.array([[2, 4, 0, 0], [3, 5, 0, 0]], np.int64)
    np.savez(
        folder / "golden.npz",
        image_inputs=pictures,
        image_outputs=OnnxSession(folder / "image.onnx").run(pictures)[0],
        text_inputs=tokens,
        text_outputs=OnnxSession(folder / "text.onnx").run(tokens)[0],
        texts=np.array(["red dress", "blue shirt"]),
    )
    manifest = Manifest(
        name="tiny-embedder",
        task="embed",
        source="written by a test",
        license="Apache-2.0",
        image=preprocessing("square-pad-reflect"),
        text=TextPreprocessing(context_length=CONTEXT, clean="lower"),
        opset=17,
        files=hashes(folder),
        parity=FIGURES,
        bounds=BOUNDS,
        embedding_width=3,
        logit_scale=10.0,
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


# Prototype 0 is positive on the left, prototype 1 at the top; each value stands for 4 x 4 pixels.
PROTOTYPES = np.ones((2, SIDE // 4, SIDE // 4), np.float32)
PROTOTYPES[0, :, SIDE // 8 :] = PROTOTYPES[1, SIDE // 8 :] = -1
COEFFICIENTS = np.array([[1, 0], [0, 1], [0, -1], [-1, 0], [0, 0]], np.float32)


@pytest.fixture
def segmenter_folder(detector_folder: Path) -> Path:
    """The detector with masks."""
    write_segmenter_graph(detector_folder / "segmenter.onnx", ROWS, COEFFICIENTS, PROTOTYPES)
    batch = np.zeros((2, SIDE, SIDE, 3), np.uint8)
    (outputs,) = OnnxSession(detector_folder / "detector.onnx").run(batch)
    logits = COEFFICIENTS[:3] @ PROTOTYPES.reshape(2, -1)
    np.savez(
        detector_folder / "golden.npz",
        detector_inputs=batch,
        detector_outputs=outputs,
        segmenter_inputs=batch,
        segmenter_outputs=np.stack([logits > 0] * 2),
    )
    manifest = Manifest.from_json((detector_folder / "manifest.json").read_bytes())
    manifest = dataclasses.replace(manifest, mask_channels=2, files=hashes(detector_folder))
    (detector_folder / "manifest.json").write_text(manifest.to_json())
    return detector_folder


@pytest.fixture
def classifier_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "classifier"
    folder.mkdir()
    write_classifier_graph(folder / "classifier.onnx")
    pictures = np.random.default_rng(0).integers(0, 255, (2, SIDE, SIDE, 3), np.uint8)
    (outputs,) = OnnxSession(folder / "classifier.onnx").run(pictures)
    np.savez(folder / "golden.npz", classifier_inputs=pictures, classifier_outputs=outputs)
    manifest = Manifest(
        name="tiny-classifier",
        task="classify",
        source="written by a test",
        license="Apache-2.0",
        image=preprocessing("shortest"),
        opset=17,
        files=hashes(folder),
        parity=FIGURES,
        bounds=BOUNDS,
        labels=("red", "green", "blue"),
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


@pytest.fixture
def segmenter_artifact(segmenter_folder: Path) -> Artifact:
    return Artifact.load(segmenter_folder)


@pytest.fixture
def classifier_artifact(classifier_folder: Path) -> Artifact:
    return Artifact.load(classifier_folder)


@pytest.fixture
def detector_artifact(detector_folder: Path) -> Artifact:
    return Artifact.load(detector_folder)


@pytest.fixture
def embedder_artifact(embedder_folder: Path) -> Artifact:
    return Artifact.load(embedder_folder)
