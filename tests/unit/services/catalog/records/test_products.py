from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, InvalidInput
from services.catalog.limits import CatalogLimits
from services.catalog.records.product_drafts import ProductDraft, check_attributes
from services.catalog.records.products import Product, check_external_id, insert_product
from services.sql.database import Database

LIMITS = CatalogLimits()
COAT = ProductDraft("Coat", external_id="SKU-1")


async def insert(database: Database, id: str, key: str) -> Product:
    return await database.write(lambda session: insert_product(session, "shop", id, COAT, key, 1))


async def test_an_external_id_is_of_one_product(database: Database) -> None:
    await insert(database, "1", "key-1")
    with pytest.raises(IntegrityError):  # not AlreadyExists, after which callers do not look again
        await insert(database, "2", "key-2")

    def check(session: Session, key: str) -> None:
        check_external_id(session, "shop", "SKU-1", key)

    await database.read(lambda session: check(session, "key-1"))
    for key in ("key-2", ""):
        with pytest.raises(AlreadyExists):
            await database.read(lambda session, key=key: check(session, key))


def test_attributes_are_trimmed() -> None:
    assert check_attributes({" care ": " wash cold "}, LIMITS) == {"care": "wash cold"}


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"care": "a", " care ": "b"}, "the name 'care' is given twice, once with surrounding blanks"),
        ({"x" * 201: "a"}, f"the name '{'x' * 40}...' must have at most 200 characters, got 201"),
        ({"  ": "a"}, "the name '  ' must not be empty (1 to 200 characters)"),
        ({"a\x00b": "a"}, r"the name 'a\x00b' must not contain control characters"),
    ],
)
def test_a_bad_name_of_an_attribute_is_shown(attributes: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_attributes(attributes, LIMITS)
    assert caught.value.message == f"attributes: {message}"
