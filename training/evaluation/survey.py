"""Every photo of a split through both models, as it is and changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits, decode
from training.data.photos import Photo, hold_out_senders, of_split, read_labels
from training.evaluation.changes import changes
from training.evaluation.serving import ServingPath, Sighting
from training.evaluation.sheets import shrink

THUMBNAIL_PX = 200

SPLITS: Mapping[str, str] = {
    "validation": "",
    "dev": "They mean something only for models that never learned from the senders held out as dev set; "
    "the embedder's recipe does, from `--dev-until` on",
}
"""The splits that can be measured, each with what a reader of its figures must know."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One photo: what the models say of it, and of it after each change; `thumbnail` is for the sheets."""

    photo: Photo
    sighting: Sighting
    changed: Mapping[str, Sighting]
    thumbnail: Pixels

    @property
    def gain(self) -> float:
        """Photo pixels times this are thumbnail pixels."""
        box = self.sighting.whole.box
        return float(max(self.thumbnail.shape[:2]) / max(box.width, box.height))


def choose_photos(images: Path, labels: Path, split: str) -> list[Photo]:
    """The photos of `train` or `validation`, or of `dev`: the senders that the recipes hold out of train.

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


def survey(path: ServingPath, photos: Sequence[Photo], threads: int) -> Iterator[Record]:
    """A record of each photo, in order, as they are made."""
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda photo: _record(path, photo), photos)


def sightings(records: Iterable[Record], change: str | None = None) -> list[Sighting]:
    """Of the photos as they are, or after one change."""
    return [record.changed[change] if change else record.sighting for record in records]


def _record(path: ServingPath, photo: Photo) -> Record:
    picture = decode(photo.path.read_bytes(), DecodeLimits())
    changed = {name: path.look(change(picture)) for name, change in changes().items()}
    return Record(photo, path.look(picture), changed, shrink(picture, THUMBNAIL_PX))
