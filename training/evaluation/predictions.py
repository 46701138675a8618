"""Predictions for every photo of a split, as it is and perturbed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits, decode
from training.data.photos import Photo, hold_out_senders, of_split, read_labels
from training.evaluation.perturbations import perturbations
from training.evaluation.serving import Prediction, ServingPath
from training.evaluation.sheets import shrink

THUMBNAIL_PX = 200

SPLITS: Mapping[str, str] = {
    "validation": "",
    "dev": "They are valid only for models that were not trained on the dev set; the embedder's recipe "
    "trains on it from `--dev-until` on",
}
"""The splits that can be measured, each with the caveat that its figures carry."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoRecord:
    """One photo with its prediction, and those after each perturbation; `thumbnail` is for the sheets."""

    photo: Photo
    prediction: Prediction
    perturbed: Mapping[str, Prediction]
    thumbnail: Pixels

    @property
    def gain(self) -> float:
        """The factor from photo pixels to thumbnail pixels."""
        box = self.prediction.whole.box
        return float(max(self.thumbnail.shape[:2]) / max(box.width, box.height))


def choose_photos(images: Path, labels: Path, split: str) -> list[Photo]:
    """The photos of the split `train`, `validation` or `dev` (the senders of `train` that recipes hold out).

    Raises:
        InvalidInput: the folder or the table is missing, or none of the table's photos of that split is in
            the folder.
    """
    if not images.is_dir():
        raise InvalidInput("photos", f"must be a folder: {images}")
    if not labels.is_file():
        raise InvalidInput("labels", f"must be a CSV file: {labels}")
    of_folder = [photo for photo in read_labels(labels, images) if photo.path.is_file()]
    chosen = of_split(of_folder, "train" if split == "dev" else split)
    if split == "dev":
        chosen = hold_out_senders(chosen, 0.1, seed=0)[1]
    if not chosen:
        raise InvalidInput("photos", f"holds none of the {split} photos that {labels} names")
    return chosen


def predict_photos(path: ServingPath, photos: Sequence[Photo], threads: int) -> Iterator[PhotoRecord]:
    """Predict all photos, in order; results are yielded as they are made."""
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda photo: _record(path, photo), photos)


def predictions(records: Iterable[PhotoRecord], perturbation: str | None = None) -> list[Prediction]:
    """The predictions for the photos as they are, or after one perturbation."""
    return [record.perturbed[perturbation] if perturbation else record.prediction for record in records]


def _record(path: ServingPath, photo: Photo) -> PhotoRecord:
    picture = decode(photo.path.read_bytes(), DecodeLimits())
    perturbed = {name: path.predict(perturbation(picture)) for name, perturbation in perturbations().items()}
    return PhotoRecord(photo, path.predict(picture), perturbed, shrink(picture, THUMBNAIL_PX))
