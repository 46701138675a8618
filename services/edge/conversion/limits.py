"""The limits that GetCatalogLimits returns."""

from __future__ import annotations

from armoire.v1 import catalog_pb2
from imaging.decode import DecodeLimits
from services.catalog.limits import CatalogLimits


def limits_to_proto(
    limits: CatalogLimits,
    decode: DecodeLimits,
    embedding_width: int,
    fields: list[str],
) -> catalog_pb2.GetCatalogLimitsResponse:
    return catalog_pb2.GetCatalogLimitsResponse(
        max_top_k=limits.max_top_k,
        max_page_size=limits.max_page_size,
        max_filter_conditions=limits.max_filter_conditions,
        max_filter_values=limits.max_filter_values,
        max_text_chars=limits.max_text_chars,
        max_image_bytes=decode.max_bytes,
        max_image_pixels=decode.max_pixels,
        embedding_width=embedding_width,
        filter_fields=fields,
        max_boxes_per_image=limits.max_boxes,
        max_name_chars=limits.max_name_chars,
        max_description_chars=limits.max_description_chars,
        max_key_chars=limits.max_key_chars,
        max_filter_value_chars=limits.max_filter_value_chars,
        min_image_side_px=decode.min_side_px,
        max_image_frames=decode.max_frames,
        max_product_attributes=limits.max_product_attributes,
        max_attribute_chars=limits.max_attribute_chars,
        max_filter_depth=limits.max_filter_depth,
        max_hits=limits.max_hits,
        max_url_chars=limits.max_url_chars,
        max_images_per_stream=limits.max_images_per_stream,
        max_image_side_px=decode.max_side_px,
        max_image_scans=decode.max_scans,
        max_image_scan_pixels=decode.max_scan_pixels,
        max_box_pixels=decode.max_box_pixels,
        max_message_bytes=limits.max_message_bytes,
    )
