"""The command line of `python -m export`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import get_args

from export.classifier.options import Library
from models.tolerance import Precision

EXAMPLES = """\
examples:
  python -m export yolo runs/detect/train/weights/best.pt --name garment-detector
  python -m export yolo yolo26n.pt --name yolo26n --imgsz 640 480 --head raw
  python -m export yolo yolo26n-seg.pt --name garments-with-masks
  python -m export yolo yolo26n-seg.pt --name garments-int8 --no-masks --precision int8 --images photos/train
  python -m export yolo yolo26n-cls.pt --name garment-classifier
  python -m export classifier efficientnet_b0.ra_in1k --name efficientnet
  python -m export classifier resnet50 --library torchvision --weights IMAGENET1K_V2 --name resnet50
  python -m export classifier mobilenetv3_small_100 --weights best.pth --labels labels.txt --name garments
  python -m export tagger runs/tagger/model --name garment-tagger --license Apache-2.0
  python -m export outfit runs/compatibility/model --name outfit-scorer
  python -m export siamese runs/siamese/model --name outfit-pairs
  python -m export fcos runs/detector/detector.pt --name garment-detector --license Apache-2.0
  python -m export clip ViT-B-32 --pretrained laion2b_s34b_b79k --name vit-b-32 --license MIT
  python -m export clip hf-hub:Marqo/marqo-fashionCLIP --name marqo-fashion-clip
  python -m export clip tiny --config tiny.json --pretrained tiny.pt --name tiny --out artifacts/tiny
  python -m export yolo best.pt --name garment-detector-int8 --precision int8 --images photos/train
  python -m export clip ViT-B-32 --pretrained laion2b_s34b_b79k --name vit-b-32-int8 --precision int8 \\
      --photos clothing/images --labels clothing/labels.csv
  python -m export convert artifacts/demo-detector --name demo-detector-int8 --images photos/train
  python -m export verify garment-detector:latest
  python -m export verify artifacts/tiny
  python -m export list

An artifact is a folder: graphs (ONNX), manifest.json, golden.npz and, for clip, tokenizer.json. A detector
has one graph, detector.onnx. A -seg checkpoint has the same for its boxes, which the server runs, and
segmenter.onnx for boxes and masks, which models/segmenter.py runs and the server does not. A -cls checkpoint
and a classifier of timm or torchvision have classifier.onnx, from pictures to probabilities, which the server
runs on the crops (ARMOIRE_MODELS__CLASSIFIER). A tagger has tagger.onnx, from pictures to the answers of its
heads, which models/tagger.py runs and the server does not. A scorer of sets of items has outfit.onnx, which
the server runs for outfits (ARMOIRE_OUTFITS__SCORER); a Siamese network has siamese.onnx, which
models/siamese_encoder.py runs and the server does not. Checkpoints for poses, oriented boxes and other tasks
are refused.

A classifier is exported with the preprocessing and the labels of its checkpoint. Where a file of weights has
none, --labels names the classes (one a line, or JSON), and the preprocessing is the architecture's; a folder
of timm (local-dir:FOLDER with config.json and weights) brings both. Classes exclude each other: probabilities
are a softmax.

An artifact is stored only after its parity gate: the graph is compared with torch and the library on real
photos, with bounds that `verify` and the server check again. With --precision fp16 or int8 the fp32 graph
has to pass first; then the other is compared with it: embeddings, neighbours and boxes on the gate's
pictures, which also set the ranges of integers. Masks and classifiers stay in fp32. --photos and --labels
add what it costs on labelled photos: no more than 0.5 points of category top-1 and of precision@10, or 1
point of mAP50. A failed gate exits with 1 and stores nothing. The store is BentoML's: BENTOML_HOME, else
bentoml/ in ARMOIRE_HOME (.armoire), which is where `make serve` looks."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,61}[a-z0-9]")


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description="Make artifacts, keep them in BentoML's model store, check them.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_yolo(
        commands.add_parser("yolo", help="an ultralytics YOLO (v8, 11, 26, ...): detector, -seg or -cls")
    )
    _add_fcos(commands.add_parser("fcos", help="a detector that `python -m training fcos` has written"))
    _add_clip(commands.add_parser("clip", help="an open_clip two-tower model"))
    _add_classifier(commands.add_parser("classifier", help="an image classifier of timm or torchvision"))
    _add_folder(commands.add_parser("tagger", help="what `python -m training tagger` has written"), "tagger")
    _add_folder(
        commands.add_parser("outfit", help="what `python -m training compatibility` has written"), "outfit"
    )
    _add_folder(
        commands.add_parser("siamese", help="what `python -m training siamese` has written"), "siamese"
    )
    _add_convert(commands.add_parser("convert", help="an artifact in fp32, to one in fp16 or int8"))
    verify = commands.add_parser("verify", help="check hashes, figures and golden outputs; needs no torch")
    verify.add_argument("reference", metavar="REF", help="a folder, or NAME[:VERSION] in the store")
    verify.set_defaults(command="verify")
    listing = commands.add_parser("list", help="what the store holds")
    listing.set_defaults(command="list")
    return parser


