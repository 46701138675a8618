"""The web page's files, as an ASGI server asks for them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
import yaml
from starlette.applications import Starlette

from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.app import build_http_app
from services.edge.http.web_page import MEDIA_TYPES, WEB, WebPage
from services.edge.late_servicer import LateServicer
from tests.openapi_description import SERVICES

ROOT = Path(__file__).parents[5]
SENT = sorted(path for path in WEB.rglob("*") if path.suffix in MEDIA_TYPES)
MOST_BYTES = 150_000
"""Of all files that pages ask for together, compressed; none asks for the licences."""
BROWSER = {"accept": "text/html,*/*;q=0.8"}


class Backend:
    """Hosts the services of these names."""

    max_message_bytes = 2**20
    calls = Calls(Admission(1))

    def __init__(self, *names: str) -> None:
        hosted = [service for service in SERVICES if service.full_name.rpartition(".")[2] in names]
        self.services = [HostedService(service, LateServicer(service)) for service in hosted]


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")


@pytest.fixture
def app() -> Starlette:
    return build_http_app(lambda: Backend("CatalogService"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A page of two files and one that is not sent."""
    (tmp_path / "index.html").write_text('<!-- modules --><script src="/app/VERSION/main.js"></script>')
    (tmp_path / "main.js").write_text("1")
    (tmp_path / "tsconfig.json").write_text("{}")
    return tmp_path


async def test_every_address_of_a_page_gives_the_document(app: Starlette) -> None:
    async with client(app) as sender:
        for path in ("/app/", "/app/search?q=red", "/app/items/0193"):
            response = await sender.get(path)
            assert response.headers["content-type"] == "text/html; charset=utf-8"
            assert response.headers["cache-control"] == "no-cache"
        again = await sender.get("/app/", headers={"if-none-match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        moved = await sender.get("/app")
        assert (moved.status_code, moved.headers["location"]) == (307, "/app/")


async def test_the_document_names_files_that_are_there_for_ever(app: Starlette) -> None:
    async with client(app) as sender:
        document = await sender.get("/app/")
        named = re.findall(r'(?:src|href)="(/app/[^"]+)"', document.text)
        assert {name.split("/", 3)[3] for name in named} >= {"main.js", "search/page.js", "vendor/preact.js"}
        for name in named:
            file = await sender.get(name)
            assert file.status_code == 200
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert file.content == (WEB / name.split("/", 3)[3]).read_bytes()


async def test_the_document_names_the_modules_that_every_page_needs(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!-- modules -->")
    (tmp_path / "main.js").write_text('import {\n  one,\n} from "./parts/one.js";\nimport("./late.js");\n')
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.js").write_text(
        '/** @import { T } from "./types.js" */\nexport * from "../two.js";\n'
    )
    for name in ("two.js", "late.js", "parts/types.js"):
        (tmp_path / name).write_text("1")
    async with client(Starlette(routes=WebPage(tmp_path).routes())) as sender:
        document = (await sender.get("/app/")).text
    assert re.findall(r'href="/app/\w+/([^"]+)"', document) == ["main.js", "parts/one.js", "two.js"]


async def test_nothing_runs_that_is_not_a_file_of_the_page(app: Starlette) -> None:
    async with client(app) as sender:
        policy = (await sender.get("/app/")).headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\son\w+=|style=", (WEB / "index.html").read_text())


async def test_a_file_of_another_version_is_not_found(app: Starlette) -> None:
    async with client(app) as sender:
        response = await sender.get("/app/0123456789abcdef/main.js")
        assert (response.status_code, response.json()["reason"]) == (404, "NOT_FOUND")
        refused = await sender.post("/app/")
        assert (refused.status_code, refused.json()["reason"]) == (405, "VERB_NOT_ALLOWED")


async def test_files_are_compressed_for_those_who_take_it(app: Starlette) -> None:
    async with client(app) as sender:
        plain = await sender.get("/app/", headers={"accept-encoding": "identity"})
        packed = await sender.get("/app/", headers={"accept-encoding": "gzip"})
        assert packed.text == plain.text
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers


async def test_the_hash_changes_with_any_file(small: Path) -> None:
    before = WebPage(small)
    app = Starlette(routes=before.routes())
    async with client(app) as sender:
        document = (await sender.get("/app/")).text
        assert document == f'<script src="/app/{before.version}/main.js"></script>'
        assert (await sender.get(f"/app/{before.version}/tsconfig.json")).status_code == 404
    (small / "tsconfig.json").write_text("{ }")
    assert WebPage(small).version == before.version
    (small / "main.js").write_text("2")
    assert WebPage(small).version != before.version


async def test_the_root_leads_browsers_to_the_page_where_there_is_a_catalogue() -> None:
    for name, status in (("CatalogService", 307), ("InferenceService", 200)):
        backend = Backend(name)
        async with client(build_http_app(lambda backend=backend: backend)) as sender:
            assert (await sender.get("/", headers=BROWSER)).status_code == status
            assert "routes" in (await sender.get("/")).json()


def test_the_page_is_small() -> None:
    asked_for = [path for path in SENT if path.suffix != ".txt"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in asked_for) <= MOST_BYTES


@pytest.mark.parametrize("path", [path for path in SENT if path.suffix != ".txt"], ids=lambda path: path.name)
def test_the_page_names_no_other_host(path: Path) -> None:
    text = re.sub(r"http://www\.w3\.org/\S+|// ?Source: \S+|Source: https://\S+", "", path.read_text())
    assert not re.search(r"""https?://\w|["'(]//\w""", text)


def test_packages_hold_the_page() -> None:
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text())
    assert "/web/" in bentofile["include"]
    assert "COPY web /web" in (ROOT / "docker/Dockerfile").read_text().splitlines()
    assert "!web/" in (ROOT / ".dockerignore").read_text().splitlines()
