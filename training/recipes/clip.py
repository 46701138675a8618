"""Fine-tunes an open_clip model on pictures with a sentence each, and keeps what it could do before.

Whole matrices are trained, or changes of low rank; one tower may keep its weights. At the end the weights are
moved back towards those before, as far as the validation says that this is better.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import cv2
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from domain.errors import InvalidInput
from training.data.pairs import Pair, PairData, Pairs, pairs_sha256, read_pairs
from training.data.picture_data import LabelledPicture, PictureData, pictures_sha256, read_pictures
from training.recipes.classification_views import Augmentation
from training.recipes.clip_figures import EmbeddedPairs, found_picture, found_text, named
from training.recipes.clip_losses import contrastive_loss, sigmoid_loss
from training.recipes.clip_network import (
    ClipModelParams,
    ClipStart,
    LowRankParams,
    embed_texts,
    load_start,
    prepare,
    tokens_of,
    weights_sha256,
    write_model,
)
from training.recipes.clip_report import write_clip_report
from training.recipes.epoch_run import EpochRun
from training.recipes.low_rank import merged_weights
from training.recipes.optimization import interpolated
from training.recipes.params import RecipeParams
from training.recipes.picture_batches import Batch, Views, in_order, normalizer, shuffled

MODEL = "model"
HIGHEST_SCALE = 100.0
"""Of the logits, as in CLIP."""
_TEXTS = 256


class KeptParams(BaseModel):
    """What the model is to name as well as before, beside the pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path | None = Field(
        None, description="labelled pictures that are not trained on, a folder or a table; null: none"
    )
    split: str = Field("test", min_length=1, description="their split")
    limit: int = Field(0, ge=0, description="most pictures of a label; 0: all")
    most_lost: float = Field(
        0.02, ge=0, le=1, description="by how much the share that is named rightly may fall"
    )


class ClipAugmentation(Augmentation):
    """As of classifiers, but the colours that sentences name are left as they are."""

    crop: float = Field(0.6, gt=0, le=1, description="smallest share of the picture's area in a view")
    jitter: float = Field(0.1, ge=0, lt=1, description="largest change of light and saturation, as a share")
    hue: float = Field(0.0, ge=0, le=0.5, description="largest change of hue, as a share of the circle")
    turn_deg: float = Field(5.0, ge=0, le=45, description="largest turn to either side")
    erase: float = Field(0.0, ge=0, le=1, description="probability that a part of a view is painted over")


