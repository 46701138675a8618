"""Tables of products: columns, cells, encodings, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from armoire.command.console import UsageError
from armoire.command.importing.source_row import SourceRow, entries_of
from armoire.command.importing.tables import TableOptions, read_csv, read_jsonl
from armoire.values.imports import ImportEntry, PhotoUrl
from armoire.values.products import Availability, Money, Product

DEFAULTS = TableOptions()


def written(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path: Path, options: TableOptions = DEFAULTS) -> SourceRow:
    (row,) = read_csv(path, options).rows
    return row


def test_every_field_of_a_row(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "SKU,Product Name,description,brand,category,product-type,price,list_price,currency,link,"
        "availability,attributes.material,image,image_2,unknown\n"
        'S-1,Red dress,"two\nlines",Acme,dress,Kleider,19.90,29.90 CHF,CHF,https://shop.example/1,in stock,'
        "linen,front.jpg,https://shop.example/b.jpg?x=1,x\n",
    )
    table = read_csv(path, DEFAULTS)
    (row,) = table.rows
    assert row.product == Product(
        "Red dress",
        external_id="S-1",
        description="two\nlines",
        brand="Acme",
        category="dress",
        product_type="Kleider",
        price=Money("19.90", "CHF"),
        list_price=Money("29.90", "CHF"),
        url="https://shop.example/1",
        availability=Availability.IN_STOCK,
        attributes={"material": "linen"},
    )
    assert (row.problems, list(table.ignored)) == ((), ["unknown"])
    assert list(entries_of(table.rows)) == [
        ImportEntry(1, "a.csv, line 2, column image", row.product, "front.jpg", str(tmp_path / "front.jpg")),
        ImportEntry(
            2,
            "a.csv, line 2, column image_2",
            row.product,
            "b.jpg",
            PhotoUrl("https://shop.example/b.jpg?x=1"),
        ),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_delimiter_and_the_encoding_are_found_out(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = delimiter.join(("id", "title", "brand")) + "\r\n" + delimiter.join(("1", "Größe", "é")) + "\r\n"
    product = only(written(tmp_path, text.encode(encoding))).product
    assert product == Product("Größe", external_id="1", brand="é")


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "id,title\n1,ok\n2,Größe\n".encode("cp1252"))
    with pytest.raises(UsageError, match=r"line 3: it is not utf-8; name another --encoding"):
        read_csv(path, DEFAULTS)
    rows = read_csv(path, TableOptions(encoding="cp1252")).rows
    assert rows[1].product == Product("Größe", external_id="2")
    with pytest.raises(UsageError, match="not known"):
        read_csv(path, TableOptions(encoding="klingon"))


def test_columns_are_mapped(tmp_path: Path) -> None:
    path = written(tmp_path, "Nummer,Preis,Stoff,Bild,id\nS-1,5,Leinen,a.jpg,other\n")
    mapped = ["external_id=Nummer", "price=Preis", "attributes.material=Stoff", "image=Bild"]
    row = only(path, TableOptions(mapped, currency="CHF", photos=tmp_path / "p"))
    assert row.product == Product(
        "", external_id="S-1", price=Money("5", "CHF"), attributes={"material": "Leinen"}
    )
    assert [photo.place for photo in row.photos] == [str(tmp_path / "p" / "a.jpg")]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("19,90 CHF", "19.90"), ("1.299,00", "1299.00"), ("1.299", "1299"), ("5", "5"), ("19.90", "19.90")],
)
def test_prices_with_a_decimal_comma(tmp_path: Path, text: str, amount: str) -> None:
    options = TableOptions(currency="CHF", delimiter=";", decimal_comma=True)
    (row,) = read_csv(written(tmp_path, f"id;price\n1;{text}\n"), options).rows
    assert row.product is not None
    assert row.product.price == Money(amount, "CHF")


@pytest.mark.parametrize(
    "text",
    [
        "in_stock",
        "in stock",
        "IN-STOCK",
        "InStock",
        "https://schema.org/InStock",
        "http://schema.org/InStock/",
    ],
)
def test_availability_as_shops_and_schema_org_spell_it(tmp_path: Path, text: str) -> None:
    (row,) = read_csv(written(tmp_path, f"id,availability\n1,{text}\n"), DEFAULTS).rows
    assert row.product is not None
    assert row.product.availability is Availability.IN_STOCK


@pytest.mark.parametrize(
    ("mapped", "told"),
    [("price", "FIELD=COLUMN"), ("prize=id", "FIELD=COLUMN"), ("price=Preis", "no column 'Preis'")],
)
def test_a_bad_mapping_is_refused(tmp_path: Path, mapped: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_csv(written(tmp_path, "id,title\n1,a\n"), TableOptions([mapped]))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",x,,,", "column id: it is empty, and an import finds products by it"),
        ("1,x,cheap,,", "column price: 'cheap' is not a price"),
        ('1,x,"19,90 EUR",,', "column price: '19,90 EUR' has a decimal comma: add --decimal-comma"),
        ("1,x,,soon,", "column availability: 'soon' is no availability"),
        ("1,x,,,shop", "column url: 'shop' is no absolute URL"),
        ("1,x,,,,6", "it has 6 cells, and the table 5 columns"),
    ],
)
def test_a_bad_cell_is_told_with_its_line_and_column(tmp_path: Path, row: str, told: str) -> None:
    path = written(tmp_path, f"id,title,price,availability,url\n1,ok,,,\n\n{row}\n")
    good, bad = read_csv(path, DEFAULTS).rows
    assert (good.problems, bad.source) == ((), "a.csv, line 4")
    (problem,) = bad.problems
    assert problem.startswith(told)
    first, second = entries_of([good, bad])
    assert (first.number, second.number, second.product, second.photo) == (1, 2, None, None)
    assert second.problem == problem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("title,price\nCoat,5\n", "no column is the external_id"),
        ("id,id\n1,2\n", "two columns 'id'"),
        ('id,title\n1,"open\n', "line 2"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_csv(written(tmp_path, text), DEFAULTS)


def test_several_photos_in_a_cell(tmp_path: Path) -> None:
    cell = "a.jpg | b.jpg|https://s.example/c,d.jpg,https://s.example/e.jpg"
    row = only(written(tmp_path, f'id,additional image link\n1,"{cell}"\n'))
    places = [photo.place.removeprefix(f"{tmp_path}/") for photo in row.photos]
    assert places == ["a.jpg", "b.jpg", "https://s.example/c,d.jpg", "https://s.example/e.jpg"]


@pytest.mark.parametrize("place", ["../secret.jpg", "a/../../secret.jpg", "/etc/passwd", "a/../../b.jpg"])
def test_a_path_does_not_leave_the_folder_of_photos(tmp_path: Path, place: str) -> None:
    photos = tmp_path / "photos"
    for path in (
        written(tmp_path, f"sku,image\nS-1,{place}\n"),
        written(tmp_path, json.dumps({"sku": "S-1", "image": place}), "a.jsonl"),
    ):
        read = read_csv if path.suffix == ".csv" else read_jsonl
        (row,) = read(path, TableOptions(photos=photos)).rows
        assert row.photos == ()
        assert row.problems == (f"column image: {place!r} is not below {photos} (--photos)",)


def test_a_path_may_go_up_and_down_within_it(tmp_path: Path) -> None:
    row = only(written(tmp_path, f"sku,image\nS-1,a/../b.jpg|{tmp_path / 'c.jpg'}\n"))
    assert [Path(photo.place).name for photo in row.photos] == ["b.jpg", "c.jpg"]


def test_photos_need_no_product(tmp_path: Path) -> None:
    row = only(written(tmp_path, "photo\na.jpg\n"))
    assert (row.product, len(row.photos)) == (None, 1)


def test_lines_of_json(tmp_path: Path) -> None:
    lines = [
        json.dumps(
            {
                "external_id": "S-1",
                "display_name": "Dress",
                "price": {"amount": "19.90", "currency": "CHF"},
                "list_price": 29,
                "currency": "CHF",
                "attributes": {"material": "linen", "size": 36},
                "images": ["a.jpg", "https://shop.example/b.jpg"],
            }
        ),
        "",
        "[1]",
        "{",
        json.dumps({"external_id": "S-2", "images": [5]}),
        json.dumps({"external_id": ["S-3"]}),
    ]
    rows = read_jsonl(written(tmp_path, "\n".join(lines), "a.jsonl"), DEFAULTS).rows
    assert rows[0].product == Product(
        "Dress",
        external_id="S-1",
        price=Money("19.90", "CHF"),
        list_price=Money("29", "CHF"),
        attributes={"material": "linen", "size": "36"},
    )
    assert [photo.is_url for photo in rows[0].photos] == [False, True]
    assert [(row.source, len(row.problems)) for row in rows[1:]] == [
        (f"a.jsonl, line {number}", 1) for number in (3, 4, 5, 6)
    ]
