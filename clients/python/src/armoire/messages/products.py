"""Messages of products."""

from __future__ import annotations

from decimal import Decimal

from google.type import money_pb2

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import products_pb2
from armoire.values.products import Availability, Money, Product

_NANOS = 1_000_000_000


def money_to_proto(money: Money) -> money_pb2.Money:
    units = int(money.amount)
    nanos = int((money.amount - units) * _NANOS)
    return money_pb2.Money(currency_code=money.currency, units=units, nanos=nanos)


def money_from_proto(money: money_pb2.Money) -> Money:
    return Money(Decimal(money.units) + Decimal(money.nanos) / _NANOS, money.currency_code)


def product_to_proto(product: Product) -> products_pb2.Product:
    """Without what only the server sets, but for the id and the etag."""
    availability = product.availability
    return products_pb2.Product(
        id=product.id,
        external_id=product.external_id,
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        product_type=product.product_type,
        price=money_to_proto(product.price) if product.price else None,
        list_price=money_to_proto(product.list_price) if product.list_price else None,
        url=product.url,
        availability=f"AVAILABILITY_{Availability(availability).name}" if availability else None,
        attributes=product.attributes,
        etag=product.etag,
    )


def product_from_proto(product: products_pb2.Product) -> Product:
    return Product(
        display_name=product.display_name,
        external_id=product.external_id,
        description=product.description,
        brand=product.brand,
        category=product.category,
        product_type=product.product_type,
        price=money_from_proto(product.price) if product.HasField("price") else None,
        list_price=money_from_proto(product.list_price) if product.HasField("list_price") else None,
        url=product.url,
        availability=_availability_from_proto(product.availability) if product.availability else None,
        attributes=dict(sorted(product.attributes.items())),
        id=product.id,
        etag=product.etag,
        create_time=time_from_proto(product.create_time),
        update_time=time_from_proto(product.update_time),
        delete_time=time_from_proto(product.delete_time),
        primary_item_id=product.primary_item_id,
    )


_availability_from_proto = enum_reader(Availability, products_pb2.Availability.items(), "AVAILABILITY_")
