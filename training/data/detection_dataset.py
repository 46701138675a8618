"""Writes the detector's data set: pictures and boxes in the layout that ultralytics reads.

`images/SPLIT/SOURCE/NAME.jpg`, `labels/SPLIT/SOURCE/NAME.txt` with a line for each garment (class, centre x,
centre y, width, height, as shares of the picture), and data.yaml. The sources are street photos, photos of
one garment, composed scenes, drawn persons, and samples.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, Pixels
from training.data.backgrounds import without_garment
from training.data.examples import ExampleMaker, default_cache
from training.data.fashion_mnist import load_fashion_mnist
from training.data.persons import PersonMaker
from training.data.photos import Photo, hold_out_senders, load_photos, of_split
from training.data.samples import catalogue, draw_sample
from training.data.scenes import Layer, Scene, SceneMaker, photo_layer, photo_scene, shows_background
from training.data.street import StreetPhoto, load_street_photos
from training.data.thumbnails import Thumbnails, load_thumbnails, read_picture, shrink
from training.synthetic.clutter import IGNORED

DEV_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """Options of a data set.

    Attributes:
        data: folder of labelled photos of one garment each.
        street: folder of street photos; None leaves them out.
        fashion_mnist: folder of pictures of bags for scenes; None leaves them out.
        side_px: the longer side of each picture.
        scenes, dev_scenes: how many scenes to compose for each split.
        persons: how many persons who wear several garments to draw for training.
        sample_copies: how often each sample picture is repeated.
    """

    data: Path
    taxonomy: Path
    street: Path | None = None
    fashion_mnist: Path | None = None
    cache: Path = default_cache()
    seed: int = 0
    side_px: int = 384
    scenes: int = 5000
    dev_scenes: int = 300
    persons: int = 600
    sample_copies: int = 3
    thumbnail_px: int = 192


def write_dataset(options: DatasetOptions, folder: Path) -> Path:
    """Write the splits `train` and `dev`, of senders and street photos of their own; returns data.yaml.

    data.yaml is written last, so an interrupted run writes the data set anew.
    """
    taxonomy = Taxonomy.load(options.taxonomy)
    names = [*(category.name for category in taxonomy.categories), IGNORED]
    photos = of_split(load_photos(options.data), "train")
    thumbnails = load_thumbnails([p.path for p in photos], options.thumbnail_px, options.cache)
    held = {photo.path for photo in hold_out_senders(photos, DEV_SHARE, seed=0)[1]}
    street = [] if options.street is None else load_street_photos(options.street, "train")
    for split in ("train", "dev"):
        chosen = [i for i, photo in enumerate(photos) if (photo.path in held) == (split == "dev")]
        writer = SplitWriter(folder, split, names)
        writer.write("street", _street_scenes(_of_street(street, split), options.side_px))
        writer.write("photos", _whole_photos(photos, thumbnails, chosen, options.side_px))
        writer.write("scenes", _scenes(options, taxonomy, photos, thumbnails, chosen, split))
        if split == "train":
            writer.write("persons", _persons(options, taxonomy, photos, thumbnails, chosen))
            writer.write("samples", _samples(taxonomy, options.sample_copies))
    content = {"path": str(folder.resolve()), "train": "images/train", "val": "images/dev", "names": names}
    # JSON is YAML.
    (folder / "data.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return folder / "data.yaml"


class SplitWriter:
    """Writes the pictures of one split, in a folder for each source."""

    def __init__(self, folder: Path, split: str, names: Sequence[str]) -> None:
        self._pictures, self._labels = folder / "images" / split, folder / "labels" / split
        self._split = split
        self._names = names
        for part in (self._pictures, self._labels):
            shutil.rmtree(part, ignore_errors=True)

    def write(self, source: str, scenes: Iterable[Scene]) -> None:
        """Write the scenes of a source, numbered; a source without scenes has no folder."""
        for index, scene in enumerate(tqdm(scenes, desc=f"{self._split} {source}")):
            self._write(f"{source}/{index:05}", scene)

    def _write(self, name: str, scene: Scene) -> None:
        height, width = scene.picture.shape[:2]
        rows = [f"{self._names.index(label)} {_relative(box, height, width)}" for label, box in scene.objects]
        picture, labels = self._pictures / f"{name}.jpg", self._labels / f"{name}.txt"
        for file in (picture, labels):
            file.parent.mkdir(parents=True, exist_ok=True)
        labels.write_text("\n".join(rows) + "\n", encoding="utf-8")
        quality = [cv2.IMWRITE_JPEG_QUALITY, 88]
        cv2.imwrite(str(picture), cv2.cvtColor(scene.picture, cv2.COLOR_RGB2BGR), quality)


def _relative(box: Box, height: int, width: int) -> str:
    """Centre x, y, width and height as shares of the picture: the label format of ultralytics."""
    center_x, center_y = (box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height
    return f"{center_x:.5f} {center_y:.5f} {box.width / width:.5f} {box.height / height:.5f}"


def _of_street(photos: Sequence[StreetPhoto], split: str) -> list[StreetPhoto]:
    """Every tenth photo is for `dev`."""
    every = round(1 / DEV_SHARE)
    return [photo for i, photo in enumerate(photos) if (i % every == 0) == (split == "dev")]


def _street_scenes(photos: Sequence[StreetPhoto], side: int) -> Iterable[Scene]:
    for photo in photos:
        picture = shrink(read_picture(photo.path), side)
        gain = picture.shape[0] / photo.height
        boxes = [(g.category, Box(*(gain * v for v in _corners(g.box)))) for g in photo.garments]
        yield Scene(picture, boxes)


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


def _scenes(
    options: DatasetOptions,
    taxonomy: Taxonomy,
    photos: Sequence[Photo],
    thumbnails: Thumbnails,
    chosen: Sequence[int],
    split: str,
) -> Iterable[Scene]:
    """Scenes of cut-outs on backgrounds; those of `train` also have drawings, bags, and none in some."""
    training = split == "train"
    seed = options.seed + (not training)
    layers = [*_cutouts(photos, thumbnails, chosen, options.side_px)]
    maker = SceneMaker(
        ExampleMaker(taxonomy, seed),
        layers + ([*_bags(options, seed)] if training else []),
        0.15 if training else 0.0,
        seed,
        [*_backgrounds(photos, thumbnails, chosen, options.side_px)],
        empty_share=0.08 if training else 0.0,
        relight=training,
    )
    return (maker.scene(options.side_px) for _ in range(options.scenes if training else options.dev_scenes))


def _persons(
    options: DatasetOptions,
    taxonomy: Taxonomy,
    photos: Sequence[Photo],
    thumbnails: Thumbnails,
    chosen: Sequence[int],
) -> Iterable[Scene]:
    """Drawn persons, some in front of the photos' backgrounds."""
    grounds = [*_backgrounds(photos, thumbnails, chosen, options.side_px)] if options.persons else []
    maker = PersonMaker(ExampleMaker(taxonomy, options.seed), options.seed, grounds)
    return (maker.scene(options.side_px) for _ in range(options.persons))


