"""What a server is, and what it holds requests to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the server takes calls, and the state of each of its services."""

    serving: bool
    services: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InferenceLimits:
    """What the inference service holds requests to."""

    max_message_bytes: int
    max_image_bytes: int
    max_image_pixels: int
    max_image_frames: int
    min_image_side_px: int
    max_images_per_call: int
    max_boxes_per_image: int
    max_texts_per_call: int
    max_text_chars: int
    image_formats: tuple[str, ...]
    max_image_side_px: int
    max_image_scans: int
    max_image_scan_pixels: int
    max_box_pixels: int
    max_call_pixels: int
    max_crop_side_px: int
    max_crop_bytes: int


@dataclass(frozen=True, slots=True)
class CatalogLimits:
    """What the catalogue holds requests to. `max_hits` is of one query, all its pages together."""

    max_top_k: int
    max_page_size: int
    max_filter_conditions: int
    max_filter_values: int
    max_text_chars: int
    max_image_bytes: int
    max_image_pixels: int
    embedding_width: int
    filter_fields: tuple[str, ...]
    max_boxes_per_image: int
    max_name_chars: int
    max_description_chars: int
    max_key_chars: int
    max_filter_value_chars: int
    min_image_side_px: int
    max_image_frames: int
    max_product_attributes: int
    max_attribute_chars: int
    max_filter_depth: int
    max_hits: int
    max_url_chars: int
    max_images_per_stream: int
    max_image_side_px: int
    max_image_scans: int
    max_image_scan_pixels: int
    max_box_pixels: int
    max_message_bytes: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by service; None where this server does not offer the service."""

    inference: InferenceLimits | None
    catalog: CatalogLimits | None
