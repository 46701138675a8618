"""Products of pages, as shops write them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.web.product_pages import PageProduct, products_of

URL = "https://shop.example/dresses/red?ref=mail"


def page(*blocks: Any, head: str = "", body: str = "") -> bytes:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return (
        f"<!doctype html><html><head><meta charset=utf-8>{head}{scripts}</head><body>{body}</body>".encode()
    )


def read(content: bytes) -> list[PageProduct]:
    return products_of(content, "text/html; charset=utf-8", URL)


def only(content: bytes) -> PageProduct:
    (product,) = read(content)
    return product


DRESS = {
    "@context": "https://schema.org",
    "@type": "Product",
    "sku": "S-1",
    "name": "Rotes Kleid",
    "description": "Lang.\n\nUnd rot.",
    "brand": {"@type": "Brand", "name": "Acme"},
    "category": "Abendmode > Kleider",
    "color": "rot",
    "additionalProperty": [{"@type": "PropertyValue", "name": "Schnitt", "value": "weit"}],
    "image": [
        "/a.jpg",
        {"@type": "ImageObject", "contentUrl": "b.jpg"},
        "https://cdn.example/c.jpg",
        "/a.jpg",
    ],
    "offers": {
        "@type": "Offer",
        "price": "1.299,90",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
        "url": "/dresses/red",
    },
}


def test_json_ld() -> None:
    assert only(page(DRESS)) == PageProduct(
        external_id="S-1",
        display_name="Rotes Kleid",
        description="Lang. Und rot.",
        brand="Acme",
        product_type="Abendmode > Kleider",
        price=(Decimal("1299.90"), "EUR"),
        url="https://shop.example/dresses/red",
        availability="in_stock",
        attributes={"color": "rot", "Schnitt": "weit"},
        images=[
            "https://shop.example/a.jpg",
            "https://shop.example/dresses/b.jpg",
            "https://cdn.example/c.jpg",
        ],
    )


@pytest.mark.parametrize(
    "around",
    [
        lambda node: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, node]},
        lambda node: [{"@type": "BreadcrumbList"}, node],
        lambda node: {"@type": "ItemPage", "mainEntity": node},
        lambda node: {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": node}]},
        lambda node: {**node, "@type": ["Product", "Vehicle"]},
        lambda node: {**node, "@type": "http://schema.org/Product"},
    ],
)
def test_a_product_is_found_wherever_it_is(around: Any) -> None:
    assert only(page(around(DRESS))).external_id == "S-1"


@pytest.mark.parametrize("broken", ["{broken", "{" * 5000, "", "<!-- -->"])
def test_a_broken_block_does_not_hide_the_others(broken: str) -> None:
    script = f'<script type="application/ld+json">{broken}</script>'
    assert only(page(DRESS, head=script)) == only(page(DRESS))
    assert only(page(DRESS, body=script)) == only(page(DRESS))


def test_variants_of_a_group_are_products() -> None:
    variants = [{"@type": "Product", "sku": f"S-1-{size}", "size": size} for size in ("M", "L")]
    group = {**DRESS, "@type": "ProductGroup", "hasVariant": variants}
    found = read(page(group))
    assert [(each.external_id, each.display_name, each.attributes["size"]) for each in found] == [
        ("S-1-M", "Rotes Kleid", "M"),
        ("S-1-L", "Rotes Kleid", "L"),
    ]
    assert read(page({**group, "hasVariant": []}))[0].external_id == "S-1"


def test_microdata() -> None:
    body = """
    <div itemscope itemtype="https://schema.org/Product">
      <h1 itemprop="name">Blue hat</h1><img itemprop="image" src="hat.jpg"><meta itemprop="sku" content="H-1">
      <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
        <meta itemprop="priceCurrency" content="usd"><span itemprop="price" content="15">$15</span>
        <link itemprop="availability" href="https://schema.org/OutOfStock">
      </div>
    </div>"""
    product = only(page(body=body))
    assert (product.external_id, product.display_name) == ("H-1", "Blue hat")
    assert (product.price, product.availability) == ((Decimal(15), "USD"), "out_of_stock")
    assert product.images == ["https://shop.example/dresses/hat.jpg"]
    assert len(read(page({"@type": "Product", "sku": "H-1", "name": "Hat"}, body=body))) == 1


OPEN_GRAPH = """
<meta property="og:type" content="product"><meta property="og:title" content="Red dress">
<meta property="og:image" content="/a.jpg"><meta property="og:image" content="/b.jpg">
<meta property="product:price:amount" content="19.90"><meta property="product:price:currency" content="EUR">
<meta property="product:availability" content="in stock"><meta property="og:description" content="Long.">"""


def test_open_graph() -> None:
    product = only(page(head=OPEN_GRAPH))
    assert (product.external_id, product.display_name) == ("https://shop.example/dresses/red", "Red dress")
    assert (product.price, product.availability) == ((Decimal("19.90"), "EUR"), "in_stock")
    assert product.images == ["https://shop.example/a.jpg", "https://shop.example/b.jpg"]


def test_open_graph_has_the_photos_that_schema_org_lacks() -> None:
    bare = {name: value for name, value in DRESS.items() if name != "image"}
    product = only(page(bare, head=OPEN_GRAPH))
    assert (product.external_id, len(product.images)) == ("S-1", 2)


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ([{"@type": "AggregateOffer", "lowPrice": 9, "priceCurrency": "EUR"}], (Decimal(9), "EUR")),
        (
            {"@type": "Offer", "priceSpecification": {"price": 5.5, "priceCurrency": "CHF"}},
            (Decimal("5.5"), "CHF"),
        ),
        ({"@type": "Offer", "price": "1,299.00", "priceCurrency": "USD"}, (Decimal("1299.00"), "USD")),
        ({"@type": "Offer", "price": "19,90 €", "priceCurrency": "EUR"}, (Decimal("19.90"), "EUR")),
        ({"@type": "Offer", "price": "ask us", "priceCurrency": "EUR"}, None),
        ({"@type": "Offer", "price": "5"}, None),
        ("none", None),
    ],
)
def test_prices(offers: Any, price: Any) -> None:
    assert only(page({**DRESS, "offers": offers})).price == price


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"<html>",
        page(),
        page({"@type": "Product"}),
        page({"@type": "Article", "name": "News"}),
        b'<script type="application/ld+json">{"@type": "Product", "name": </script>',
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
        b"<div>" * 50_000,
        page(head='<meta property="og:title" content="A page without pictures">'),
    ],
)
def test_pages_without_a_product(content: bytes) -> None:
    assert read(content) == []


def test_long_and_hostile_texts_are_cut() -> None:
    hostile = {
        **DRESS,
        "sku": "",
        "name": "x\x00\u202e" * 500,
        "url": "javascript:alert(1)",
        "image": ["file:///etc/passwd", "data:image/png;base64,x", "https://", 5, None, {"url": "/ok.jpg"}],
        "offers": None,
    }
    product = only(page(hostile))
    assert len(product.display_name) <= 200
    assert product.display_name.isprintable()
    assert (product.url, product.images) == (URL, ["https://shop.example/ok.jpg"])
    assert product.external_id == "https://shop.example/dresses/red"
