"""Results as JSON documents. Their keys are part of the command's interface."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from armoire.errors import ArmoireError
from armoire.values.admin import ApiKey, LoggedPrediction
from armoire.values.audit import AuditRecord
from armoire.values.corrections import Correction
from armoire.values.images import DuplicateGroup, DuplicatePhoto, Image, ImageUrl
from armoire.values.indexing import IndexingJob, IndexingJobCount
from armoire.values.inference import AnalyzedItem, ImageAnalysis, Model
from armoire.values.items import Item
from armoire.values.models import ModelEvent, ShadowReport
from armoire.values.outfits import Outfit, OutfitItem
from armoire.values.products import Money, Product
from armoire.values.reviews import Agreement, Coverage, ReviewItem, ReviewStatistics
from armoire.values.search import Facet, Hit, QueryHits, SearchResult
from armoire.values.server import Health
from armoire.values.types import AttributeValue, Box, ColorShare, Embedding, ScoredValue, StageTimings
from armoire.values.users import User

Document: TypeAlias = dict[str, Any]


def error_document(error: ArmoireError) -> Document:
    return {"code": error.code, "reason": error.reason, "field": error.field, "message": error.message}


def health_document(address: str, health: Health) -> Document:
    return {"address": address, "serving": health.serving, "services": dict(health.services)}


def model_document(model: Model) -> Document:
    return asdict(model)


def model_event_document(event: ModelEvent) -> Document:
    return asdict(event) | {"time": event.time.isoformat() if event.time else None}


def shadow_report_document(report: ShadowReport) -> Document:
    return asdict(report) | {
        "start_time": report.start_time.isoformat() if report.start_time else None,
        "label_agreement": report.label_agreement,
    }


def api_key_document(key: ApiKey) -> Document:
    """Scopes in lower case, as they are given to `armoire admin key create`; times in ISO 8601."""
    times = {
        name: time.isoformat() if time else None
        for name, time in (
            ("create_time", key.create_time),
            ("expire_time", key.expire_time),
            ("revoke_time", key.revoke_time),
            ("last_use_time", key.last_use_time),
        )
    }
    return asdict(key) | {"scopes": [scope.value.lower() for scope in key.scopes]} | times


def prediction_document(logged: LoggedPrediction, picture: str | None) -> Document:
    """An embedding is base64 of little-endian float16; `picture` is the file of the photo."""
    return {
        "id": logged.id,
        "tenant": logged.tenant,
        "create_time": _time(logged.create_time),
        "method": logged.method,
        "request_id": logged.request_id,
        "sha256": logged.sha256,
        "size_bytes": logged.size_bytes,
        "image_width": logged.image_width,
        "image_height": logged.image_height,
        "text": logged.text,
        "options": {
            "min_score": logged.min_score,
            "priority": logged.priority.value,
            "boxes_xyxy": [_box(box) for box in logged.boxes],
        },
        "model_versions": {
            "detector": logged.detector_version or None,
            "detector_preprocess": logged.detector_preprocess_version or None,
            "embedder": logged.embedder_version or None,
            "embedder_preprocess": logged.embedder_preprocess_version or None,
            "classifier": logged.classifier_version or None,
            "classifier_preprocess": logged.classifier_preprocess_version or None,
        },
        "items": [_analyzed_item(item) | {"embedding": _float16(item.embedding)} for item in logged.items],
        "picture": picture,
    }


def _float16(embedding: Embedding | None) -> str | None:
    if embedding is None:
        return None
    return base64.b64encode(struct.pack(f"<{len(embedding.values)}e", *embedding.values)).decode()


def audit_record_document(record: AuditRecord) -> Document:
    return asdict(record) | {"create_time": _time(record.create_time)}


def user_document(user: User) -> Document:
    """The role in lower case, as it is given to `armoire admin user invite`; times in ISO 8601."""
    times = {
        name: time.isoformat() if time else None
        for name, time in (
            ("create_time", user.create_time),
            ("last_sign_in_time", user.last_sign_in_time),
        )
    }
    return asdict(user) | {"role": user.role.value.lower()} | times


def analysis_document(image: str, analysis: ImageAnalysis) -> Document:
    return {
        "image": image,
        "items": [_analyzed_item(item) for item in analysis.items],
        "warnings": [str(issue) for issue in analysis.warnings],
        "model_versions": {
            "detector": analysis.detector_version,
            "detector_preprocess": analysis.detector_preprocess_version,
            "embedder": analysis.embedder_version,
            "embedder_preprocess": analysis.embedder_preprocess_version,
            "classifier": analysis.classifier_version or None,
            "classifier_preprocess": analysis.classifier_preprocess_version or None,
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


def indexed_document(image: str, job: IndexingJob | None) -> Document:
    """What became of a photo; without a job where the server did not take it."""
    if job is None:
        return {"image": image, "job_id": None, "state": None, "items": [], "error": None}
    return {**job_document(job), "image": image}


def job_document(job: IndexingJob) -> Document:
    return {
        "job_id": job.id,
        "image": job.image_name,
        "image_id": job.image_id,
        "product_id": job.product_id or None,
        "state": str(job.state),
        "attempts": job.attempts,
        "priority": str(job.priority),
        "searchable": job.searchable,
        "items": [asdict(item) for item in job.items],
        "error": error_document(job.error) if job.error else None,
        "near_duplicate_of": asdict(job.near_duplicate_of) if job.near_duplicate_of else None,
        "create_time": _time(job.create_time),
    }


def job_count_document(counted: IndexingJobCount) -> Document:
    return {
        "state": str(counted.state),
        "reason": counted.reason or None,
        "count": counted.count,
        "first_create_time": _time(counted.first_create_time),
    }


def product_document(product: Product) -> Document:
    return {
        "product_id": product.id,
        "external_id": product.external_id or None,
        "display_name": product.display_name,
        "description": product.description,
        "brand": product.brand,
        "category": product.category,
        "product_type": product.product_type,
        "price": money_document(product.price),
        "list_price": money_document(product.list_price),
        "url": product.url,
        "availability": str(product.availability) if product.availability else None,
        "attributes": dict(product.attributes),
        "primary_item_id": product.primary_item_id or None,
        "etag": product.etag,
        "create_time": _time(product.create_time),
        "update_time": _time(product.update_time),
        "delete_time": _time(product.delete_time),
    }


def image_document(image: Image) -> Document:
    return {
        "image_id": image.id,
        "image": image.name,
        "product_id": image.product_id or None,
        "width": image.width,
        "height": image.height,
        "format": image.format,
        "size_bytes": image.size_bytes,
        "sha256": image.sha256,
        "warnings": [str(issue) for issue in image.warnings],
        "rejected_crops": [
            {
                "box_xyxy": _box(crop.box),
                "score": _number(crop.score),
                "label": crop.label,
                "reason": str(crop.reason),
            }
            for crop in image.rejected_crops
        ],
        "perceptual_hash": image.perceptual_hash or None,
        "hash_quality": image.hash_quality,
        "near_duplicate_of": asdict(image.near_duplicate_of) if image.near_duplicate_of else None,
        "etag": image.etag,
        "create_time": _time(image.create_time),
        "update_time": _time(image.update_time),
        "delete_time": _time(image.delete_time),
    }


def duplicate_document(photo: DuplicatePhoto) -> Document:
    image = photo.image
    return {
        "image_id": image.id,
        "image": image.name,
        "product_id": image.product_id or None,
        "distance": photo.distance,
    }


def duplicate_group_document(group: DuplicateGroup) -> Document:
    return {
        "photos": [duplicate_document(photo) for photo in group.photos],
        "total_size": group.total_size,
    }


def image_url_document(link: ImageUrl) -> Document:
    return {"url": link.url, "media_type": link.media_type, "expire_time": _time(link.expire_time)}


def item_document(item: Item) -> Document:
    return {
        "item_id": item.id,
        "image_id": item.image_id,
        "image": item.image_name,
        "product_id": item.product_id or None,
        "box_xyxy": _box(item.box),
        "score": _number(item.score),
        "label": item.label,
        "whole_image": item.whole_image,
        "primary_in_image": item.primary_in_image,
        "primary_in_product": item.primary_in_product,
        "attributes": _attributes(item.attributes),
        "colors": _colors(item.colors),
        "categories": _scored(item.categories),
        "garment_score": None if item.garment_score is None else _number(item.garment_score),
        "warnings": [str(issue) for issue in item.warnings],
        "model_version": item.model_version,
        "preprocess_version": item.preprocess_version,
        "classifier_version": item.classifier_version or None,
        "classifier_preprocess_version": item.classifier_preprocess_version or None,
        "label_source": str(item.label_source),
        "box_source": str(item.box_source),
        "added": item.added,
        "reject_reason": item.reject_reason or None,
        "verify_time": _time(item.verify_time),
        "etag": item.etag,
        "create_time": _time(item.create_time),
        "update_time": _time(item.update_time),
    }


def correction_document(correction: Correction) -> Document:
    return {
        "correction_id": correction.id,
        "item_id": correction.item_id,
        "kind": str(correction.kind),
        "author": correction.author,
        "end_user": correction.end_user or None,
        "changes": [asdict(change) for change in correction.changes],
        "model_version": correction.model_version,
        "preprocess_version": correction.preprocess_version,
        "undone_correction_id": correction.undone_correction_id or None,
        "create_time": _time(correction.create_time),
    }


def search_document(found: SearchResult) -> Document:
    return {
        "queries": [_query(query) for query in found.queries],
        "model_version": found.model_version,
        "next_page_token": found.next_page_token or None,
    } | ({"facets": _facets(found.facets)} if found.facets else {})


def outfit_document(outfit: Outfit) -> Document:
    """`terms` has what each adds to the score."""
    return {
        "score": _number(outfit.score),
        "terms": {name: _number(points) for name, points in outfit.points.items()},
        "explanation": outfit.explanation,
        "items": [_outfit_item(item) for item in outfit.items],
    }


def _outfit_item(item: OutfitItem) -> Document:
    return {
        "item_id": item.item_id,
        "slot": item.slot.value,
        "category": item.category,
        "garment_type": item.garment_type,
        "color": item.color,
        "product_id": item.product.id if item.product else None,
    }


def _facets(facets: Iterable[Facet]) -> Document:
    return {facet.field: {each.value: each.count for each in facet.values} for facet in facets}


def _analyzed_item(item: AnalyzedItem) -> Document:
    return {
        "box_xyxy": _box(item.box),
        "score": _number(item.score),
        "label": item.label,
        "whole_image": item.whole_image,
        "attributes": _attributes(item.attributes),
        "colors": _colors(item.colors),
        "categories": _scored(item.categories),
        "garment_score": None if item.garment_score is None else _number(item.garment_score),
        "accepted": item.accepted,
        "reason": str(item.reason) if item.reason else None,
        "warnings": [str(issue) for issue in item.warnings],
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
        "image_id": hit.item.image_id,
        "image": hit.item.image_name,
        "same_photo": hit.same_photo,
        "rank_score": _number(hit.rank_score),
        "terms": {term.name: _number(term.value) for term in hit.terms},
        "score": _number(hit.score),
        "label": hit.item.label,
        "attributes": _attributes(hit.item.attributes),
        "colors": _colors(hit.item.colors),
        "product_id": hit.item.product_id or None,
        "product": product_document(hit.product) if hit.product else None,
    }


def review_item_document(leased: ReviewItem) -> Document:
    """An item of the queue, with what else the model takes each attribute for."""
    item = leased.item
    return item_document(item) | {
        "reason": leased.reason,
        "uncertainty": _number(leased.uncertainty),
        "alternatives": {
            name: _scored(answer.alternatives)
            for name, answer in item.attributes.items()
            if answer.alternatives
        },
        "crop_url": item.crop_url or None,
        "photo_url": leased.photo_url or None,
    }


def coverage_document(coverage: Coverage) -> Document:
    return asdict(coverage) | {"left": coverage.items - coverage.decided}


def review_statistics_document(told: ReviewStatistics) -> Document:
    """Confusions as a list, because a pair of values is no key of JSON."""
    return asdict(told) | {
        "reviewers": [
            asdict(each) | {"decisions_per_minute": _number(each.decisions_per_minute)}
            for each in told.reviewers
        ],
        "agreements": [_agreement_document(each) for each in told.agreements],
        "coverage": [coverage_document(each) for each in told.coverage],
    }


def _agreement_document(agreement: Agreement) -> Document:
    confusions = [
        {"model_value": model, "person_value": person, "count": count}
        for (model, person), count in agreement.confusions.items()
    ]
    return {
        "attribute": agreement.attribute,
        "model_version": agreement.model_version,
        "preprocess_version": agreement.preprocess_version,
        "reviewed": agreement.reviewed,
        "agreed": agreement.agreed,
        "live": agreement.live,
        "confusions": confusions,
    }


def _attributes(attributes: Mapping[str, AttributeValue]) -> Document:
    return {name: _attribute(answer) for name, answer in attributes.items()}


def _attribute(answer: AttributeValue) -> Document:
    """`value` and `score` are of the surest value; the others are in `values`, where there are several."""
    document: Document = {"value": answer.value, "score": _number(answer.score), "source": str(answer.source)}
    if len(answer.values) > 1:
        document["values"] = _scored(answer.values)
    if answer.number is not None:
        document["number"] = answer.number
    return document


def _scored(values: Iterable[ScoredValue]) -> list[Document]:
    return [{"value": each.value, "score": _number(each.score)} for each in values]


def _colors(colors: Iterable[ColorShare]) -> list[Document]:
    return [{"name": color.name, "fraction": _number(color.fraction)} for color in colors]


def money_document(money: Money | None) -> Document | None:
    """The amount is a text, so that no digit is lost."""
    return {"amount": str(money.amount), "currency": money.currency} if money else None


def _time(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _timings_ms(timings: StageTimings) -> dict[str, float]:
    """Milliseconds by stage."""
    return {name.removesuffix("_ns"): ns / 1e6 for name, ns in asdict(timings).items()}


def _box(box: Box) -> list[float]:
    return [round(side, 2) for side in box.xyxy]


def _number(value: float) -> float:
    """Without the digits that float32 made up."""
    return round(value, 6)
