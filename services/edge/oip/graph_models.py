"""The graphs as models: rows go to the runner that all callers of a graph share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.calls import CURRENT_CALL
from models.manifest import Manifest
from services.edge.oip.models import CodingTimes, ModelDescription, TensorSpec, versions_of
from services.edge.oip.parameters import RunOptions
from services.edge.validation import RequestLimits
from services.inference.batching.entries import Array
from services.inference.repository.listing import ListedGraph
from services.inference.run_statistics import GraphStatistics, RunStatistics
from services.inference.runner import Runner
from services.oip.datatypes import DATATYPES, datatype_of

_NAMES = {"image": "image_encoder", "text": "text_encoder"}
"""Of graphs whose own names would be taken for tensors."""
_OUTPUTS = {"detector": "rows", "image": "embeddings", "text": "embeddings"}


@dataclass(frozen=True, slots=True, eq=False)
class GraphModel:
    """One graph of one version. Its statistics count the runs of all callers, not only this protocol's."""

    graph: str
    description: ModelDescription
    runner: Runner
    statistics: GraphStatistics
    coding: CodingTimes = field(default_factory=CodingTimes)

    @property
    def runs(self) -> RunStatistics:
        return self.statistics.of(self.graph)

    async def run(self, rows: Array, options: RunOptions) -> Mapping[str, Array]:
        """Run the rows. Raises as `Runner.submit`."""
        deadline = CURRENT_CALL.get().deadline
        result = await self.runner.submit(rows, deadline=deadline, bulk=options.bulk)
        return {self.description.outputs[0].name: result.outputs}


def describe_graph(loaded: ListedGraph, limits: RequestLimits) -> ModelDescription:
    row, takes_texts = loaded.row, loaded.graph == "text"
    assert row is not None, "it is loaded"
    datatype = datatype_of(row.dtype)
    name = "tokens" if takes_texts else "images"
    largest = row.largest if takes_texts else None
    output = _OUTPUTS.get(loaded.graph, "scores")
    return ModelDescription(
        name=_NAMES.get(loaded.graph, loaded.graph),
        platform="onnxruntime_onnx",
        input=TensorSpec(name, datatype, row.shape, largest, nhwc=not takes_texts),
        outputs=(TensorSpec(output, DATATYPES["FP32"], loaded.output_shape),),
        max_rows=limits.max_texts_per_call if takes_texts else limits.max_images_per_call,
        versions=versions_of(loaded.version),
        max_batch=loaded.max_batch,
        facts=_facts(loaded),
    )


def _facts(loaded: ListedGraph) -> dict[str, str]:
    """What a caller needs to prepare inputs and to read outputs; values that are no text are JSON."""
    manifest = loaded.manifest
    facts: dict[str, Any] = {
        "artifact": manifest.name,
        "source": manifest.source,
        "license": manifest.license,
        "sha256": manifest.graph_sha256(loaded.graph),
        "precision": manifest.precision,
        "provider": loaded.provider,
        "preprocessing": _preprocessing(loaded.graph, manifest),
    }
    if loaded.graph == "detector":
        facts |= {"labels": manifest.labels, "ignored_labels": manifest.ignored_labels}
        facts |= {"head": manifest.head or "", "min_score": manifest.min_score}
    elif loaded.graph in ("image", "text"):
        facts["logit_scale"] = manifest.logit_scale
    else:
        facts["labels"] = manifest.labels
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in facts.items()}


def _preprocessing(graph: str, manifest: Manifest) -> dict[str, Any]:
    settings = manifest.text if graph == "text" else manifest.image
    return {} if settings is None else asdict(settings)
