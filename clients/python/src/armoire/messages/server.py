"""Messages of a server's limits."""

from __future__ import annotations

from armoire.v1 import catalog_pb2, inference_pb2
from armoire.values.server import CatalogLimits, InferenceLimits


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
        max_image_side_px=limits.max_image_side_px,
        max_image_scans=limits.max_image_scans,
        max_image_scan_pixels=limits.max_image_scan_pixels,
        max_box_pixels=limits.max_box_pixels,
        max_call_pixels=limits.max_call_pixels,
        max_crop_side_px=limits.max_crop_side_px,
        max_crop_bytes=limits.max_crop_bytes,
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
        max_product_attributes=limits.max_product_attributes,
        max_attribute_chars=limits.max_attribute_chars,
        max_filter_depth=limits.max_filter_depth,
        max_hits=limits.max_hits,
        max_url_chars=limits.max_url_chars,
        max_images_per_stream=limits.max_images_per_stream,
        max_image_side_px=limits.max_image_side_px,
        max_image_scans=limits.max_image_scans,
        max_image_scan_pixels=limits.max_image_scan_pixels,
        max_box_pixels=limits.max_box_pixels,
        max_message_bytes=limits.max_message_bytes,
    )
