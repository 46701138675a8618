"""Requests that show how a call is used. They work as they are, but for ids, which are any server's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.edge.http.openapi.json_types import SCALARS
from services.edge.http.openapi.schemas import Schemas, has_behavior

PHOTO = (
    "iVBORw0KGgoAAAANSUhEUgAAAGAAAACAAgMAAACJsoQpAAAADFBMVEX18+68NUZ4HCwiL0f9gyeXAAABLklEQVR42u1WO27DMAx9"
    "lNXNg6bOmTPlBuUdivSonX0ET5m7Z+mQsYY6RLY+pRAqgYEGMAdL9jMfSfFjA5topVt2x/0JL++vX+HWxHcIcPHO1KhSgMEy4Kii"
    "YS0abZCTAALAicMqqg1QAjZbnjeOn2xZx4a/Lt8r2Ihde94BwOf9VFHevPfe/49ExWFw+qhpkHXcZIOTa67RAWMLVRhi8pC5VALs"
    "UyTpqH71jnIAMIEEjUMjFRdrruFZppoEKgIN2Sk+FvkhTaEpy8j+0egabbg5uaT3qs9OZAG4qEh15JPaXYqZdXobNKQOm7IV562i"
    "PwYRCK6MsYNKqvHhaucksyxqXJRU6Z9KcP22V70I2KXipvkUDSoz497I3ZJyz8H3dqqr3jF7dh50349NgvwCQngpyWUuNYAAAAAA"
    "SUVORK5CYII="
)
"""A drawn dress, a PNG of 96 by 128 pixels, in base64."""

PAGE = (
    "PHNjcmlwdCB0eXBlPSJhcHBsaWNhdGlvbi9sZCtqc29uIj57IkB0eXBlIjogIlByb2R1Y3QiLCAic2t1IjogIlNLVS0xIiwgIm5h"
    "bWUiOiAiU3VtbWVyIGRyZXNzIiwgImltYWdlIjogIi9kcmVzcy5qcGcifTwvc2NyaXB0Pg=="
)
"""A page with a product in JSON-LD, in base64."""

IDS = {
    "product_id": "01970000-0000-7000-8000-0000000000a1",
    "image_id": "01970000-0000-7000-8000-0000000000b2",
    "item_id": "01970000-0000-7000-8000-0000000000c3",
    "job_id": "01970000-0000-7000-8000-0000000000d4",
    "operation_id": "01970000-0000-7000-8000-0000000000e5",
    "export_id": "01970000-0000-7000-8000-0000000000a7",
    "correction_id": "01970000-0000-7000-8000-0000000000f6",
    "webhook_id": "01970000-0000-7000-8000-0000000001a1",
    "delivery_id": "01970000-0000-7000-8000-0000000001b2",
    "version": "demo-detector-000000000000",
    "key_id": "0123456789abcdef",
    "user_id": "fedcba9876543210",
    "email": "ann@shop.example",
    "collection": "items_demo_embedder_000000000000",
}
"""Placeholders of ids, as long as real ones, by the name of the field."""

TOKEN = "a" * 43
"""As long as that of an invitation or of a password reset."""

_BY_FIELD: Mapping[str, object] = {
    **IDS,
    "content": PHOTO,
    "text": "a red dress",
    "texts": "a red dress",
    "page_size": 10,
    "order_by": "update_time desc",
}
"""The value, or the element of the list, of fields of these names."""

_EMBED_TEXT = {"name": "embed_text"}

_REQUESTS: Mapping[str, dict[str, Any]] = {
    "armoire.v1.SearchRequest": {"text": "a red dress", "topK": 3},
    "armoire.v1.CreateProductRequest": {
        "product": {
            "displayName": "Summer dress",
            "category": "dress",
            "price": {"currencyCode": "EUR", "units": "39", "nanos": 900000000},
            "attributes": {"material": "linen"},
        }
    },
    "armoire.v1.CreateWebhookRequest": {
        "url": "https://shop.example/armoire",
        "events": ["indexing_job.failed"],
    },
    "armoire.v1.WatchIndexingJobsRequest": {"filter": {"jobIds": [IDS["job_id"]]}},
    "armoire.v1.CountIndexingJobsRequest": {"filter": {"states": ["INDEXING_JOB_STATE_FAILED"]}},
    "armoire.v1.RetryIndexingJobsRequest": {"filter": {"reasons": ["TRY_TIMED_OUT"]}},
    "armoire.v1.DeleteIndexingJobsRequest": {"filter": {"reasons": ["TRY_TIMED_OUT"]}},
    "armoire.v1.UpdateProductRequest": {
        "product": {"id": IDS["product_id"], "displayName": "Long summer dress"},
        "updateMask": "displayName",
    },
    "armoire.v1.GetCatalogExportPartRequest": {
        "operationId": IDS["export_id"],
        "part": "images-00000.jsonl",
    },
    "armoire.v1.ImportReviewRequest": {
        "imageId": IDS["image_id"],
        "items": [
            {
                "box": {"x1": 8, "y1": 8, "x2": 88, "y2": 120},
                "label": "dress",
                "attributes": {"color": {"values": ["red"]}},
            }
        ],
    },
    "armoire.v1.ProfileRequest": {"duration": "0.1s"},
    "armoire.v1.LoadModelRequest": {"reference": "demo-detector"},
    "armoire.v1.SetModelAliasRequest": {"alias": "canary", "version": IDS["version"]},
    "armoire.v1.DeleteModelAliasRequest": {"alias": "canary", "task": "MODEL_TASK_DETECT"},
    "armoire.v1.GetTenantSettingsRequest": {"tenant": "shop"},
    "armoire.v1.UpdateTenantSettingsRequest": {
        "settings": {
            "tenant": "shop",
            "rankWeights": {"color": 0.3},
            "taxonomy": {"attributes": [{"name": "pattern", "values": ["uni", "gestreift"]}]},
        }
    },
    "armoire.v1.UpdateTenantRequest": {"tenant": {"id": "shop", "requestsPerMinute": 600}},
    "armoire.v1.EraseEndUserRequest": {"endUser": "customer-4711"},
    "armoire.v1.EraseTenantRequest": {"tenant": "shop"},
    "armoire.v1.CreateApiKeyRequest": {"name": "shop", "scopes": ["SCOPE_READ"]},
    "armoire.v1.InviteUserRequest": {"email": IDS["email"], "role": "ROLE_REVIEWER"},
    "armoire.v1.UpdateUserRequest": {
        "user": {"id": IDS["user_id"], "role": "ROLE_EDITOR"},
        "updateMask": "role",
    },
    "armoire.v1.SignInRequest": {"email": IDS["email"], "password": "correct horse battery"},
    "armoire.v1.ChangePasswordRequest": {
        "currentPassword": "correct horse battery",
        "newPassword": "another horse battery",
    },
    "armoire.v1.AcceptInvitationRequest": {"token": TOKEN, "password": "correct horse battery"},
    "armoire.v1.ResetPasswordRequest": {"token": TOKEN, "newPassword": "another horse battery"},
    "armoire.v1.CorrectItemRequest": {"itemId": IDS["item_id"], "label": "dress"},
    "armoire.v1.AddItemRequest": {
        "imageId": IDS["image_id"],
        "box": {"x1": 4, "y1": 4, "x2": 60, "y2": 70},
        "label": "dress",
    },
    "armoire.v1.LeaseReviewItemsRequest": {"reviewer": "window-1", "maxItems": 3},
    "armoire.v1.SuggestOutfitsRequest": {
        "count": 3,
        "seed": "7",
        "filter": {"conditions": [{"field": "price", "range": {"atMost": 80}}]},
        "occasion": {"season": "SEASON_AUTUMN", "formality": 0.5},
    },
    "armoire.v1.CompleteOutfitRequest": {
        "baseItemIds": [IDS["item_id"]],
        "slot": "OUTFIT_SLOT_SHOES",
        "count": 3,
    },
    "armoire.v1.ScoreOutfitRequest": {"itemIds": [IDS["item_id"]]},
    "armoire.v1.AddWardrobeItemsRequest": {
        "endUser": "customer-4711",
        "items": [
            {
                "itemId": IDS["item_id"],
                "state": "WARDROBE_STATE_BOUGHT",
                "price": {"currencyCode": "EUR", "units": "39", "nanos": 900000000},
                "acquireDate": "2026-11-30",
            }
        ],
    },
    "armoire.v1.ListWardrobeItemsRequest": {"endUser": "customer-4711", "neverWorn": True},
    "armoire.v1.RemoveWardrobeItemsRequest": {"endUser": "customer-4711", "itemIds": [IDS["item_id"]]},
    "armoire.v1.RecordFeedbackRequest": {
        "endUser": "customer-4711",
        "kind": "FEEDBACK_KIND_LIKE",
        "itemIds": [IDS["item_id"]],
    },
    **{
        f"armoire.v1.{name}Request": {"endUser": "customer-4711"}
        for name in ("GetPreferences", "ResetPreferences", "ExportEndUserData")
    },
    "armoire.v1.ReleaseReviewItemsRequest": {"reviewer": "window-1"},
    "armoire.v1.VerifyItemsRequest": {"items": [{"itemId": IDS["item_id"]}]},
    "armoire.v1.SetPrimaryItemRequest": {"itemId": IDS["item_id"], "target": "PRIMARY_TARGET_IMAGE"},
    "armoire.v1.UpdateImageRequest": {
        "image": {"id": IDS["image_id"], "name": "front.png"},
        "updateMask": "name",
    },
    "armoire.v1.ReadProductPageRequest": {
        "content": PAGE,
        "baseUrl": "https://shop.example/summer-dress",
    },
    "armoire.v1.StartImportRequest": {"source": "products.csv"},
    "armoire.v1.ImportEntriesRequest": {
        "operationId": IDS["operation_id"],
        "entry": {
            "number": "1",
            "source": "products.csv, line 2",
            "product": {"externalId": "SKU-1", "displayName": "Summer dress"},
            "imageName": "dress.png",
            "content": PHOTO,
        },
    },
    "armoire.v1.IndexImageRequest": {"image": {"content": PHOTO}, "imageName": "dress.png"},
    "armoire.v1.CreateUploadRequest": {"mediaType": "image/png", "sizeBytes": "20000000"},
    "inference.RepositoryModelLoadRequest": {"modelName": "demo-detector"},
    "inference.RepositoryModelUnloadRequest": {"modelName": IDS["version"]},
    "inference.ModelReadyRequest": _EMBED_TEXT,
    "inference.ModelMetadataRequest": _EMBED_TEXT,
    "inference.ModelConfigRequest": _EMBED_TEXT,
    "inference.ModelStatisticsRequest": _EMBED_TEXT,
    "inference.ModelInferRequest": {
        "modelName": "embed_text",
        "inputs": [
            {
                "name": "text",
                "datatype": "BYTES",
                "shape": ["1"],
                "contents": {"bytesContents": ["YSByZWQgZHJlc3M="]},
            }
        ],
    },
}
"""Requests that show more than what is required, by the name of the message."""


def example(message: Descriptor, schemas: Schemas) -> dict[str, Any]:
    """A request in proto3 JSON."""
    if (request := _REQUESTS.get(message.full_name)) is not None:
        return request
    chosen = [oneof.fields[0] for oneof in message.oneofs if schemas.needs_one(oneof)]
    required = [field for field in message.fields if has_behavior(field, "REQUIRED")]
    shown = [field for field in message.fields if field.name == "page_size"]
    return {field.json_name: _value(field, schemas) for field in (*required, *chosen, *shown)}


def _value(field: FieldDescriptor, schemas: Schemas) -> object:
    value = _BY_FIELD.get(field.name)
    if value is None:
        value = _made(field, schemas)
    return [value] if field.is_repeated else value


def _made(field: FieldDescriptor, schemas: Schemas) -> object:
    if field.message_type is not None:
        return example(field.message_type, schemas)
    if field.enum_type is not None:
        return field.enum_type.values[-1].name
    return {"integer": 1, "number": 1.0, "boolean": True}.get(SCALARS[field.type]["type"], "1")