def _add_yolo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT_OR_YAML", help="a .pt file, or a yaml such as yolov8n.yaml"
    )
    parser.add_argument(
        "--imgsz",
        type=int,
        nargs="+",
        metavar="PX",
        help="input side, or height and width (640; a classifier's is what it was trained with, else 224)",
    )
    parser.add_argument(
        "--head",
        choices=("auto", "raw", "nms-free"),
        help="auto: NMS-free where the network has it (auto)",
    )
    _add_reporting(parser, "0.25")
    parser.add_argument(
        "--no-masks", action="store_true", help="export only the boxes of a -seg checkpoint, not its masks"
    )
    _add_common(parser, license="AGPL-3.0")
    _add_precision(parser)
    parser.set_defaults(command="yolo")


def _add_fcos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="detector.pt of a training run")
    _add_reporting(parser, "0.3")
    _add_common(parser, license="")
    _add_precision(parser)
    parser.set_defaults(command="fcos")


def _add_reporting(parser: argparse.ArgumentParser, min_score: str) -> None:
    parser.add_argument(
        "--ignore",
        nargs="*",
        metavar="LABEL",
        help="labels that the server never reports; a label called 'ignore' never is",
    )
    parser.add_argument(
        "--min-score",
        type=_share,
        metavar="SCORE",
        help=f"detections below it are dropped, unless the server or a call says otherwise ({min_score})",
    )


def _add_clip(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="MODEL", help="an open_clip model, hf-hub:OWNER/NAME or local-dir:FOLDER"
    )
    parser.add_argument("--pretrained", metavar="TAG_OR_PATH", help="weights; random ones where not given")
    parser.add_argument("--config", type=Path, metavar="JSON", help="an open_clip model config, MODEL.json")
    parser.add_argument(
        "--half-text-weights",
        action="store_true",
        help="store the text tower's weights as fp16, which halves its file; it computes in fp32 as before",
    )
    _add_common(parser, license="unspecified")
    _add_precision(parser)
    parser.set_defaults(command="clip")


def _add_classifier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a timm or torchvision model; timm: also hf-hub:OWNER/NAME, local-dir:FOLDER",
    )
    parser.add_argument(
        "--library", choices=get_args(Library), default="timm", help="whose model it is (timm)"
    )
    parser.add_argument(
        "--weights",
        metavar="FILE_OR_NAME",
        help="a file of weights, or torchvision's name of published ones (the library's pretrained ones)",
    )
    parser.add_argument(
        "--labels",
        dest="label_file",
        type=Path,
        metavar="FILE",
        help="the names of the classes: one a line, or JSON (the checkpoint's, or ImageNet's)",
    )
    parser.add_argument(
        "--imgsz",
        type=int,
        nargs="+",
        metavar="PX",
        help="input side, or height and width (what the checkpoint is tested with)",
    )
    _add_common(parser, license="")
    parser.set_defaults(command="classifier", precision="fp32", photos=None, labels=None)


def _add_folder(parser: argparse.ArgumentParser, command: str) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="model/ of a training run")
    _add_common(parser, license="")
    parser.set_defaults(command=command, precision="fp32", photos=None, labels=None)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="REF", help="a folder, or NAME[:VERSION] in the store")
    _add_target(parser)
    _add_precision(parser, default="int8")
    parser.set_defaults(command="convert")


def _add_common(parser: argparse.ArgumentParser, *, license: str) -> None:
    _add_target(parser)
    parser.add_argument(
        "--license", default=license, help=f"of the weights ({license or 'as the checkpoint states'})"
    )
    parser.add_argument("--source", default="", help="where the weights come from, for the manifest")


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name", required=True, type=_name, help="what to call it: lower case, digits, . _ -"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="also write the artifact to this folder")
    parser.add_argument(
        "--images", type=Path, metavar="FOLDER", help="more photos for the gate to measure on"
    )


def _add_precision(parser: argparse.ArgumentParser, default: Precision = "fp32") -> None:
    parser.add_argument(
        "--precision",
        choices=get_args(Precision),
        default=default,
        help=f"fp16 is for GPUs, int8 for CPUs; both are compared with fp32 first ({default})",
    )
    parser.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="labelled photos that fp16 or int8 must do as well on"
    )
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="CSV",
        help="columns image, label, split; and maybe x1, y1, x2, y2 in shares",
    )


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise argparse.ArgumentTypeError(
            f"{value!r}: use 2 to 63 lower-case letters, digits, '.', '_' and '-'"
        )
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, not {text}")
    return value
