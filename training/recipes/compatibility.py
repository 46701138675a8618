"""Trains a scorer of outfits: a transformer over the embeddings of the items of a set.

It learns to tell outfits from sets of items of the same categories, and to find the item that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.nn import functional

from domain.errors import InvalidInput
from domain.garment_types import Slot
from domain.types import FloatArray
from export.outfit.network import OutfitConfig, OutfitNetwork, write_outfit_folder
from models.artifact import Artifact
from training.data.outfit_data import OutfitData, Outfits, outfit_facts, read_outfit_data
from training.data.outfit_sets import BlankQuestion
from training.evaluation.intervals import Estimate, mean
from training.evaluation.outfit_figures import OutfitTest, ask, measure, right_shares, values
from training.recipes.epoch_run import EpochRun
from training.recipes.item_embeddings import embed_items
from training.recipes.memory import step_memory
from training.recipes.outfit_batches import ItemTable, Negatives, OutfitBatch, OutfitBatches
from training.recipes.outfit_report import write_outfit_report
from training.recipes.params import RecipeParams

MODEL = "model"
SLOTS = tuple(slot.value for slot in Slot)
_GATE_SETS = 32
_ROWS = 1024


class OutfitNetworkParams(BaseModel):
    """The network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(128, ge=8, description="of tokens")
    depth: int = Field(2, ge=1, description="blocks")
    heads: int = Field(4, ge=1, description="of attention; they divide the width")
    dropout: float = Field(0.2, ge=0, lt=1, description="of tokens and of the outputs of layers")
    max_items: int = Field(12, ge=2, le=32, description="of a set; outfits of the server have up to 12")
    noise: float = Field(
        0.3, ge=0, description="length of what is added at random to embeddings, which have the length 1"
    )


class LossWeights(BaseModel):
    """The weight of each loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    compatible: float = Field(1.0, ge=0, description="of binary cross-entropy of outfits and other sets")
    missing: float = Field(0.5, ge=0, description="of cross-entropy of the item that is asked for")


class CompatibilityParams(RecipeParams):
    """The keys of the recipe `compatibility`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {"network": {"width": 64}, "batch": 64, "learning_rate": 1e-3, "threads": 1},
        "gpu-4gb": {"network": {"width": 256, "depth": 4}, "batch": 256, "learning_rate": 5e-4},
        "gpu": {"network": {"width": 512, "depth": 6, "heads": 8}, "batch": 2048, "learning_rate": 5e-4},
    }

    data: OutfitData
    embedder: Path = Field(description="the artifact that gives the embeddings of crops, or of names")
    network: OutfitNetworkParams = OutfitNetworkParams()
    negatives: Negatives = Negatives()
    weights: LossWeights = LossWeights()
    temperature: float = Field(
        0.1, gt=0, description="by which cosines of the item that is asked for are divided"
    )
    license: str = Field("unspecified", min_length=1, description="of the weights, for the artifact")


