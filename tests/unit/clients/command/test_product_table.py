from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from armoire.v1 import products_pb2
from tests.unit.clients.command.outcomes import jobs_of

SAMPLES = Path(__file__).parents[4] / "samples"


def test_index_gives_each_photo_the_product_of_its_row(armoire: Any, server: Any, job: Any) -> None:
    server.say("IndexImages", lambda requests, _: jobs_of(requests, lambda _: job("COMPLETE")))
    photo = SAMPLES / "court-polo.jpg"
    status, out, err = armoire("index", str(SAMPLES), "--products", str(SAMPLES / "samples.csv"))
    assert (status, err) == (0, "")
    by_name = {request.image_name: request.product for request in server.requests["IndexImages"]}
    assert len(by_name) == len(out.splitlines()) == len([*SAMPLES.glob("*.jpg")])
    polo = by_name[photo.name]
    assert (polo.display_name, polo.category) == ("Court Polo", "t-shirt")
    assert (polo.price.currency_code, polo.price.units, polo.price.nanos) == ("EUR", 34, 500_000_000)


def test_a_table_may_tell_more_and_name_folders(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, job: Any
) -> None:
    server.say("IndexImages", lambda requests, _: jobs_of(requests, lambda _: job("COMPLETE")))
    table = tmp_path / "table.csv"
    rows = (
        "file,product_name,category,price,currency,brand,description,"
        "external_id,product_type,list_price,url,availability",
        "a.png,Any,dress,,,,",
        f'{tmp_path.name}/a.png,Red dress,dress,19.90,USD,"Smith, Sons",Long,'
        "SKU-1,Abendmode,25,https://shop.example/1,In Stock",
    )
    table.write_text("\n".join(rows))
    status, _, err = armoire("index", photos[0], photos[2], "--products", str(table))
    assert (status, err) == (0, f"no row in {table}, so no product, for: {photos[2]}\n")
    requests = {request.image_name: request for request in server.requests["IndexImages"]}
    product = requests["a.png"].product
    assert (product.display_name, product.brand, product.description) == ("Red dress", "Smith, Sons", "Long")
    assert (product.price.currency_code, product.list_price.units) == ("USD", 25)
    assert (product.external_id, product.product_type) == ("SKU-1", "Abendmode")
    assert (product.url, product.availability) == (
        "https://shop.example/1",
        products_pb2.AVAILABILITY_IN_STOCK,
    )
    assert requests["c.png"].WhichOneof("owner") is None


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["a.png,Gown,dress,1", "b.png,Gown,dress,cheap"], "line 3: 'cheap' is not a price"),
        (["a.png,,dress,1"], "line 2: product_name is empty"),
        (
            ["a.png,Gown,dress,1,soon"],
            "line 2: 'soon' is no availability: write one of in_stock, out_of_stock",
        ),
        ([",Gown,dress,1"], "line 2: file is empty"),
        (["a.png,Gown,dress,1", "", "a.png,Gown,dress,1"], "line 4: 'a.png' has a row already"),
        (["a.png,Gown,dress,1,,2"], "line 2: it has more cells"),
        (['a.png,"Gown,dress,1'], "line 2: unexpected end of data"),
    ],
)
def test_a_bad_row_is_told_with_its_line(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, rows: list[str], complaint: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join(["file,product_name,category,price,availability", *rows]))
    status, out, err = armoire("index", photos[0], "--products", str(table))
    assert (status, out) == (2, "")
    assert f"{table}, {complaint}" in err
    assert server.requests == {}


def test_a_table_that_is_none(armoire: Any, photos: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    for content, complaint in (
        (b"", "no column file"),
        (b"file,price\n", "product_name"),
        (b"\xff", "UTF-8"),
    ):
        table.write_bytes(content)
        status, _, err = armoire("index", photos[0], "--products", str(table))
        assert status == 2
        assert complaint in err
    assert "No such file" in armoire("index", photos[0], "--products", str(tmp_path / "gone.csv"))[2]
