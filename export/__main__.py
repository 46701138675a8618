"""`python -m export`: make artifacts, keep them in BentoML's model store, check them."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from domain.errors import ArmoireError, ArtifactError
from domain.types import Pixels
from export.errors import ExportError, GateFailure, Unsupported
from export.gate import table
from export.pictures import read_gate_pictures
from models.artifact import Artifact
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.manifest import FILE_NAME
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from settings import load_settings

EXAMPLES = """\
examples:
  python -m export yolo runs/detect/train/weights/best.pt --name garment-detector
  python -m export yolo yolo26n.pt --name yolo26n --imgsz 640 480 --head raw
  python -m export clip ViT-B-32 --pretrained laion2b_s34b_b79k --name vit-b-32 --license MIT
  python -m export clip hf-hub:Marqo/marqo-fashionCLIP --name marqo-fashion-clip
  python -m export clip tiny --config tiny.json --pretrained tiny.pt --name tiny --out artifacts/tiny
  python -m export verify garment-detector:latest
  python -m export verify artifacts/tiny
  python -m export list

An artifact is a folder: graphs (ONNX), manifest.json, golden.npz and, for clip, tokenizer.json. It is stored
only after its parity gate: the graph is compared with torch and the library on real photos, with bounds that
`verify` and the server check again. A failed gate exits with 1 and stores nothing. The store is BentoML's:
BENTOML_HOME, else bentoml/ in ARMOIRE_HOME (.armoire), which is where `make serve` looks."""

Report: TypeAlias = Callable[[str], None]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,61}[a-z0-9]")


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")
    os.environ.setdefault("BENTOML_HOME", str(load_settings().home.resolve() / "bentoml"))
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], None] = options.run
        run(options)
    except GateFailure as error:
        sys.stderr.write(f"gate failed, nothing stored: {error}\n")
        return 1
    except (ExportError, ArmoireError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_yolo(commands.add_parser("yolo", help="an ultralytics detector (v8, 11, 26, ...)"))
    _add_clip(commands.add_parser("clip", help="an open_clip two-tower model"))
    verify = commands.add_parser("verify", help="check hashes, figures and golden outputs; needs no torch")
    verify.add_argument("reference", metavar="REF", help="a folder, or NAME[:VERSION] in the store")
    verify.set_defaults(run=_verify)
    listing = commands.add_parser("list", help="what the store holds")
    listing.set_defaults(run=lambda _: _list())
    return parser


def _add_yolo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT_OR_YAML", help="a .pt file, or a yaml such as yolov8n.yaml"
    )
    parser.add_argument(
        "--imgsz",
        type=int,
        nargs="+",
        default=[640],
        metavar="PX",
        help="input side, or height and width (640)",
    )
    parser.add_argument(
        "--head",
        choices=("auto", "raw", "nms-free"),
        default="auto",
        help="auto: NMS-free where the network has it",
    )
    parser.add_argument(
        "--ignore",
        nargs="*",
        default=[],
        metavar="LABEL",
        help="labels that the server never reports; a label called 'ignore' never is",
    )
    _add_common(parser, license="AGPL-3.0")
    parser.set_defaults(run=_export_yolo)


def _add_clip(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="MODEL", help="an open_clip model, hf-hub:OWNER/NAME or local-dir:FOLDER"
    )
    parser.add_argument("--pretrained", metavar="TAG_OR_PATH", help="weights; random ones where not given")
    parser.add_argument("--config", type=Path, metavar="JSON", help="an open_clip model config, MODEL.json")
    _add_common(parser, license="unspecified")
    parser.set_defaults(run=_export_clip)


def _add_common(parser: argparse.ArgumentParser, *, license: str) -> None:
    parser.add_argument(
        "--name", required=True, type=_name, help="what to call it: lower case, digits, . _ -"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="also write the artifact to this folder")
    parser.add_argument(
        "--images", type=Path, metavar="FOLDER", help="more photos for the gate to measure on"
    )
    parser.add_argument("--license", default=license, help=f"of the weights ({license})")
    parser.add_argument("--source", default="", help="where the weights come from, for the manifest")


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise argparse.ArgumentTypeError(
            f"{value!r}: use 2 to 63 lower-case letters, digits, '.', '_' and '-'"
        )
    return value


def _export_yolo(options: argparse.Namespace) -> None:
    from export.yolo import YoloOptions, export_yolo

    if len(options.imgsz) > 2:
        raise Unsupported("--imgsz takes one side, or height and width")
    wanted = YoloOptions(
        checkpoint=options.checkpoint,
        name=options.name,
        ignore=tuple(options.ignore),
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
    pictures = read_gate_pictures(options.images)
    with tempfile.TemporaryDirectory(prefix="armoire-export-") as scratch:
        artifact = make(Path(scratch), pictures, lambda line: _report(line, started))
        _say(table(artifact.manifest.task, artifact.manifest.parity))
        _say(f"stored as {_store(artifact)}")
        if options.out is not None:
            _copy(artifact, options.out)
            _say(f"copied to {options.out}")


def _report(line: str, started: float) -> None:
    _say(f"[{time.monotonic() - started:6.1f} s] {line}")


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


def _list() -> None:
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
        size,
        kind,
        manifest.version.model_version,
        manifest.license,
        manifest.source,
    )
    return "  ".join(facts)


if __name__ == "__main__":
    sys.exit(main())
