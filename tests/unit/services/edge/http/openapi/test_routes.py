"""The description and its page, as an ASGI server asks for them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
import yaml

from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.app import build_http_app
from services.edge.http.openapi.comments import STORED
from services.edge.http.openapi.routes import PAGE
from services.edge.late_servicer import LateServicer
from tests.openapi_description import SERVICES

ROOT = Path(__file__).parents[6]
FILES = sorted(PAGE.iterdir())


class Backend:
    """Hosts InferenceService alone."""

    max_message_bytes = 2**20
    calls = Calls(Admission(1))
    services = (HostedService(SERVICES[0], LateServicer(SERVICES[0])),)


async def request(method: str, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_http_app(Backend))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.request(method, path)


async def test_the_description_is_of_what_is_hosted() -> None:
    response = await request("GET", "/openapi.json")
    assert response.headers["content-type"] == "application/json"
    paths = response.json()["paths"]
    assert "/armoire.v1.InferenceService/Analyze" in paths
    assert not [path for path in paths if "CatalogService" in path]


async def test_the_page_and_its_files_are_served() -> None:
    page = await request("GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    linked = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
    assert {Path(name).name for name in linked} == {file.name for file in FILES} - {"index.html"}
    for name in linked:
        assert (await request("GET", f"/{name}")).status_code == 200


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_page_names_no_other_host(file: Path) -> None:
    assert not re.search(r"""https?://\w|["'(]//""", file.read_text())


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json"])
async def test_they_are_only_read(path: str) -> None:
    response = await request("POST", path)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_the_root_tells_of_both() -> None:
    routes = (await request("GET", "/")).json()["routes"]
    assert {"GET /openapi.json", "GET /docs"} <= set(routes)


def test_packages_hold_the_page_and_the_comments() -> None:
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text())
    assert bentofile["exclude"] == ["*.py[co]"]
    for file in (*FILES, STORED):
        assert any(file.is_relative_to(ROOT / folder.strip("/")) for folder in bentofile["include"])
