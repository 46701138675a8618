"""Embedders in a lower precision: the image tower, then the text tower."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from export.precision import accuracy, reference
from export.precision.accuracy import EmbeddedPhotos
from export.precision.candidate import Candidate, embed_one_by_one, lowest
from export.precision.labelled_photos import EvaluationData
from models.image_encoder import ImageEncoder
from models.manifest import PROBES_NAME, TOKENIZER_NAME
from models.session import OnnxSession
from models.text_encoder import TextEncoder

DEPEND_ON_TEXTS = ("reference_text_cosine", "category_top1_drop_points")


def convert_embedder(
    candidate: Candidate, data: EvaluationData, report: Callable[[str], None]
) -> dict[str, float]:
    """Write both graphs and measure them. Raises GateFailure where they are not as good as fp32."""
    shutil.copyfile(candidate.source.tokenizer, candidate.kept / TOKENIZER_NAME)
    if candidate.source.probes:
        shutil.copyfile(candidate.source.folder / PROBES_NAME, candidate.kept / PROBES_NAME)
    report(f"writing the image tower in {candidate.precision}")
    source = ImageEncoder.load(candidate.source, OnnxSession)
    candidate.write("image", [source.preprocess(picture) for picture in data.pictures])
    converted = [ImageEncoder(candidate.source, session) for session in candidate.sessions("image")]
    report(f"comparing embeddings with fp32 on views of {len(data.pictures)} pictures")
    figures = lowest([reference.compare_images(source, each, data.pictures) for each in converted])
    candidate.require(figures)
    photos = None
    if data.photos and data.taxonomy is not None:
        report(f"comparing embeddings on {len(data.photos)} labelled photos")
        photos = accuracy.embed_photos(source, converted[-1], data.photos, data.taxonomy)
    report(f"writing the text tower in {candidate.precision}")
    figures |= _convert_texts(candidate, photos, report)
    candidate.require(figures)
    return figures


def _convert_texts(
    candidate: Candidate, photos: EmbeddedPhotos | None, report: Callable[[str], None]
) -> dict[str, float]:
    """In int8, a text tower that is not as good stays in fp32: it is little work beside the pictures."""
    candidate.write("text", list(candidate.source.golden("text").inputs))
    figures = _measure_texts(candidate, photos)
    of_texts = {name: figures[name] for name in DEPEND_ON_TEXTS if name in figures}
    if candidate.precision == "int8" and (failed := candidate.failed_figure(of_texts)):
        report(f"the text tower stays in fp32: {failed} does not hold in int8")
        shutil.copyfile(candidate.source.graph("text"), candidate.kept / "text.onnx")
        figures = _measure_texts(candidate, photos)
    return figures


def _measure_texts(candidate: Candidate, photos: EmbeddedPhotos | None) -> dict[str, float]:
    source = TextEncoder.load(candidate.source, OnnxSession)
    tokens = candidate.source.golden("text").inputs
    converted = [TextEncoder(candidate.source, session) for session in candidate.sessions("text")]
    expected = embed_one_by_one(source, tokens)
    figures = lowest(
        [reference.compare_texts(expected, embed_one_by_one(each, tokens)) for each in converted]
    )
    if photos is not None:
        figures |= accuracy.measure_embeddings(photos, source, converted[-1])
    return figures
