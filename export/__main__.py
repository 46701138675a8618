"""`python -m export`: make artifacts, keep them in BentoML's model store, check them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from domain.errors import ArmoireError
from domain.taxonomy import Taxonomy
from domain.types import Pixels
from export import gates, model_store
from export.arguments import command_line
from export.errors import ExportError, GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.precision.labelled_photos import EvaluationData, read_labelled_photos
from export.registry.reference import SCHEME
from export.registry.registry import registered_checkpoint
from models.artifact import Artifact
from models.classifier import Classifier
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.outfit_scorer import OutfitScorer
from models.segmenter import Segmenter
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder
from models.tagger import Tagger
from models.text_encoder import TextEncoder
from settings import load_settings

Report: TypeAlias = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")
    os.environ.setdefault("BENTOML_HOME", str(load_settings().bentoml_home))
    options = command_line().parse_args(arguments)
    commands = {
        "yolo": _export_yolo,
        "fcos": _export_fcos,
        "clip": _export_clip,
        "classifier": _export_classifier,
        "tagger": _export_tagger,
        "outfit": _export_outfit,
        "siamese": _export_siamese,
        "convert": _convert,
        "verify": _verify,
        "list": _list,
    }
    try:
        _fetch_checkpoints(options)
        commands[options.command](options)
    except GateFailure as error:
        sys.stderr.write(f"gate failed, nothing stored: {error}\n")
        return 1
    except (ExportError, ArmoireError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


def _fetch_checkpoints(options: argparse.Namespace) -> None:
    """Put files and folders in the place of registered checkpoints, such as mlflow:garments@candidate."""
    for name in ("checkpoint", "folder", "model", "pretrained", "weights"):
        given = getattr(options, name, None)
        if given is not None and str(given).startswith(SCHEME):
            found = registered_checkpoint(str(given), load_settings().home)
            setattr(options, name, f"local-dir:{found}" if name == "model" else type(given)(found))


def _export_yolo(options: argparse.Namespace) -> None:
    from export.yolo.checkpoint import YoloOptions
    from export.yolo.exporter import export_yolo

    yolo = YoloOptions(
        checkpoint=options.checkpoint,
        name=options.name,
        size=_size(options.imgsz),
        ignore=None if options.ignore is None else tuple(options.ignore),
        min_score=options.min_score,
        no_masks=options.no_masks,
        precision=options.precision,
        head="nms_free" if options.head == "nms-free" else options.head,
        license=options.license,
        source=options.source,
    )
    _export(options, lambda folder, pictures, report: export_yolo(yolo, folder, pictures, report))


def _export_fcos(options: argparse.Namespace) -> None:
    from export.fcos.exporter import DEFAULT_MIN_SCORE, FcosOptions, export_fcos

    fcos = FcosOptions(
        checkpoint=options.checkpoint,
        name=options.name,
        license=options.license,
        source=options.source,
        ignore=tuple(options.ignore or ()),
        min_score=DEFAULT_MIN_SCORE if options.min_score is None else options.min_score,
    )
    _export(options, lambda folder, pictures, report: export_fcos(fcos, folder, pictures, report))


def _export_clip(options: argparse.Namespace) -> None:
    from export.clip.exporter import export_clip
    from export.clip.network import ClipOptions

    clip = ClipOptions(
        model=options.model,
        name=options.name,
        pretrained=options.pretrained,
        config=options.config,
        half_text_weights=options.half_text_weights,
        license=options.license,
        source=options.source,
    )
    _export(options, lambda folder, pictures, report: export_clip(clip, folder, pictures, report))


def _export_classifier(options: argparse.Namespace) -> None:
    from export.classifier.exporter import export_classifier
    from export.classifier.options import ClassifierOptions

    classifier = ClassifierOptions(
        model=options.model,
        name=options.name,
        library=options.library,
        weights=options.weights,
        labels=options.label_file,
        size=_size(options.imgsz),
        license=options.license,
        source=options.source,
    )
    _export(options, lambda folder, pictures, report: export_classifier(classifier, folder, pictures, report))


def _export_tagger(options: argparse.Namespace) -> None:
    from export.tagger.exporter import TaggerOptions, export_tagger

    tagger = TaggerOptions(options.folder, options.name, options.license, options.source)
    _export(options, lambda folder, pictures, report: export_tagger(tagger, folder, pictures, report))


def _export_outfit(options: argparse.Namespace) -> None:
    from export.outfit.exporter import OutfitOptions, export_outfit

    outfit = OutfitOptions(options.folder, options.name, options.license, options.source)
    _export(options, lambda folder, _, report: export_outfit(outfit, folder, report))


def _export_siamese(options: argparse.Namespace) -> None:
    from export.siamese.exporter import SiameseOptions, export_siamese

    siamese = SiameseOptions(options.folder, options.name, options.license, options.source)
    _export(options, lambda folder, pictures, report: export_siamese(siamese, folder, pictures, report))


def _convert(options: argparse.Namespace) -> None:
    source = Artifact.load(model_store.find(options.reference))
    if source.manifest.precision != "fp32" or options.precision == "fp32":
        raise Unsupported("only from fp32, to fp16 or int8")
    if source.manifest.task not in ("detect", "embed"):
        raise Unsupported(f"a model of the task {source.manifest.task!r} stays in fp32")
    named = Artifact(source.folder, replace(source.manifest, name=options.name))
    _export(options, lambda *_: named)


def _size(sides: list[int] | None) -> tuple[int, int] | None:
    """(height, width) of --imgsz."""
    if sides is None:
        return None
    if len(sides) > 2:
        raise Unsupported("--imgsz takes one side, or height and width")
    return sides[0], sides[-1]


def _export(options: argparse.Namespace, make: Callable[[Path, list[Pixels], Report], Artifact]) -> None:
    if options.out is not None:
        model_store.require_replaceable(options.out)
    report = _timed_report()
    data = _evaluation_data(options)
    with tempfile.TemporaryDirectory(prefix="armoire-export-") as scratch:
        artifact = make(_subfolder(scratch, "fp32"), list(data.pictures), report)
        if options.precision != "fp32":
            from export.precision.conversion import convert

            folder = _subfolder(scratch, options.precision)
            artifact = convert(artifact, options.precision, folder, data, report)
        _say(gates.table(artifact.manifest))
        _say(f"stored as {model_store.store(artifact)}")
        if options.out is not None:
            model_store.copy(artifact, options.out)
            _say(f"copied to {options.out}")


def _timed_report() -> Report:
    started = time.monotonic()
    return lambda line: _say(f"[{time.monotonic() - started:6.1f} s] {line}")


def _evaluation_data(options: argparse.Namespace) -> EvaluationData:
    """Read before the export begins, so that a wrong path is reported at once."""
    if (options.photos is None) != (options.labels is None):
        raise Unsupported("--photos and --labels go together")
    if options.photos is not None and options.precision == "fp32":
        raise Unsupported("--photos are for --precision fp16 or int8: they are compared with fp32")
    pictures = read_gate_pictures(options.images)
    if options.photos is None:
        return EvaluationData(pictures)
    taxonomy = Taxonomy.load(load_settings().taxonomy)
    photos = read_labelled_photos(options.photos, options.labels, taxonomy)
    if len(photos) < gates.MIN_LABELLED_PHOTOS:
        raise Unsupported(
            f"--labels names {len(photos)} photos that can be used; at least "
            f"{gates.MIN_LABELLED_PHOTOS} are needed to compare a precision with fp32"
        )
    return EvaluationData(pictures, photos, taxonomy)


def _subfolder(scratch: str, name: str) -> Path:
    folder = Path(scratch) / name
    folder.mkdir()
    return folder


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _verify(options: argparse.Namespace) -> None:
    artifact = Artifact.load(model_store.find(options.reference))
    manifest = artifact.manifest
    gates.require_known(manifest)
    files, figures = len(manifest.files), len(manifest.parity)
    _say(f"{manifest.name}: {files} files are unchanged, {figures} parity figures hold")
    for line in _check_golden(artifact):
        _say(line)


def _check_golden(artifact: Artifact) -> Iterator[str]:
    if artifact.manifest.task == "classify":
        difference = Classifier.load(artifact, OnnxSession).check()
        yield f"classifier: golden probabilities within {difference:.2g}"
    elif artifact.manifest.task == "tag":
        yield f"tagger: golden outputs within {Tagger.load(artifact, OnnxSession).check():.2g}"
    elif artifact.manifest.task == "score":
        yield f"outfit: golden outputs within {OutfitScorer.load(artifact, OnnxSession).check():.2g}"
    elif artifact.manifest.task == "compare":
        yield f"siamese: golden cosine {SiameseEncoder.load(artifact, OnnxSession).check():.7f}"
    elif artifact.manifest.task == "detect":
        difference_px = Detector.load(artifact, OnnxSession).check()
        yield f"detector: golden boxes within {difference_px:.2g} px"
        if artifact.manifest.mask_channels > 0:
            iou = Segmenter.load(artifact, OnnxSession).check()
            yield f"segmenter: golden masks with intersection over union {iou:.5f}"
    else:
        yield f"image: golden cosine {ImageEncoder.load(artifact, OnnxSession).check():.7f}"
        yield f"text: golden cosine {TextEncoder.load(artifact, OnnxSession).check():.7f}, same token ids"


def _list(_: argparse.Namespace) -> None:
    for line in model_store.summaries():
        _say(line)


if __name__ == "__main__":
    sys.exit(main())
