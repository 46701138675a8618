"""Entries of the prediction log."""

from __future__ import annotations

from armoire.v1 import admin_pb2, types_pb2
from domain.clock import datetime_from_us
from services.edge.conversion.inference import analyzed_item_to_proto
from services.edge.conversion.types import box_to_proto, time_to_proto
from services.predictions.prediction import Prediction


def prediction_to_proto(prediction: Prediction, picture: bytes = b"") -> admin_pb2.LoggedPrediction:
    options = prediction.options
    return admin_pb2.LoggedPrediction(
        id=prediction.id,
        tenant=prediction.tenant_id,
        create_time=time_to_proto(datetime_from_us(prediction.create_us)),
        method=prediction.method,
        request_id=prediction.request_id,
        detector_version=prediction.detector.model_version,
        detector_preprocess_version=prediction.detector.preprocess_version,
        embedder_version=prediction.embedder.model_version,
        embedder_preprocess_version=prediction.embedder.preprocess_version,
        classifier_version=prediction.classifier.model_version,
        classifier_preprocess_version=prediction.classifier.preprocess_version,
        sha256=prediction.sha256,
        size_bytes=prediction.size_bytes,
        image_width=prediction.width,
        image_height=prediction.height,
        text=prediction.text,
        min_score=options.min_score,
        priority=types_pb2.PRIORITY_BULK if options.bulk else types_pb2.PRIORITY_INTERACTIVE,
        boxes=[box_to_proto(box) for box in options.boxes],
        items=[
            analyzed_item_to_proto(item, prediction.embedder, include_embedding=True)
            for item in prediction.items
        ],
        has_picture=prediction.has_picture,
        picture=picture,
    )