class ClipParams(RecipeParams):
    """The keys of the recipe `clip`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {"low_rank": {"rank": 8}, "learning_rate": 5e-4, "threads": 1},
        "gpu-4gb": {
            "low_rank": {"rank": 8},
            "learning_rate": 2e-4,
            "accumulation": 4,
            "workers": 2,
            "model": {"checkpointing": True},
        },
        "gpu": {"batch": 256, "workers": 8},
    }

    epochs: int = Field(10, ge=1, description="passes over the training split")
    patience: int = Field(
        3, ge=1, description="epochs without a better validation figure after which it ends"
    )
    learning_rate: float = Field(1e-5, gt=0, lt=1, description="the highest, of AdamW")
    data: PairData
    model: ClipModelParams = ClipModelParams()
    low_rank: LowRankParams = LowRankParams()
    loss: Literal["contrastive", "sigmoid"] = Field(
        "contrastive", description="as of CLIP or of SigLIP, whose logits have a bias"
    )
    prompt: str = Field("a photo of a {}", description="for zero-shot figures; {} is the label in lower case")
    interpolation_steps: int = Field(
        5, ge=2, description="shares of the change that are tried, from none to all; 2: none or all"
    )
    kept: KeptParams = KeptParams()
    augmentation: ClipAugmentation = ClipAugmentation()


@dataclass(frozen=True, slots=True)
class Share:
    """How the model does with a share of the change; `kept` is None without pictures for it."""

    share: float
    retrieval: float
    kept: float | None


def train_clip(params: ClipParams, folder: Path) -> Path:
    """Fine-tune, or resume from the folder's last checkpoint; returns the folder that open_clip reads.

    `python -m export clip local-dir:FOLDER/model` takes it. The test split is measured at the end.

    Raises:
        InvalidInput: data or weights are missing, or the run was started with other params or other data.
    """
    torch.set_num_threads(params.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(params.seed)
    if "{}" not in params.prompt:
        raise InvalidInput("prompt", "must have {} in the place of the label")
    pairs = read_pairs(params.data)
    kept = _kept_pictures(params.kept)
    start = load_start(params.model)
    folder.mkdir(parents=True, exist_ok=True)
    run = ClipRun(params, folder, start, pairs, kept)
    run.resume()
    run.train()
    shares = run.choose_share()
    write_model(folder / MODEL, run.result, start)
    write_clip_report(run, shares)
    return folder / MODEL


class ClipRun(EpochRun):
    """An open_clip model in training."""

    name = "clip"
    figure = "validation retrieval"

    def __init__(
        self,
        params: ClipParams,
        folder: Path,
        start: ClipStart,
        pairs: Pairs,
        kept: Sequence[LabelledPicture],
    ) -> None:
        self.params, self.folder, self.pairs, self.start, self.kept = params, folder, pairs, start, kept
        self.result = copy.deepcopy(start.network).eval()
        self.before = {name: tensor.clone() for name, tensor in start.network.state_dict().items()}
        self.share = 1.0
        prepare(start.network, params.model, params.low_rank)
        _start_loss(start.network, params.loss)
        super().__init__(params, folder, start.network, _data_facts(pairs, kept, self.before))
        self.result.to(self._mixed.device)
        self._normalized = normalizer(start.image.mean, start.image.std, self._mixed.device)
        texts = list(dict.fromkeys(pair.text for pair in pairs.train))
        places = {text: index for index, text in enumerate(texts)}
        self._tokens = tokens_of(start, texts)
        self._text_ids = torch.tensor([places[pair.text] for pair in pairs.train])

    def choose_share(self) -> list[Share]:
        """Load into `result` the best share of the change by the validation; returns what was tried.

        Shares that lose too much of what is to be kept are left out; of equal ones the smallest wins.
        """
        after, last = merged_weights(self.average), self.params.interpolation_steps - 1
        tried = [self._measured(after, step / last) for step in range(last + 1)]
        least = (tried[0].kept or 0.0) - self.params.kept.most_lost
        allowed = [each for each in tried if each.kept is None or each.kept >= least]
        self.share = max(allowed, key=lambda each: (each.retrieval, -each.share)).share
        self.load_share(after, self.share)
        return tried

    def load_share(self, after: Mapping[str, Tensor], share: float) -> None:
        """Load a share of the change between the weights before and `after` into `result`."""
        self.result.load_state_dict(interpolated(self.before, after, share))

    def embedded(self, network: Any, pairs: Sequence[Pair]) -> EmbeddedPairs:
        """Embeddings of pairs, of their different sentences and of their labels' prompts."""
        texts = list(dict.fromkeys(pair.text for pair in pairs))
        labels = sorted({pair.label for pair in pairs} - {""})
        places = {text: index for index, text in enumerate(texts)}
        numbers = {label: index for index, label in enumerate(labels)}
        return EmbeddedPairs(
            self._images(network, pairs),
            self._texts(network, texts),
            torch.tensor([places[pair.text] for pair in pairs]),
            torch.tensor([numbers.get(pair.label, -1) for pair in pairs]),
            self._texts(network, [self.params.prompt.format(label.lower()) for label in labels]),
            [pair.group for pair in pairs],
        )

    def kept_share(self, network: Any) -> float | None:
        """The share of the pictures that are to be kept which is named rightly; None without any."""
        if not self.kept:
            return None
        pairs = [Pair(each.path, "", each.label, each.split, each.group) for each in self.kept]
        return float(named(self.embedded(network, pairs)).float().mean())

    def forward(self, count: int) -> object:
        """The forward pass of a step with so many pairs, for what it takes in memory."""
        side = self.start.image.width
        pictures = torch.zeros(count, 3, side, side, device=self._mixed.device)
        tokens = self._tokens[:1].repeat(count, 1).to(self._mixed.device)
        return self.model.encode_image(pictures) @ embed_texts(self.model, tokens).T

    def _parameter_groups(self) -> list[dict[str, Any]]:
        groups: dict[float, list[torch.nn.Parameter]] = {}
        for parameter in self.model.parameters():
            if parameter.requires_grad:
                decay = self.params.weight_decay if parameter.ndim > 1 else 0.0
                groups.setdefault(decay, []).append(parameter)
        rate = self.params.learning_rate
        return [
            {"params": each, "lr": rate, "initial_lr": rate, "weight_decay": decay}
            for decay, each in groups.items()
        ]

    def _set_training_mode(self) -> None:
        self.model.train()
        for module in self.model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.train(not self.start.keeps_statistics and module.weight.requires_grad)

    def _batches(self, epoch: int) -> Iterator[Batch]:
        seed = (self.params.seed, epoch)
        views = Views(
            [pair.file for pair in self.pairs.train],
            self.start.image.width,
            self.params.augmentation,
            seed,
            self.start.image,
        )
        return shuffled(views, self.params.batch, self.params.workers)

    def _batch_count(self) -> int:
        return -(-len(self.pairs.train) // self.params.batch)

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        pictures, indices = batch
        device = self._mixed.device
        text_ids = self._text_ids[indices]
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=torch.tensor(HIGHEST_SCALE).log())
        images = self.model.encode_image(self._normalized(pictures), normalize=True)
        texts = embed_texts(self.model, self._tokens[text_ids].to(device))
        logits = self.model.logit_scale.exp() * images @ texts.T
        same = (text_ids[:, None] == text_ids[None]).to(device)
        if self.params.loss == "contrastive":
            return {"contrastive": contrastive_loss(logits, same)}
        return {"sigmoid": sigmoid_loss(logits + self.model.logit_bias, same)}

    def _validate(self) -> dict[str, float]:
        pairs = self.embedded(self.average, self.pairs.validation)
        figures = {
            self.figure: _retrieval(pairs),
            "validation text": float(found_text(pairs, 1).float().mean()),
            "validation picture": float(found_picture(pairs).float().mean()),
        }
        if len(pairs.prompts):
            figures["validation zero-shot"] = float(named(pairs).float().mean())
        return figures

    def _measured(self, after: Mapping[str, Tensor], share: float) -> Share:
        self.load_share(after, share)
        pairs = self.embedded(self.result, self.pairs.validation)
        return Share(share, _retrieval(pairs), self.kept_share(self.result))

    @torch.no_grad()
    def _images(self, network: Any, pairs: Sequence[Pair]) -> Tensor:
        side = self.start.image.width
        views = Views([pair.file for pair in pairs], side, fit=self.start.image)
        rows = []
        for pictures, _ in in_order(views, 2 * self.params.batch, self.params.workers):
            with self._mixed.autocast():
                rows.append(network.encode_image(self._normalized(pictures), normalize=True).float().cpu())
        return torch.cat(rows)

    @torch.no_grad()
    def _texts(self, network: Any, texts: Sequence[str]) -> Tensor:
        if not texts:
            return torch.zeros(0, 1)
        rows = []
        for tokens in tokens_of(self.start, texts).split(_TEXTS):  # type: ignore[no-untyped-call]
            with self._mixed.autocast():
                rows.append(embed_texts(network, tokens.to(self._mixed.device)).float().cpu())
        return torch.cat(rows)


