"""Manifests to what ListModels tells."""

from __future__ import annotations

from armoire.v1 import inference_pb2
from models.manifest import Manifest
from services.inference.service import LoadedGraph

_TASKS = {
    "detector": inference_pb2.MODEL_TASK_DETECT,
    "image": inference_pb2.MODEL_TASK_EMBED_IMAGE,
    "text": inference_pb2.MODEL_TASK_EMBED_TEXT,
}


def graph_to_proto(loaded: LoadedGraph) -> inference_pb2.Model:
    manifest: Manifest = loaded.manifest
    takes_images = loaded.graph != "text"
    return inference_pb2.Model(
        name=manifest.name,
        version=manifest.version.model_version,
        preprocess_version=manifest.version.preprocess_version,
        task=_TASKS[loaded.graph],
        labels=manifest.reported_labels,
        input_width=manifest.image.width if takes_images else 0,
        input_height=manifest.image.height if takes_images else 0,
        embedding_width=manifest.embedding_width,
        precision=manifest.precision,
        source=manifest.source,
        license=manifest.license,
        sha256=manifest.graph_sha256(loaded.graph),
        parity=manifest.parity,
        provider=loaded.provider,
        logit_scale=manifest.logit_scale,
    )
