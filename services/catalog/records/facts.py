"""What an audit record tells of a resource, in values of JSON."""

from __future__ import annotations

from typing import Any

from services.audit.record import Change
from services.catalog.records.images import Image, NewImage
from services.catalog.records.jobs import JobState
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import UPDATABLE
from services.catalog.records.products import Product
from services.catalog.records.uploads import Upload


def product_name(product_id: str) -> str:
    """The name of a product in a record."""
    return f"products/{product_id}"


def image_name(image_id: str) -> str:
    return f"images/{image_id}"


def upload_name(upload_id: str) -> str:
    return f"uploads/{upload_id}"


def upload_facts(upload: Upload) -> dict[str, Any]:
    return {"media_type": upload.media_type, "size_bytes": upload.size_bytes, "sha256": upload.sha256}


def job_change(job_id: str, before: JobState, after: JobState) -> Change:
    """The change of a job's state."""
    return Change(f"jobs/{job_id}", {"state": before.name}, {"state": after.name})


def product_facts(product: Product) -> dict[str, Any]:
    """The fields that callers set."""
    facts = {name: getattr(product, name) for name in UPDATABLE}
    prices = {name: _price_text(facts[name]) for name in ("price", "list_price")}
    plain = {"availability": product.availability.value, "attributes": dict(product.attributes)}
    return facts | prices | plain


def image_facts(image: Image | NewImage) -> dict[str, Any]:
    return {
        "name": image.name,
        "product_id": image.product_id,
        "sha256": image.sha256,
        "size_bytes": image.size_bytes,
    }


def new_image_change(image: NewImage, job_id: str, product: Product | None) -> Change | None:
    """A photo that is queued, with its job, and the product if it was made for the photo."""
    after = {**image_facts(image), "job_id": job_id}
    if product is not None:
        after["product"] = product_facts(product)
    return Change.between(image_name(image.id), {}, after)


def _price_text(price: Money | None) -> str:
    """Such as "19.90 EUR", without digits that are zero after the second one."""
    if price is None:
        return ""
    digits = f"{price.nanos:09}"
    return f"{price.units}.{digits[:2]}{digits[2:].rstrip('0')} {price.currency}"
