"""Commands that measure exported artifacts and publish the figures."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from training.command.command import AddCommand, add_overrides, given

PICTURES = Path("docs/images/demo-models")

PAGES = (
    Path("docs/demo-models.md"),
    Path("artifacts/demo-detector/README.md"),
    Path("artifacts/demo-embedder/README.md"),
)

GROUND_TRUTH = Path("training/ground_truth")


def add_to(add: AddCommand) -> None:
    _add_evaluate_classifier(add("evaluate-classifier", "measure an exported classifier on the test split"))
    _add_evaluate_detector(add("evaluate-detector", "measure an exported detector on pictures with boxes"))
    _add_evaluate_embedder(add("evaluate-embedder", "measure an exported embedder on labelled pictures"))
    _add_evaluate(add("evaluate", "measure exported artifacts on labelled photos"))
    _add_baselines(add("baselines", "write graphs of well-known models, to compare latency with"))
    _add_page(add("page", "write the measured figures into docs/demo-models.md and the model cards"))


def _add_evaluate_classifier(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config", type=Path, required=True, metavar="YAML", help="its section 'classifier' has the data"
    )
    command.add_argument("--artifact", type=Path, required=True, metavar="FOLDER")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="metrics.json, confusion.csv"
    )
    add_overrides(command)
    command.set_defaults(run=_evaluate_classifier)


def _evaluate_classifier(options: argparse.Namespace) -> None:
    from training.evaluation.classification import evaluate_classifier
    from training.recipes.classifier import ClassifierParams
    from training.recipes.params import read_params

    params = read_params(ClassifierParams, "classifier", options.config, getattr(options, "overrides", ()))
    path = evaluate_classifier(options.artifact, params.data, options.out, params.top_k)
    sys.stdout.write(path.read_text(encoding="utf-8"))


def _add_evaluate_detector(command: argparse.ArgumentParser) -> None:
    command.add_argument("--artifact", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--data", type=Path, required=True, metavar="YAML", help="data.yaml of a data set")
    command.add_argument("--split", choices=("val", "train"), default="val", help="(%(default)s)")
    command.add_argument("--out", type=Path, required=True, metavar="JSON")
    command.set_defaults(run=_evaluate_detector)


def _evaluate_detector(options: argparse.Namespace) -> None:
    from training.data.boxed_pictures import read_dataset
    from training.evaluation.boxed_pictures import evaluate_detector
    from training.recipes.run_report import interval, table

    found = evaluate_detector(options.artifact, read_dataset(options.data), options.split, options.out)
    rows: list[list[object]] = [[name, *asdict(each).values()] for name, each in found.labels.items()]
    rows.append([f"mean, {found.pictures} pictures", found.objects, interval(found.map50), found.map50_95])
    sys.stdout.write(f"{table(['label', 'objects', 'AP50', 'AP50-95'], rows)}\n")


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


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluation.measurement import EvaluationOptions, evaluate
    from training.evaluation.predictions import SPLITS
    from training.evaluation.report import write_report

    values = given(options)
    out = values.pop("out", None)
    wanted = EvaluationOptions(**values, command=_command(options))
    if caveat := SPLITS[wanted.split]:
        sys.stderr.write(f"note: figures of the {wanted.split} split. {caveat}.\n")
    figures, evidence = evaluate(wanted)
    if out is None:
        sys.stdout.write(figures.to_json())
    else:
        write_report(figures, evidence, out)
        sys.stdout.write(f"{out / 'tables.md'}\n")


def _add_baselines(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.set_defaults(run=_baselines)


def _baselines(options: argparse.Namespace) -> None:
    from training.evaluation.baselines import write_baselines

    write_baselines(options.out)


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


def _page(options: argparse.Namespace) -> None:
    from training.evaluation.page import fill_pages

    runs = {name: getattr(options, f"{name}_run", None) for name in ("detector", "embedder")}
    given = {name: run for name, run in runs.items() if run is not None}
    fill_pages(options.figures, options.pages, options.pictures, given, getattr(options, "former", None))


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
