"""What a page says of its products, by schema.org (JSON-LD, microdata) or Open Graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import extruct
from extruct.jsonld import JsonLdExtractor
from extruct.utils import parse_html
from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode
from w3lib.html import get_base_url

_SYNTAXES = ["microdata", "opengraph"]
_PRODUCTS = {"Product", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle"}
_GROUP = "ProductGroup"
_MAX_DEPTH = 32
_MAX_NODES = 10_000
Node: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StructuredData:
    """Attributes:
    products: nodes of schema.org, each a product; variants before the group that they are of.
    open_graph: the properties of Open Graph, each with all its values.
    base_url: what relative URLs start from.
    """

    products: Sequence[Node] = ()
    open_graph: Mapping[str, Sequence[str]] = field(default_factory=dict)
    base_url: str = ""


def read_page(content: bytes, content_type: str, url: str) -> StructuredData:
    """The structured data of an HTML page; none where it cannot be read."""
    _, text = html_to_unicode(content_type, content)
    base_url = get_base_url(text, url)
    try:
        document = parse_html(text, encoding="UTF-8")
        found = extruct.extract(
            document,
            base_url=base_url,
            syntaxes=_SYNTAXES,
            uniform=True,
            with_og_array=True,
            errors="ignore",
        )
    except (LxmlError, ParserError, ValueError, RecursionError):
        return StructuredData(base_url=base_url)
    nodes = [*_json_ld(document), *found.get("microdata", ())]
    return StructuredData(_unique(_products(nodes)), _open_graph(found.get("opengraph", ())), base_url)


def _json_ld(document: HtmlElement) -> Iterator[Any]:
    """The nodes of all blocks of JSON-LD; a block that is broken does not take the others with it."""
    blocks = JsonLdExtractor()
    for script in document.iter("script"):
        try:
            yield from blocks.extract_items(script)
        except (ValueError, RecursionError):
            continue


def types_of(node: Node) -> set[str]:
    """The names of a node's types, without what is before them in their URLs."""
    types = node.get("@type", ())
    listed = types if isinstance(types, list) else [types]
    return {str(each).rstrip("/").rpartition("/")[2].rpartition(":")[2] for each in listed}


def _products(nodes: Sequence[Any]) -> Iterator[Node]:
    """The nodes of products, wherever they are; of a group with variants only these."""
    waiting: list[tuple[Any, int]] = [(node, 0) for node in reversed(nodes)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node, depth = waiting.pop()
        if isinstance(node, list):
            waiting += [(each, depth + 1) for each in reversed(node) if depth < _MAX_DEPTH]
            continue
        if not isinstance(node, Mapping):
            continue
        variants = _variants(node)
        if variants:
            yield from variants
        elif types_of(node) & {*_PRODUCTS, _GROUP}:
            yield node
        elif depth < _MAX_DEPTH:
            waiting += [(each, depth + 1) for each in reversed(list(node.values()))]


def _variants(node: Node) -> list[Node]:
    """The variants of a group, with what the group says of all of them."""
    variants = node.get("hasVariant")
    if _GROUP not in types_of(node) or not variants:
        return []
    shared = {
        name: value for name, value in node.items() if name not in ("hasVariant", "@type", "@id", "url")
    }
    listed = variants if isinstance(variants, list) else [variants]
    return [{**shared, **each} for each in listed if isinstance(each, Mapping) and len(each) > 1]


def _unique(nodes: Iterator[Node]) -> list[Node]:
    """A page may describe a product twice, in JSON-LD and in microdata: the first description counts."""
    found: dict[object, Node] = {}
    for node in nodes:
        key = str(node.get("sku") or node.get("productID") or node.get("name") or id(node))
        found.setdefault(key, node)
    return list(found.values())


def _open_graph(found: Sequence[Any]) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = {}
    for each in found:
        for name, value in each.items() if isinstance(each, Mapping) else ():
            texts = value if isinstance(value, list) else [value]
            properties.setdefault(name, []).extend(text for text in texts if isinstance(text, str))
    return properties
