"""The page that travels with a model and says what it is and what must be done to its input."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, TypeAdapter, ValidationError

from domain.errors import ArtifactError
from domain.types import ModelVersion
from models.bound import Bound
from models.preprocessing import ImagePreprocessing, TextPreprocessing
from models.tag_head import TagHead
from models.tolerance import Precision, Tolerance, tolerance

FILE_NAME = "manifest.json"
GOLDEN_NAME = "golden.npz"
TOKENIZER_NAME = "tokenizer.json"
PROBES_NAME = "probes.json"
"""An embedder's probes, which may be fitted anew without a new version: embeddings stay what they are."""
_NOT_WEIGHTS = (GOLDEN_NAME, TOKENIZER_NAME, PROBES_NAME)

Task: TypeAlias = Literal["detect", "embed", "classify", "tag", "score", "compare"]
"""`score` is how well the items of a set go together, `compare` the same of two by their pictures."""

GRAPHS: Mapping[Task, tuple[str, ...]] = {
    "detect": ("detector",),
    "embed": ("image", "text"),
    "classify": ("classifier",),
    "tag": ("tagger",),
    "score": ("outfit",),
    "compare": ("siamese",),
}
"""The graphs that every model for a task has. A detector with masks also has "segmenter"."""

Head: TypeAlias = Literal["raw", "nms_free"]
"""What a detector's rows are: the best of every anchor, before NMS; or final, one per object."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model is: task, labels, preprocessing, provenance, hashes of its files, figures it passed."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    name: str
    task: Task
    source: str
    license: str
    image: ImagePreprocessing
    opset: int
    files: dict[str, str]
    """sha256 by file name, of everything in the artifact but the manifest."""
    parity: dict[str, float]
    """What the export measured, by figure."""
    text: TextPreprocessing | None = None
    labels: tuple[str, ...] = ()
    ignored_labels: tuple[str, ...] = ()
    """Labels of things that the detector tells apart from what it is for, and that are never reported."""
    min_score: float = 0.25
    """Detections below it are not reported, unless the server or the call says otherwise."""
    head: Head | None = None
    mask_channels: int = 0
    """M, the mask coefficients of each row and the prototypes of each picture; 0 where there are no masks."""
    heads: tuple[TagHead, ...] = ()
    """The questions that a tagger answers, in the order of its outputs."""
    embedder: str = ""
    """The version of the embedder whose embeddings a scorer of sets takes; `image` is that embedder's."""
    slots: tuple[str, ...] = ()
    """The slots that a scorer of sets knows, in the order of its input."""
    max_items: int = 0
    """S, the most items of a set that is scored."""
    embedding_width: int = 0
    logit_scale: float = 0.0
    short_texts: bool = False
    """The text graph also takes token ids (N, L) without columns that are padding in every row."""
    precision: Precision = "fp32"
    tolerance: Tolerance = field(default_factory=Tolerance)
    """How far a server's answers to the golden inputs may be from those in golden.npz."""
    made_with: dict[str, str] = field(default_factory=dict)
    """Version by library name."""
    bounds: dict[str, Bound] = field(default_factory=dict)
    """What each figure of `parity` was held to; empty in artifacts made before bounds were recorded."""
    schema: Literal[1] = 1

    @property
    def version(self) -> ModelVersion:
        """Changes with the weights; and with the preparation of their input."""
        return ModelVersion(self._model_version(), self._preprocess_version())

    @property
    def reported_labels(self) -> tuple[str, ...]:
        """What a detection may be called."""
        return tuple(label for label in self.labels if label not in self.ignored_labels)

    def graph_sha256(self, name: str) -> str:
        return self.files[f"{name}.onnx"]

    def to_json(self) -> str:
        return _codec().dump_json(self, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, content: str | bytes) -> Manifest:
        """Raises ArtifactError for a key that is missing, unknown or of the wrong type."""
        try:
            return _codec().validate_json(content)
        except ValidationError as error:
            raise ArtifactError(f"the manifest cannot be read: {_first_line(error)}") from error

    def check(self) -> None:
        """Raises ArtifactError unless the manifest is complete for its task and its figures hold."""
        for line in (*self._gaps(), *self._failed_figures()):
            raise ArtifactError(f"model {self.name!r}: {line}")

    def _gaps(self) -> list[str]:
        lines = [f"{name} is not listed" for name in self._required_files() if name not in self.files]
        lines += [f"{name!r} is not a plain file name" for name in self.files if Path(name).name != name]
        if not self.tolerance.within(tolerance(self.precision)):
            lines.append(f"its tolerance is wider than {self.precision} needs")
        if (self.image.resize_mode == "letterbox") != (self.task == "detect"):
            lines.append(f"resize mode {self.image.resize_mode!r} is not one for task {self.task!r}")
        if problem := self._resize_gap():
            lines.append(problem)
        if self.mask_channels < 0 or (self.mask_channels and self.task != "detect"):
            lines.append(f"mask_channels is {self.mask_channels} for task {self.task!r}")
        return lines + self._task_gaps()

    def _resize_gap(self) -> str:
        """Empty where the preprocessing scales photos to the input's size, or to a larger one."""
        image = self.image
        if image.resize_size is None:
            return ""
        if image.resize_mode not in ("squash", "shortest"):
            return f"resize_size is not for resize mode {image.resize_mode!r}"
        height, width = image.resize_size
        if height < image.height or width < image.width:
            return f"resize_size {height}x{width} is smaller than the input, {image.height}x{image.width}"
        return ""

    def _task_gaps(self) -> list[str]:
        if self.task == "detect":
            return self._detector_gaps()
        if self.task == "classify":
            return [] if self.labels else ["labels are missing"]
        if self.task == "tag":
            return self._tagger_gaps()
        if self.task == "score":
            return self._scorer_gaps()
        if self.task == "compare":
            return [] if self.embedding_width > 0 else ["embedding_width is missing"]
        if self.text is None or self.embedding_width < 1 or self.logit_scale <= 0:
            return ["text, embedding_width or logit_scale are missing"]
        return []

    def _detector_gaps(self) -> list[str]:
        lines = ["labels or head are missing"] if not self.reported_labels or self.head is None else []
        if not 0 <= self.min_score <= 1:
            lines.append(f"min_score must be from 0 to 1, not {self.min_score:g}")
        unknown = sorted(set(self.ignored_labels) - set(self.labels))
        return lines + [f"it ignores {name!r}, which is none of its labels" for name in unknown]

    def _tagger_gaps(self) -> list[str]:
        lines = [] if self.heads else ["heads are missing"]
        names = [head.name for head in self.heads]
        lines += [f"the head {name!r} is there twice" for name in sorted(set(names)) if names.count(name) > 1]
        return lines + [f"the head {head.name!r} has no values" for head in self.heads if head.width < 1]

    def _scorer_gaps(self) -> list[str]:
        if not self.embedder or not self.slots or self.embedding_width < 1:
            return ["embedder, slots or embedding_width are missing"]
        return [] if self.max_items > 1 else [f"max_items must be 2 or more, not {self.max_items}"]

    def _failed_figures(self) -> list[str]:
        if not self.parity:
            return ["it has no parity figures"]
        names = self.bounds.keys() | self.parity.keys() if self.bounds else set()
        return [line for name in sorted(names) if (line := self._failed_figure(name))]

    def _failed_figure(self, name: str) -> str:
        """Empty where the figure holds."""
        if name not in self.parity:
            return f"{name} is missing"
        if name not in self.bounds:
            return f"{name} has no bound"
        bound, value = self.bounds[name], self.parity[name]
        return "" if bound.holds(value) else f"{name} is {value:.6g}, must be {bound}"

    def _required_files(self) -> list[str]:
        has_masks = self.task == "detect" and self.mask_channels > 0
        graphs = (*GRAPHS[self.task], *(["segmenter"] if has_masks else []))
        names = [f"{graph}.onnx" for graph in graphs]
        return [*names, GOLDEN_NAME, *([TOKENIZER_NAME] if self.task == "embed" else [])]

    def _model_version(self) -> str:
        weights = {name: sha for name, sha in self.files.items() if name not in _NOT_WEIGHTS}
        return f"{self.name}-{_short_hash(*(f'{name}:{sha}' for name, sha in sorted(weights.items())))}"

    def _preprocess_version(self) -> str:
        # Without what is None, so that fields added later do not change the versions of older artifacts.
        parts = [TypeAdapter(ImagePreprocessing).dump_json(self.image, exclude_none=True).decode()]
        if self.text is not None:
            parts += [
                TypeAdapter(TextPreprocessing).dump_json(self.text).decode(),
                self.files[TOKENIZER_NAME],
            ]
        return _short_hash(*parts)


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _codec() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _short_hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _first_line(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
