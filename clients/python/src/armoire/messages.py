"""Between proto messages and this package's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from google.protobuf import timestamp_pb2
from google.type import money_pb2

from armoire.filters import AnyOf, Condition
from armoire.photos import Photo, read_content
from armoire.results import (
    AnalyzedItem,
    AttributeValue,
    Box,
    CatalogLimits,
    ColorShare,
    Detection,
    Detections,
    Embedding,
    Hit,
    ImageAnalysis,
    ImageEmbeddings,
    InferenceLimits,
    Item,
    Job,
    JobItem,
    JobState,
    Model,
    ModelTask,
    Money,
    Product,
    QualityIssue,
    QueryHits,
    SearchResult,
    StageTimings,
)
from armoire.status import error_from_status
from armoire.v1 import catalog_pb2, inference_pb2, types_pb2

_NANOS = 1_000_000_000


def photo_to_proto(photo: Photo) -> types_pb2.ImageInput:
    return types_pb2.ImageInput(content=read_content(photo.source), boxes=map(box_to_proto, photo.boxes))


def box_to_proto(box: Box) -> types_pb2.Box:
    return types_pb2.Box(x1=box.x1, y1=box.y1, x2=box.x2, y2=box.y2)


def box_from_proto(box: types_pb2.Box) -> Box:
    return Box(box.x1, box.y1, box.x2, box.y2)


def embedding_to_proto(embedding: Embedding) -> types_pb2.Embedding:
    return types_pb2.Embedding(
        values=embedding.values,
        model_version=embedding.model_version,
        preprocess_version=embedding.preprocess_version,
    )


def embedding_from_proto(embedding: types_pb2.Embedding) -> Embedding:
    return Embedding(tuple(embedding.values), embedding.model_version, embedding.preprocess_version)


def money_to_proto(money: Money) -> money_pb2.Money:
    units = int(money.amount)
    nanos = int((money.amount - units) * _NANOS)
    return money_pb2.Money(currency_code=money.currency, units=units, nanos=nanos)


def money_from_proto(money: money_pb2.Money) -> Money:
    return Money(Decimal(money.units) + Decimal(money.nanos) / _NANOS, money.currency_code)


def product_to_proto(product: Product) -> catalog_pb2.Product:
    return catalog_pb2.Product(
        id=product.id,
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        price=money_to_proto(product.price) if product.price else None,
        etag=product.etag,
    )


def product_from_proto(product: catalog_pb2.Product) -> Product:
    return Product(
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        price=money_from_proto(product.price) if product.HasField("price") else None,
        id=product.id,
        etag=product.etag,
        create_time=_time_from_proto(product.create_time),
        update_time=_time_from_proto(product.update_time),
    )


def filter_to_proto(conditions: Iterable[Condition]) -> catalog_pb2.Filter:
    return catalog_pb2.Filter(conditions=map(_condition_to_proto, conditions))


def detections_from_proto(
    found: inference_pb2.Detections, model_version: str, preprocess_version: str
) -> Detections:
    return Detections(
        image_width=found.image_width,
        image_height=found.image_height,
        detections=tuple(Detection(box_from_proto(d.box), d.score, d.label) for d in found.detections),
        timings=_timings_from_proto(found.timings),
        model_version=model_version,
        preprocess_version=preprocess_version,
    )


def image_embeddings_from_proto(made: inference_pb2.ImageEmbeddings) -> ImageEmbeddings:
    return ImageEmbeddings(
        tuple(map(embedding_from_proto, made.embeddings)), _timings_from_proto(made.timings)
    )


def analysis_from_proto(analysis: inference_pb2.ImageAnalysis) -> ImageAnalysis:
    return ImageAnalysis(
        image_width=analysis.image_width,
        image_height=analysis.image_height,
        items=tuple(map(_analyzed_item_from_proto, analysis.items)),
        detector_version=analysis.detector_version,
        detector_preprocess_version=analysis.detector_preprocess_version,
        embedder_version=analysis.embedder_version,
        embedder_preprocess_version=analysis.embedder_preprocess_version,
        timings=_timings_from_proto(analysis.timings),
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
    )


def inference_limits_from_proto(limits: inference_pb2.GetInferenceLimitsResponse) -> InferenceLimits:
    return InferenceLimits(
        max_message_bytes=limits.max_message_bytes,
        max_image_bytes=limits.max_image_bytes,
        max_image_pixels=limits.max_image_pixels,
        max_image_frames=limits.max_image_frames,
        min_image_side_px=limits.min_image_side_px,
        max_images_per_call=limits.max_images_per_call,
        max_boxes_per_image=limits.max_boxes_per_image,
        max_texts_per_call=limits.max_texts_per_call,
        max_text_chars=limits.max_text_chars,
        image_formats=tuple(limits.image_formats),
    )


def catalog_limits_from_proto(limits: catalog_pb2.GetCatalogLimitsResponse) -> CatalogLimits:
    return CatalogLimits(
        max_top_k=limits.max_top_k,
        max_page_size=limits.max_page_size,
        max_filter_conditions=limits.max_filter_conditions,
        max_filter_values=limits.max_filter_values,
        max_text_chars=limits.max_text_chars,
        max_image_bytes=limits.max_image_bytes,
        max_image_pixels=limits.max_image_pixels,
        embedding_width=limits.embedding_width,
        filter_fields=tuple(limits.filter_fields),
        max_boxes_per_image=limits.max_boxes_per_image,
        max_name_chars=limits.max_name_chars,
        max_description_chars=limits.max_description_chars,
        max_key_chars=limits.max_key_chars,
        max_filter_value_chars=limits.max_filter_value_chars,
        min_image_side_px=limits.min_image_side_px,
        max_image_frames=limits.max_image_frames,
    )


def job_from_proto(job: catalog_pb2.Job) -> Job:
    return Job(
        id=job.id,
        image_id=job.image_id,
        image_name=job.image_name,
        product_id=job.product_id,
        state=_job_state_from_proto(job.state),
        attempts=job.attempts,
        error=error_from_status(job.error) if job.HasField("error") else None,
        items=tuple(JobItem(item.item_id, item.label, item.primary) for item in job.items),
        create_time=_time_from_proto(job.create_time),
        update_time=_time_from_proto(job.update_time),
        searchable=job.searchable,
    )


def item_from_proto(item: catalog_pb2.Item) -> Item:
    return Item(
        id=item.id,
        image_id=item.image_id,
        image_name=item.image_name,
        product_id=item.product_id,
        box=box_from_proto(item.box),
        image_width=item.image_width,
        image_height=item.image_height,
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        primary=item.primary,
        attributes=_attributes_from_proto(item.attributes),
        colors=_colors_from_proto(item.colors),
        warnings=tuple(map(_issue_from_proto, item.warnings)),
        model_version=item.model_version,
        preprocess_version=item.preprocess_version,
        create_time=_time_from_proto(item.create_time),
        embedding=embedding_from_proto(item.embedding) if item.HasField("embedding") else None,
        crop=item.crop or None,
    )


def search_result_from_proto(found: catalog_pb2.SearchResponse) -> SearchResult:
    return SearchResult(
        queries=tuple(map(_query_from_proto, found.queries)),
        timings=_timings_from_proto(found.timings),
        model_version=found.model_version,
        preprocess_version=found.preprocess_version,
    )


def _condition_to_proto(condition: Condition) -> catalog_pb2.Condition:
    test = condition.test
    if isinstance(test, AnyOf):
        return catalog_pb2.Condition(field=condition.field, any_of=catalog_pb2.StringSet(values=test.values))
    bounds = catalog_pb2.NumberRange(
        at_least=test.at_least, more_than=test.more_than, at_most=test.at_most, less_than=test.less_than
    )
    return catalog_pb2.Condition(field=condition.field, range=bounds)


def _query_from_proto(query: catalog_pb2.QueryHits) -> QueryHits:
    return QueryHits(
        box=box_from_proto(query.box) if query.HasField("box") else None,
        label=query.label,
        whole_image=query.whole_image,
        hits=tuple(map(_hit_from_proto, query.hits)),
    )


def _hit_from_proto(hit: catalog_pb2.Hit) -> Hit:
    return Hit(
        item=item_from_proto(hit.item),
        score=hit.score,
        rank_score=hit.rank_score,
        product=product_from_proto(hit.product) if hit.HasField("product") else None,
        crop=hit.crop or None,
    )


def _analyzed_item_from_proto(item: inference_pb2.AnalyzedItem) -> AnalyzedItem:
    return AnalyzedItem(
        box=box_from_proto(item.box),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        accepted=item.accepted,
        reason=_issue_from_proto(item.reason) if item.reason else None,
        warnings=tuple(map(_issue_from_proto, item.warnings)),
        attributes=_attributes_from_proto(item.attributes),
        colors=_colors_from_proto(item.colors),
        embedding=embedding_from_proto(item.embedding) if item.HasField("embedding") else None,
        crop=item.crop or None,
    )


def _attributes_from_proto(
    attributes: Mapping[str, types_pb2.AttributeValue],
) -> dict[str, AttributeValue]:
    return {name: AttributeValue(a.value, a.score) for name, a in sorted(attributes.items())}


def _colors_from_proto(colors: Iterable[types_pb2.ColorShare]) -> tuple[ColorShare, ...]:
    return tuple(ColorShare(c.name, c.fraction, c.rgb) for c in colors)


def _timings_from_proto(timings: types_pb2.StageTimings) -> StageTimings:
    return StageTimings(
        decode_ns=timings.decode_ns,
        detect_queue_ns=timings.detect_queue_ns,
        detect_ns=timings.detect_ns,
        crop_ns=timings.crop_ns,
        embed_queue_ns=timings.embed_queue_ns,
        embed_ns=timings.embed_ns,
        describe_ns=timings.describe_ns,
        search_ns=timings.search_ns,
        total_ns=timings.total_ns,
    )


def _time_from_proto(time: timestamp_pb2.Timestamp) -> datetime | None:
    """None for the unset time, which reads as the epoch."""
    return time.ToDatetime(tzinfo=UTC) if time.seconds or time.nanos else None


def _issue_from_proto(number: int) -> QualityIssue:
    return QualityIssue(_word(types_pb2.QualityIssue.items(), number, "QUALITY_ISSUE_").lower())


def _job_state_from_proto(number: int) -> JobState:
    return JobState(_word(catalog_pb2.JobState.items(), number, "JOB_STATE_"))


def _model_task_from_proto(number: int) -> ModelTask:
    return ModelTask(_word(inference_pb2.ModelTask.items(), number, "MODEL_TASK_").lower())


def _word(members: Iterable[tuple[str, int]], number: int, prefix: str) -> str:
    """The name of an enum's member without its prefix; empty for one this client does not know."""
    return next((name.removeprefix(prefix) for name, value in members if value == number), "")