def _retrieval(pairs: EmbeddedPairs) -> float:
    """The mean of both directions' shares in which the first that is found is right."""
    both = found_text(pairs, 1).float().mean(), found_picture(pairs).float().mean()
    return float(sum(both) / 2)


def _start_loss(network: Any, loss: str) -> None:
    """Raises InvalidInput where the loss needs a bias that the model has not."""
    if loss == "sigmoid" and getattr(network, "logit_bias", None) is None:
        raise InvalidInput(
            "loss",
            "is sigmoid, but the model has no logit_bias (init_logit_bias of its config)",
        )


def _kept_pictures(kept: KeptParams) -> tuple[LabelledPicture, ...]:
    if kept.path is None:
        return ()
    data = PictureData(path=kept.path, train_split=kept.split, validation_split=kept.split, limit=kept.limit)
    return read_pictures(data).validation


def _data_facts(pairs: Pairs, kept: Sequence[LabelledPicture], weights: dict[str, Tensor]) -> dict[str, str]:
    splits = {name: getattr(pairs, name) for name in ("train", "validation", "test")}
    facts = {f"{name} pairs": str(len(split)) for name, split in splits.items()}
    facts |= {f"{name} sha256": pairs_sha256(split) for name, split in splits.items() if split}
    if kept:
        facts |= {"kept pictures": str(len(kept)), "kept sha256": pictures_sha256(kept)}
    return facts | {"weights before sha256": weights_sha256(weights)}
