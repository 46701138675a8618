"""The command line of `training`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import ArtifactError, InvalidInput
from domain.taxonomy import Taxonomy
from training.checksums import clothing_photos, complaints

TRUTH = Path("training/truth")
SCENES = 200
PICTURES = Path("docs/images/demo-models")
PAGES = (
    Path("docs/demo-models.md"),
    Path("artifacts/demo-detector/README.md"),
    Path("artifacts/demo-embedder/README.md"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 where the input is wrong."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except (InvalidInput, ArtifactError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = argparse.ArgumentParser(
        prog="python -m training", description="Recipes that make the demo weights."
    )
    root.add_argument(
        "--taxonomy", type=Path, default=Path("taxonomy.toml"), help="categories and vocabularies"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _add_samples(commands.add_parser("samples", help="draw the sample pictures"))
    _add_detector(commands.add_parser("detector", help="train the detector (ultralytics, AGPL-3.0)"))
    _add_embedder(commands.add_parser("embedder", help="train the two-tower embedder"))
    _add_evaluate(commands.add_parser("evaluate", help="measure exported artifacts on labelled photos"))
    _add_peers(commands.add_parser("peers", help="write graphs to compare the time of ours with"))
    _add_page(commands.add_parser("page", help="put what was measured into docs/demo-models.md and cards"))
    return root


def _add_samples(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--seed", type=int, default=7)
    command.set_defaults(run=_samples)


def _add_recipe(command: argparse.ArgumentParser, minutes: float) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves")
    command.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="decoded photos (default: ~/.cache)")
    command.add_argument(
        "--minutes", type=float, default=minutes, help=f"how long to train (default {minutes:g})"
    )
    command.add_argument("--seed", type=int, default=0)


def _add_detector(command: argparse.ArgumentParser) -> None:
    _add_recipe(command, 30)
    command.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="weights to refine, at a lower rate"
    )
    command.set_defaults(run=_detector)


def _add_embedder(command: argparse.ArgumentParser) -> None:
    _add_recipe(command, 40)
    command.add_argument("--start-from", type=Path, metavar="LAST", help="last.pt of a run to refine")
    command.add_argument(
        "--dev-share",
        type=float,
        default=0.1,
        help="of the photos, held out by sender to watch progress (0.1)",
    )
    command.add_argument("--threads", type=int, default=1)
    command.set_defaults(run=_embedder)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--photos", type=Path, required=True, metavar="FOLDER", help="of the JPEG files")
    command.add_argument(
        "--labels", type=Path, required=True, metavar="CSV", help="image, label, sender and split"
    )
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument(
        "--split",
        choices=("validation", "dev"),
        default="validation",
        help="dev: held-out train senders, for models that were not trained on them",
    )
    command.add_argument(
        "--truth", type=Path, default=TRUTH, metavar="FOLDER", help="what was seen in the photos"
    )
    command.add_argument("--vit", type=Path, metavar="FOLDER", help="image.onnx to time the tower beside")
    command.add_argument("--yolo", type=Path, metavar="FOLDER", help="detector.onnx to time ours beside")
    command.add_argument(
        "--scenes", type=int, default=SCENES, help="scenes to compose; 0: none (%(default)s)"
    )
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="cut-outs (default: ~/.cache)")
    command.add_argument("--threads", type=int, default=2, help="photos looked at side by side (default 2)")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="figures, tables and contact sheets")
    command.set_defaults(run=_evaluate)


def _add_peers(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.set_defaults(run=_peers)


def _add_page(command: argparse.ArgumentParser) -> None:
    command.add_argument("--figures", type=Path, required=True, metavar="FOLDER", help="evaluate's --out")
    command.add_argument("--pages", type=Path, nargs="+", default=PAGES, metavar="MARKDOWN")
    command.add_argument("--pictures", type=Path, default=PICTURES, metavar="FOLDER")
    command.add_argument("--detector-run", type=Path, metavar="FOLDER", help="a training run, for its curves")
    command.add_argument("--embedder-run", type=Path, metavar="FOLDER", help="a training run, for its curves")
    command.set_defaults(run=_page)


def _samples(options: argparse.Namespace) -> None:
    from training.samples import catalogue, write_samples

    write_samples(options.out, catalogue(), Taxonomy.load(options.taxonomy), options.seed)


def _detector(options: argparse.Namespace) -> None:
    from training.detector import DetectorOptions, train_detector

    sys.stdout.write(
        f"{train_detector(DetectorOptions(**_recipe(options), start_from=options.start_from))}\n"
    )


def _embedder(options: argparse.Namespace) -> None:
    from training.embedder import EmbedderOptions, train_embedder

    given = {name: getattr(options, name) for name in ("start_from", "dev_share", "threads")}
    weights = train_embedder(EmbedderOptions(**_recipe(options), **given))
    sys.stdout.write(f"{weights}\n")


def _recipe(options: argparse.Namespace) -> dict[str, Any]:
    names = ("data", "out", "taxonomy", "fashion_mnist", "minutes", "seed")
    values = {name: getattr(options, name) for name in names}
    _check_recipe(options)
    return values if options.cache is None else values | {"cache": options.cache}


def _check_recipe(options: argparse.Namespace) -> None:
    """Before anything is read: reading takes minutes."""
    if options.minutes <= 0:
        raise InvalidInput("minutes", f"must be above 0, not {options.minutes:g}")
    if not 0 <= getattr(options, "dev_share", 0) < 1:
        raise InvalidInput("dev-share", f"must be at least 0 and below 1, not {options.dev_share:g}")
    if options.start_from is not None and not options.start_from.is_file():
        raise InvalidInput("start-from", f"must be a file: {options.start_from}")
    if options.fashion_mnist is not None and not options.fashion_mnist.is_dir():
        raise InvalidInput("fashion-mnist", f"must be a folder: {options.fashion_mnist}")
    for complaint in complaints(clothing_photos(), options.data) if options.data.is_dir() else ():
        sys.stderr.write(f"note: {complaint}\n")


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluation.measurement import EvaluationOptions, evaluate
    from training.evaluation.report import write_report

    names = ("photos", "labels", "detector", "embedder", "taxonomy", "truth", "split", "vit", "yolo")
    values = {name: getattr(options, name) for name in (*names, "scenes", "threads")}
    values |= {} if options.cache is None else {"cache": options.cache}
    figures, evidence = evaluate(EvaluationOptions(**values, command=_command(options)))
    if options.out is None:
        sys.stdout.write(figures.to_json())
    else:
        write_report(figures, evidence, options.out)
        sys.stdout.write(f"{options.out / 'tables.md'}\n")


def _command(options: argparse.Namespace) -> str:
    """The command line for its reader: folders outside the repository by what they hold."""
    outside = {"photos": "PHOTOS/images", "labels": "PHOTOS/labels.csv", "detector": "DETECTOR"}
    outside |= {"embedder": "EMBEDDER", "vit": "PEERS/vit-b-32", "yolo": "PEERS/yolov8n"}
    given = {name: getattr(options, name) for name in outside if getattr(options, name) is not None}
    shown = [
        f"--{name} {outside[name] if path.is_absolute() or '..' in path.parts else path}"
        for name, path in given.items()
    ]
    shown += [f"--scenes {options.scenes}"] if options.scenes != SCENES else []
    return " ".join(["python -m training evaluate", *shown, f"--split {options.split}"])


def _peers(options: argparse.Namespace) -> None:
    from training.evaluation.peers import write_peers

    write_peers(options.out)


def _page(options: argparse.Namespace) -> None:
    from training.evaluation.page import fill_pages

    runs = {"detector": options.detector_run, "embedder": options.embedder_run}
    given = {name: run for name, run in runs.items() if run is not None}
    fill_pages(options.figures, options.pages, options.pictures, given)


if __name__ == "__main__":
    sys.exit(main())
