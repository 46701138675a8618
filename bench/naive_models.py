"""The naive way to run the models: Pillow, float tensors in NCHW layout, one run for each photo."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from PIL import Image

from bench.raw_loop import RawModels, Work
from domain.types import Detection, FloatArray
from imaging.letterbox import LetterboxTransform
from models.preprocessing import ImagePreprocessing
from models.session import session_options
from services.inference.pipeline.options import PipelineOptions

FLOATS = "pixels"


@dataclass(frozen=True, slots=True, eq=False)
class NaiveModels:
    """The graphs without their preprocessing nodes, which NumPy does instead; one thread in a run."""

    raw: RawModels
    detector: onnxruntime.InferenceSession
    encoder: onnxruntime.InferenceSession

    @classmethod
    def load(cls, raw: RawModels, detector: Path, encoder: Path, folder: Path) -> NaiveModels:
        """Cut the preprocessing off both graphs, write them to `folder` and open them."""
        return cls(raw, _open(detector, folder / "detector.onnx"), _open(encoder, folder / "encoder.onnx"))

    def works(self) -> Mapping[str, Work]:
        return {"detect": self.detect, "embed": self.embed}

    def detect(self, contents: Sequence[bytes]) -> list[list[Detection]]:
        return [self._detect(content) for content in contents]

    def _detect(self, content: bytes) -> list[Detection]:
        options, settings = PipelineOptions(), self.raw.detector.manifest.image
        picture, transform = _letterbox(_open_picture(content), settings)
        rows = self.detector.run(None, {FLOATS: _floats(picture, settings)})[0][0]
        limits = (options.min_score, options.iou_threshold, options.max_detections)
        return self.raw.detector.postprocess(rows, transform, *limits, options.any_class_iou_threshold)

    def embed(self, contents: Sequence[bytes]) -> list[FloatArray]:
        return [self._embed(content) for content in contents]

    def _embed(self, content: bytes) -> FloatArray:
        settings = self.raw.encoder.manifest.image
        picture = _centre(_open_picture(content), settings.height)
        embedding: FloatArray = self.encoder.run(None, {FLOATS: _floats(picture, settings)})[0][0]
        return embedding


def write_float_graph(graph: Path, target: Path) -> None:
    """Write the graph from its first convolution on, with an input of (N, 3, H, W) float32."""
    import onnx  # not installed for serving

    model = onnx.load(str(graph))
    first = next(node for node in model.graph.node if node.op_type == "Conv")
    edge, height_width = first.input[0], model.graph.input[0].type.tensor_type.shape.dim[1:3]
    wanted, kept = {output.name for output in model.graph.output}, list[Any]()
    for node in reversed(model.graph.node):
        if wanted.intersection(node.output) and edge not in node.output:
            kept.insert(0, node)
            wanted.update(FLOATS if name == edge else name for name in node.input)
    for node in kept:
        node.input[:] = [FLOATS if name == edge else name for name in node.input]
    shape = ["batch", 3, *(dimension.dim_value for dimension in height_width)]
    floats = onnx.helper.make_tensor_value_info(FLOATS, onnx.TensorProto.FLOAT, shape)
    del model.graph.node[:], model.graph.input[:], model.graph.value_info[:]
    model.graph.node.extend(kept)
    model.graph.input.append(floats)
    onnx.save(model, str(target))


def _open(graph: Path, target: Path) -> onnxruntime.InferenceSession:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_float_graph(graph, target)
    return onnxruntime.InferenceSession(str(target), session_options(1), providers=["CPUExecutionProvider"])


def _open_picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def _floats(picture: Image.Image, settings: ImagePreprocessing) -> FloatArray:
    """Normalised pixels, (1, 3, H, W) float32."""
    pixels = np.asarray(picture, np.float32) / 255
    mean, std = np.asarray(settings.mean, np.float32), np.asarray(settings.std, np.float32)
    scaled = (pixels - mean) / std
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def _letterbox(picture: Image.Image, settings: ImagePreprocessing) -> tuple[Image.Image, LetterboxTransform]:
    gain = min(settings.height / picture.height, settings.width / picture.width)
    width, height = round(picture.width * gain), round(picture.height * gain)
    left, top = (settings.width - width) // 2, (settings.height - height) // 2
    canvas = Image.new("RGB", (settings.width, settings.height), (settings.fill,) * 3)
    canvas.paste(picture.resize((width, height), Image.Resampling.BILINEAR), (left, top))
    transform = LetterboxTransform(picture.width, picture.height, gain, gain, left, top)
    return canvas, transform


def _centre(picture: Image.Image, side_px: int) -> Image.Image:
    """Scale the shorter side to `side_px` and cut out the centre square."""
    gain = side_px / min(picture.size)
    width, height = round(picture.width * gain), round(picture.height * gain)
    left, top = (width - side_px) // 2, (height - side_px) // 2
    scaled = picture.resize((width, height), Image.Resampling.BICUBIC)
    return scaled.crop((left, top, left + side_px, top + side_px))