def _samples(taxonomy: Taxonomy, copies: int, seed: int = 7) -> Iterable[Scene]:
    for index, sample in enumerate(catalogue() if copies else []):
        scene = Scene(*draw_sample(sample, taxonomy, np.random.default_rng([seed, index])))
        yield from [scene] * copies


def _whole_photos(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Scene]:
    for i in indices:
        mask = thumbnails.mask(i)
        if mask is not None:
            yield photo_scene(shrink(read_picture(photos[i].path), side), mask, photos[i].category)


def _cutouts(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Layer]:
    for i in tqdm(list(indices), desc="cut-outs"):
        mask = thumbnails.mask(i)
        if mask is not None:
            yield photo_layer(shrink(read_picture(photos[i].path), side), mask, photos[i].category)


def _backgrounds(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Pixels]:
    """The background of every third photo that shows enough beside the garment."""
    for i in tqdm(list(indices)[::3], desc="backgrounds"):
        mask = thumbnails.mask(i)
        if mask is not None and shows_background(mask):
            yield without_garment(shrink(read_picture(photos[i].path), side), mask)


def _bags(options: DatasetOptions, seed: int, count: int = 150) -> Iterable[Layer]:
    """Bags from Fashion-MNIST, since the photos have none: blurred pictures with real outlines."""
    if options.fashion_mnist is None:
        return
    pictures, categories = load_fashion_mnist(options.fashion_mnist)
    bags = [i for i, category in enumerate(categories) if category == "bag"]
    rng = np.random.default_rng(seed)
    for i in rng.choice(bags, count, replace=False):
        large = np.asarray(cv2.resize(pictures[i], (168, 168), interpolation=cv2.INTER_CUBIC), np.uint8)
        alpha = cv2.GaussianBlur(np.where(large > 12, 255, 0).astype(np.uint8), (0, 0), 1.5)
        tint = rng.uniform(60, 255, 3) / max(1, int(large.max()))
        yield Layer(np.dstack([(large[..., None] * tint).clip(0, 255).astype(np.uint8), alpha]), "bag")
