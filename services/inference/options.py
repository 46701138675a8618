"""Which models a server loads, and how it runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.manifest import GRAPHS, Task
from models.providers import Provider
from services.inference.batching.options import (
    CLASSIFIER_BATCHING,
    DETECTOR_BATCHING,
    IMAGE_BATCHING,
    TEXT_BATCHING,
    BatchingOptions,
)
from services.inference.cores import cpu_count
from services.inference.pipeline.options import PipelineOptions
from services.inference.remote_sessions.address import RemoteAddress


@dataclass(frozen=True, slots=True)
class InferenceOptions:
    """Which models to load and how to run them.

    Attributes:
        classifier: runs on the crops beside the embedder; None: none is served.
        slots: batches on the device at a time; 0 means one per CPU core, or 2 on a GPU.
        intra_op_threads: threads of one run on the CPU.
        exclusive_threads: threads of an exclusive run, which has the CPU to itself; 0 means one per CPU core.
        threads: threads for pixel work; 0 means one per CPU core. Bulk work has additional threads.
        max_pixels_in_flight: decoded pixels in use at a time, 3 bytes each.
        named: the references of the models, by task, where they were loaded by one.
        configured: the references that the settings name, by task, which aliases of the last run may replace.
        remote: model servers that run graphs, by graph; of the models that the settings name, not of others.
        remote_slots: batches of a graph at its model server at a time.
        remote_timeout_s: time that a model server has for a batch.
        max_model_bytes: memory for all models together; 0 means what is free.
        journal_folder: folder of the models' history and aliases; None if they end with the process.
        cache_folder: folder of label embeddings, optimized graphs, TensorRT engines and checked facts.
    """

    detector: Path
    embedder: Path
    classifier: Path | None = None
    provider: Provider = "cpu"
    slots: int = 0
    threads: int = 0
    intra_op_threads: int = 1
    exclusive_threads: int = 0
    verify_golden: bool = True
    max_pixels_in_flight: int = 200_000_000
    cache_folder: Path | None = None
    journal_folder: Path | None = None
    max_model_bytes: int = 0
    named: Mapping[str, str] = field(default_factory=dict)
    configured: Mapping[str, str] = field(default_factory=dict)
    remote: Mapping[str, RemoteAddress] = field(default_factory=dict)
    remote_slots: int = 4
    remote_timeout_s: float = 30.0
    detector_batching: BatchingOptions = DETECTOR_BATCHING
    image_batching: BatchingOptions = IMAGE_BATCHING
    text_batching: BatchingOptions = TEXT_BATCHING
    classifier_batching: BatchingOptions = CLASSIFIER_BATCHING
    pipeline: PipelineOptions = PipelineOptions()

    @property
    def references(self) -> dict[str, str]:
        """The references of the models, by task."""
        folders = {"detect": self.detector, "embed": self.embedder, "classify": self.classifier}
        return {task: str(folder) for task, folder in folders.items() if folder} | dict(self.named)

    @property
    def batching(self) -> dict[str, BatchingOptions]:
        """The options by the name of the graph."""
        return {
            "detector": self.detector_batching,
            "image": self.image_batching,
            "text": self.text_batching,
            "classifier": self.classifier_batching,
        }

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs that are served."""
        return ("detector", "image", "text", *(() if self.classifier is None else ("classifier",)))

    def remote_graphs(self, task: Task, reference: str) -> dict[str, RemoteAddress]:
        """The graphs of a model, loaded by a reference, that model servers run."""
        if self.configured.get(task, reference) != reference:
            return {}
        return {graph: self.remote[graph] for graph in GRAPHS[task] if graph in self.remote}

    def slot_count(self) -> int:
        return self.slots or (cpu_count() if self.provider == "cpu" else 2)

    def pixel_threads(self) -> int:
        return self.threads or cpu_count()

    def bulk_pixel_threads(self) -> int:
        """Threads for bulk pixel work: half as many if models run on the same cores, as many for a GPU."""
        return max(1, self.pixel_threads() // 2) if self.provider == "cpu" else self.pixel_threads()

    def exclusive_thread_count(self) -> int:
        """Threads of an exclusive run; 0 if it would have no more than any other run."""
        threads = self.exclusive_threads or cpu_count()
        shared = self.provider == "cpu" and self.slot_count() > 1
        return threads if shared and threads > self.intra_op_threads else 0
