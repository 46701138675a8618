"""`python -m export`: make artifacts, keep them in BentoML's model store, check them."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from domain.errors import ArmoireError, ArtifactError
from domain.taxonomy import Taxonomy
from domain.types import Pixels
from export.arguments import command_line
from export.errors import ExportError, GateFailure, Unsupported
from export.gate import table
from export.photos import Trial, read_labelled
from export.pictures import read_gate_pictures
from models.artifact import Artifact
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.manifest import FILE_NAME
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from settings import load_settings

Report: TypeAlias = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")
    os.environ.setdefault("BENTOML_HOME", str(load_settings().home.resolve() / "bentoml"))
    options = command_line().parse_args(arguments)
    commands = {"yolo": _export_yolo, "clip": _export_clip, "verify": _verify, "list": _list}
    try:
        commands[options.command](options)
    except GateFailure as error:
        sys.stderr.write(f"gate failed, nothing stored: {error}\n")
        return 1
    except (ExportError, ArmoireError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


def _export_yolo(options: argparse.Namespace) -> None:
    from export.yolo import YoloOptions, export_yolo

    if len(options.imgsz) > 2:
        raise Unsupported("--imgsz takes one side, or height and width")
    wanted = YoloOptions(
        checkpoint=options.checkpoint,
        name=options.name,
        ignore=tuple(options.ignore),
        min_score=options.min_score,
        height=options.imgsz[0],
        width=options.imgsz[-1],
        head="nms_free" if options.head == "nms-free" else options.head,
        license=options.license,
        source=options.source,
    )
    _export(options, lambda folder, pictures, report: export_yolo(wanted, folder, pictures, report))


def _export_clip(options: argparse.Namespace) -> None:
    from export.clip import ClipOptions, export_clip

    wanted = ClipOptions(
        model=options.model,
        name=options.name,
        pretrained=options.pretrained,
        config=options.config,
        license=options.license,
        source=options.source,
    )
    _export(options, lambda folder, pictures, report: export_clip(wanted, folder, pictures, report))


def _export(options: argparse.Namespace, make: Callable[[Path, list[Pixels], Report], Artifact]) -> None:
    if options.out is not None:
        _require_replaceable(options.out)
    started = time.monotonic()

    def report(line: str) -> None:
        _say(f"[{time.monotonic() - started:6.1f} s] {line}")

    trial = _trial(options)
    with tempfile.TemporaryDirectory(prefix="armoire-export-") as scratch:
        artifact = make(_subfolder(scratch, "fp32"), list(trial.pictures), report)
        if options.precision != "fp32":
            from export.conversion import convert

            folder = _subfolder(scratch, options.precision)
            artifact = convert(artifact, options.precision, folder, trial, report)
        manifest = artifact.manifest
        _say(table(manifest.task, manifest.parity, manifest.precision))
        _say(f"stored as {_store(artifact)}")
        if options.out is not None:
            _copy(artifact, options.out)
            _say(f"copied to {options.out}")


def _trial(options: argparse.Namespace) -> Trial:
    """What is measured on; read first, so that a wrong path is told before the work."""
    if (options.photos is None) != (options.labels is None):
        raise Unsupported("--photos and --labels go together")
    if options.photos is not None and options.precision == "fp32":
        raise Unsupported("--photos are for --precision fp16 or int8: they are compared with fp32")
    pictures = read_gate_pictures(options.images)
    if options.photos is None:
        return Trial(pictures)
    taxonomy = Taxonomy.load(load_settings().taxonomy)
    return Trial(pictures, read_labelled(options.photos, options.labels, taxonomy), taxonomy)


def _subfolder(scratch: str, name: str) -> Path:
    folder = Path(scratch) / name
    folder.mkdir()
    return folder


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _require_replaceable(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / FILE_NAME).is_file():
        raise Unsupported(f"{folder} is not empty and holds no artifact: choose another --out")


def _copy(artifact: Artifact, folder: Path) -> None:
    """Files first, the manifest last: a half-written folder never loads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    for name in (*artifact.manifest.files, FILE_NAME):
        shutil.copyfile(artifact.folder / name, folder / name)


def _store(artifact: Artifact) -> str:
    import bentoml

    manifest = artifact.manifest
    labels = {"task": manifest.task, "precision": manifest.precision}
    with bentoml.models.create(manifest.name, labels=labels) as model:
        _copy(artifact, Path(model.path))
    return str(model.tag)


def _verify(options: argparse.Namespace) -> None:
    artifact = Artifact.load(_find(options.reference))
    manifest = artifact.manifest
    _say(
        f"{manifest.name}: {len(manifest.files)} files unchanged, {len(manifest.parity)} parity figures hold"
    )
    for line in _check_golden(artifact):
        _say(line)


def _check_golden(artifact: Artifact) -> Iterator[str]:
    if artifact.manifest.task == "detect":
        difference_px = Detector.load(artifact, OnnxSession).check()
        yield f"detector: golden boxes within {difference_px:.2g} px"
    else:
        yield f"image: golden cosine {ImageEncoder.load(artifact, OnnxSession).check():.7f}"
        yield f"text: golden cosine {TextEncoder.load(artifact, OnnxSession).check():.7f}, same token ids"


def _find(reference: str) -> Path:
    if Path(reference).is_dir():
        return Path(reference)
    import bentoml

    try:
        return Path(bentoml.models.get(reference).path)
    except bentoml.exceptions.BentoMLException as error:
        raise Unsupported(f"{reference} is neither a folder nor a model of the store: {error}") from error


def _list(_: argparse.Namespace) -> None:
    import bentoml

    for model in bentoml.models.list():
        if (Path(model.path) / FILE_NAME).is_file():
            _say(_summary(str(model.tag), Path(model.path)))


def _summary(tag: str, folder: Path) -> str:
    try:
        manifest = Artifact.load(folder).manifest
    except ArtifactError as error:
        return f"{tag}  UNUSABLE: {error}"
    size = f"{manifest.image.height}x{manifest.image.width}"
    detects = manifest.task == "detect"
    kind = f"{len(manifest.reported_labels)} labels" if detects else f"width {manifest.embedding_width}"
    facts = (
        tag,
        manifest.task,
        manifest.precision,
        size,
        kind,
        manifest.version.model_version,
        manifest.license,
        manifest.source,
    )
    return "  ".join(facts)


if __name__ == "__main__":
    sys.exit(main())
