"""Messages of the inference service."""

from __future__ import annotations

from armoire.messages.enums import enum_reader, issue_from_proto, issues_from_proto
from armoire.messages.types import (
    attributes_from_proto,
    box_from_proto,
    colors_from_proto,
    embedding_from_proto,
    scored_values_from_proto,
    timings_from_proto,
)
from armoire.v1 import inference_pb2
from armoire.values.inference import (
    AnalyzedItem,
    Detection,
    Detections,
    ImageAnalysis,
    ImageEmbeddings,
    Model,
    ModelState,
    ModelTask,
)


def detections_from_proto(
    found: inference_pb2.Detections, model_version: str, preprocess_version: str
) -> Detections:
    return Detections(
        image_width=found.image_width,
        image_height=found.image_height,
        detections=tuple(Detection(box_from_proto(d.box), d.score, d.label) for d in found.detections),
        timings=timings_from_proto(found.timings),
        model_version=model_version,
        preprocess_version=preprocess_version,
    )


def image_embeddings_from_proto(made: inference_pb2.ImageEmbeddings) -> ImageEmbeddings:
    embeddings = tuple(map(embedding_from_proto, made.embeddings))
    return ImageEmbeddings(embeddings, timings_from_proto(made.timings))


def analysis_from_proto(analysis: inference_pb2.ImageAnalysis) -> ImageAnalysis:
    return ImageAnalysis(
        image_width=analysis.image_width,
        image_height=analysis.image_height,
        items=tuple(map(analyzed_item_from_proto, analysis.items)),
        detector_version=analysis.detector_version,
        detector_preprocess_version=analysis.detector_preprocess_version,
        embedder_version=analysis.embedder_version,
        embedder_preprocess_version=analysis.embedder_preprocess_version,
        timings=timings_from_proto(analysis.timings),
        warnings=issues_from_proto(analysis.warnings),
        classifier_version=analysis.classifier_version,
        classifier_preprocess_version=analysis.classifier_preprocess_version,
        vocabulary_version=analysis.vocabulary_version,
    )


def model_from_proto(model: inference_pb2.Model) -> Model:
    return Model(
        name=model.name,
        version=model.version,
        preprocess_version=model.preprocess_version,
        task=_model_task_from_proto(model.task),
        labels=tuple(model.labels),
        input_width=model.input_width,
        input_height=model.input_height,
        embedding_width=model.embedding_width,
        precision=model.precision,
        source=model.source,
        license=model.license,
        sha256=model.sha256,
        parity=dict(model.parity),
        provider=model.provider,
        logit_scale=model.logit_scale,
        state=_model_state_from_proto(model.state),
        aliases=tuple(model.aliases),
        max_batch=model.max_batch,
        context_length=model.context_length,
        reference=model.reference,
        memory_bytes=model.memory_bytes,
        failure=model.failure,
    )


def analyzed_item_from_proto(item: inference_pb2.AnalyzedItem) -> AnalyzedItem:
    return AnalyzedItem(
        box=box_from_proto(item.box),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        accepted=item.accepted,
        reason=issue_from_proto(item.reason) if item.reason else None,
        warnings=issues_from_proto(item.warnings),
        attributes=attributes_from_proto(item.attributes),
        colors=colors_from_proto(item.colors),
        embedding=embedding_from_proto(item.embedding) if item.HasField("embedding") else None,
        crop=item.crop or None,
        categories=scored_values_from_proto(item.categories),
        garment_score=item.garment_score if item.HasField("garment_score") else None,
    )


_model_task_from_proto = enum_reader(ModelTask, inference_pb2.ModelTask.items(), "MODEL_TASK_")
_model_state_from_proto = enum_reader(ModelState, inference_pb2.ModelState.items(), "MODEL_STATE_")
