"""Products and prices."""

from __future__ import annotations

from google.type.money_pb2 import Money as MoneyProto

from armoire.v1 import products_pb2
from domain.errors import InvalidInput
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.products import Product, ProductKey
from services.edge.conversion.types import time_to_proto

_AVAILABILITIES: dict[Availability, products_pb2.Availability] = {
    Availability.UNSPECIFIED: products_pb2.AVAILABILITY_UNSPECIFIED,
    Availability.IN_STOCK: products_pb2.AVAILABILITY_IN_STOCK,
    Availability.OUT_OF_STOCK: products_pb2.AVAILABILITY_OUT_OF_STOCK,
    Availability.PREORDER: products_pb2.AVAILABILITY_PREORDER,
    Availability.BACKORDER: products_pb2.AVAILABILITY_BACKORDER,
    Availability.DISCONTINUED: products_pb2.AVAILABILITY_DISCONTINUED,
}
_AVAILABILITIES_BACK = {number: availability for availability, number in _AVAILABILITIES.items()}


def draft_from_proto(product: products_pb2.Product) -> ProductDraft:
    """Raises InvalidInput where the availability is none of the contract's."""
    return ProductDraft(
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        price=money_from_proto(product.price) if product.HasField("price") else None,
        external_id=product.external_id,
        product_type=product.product_type,
        list_price=money_from_proto(product.list_price) if product.HasField("list_price") else None,
        url=product.url,
        availability=_availability_from_proto(product.availability),
        attributes=dict(product.attributes),
    )


def draft_to_proto(draft: ProductDraft) -> products_pb2.Product:
    """A product that does not exist yet."""
    return products_pb2.Product(
        external_id=draft.external_id,
        display_name=draft.display_name,
        description=draft.description,
        brand=draft.brand,
        category=draft.category,
        product_type=draft.product_type,
        price=None if draft.price is None else money_to_proto(draft.price),
        list_price=None if draft.list_price is None else money_to_proto(draft.list_price),
        url=draft.url,
        availability=_AVAILABILITIES[draft.availability],
        attributes=draft.attributes,
    )


def product_key_from_proto(product: products_pb2.Product) -> ProductKey:
    """The product's id, or its external_id if it has no id."""
    return ProductKey(product.id, product.external_id)


def product_to_proto(product: Product, primary_crop_url: str = "") -> products_pb2.Product:
    return products_pb2.Product(
        id=product.id,
        external_id=product.external_id,
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        product_type=product.product_type,
        price=None if product.price is None else money_to_proto(product.price),
        list_price=None if product.list_price is None else money_to_proto(product.list_price),
        url=product.url,
        availability=_AVAILABILITIES[product.availability],
        attributes=product.attributes,
        etag=product.etag,
        create_time=time_to_proto(product.create_time),
        update_time=time_to_proto(product.update_time),
        delete_time=None if product.delete_time is None else time_to_proto(product.delete_time),
        primary_item_id=product.primary_item_id,
        primary_crop_url=primary_crop_url,
    )


def money_from_proto(money: MoneyProto) -> Money:
    return Money(money.currency_code, money.units, money.nanos)


def money_to_proto(money: Money) -> MoneyProto:
    return MoneyProto(currency_code=money.currency, units=money.units, nanos=money.nanos)


def _availability_from_proto(availability: products_pb2.Availability) -> Availability:
    if availability not in _AVAILABILITIES_BACK:
        raise InvalidInput("product.availability", f"must be a value of Availability, got {availability}")
    return _AVAILABILITIES_BACK[availability]
