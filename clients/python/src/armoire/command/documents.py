"""Results as JSON documents. Their keys are part of the command's interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from armoire.errors import ArmoireError
from armoire.results import (
    AnalyzedItem,
    AttributeValue,
    Box,
    Embedding,
    Health,
    Hit,
    ImageAnalysis,
    Job,
    Model,
    QueryHits,
    SearchResult,
    StageTimings,
)

Document: TypeAlias = dict[str, Any]


def error_document(error: ArmoireError) -> Document:
    return {"code": error.code, "reason": error.reason, "field": error.field, "message": error.message}


def health_document(address: str, health: Health) -> Document:
    return {"address": address, "serving": health.serving, "services": dict(health.services)}


def model_document(model: Model) -> Document:
    return asdict(model)


def analysis_document(image: str, analysis: ImageAnalysis) -> Document:
    return {
        "image": image,
        "items": [_analyzed_item(item) for item in analysis.items],
        "model_versions": {
            "detector": analysis.detector_version,
            "detector_preprocess": analysis.detector_preprocess_version,
            "embedder": analysis.embedder_version,
            "embedder_preprocess": analysis.embedder_preprocess_version,
        },
        "timings_ms": _timings_ms(analysis.timings),
    }


def embedding_document(kind: str, source: str, embedding: Embedding) -> Document:
    """`kind` is "image" or "text"."""
    return {
        kind: source,
        "embedding": list(embedding.values),
        "model_version": embedding.model_version,
        "preprocess_version": embedding.preprocess_version,
    }


def indexed_document(image: str, job: Job | None) -> Document:
    """What became of a photo; without a job where the server did not take it."""
    return {
        "image": image,
        "job_id": job.id if job else None,
        "state": str(job.state) if job else None,
        "items": _job_items(job),
        "error": error_document(job.error) if job and job.error else None,
    }


def job_document(job: Job) -> Document:
    return {
        "job_id": job.id,
        "image": job.image_name,
        "state": str(job.state),
        "error": error_document(job.error) if job.error else None,
        "items": _job_items(job),
    }


def missing_job_document(job_id: str) -> Document:
    return {"job_id": job_id, "image": None, "state": None, "error": None, "items": []}


def search_document(found: SearchResult) -> Document:
    return {"queries": [_query(query) for query in found.queries]}


def _analyzed_item(item: AnalyzedItem) -> Document:
    return {
        "box_xyxy": _box(item.box),
        "score": _number(item.score),
        "label": item.label,
        "attributes": _attributes(item.attributes),
        "colors": [{"name": c.name, "fraction": _number(c.fraction)} for c in item.colors],
        "accepted": item.accepted,
        "reason": str(item.reason) if item.reason else None,
    }


def _query(query: QueryHits) -> Document:
    return {
        "box_xyxy": _box(query.box) if query.box else None,
        "label": query.label or None,
        "hits": [_hit(hit) for hit in query.hits],
    }


def _hit(hit: Hit) -> Document:
    return {
        "item_id": hit.item.id,
        "product_id": hit.item.product_id or None,
        "score": _number(hit.score),
        "label": hit.item.label,
        "attributes": _attributes(hit.item.attributes),
        "image": hit.item.image_name,
    }


def _job_items(job: Job | None) -> list[Document]:
    return [asdict(item) for item in job.items] if job else []


def _attributes(attributes: Mapping[str, AttributeValue]) -> Document:
    return {name: {"value": a.value, "score": _number(a.score)} for name, a in attributes.items()}


def _timings_ms(timings: StageTimings) -> dict[str, float]:
    """Milliseconds by stage."""
    return {name.removesuffix("_ns"): ns / 1e6 for name, ns in asdict(timings).items()}


def _box(box: Box) -> list[float]:
    return [round(side, 2) for side in box.xyxy]


def _number(value: float) -> float:
    """Without the digits that float32 made up."""
    return round(value, 6)