def train_compatibility(params: CompatibilityParams, folder: Path) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the folder that `export outfit` takes.

    Raises:
        InvalidInput: data is missing, or the run was started with other params or other data.
        ArtifactError: the embedder is none.
    """
    torch.set_num_threads(params.threads)
    torch.manual_seed(params.seed)
    if params.network.width % params.network.heads:
        raise InvalidInput("network.heads", f"must divide the width {params.network.width}")
    outfits = read_outfit_data(params.data)
    facts = outfit_facts(outfits)
    folder.mkdir(parents=True, exist_ok=True)
    artifact = Artifact.load(params.embedder)
    items = [*outfits.items.values()]
    embeddings = embed_items(items, artifact, folder, "".join(facts.values()))
    table = ItemTable.of(items, embeddings, SLOTS)
    run = CompatibilityRun(params, folder, outfits, table, artifact, facts)
    run.resume()
    run.train()
    model = run.write_model()
    write_outfit_report(run, "Scorer of outfits", f"python -m export outfit {model} --name outfit-scorer")
    return model


class CompatibilityRun(EpochRun):
    """A scorer of outfits in training."""

    name = "compatibility"
    figure = "validation AUC"

    def __init__(
        self,
        params: CompatibilityParams,
        folder: Path,
        outfits: Outfits,
        table: ItemTable,
        artifact: Artifact,
        facts: Mapping[str, str],
    ) -> None:
        self.params, self.folder, self.outfits, self.table = params, folder, outfits, table
        self._batches_of = OutfitBatches(
            outfits.train, table, params.negatives, params.network.max_items, params.seed
        )
        embedder = {"embedder": artifact.version.model_version}
        network = OutfitNetwork(_config(params, table, artifact), params.network.dropout)
        super().__init__(params, folder, network, {**facts, **embedder})
        self._rows = table.rows.to(self._mixed.device)
        self._test = OutfitTest.of_split(outfits, "validation")

    def measure(self, split: str) -> dict[str, Estimate]:
        """The figures of the averaged weights."""
        test = OutfitTest.of_split(self.outfits, split)
        measured = measure(ask(self.score, test), test)
        if test.questions:
            shares = right_shares(self.found(test.questions), test.questions)
            measured["fill in the blank, by the item found"] = mean(shares)
        return measured

    def memory(self) -> str:
        """A sentence on the memory of a step."""
        params = self.params
        sets = params.batch * (2 + params.negatives.changed + params.negatives.random)
        probe = torch.zeros(2, params.network.max_items, self.table.rows.shape[1])
        memory = step_memory(self.model, probe, sets)
        return (
            f"Computed memory of a step with {params.batch} outfits, which make {sets} sets: "
            f"{memory.fp32_bytes / 2**20:.0f} MiB in fp32, {memory.half_bytes / 2**20:.0f} MiB in mixed "
            "precision, beside what the device's libraries take."
        )

    @torch.no_grad()
    def score(self, sets: Sequence[tuple[str, ...]]) -> FloatArray:
        """The probability (N,) that the items of each set go together, by the averaged weights."""
        index = self.table.index
        packed = self.table.packed(
            [[index[id] for id in each] for each in sets], self.params.network.max_items
        )
        return self._outputs(packed)[:, 0].sigmoid().numpy()

    @torch.no_grad()
    def found(self, questions: Sequence[BlankQuestion]) -> FloatArray:
        """The cosine (Q, answers) of each answer with the embedding that is found for the blank."""
        index, first = self.table.index, self.table.width
        sets = []
        for question in questions:
            right = self.table.rows[index[question.answers[question.right]]]
            slot = int(right[first:].argmax())
            sets.append([*(index[id] for id in question.outfit), 1 + slot])
        wanted = self._outputs(self.table.packed(sets, self.params.network.max_items))[:, 1:]
        answers = torch.tensor([[index[id] for id in question.answers] for question in questions])
        return torch.einsum("qd,qad->qa", wanted, self.table.embeddings(answers)).numpy()

    def write_model(self) -> Path:
        """Write the best weights, and validation outfits for the gate, of every second of which an item is
        asked for.
        """
        rows = []
        for number, outfit in enumerate(self.outfits.validation[:_GATE_SETS]):
            items = [self.table.index[item.id] for item in outfit.items]
            if number % 2:
                items[-1] = 1 + SLOTS.index(outfit.items[-1].slot)
            rows.append(items)
        sets = self.table.rows[self.table.packed(rows, self.params.network.max_items)].numpy()
        folder = self.folder / MODEL
        write_outfit_folder(folder, self.average, np.ascontiguousarray(sets))
        return folder

    def _outputs(self, packed: Tensor) -> Tensor:
        parts = packed.split(_ROWS)  # type: ignore[no-untyped-call]
        with self._mixed.autocast():
            return torch.cat([self.average(self._rows[part]).float().cpu() for part in parts])

    def _parameter_groups(self) -> list[dict[str, Any]]:
        rate, decay = self.params.learning_rate, self.params.weight_decay
        parameters = [*self.model.parameters()]
        groups = (
            ([each for each in parameters if each.ndim == 2], decay),
            ([each for each in parameters if each.ndim != 2], 0.0),
        )
        return [
            {"params": each, "lr": rate, "initial_lr": rate, "weight_decay": value} for each, value in groups
        ]

    def _batches(self, epoch: int) -> Iterator[OutfitBatch]:
        return self._batches_of.epoch(epoch, self.params.batch)

    def _batch_count(self) -> int:
        return -(-len(self._batches_of) // self.params.batch)

    def _losses(self, batch: OutfitBatch) -> dict[str, Tensor]:
        count, weights = len(batch.sets), self.params.weights
        rows = self._noisy(self._rows[torch.cat([batch.sets, batch.asked])])
        outputs = self.model(rows).float()
        labels = batch.labels.to(outputs.device)
        # an outfit counts as much as all that it is told apart from
        weight = torch.where(
            labels > 0, (1 - labels).sum() / labels.sum().clamp(min=1), torch.ones_like(labels)
        )
        compatible = functional.binary_cross_entropy_with_logits(
            outputs[:count, 0], labels, weight / weight.mean()
        )
        candidates = self._rows[batch.candidates][..., : self.table.width]
        cosines = torch.einsum("bd,bcd->bc", outputs[count:, 1:], candidates)
        right = torch.zeros(len(cosines), dtype=torch.int64, device=cosines.device)
        missing = functional.cross_entropy(cosines / self.params.temperature, right)
        return {"compatible": weights.compatible * compatible, "missing": weights.missing * missing}

    def _noisy(self, rows: Tensor) -> Tensor:
        """Rows whose embeddings, where there are some, are moved at random."""
        width, length = self.table.width, self.params.network.noise
        embeddings = rows[..., :width]
        moved = functional.normalize(
            embeddings + torch.randn_like(embeddings) * (length / width**0.5), dim=-1
        )
        shown = embeddings.abs().sum(dim=-1, keepdim=True) > 0
        return torch.cat([torch.where(shown, moved, embeddings), rows[..., width:]], dim=-1)

    def _validate(self) -> dict[str, float]:
        figures = values(ask(self.score, self._test), self._test)
        found = right_shares(self.found(self._test.questions), self._test.questions)
        areas = [value for name, value in figures.items() if name.startswith("AUC")]
        named = {f"validation {name}": value for name, value in figures.items()}
        return {
            self.figure: float(np.mean(areas)),
            **named,
            "validation item found": float(np.mean(found)) if found else 0.0,
        }


def _config(params: CompatibilityParams, table: ItemTable, artifact: Artifact) -> OutfitConfig:
    network, manifest = params.network, artifact.manifest
    return OutfitConfig(
        embedding_width=table.width,
        slots=SLOTS,
        max_items=network.max_items,
        width=network.width,
        depth=network.depth,
        heads=network.heads,
        embedder=artifact.version.model_version,
        image=manifest.image,
        license=params.license,
        source=f"python -m training compatibility on {params.data.path.name}",
    )
