"""The forms that a dataset's folder may have, and what each stores of a photo and at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from armoire.datasets import coco, image_text, yolo
from armoire.datasets.folder import DatasetFolder
from armoire.datasets.records import class_names, has_unnamed_item, photo_record
from armoire.datasets.upright import upright_file, upright_pixels
from armoire.values.exports import DatasetPhoto


class DatasetForm(StrEnum):
    """Whose form it is: YOLO's, COCO's, or that of models that learn from pictures and sentences."""

    YOLO = "yolo"
    COCO = "coco"
    IMAGE_TEXT = "image-text"


@dataclass(frozen=True, slots=True)
class DatasetCounts:
    """Photos by split, their items, and the names of the classes in their order."""

    photos: dict[str, int]
    items: int
    classes: tuple[str, ...]


def store_photo(folder: DatasetFolder, form: DatasetForm, photo: DatasetPhoto, content: bytes) -> bool:
    """Store what the form has of a photo, whose original is `content`; whether the photo is in the dataset.

    A photo with an item of which nobody says what it is would teach a detector that there is nothing, so it
    is left out of those.

    Raises:
        OSError: the photo cannot be decoded, or the folder not be written.
    """
    if form is DatasetForm.IMAGE_TEXT:
        record = photo_record(photo, "")
        folder.store(image_text.crop_files(record, upright_pixels(content)))
    elif has_unnamed_item(photo):
        return False
    else:
        stored, suffix = upright_file(content)
        place = f"images/{photo.split.value}/{photo.image_id}.{suffix}"
        record = photo_record(photo, place)
        folder.store({place: stored})
    folder.append(record)
    return True


def finish(
    folder: DatasetFolder, form: DatasetForm, categories: tuple[str, ...], with_ignore: bool
) -> DatasetCounts:
    """Write what the form's tools read of all photos."""
    classes = class_names(categories, folder.records(), with_ignore)
    if form is DatasetForm.YOLO:
        yolo.write_annotations(folder, classes)
    elif form is DatasetForm.COCO:
        coco.write_annotations(folder, classes)
    else:
        image_text.write_tables(folder)
    photos: Counter[str] = Counter()
    items = 0
    for record in folder.records():
        photos[record["split"]] += 1
        items += len(record["items"])
    return DatasetCounts(dict(photos), items, classes)
