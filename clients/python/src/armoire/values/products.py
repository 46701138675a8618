"""Products, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from armoire.values.types import WireEnum

_NANO = Decimal("1e-9")


@dataclass(frozen=True, slots=True, init=False)
class Money:
    """An amount in a currency of ISO 4217, such as Money("19.90", "EUR").

    Amounts are rounded to nine decimals, which is what the wire carries. A float stands for the decimal
    number that it prints as: 19.9 is 19.90, not 19.899999999.

    Raises:
        ValueError: the amount is not a finite number.
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | float | str, currency: str) -> None:
        object.__setattr__(self, "amount", _rounded(amount))
        object.__setattr__(self, "currency", currency)

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"


class Availability(WireEnum):
    """Whether a product can be bought."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Product:
    """Something for sale.

    `external_id` is the shop's own id or SKU. `category` is a word of the server's taxonomy, such as "dress";
    `product_type` is the shop's own word. `list_price` is the price before a reduction. `attributes` are the
    shop's own fields. The server sets `id`, `etag`, the times and `primary_item_id`, the item that represents
    the product in search; leave them out of a new product.

    Raises:
        TypeError: a price is no `Money`.
    """

    display_name: str
    external_id: str = ""
    description: str = ""
    brand: str = ""
    category: str = ""
    product_type: str = ""
    price: Money | None = None
    list_price: Money | None = None
    url: str = ""
    availability: Availability | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    etag: str = ""
    create_time: datetime | None = None
    update_time: datetime | None = None
    delete_time: datetime | None = None
    primary_item_id: str = ""

    def __post_init__(self) -> None:
        for name, price in (("price", self.price), ("list_price", self.list_price)):
            if not isinstance(price, Money | None):
                hint = "parse_price('19.90 EUR') and Money('19.90', 'EUR') make one"
                raise TypeError(f"{name} must be Money, not {price!r}: {hint}")


def _rounded(amount: Decimal | float | str) -> Decimal:
    """The amount with at most nine decimals."""
    try:
        exact = Decimal(str(amount).strip())
        rounded = exact.quantize(_NANO)
    except InvalidOperation:
        exact = rounded = Decimal("NaN")
    if not rounded.is_finite():
        raise ValueError(f"{amount!r} is not an amount such as 19.90")
    return exact if exact == rounded else rounded


@dataclass(frozen=True)
class RestoredProduct:
    """A product that is back.

    Attributes:
        images: photos that came back with it.
        items: items that came back with those.
        lost_images: photos that stay deleted, because their originals are gone.
    """

    product: Product
    images: int
    items: int
    lost_images: int
