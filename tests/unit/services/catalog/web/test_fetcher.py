"""What is fetched from a host on loopback, with the check of addresses injected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.errors import InvalidInput
from services.background.backoff import Backoff
from services.catalog.web.allowed_hosts import AllowedHosts
from services.catalog.web.fetcher import Fetched, Fetcher, FetchFailed, FetchOptions
from tests.web_host import WebHost, web_host


@pytest.fixture
def host() -> Iterator[WebHost]:
    with web_host() as served:
        yield served


async def fetched(host: WebHost, url: str, max_bytes: int = 1000, **changes: object) -> Fetched:
    options = FetchOptions(AllowedHosts((host.name,), http=True), retry=Backoff(0.0, 0.0))
    fetcher = host.fetcher(replace(options, **changes))  # type: ignore[arg-type]
    try:
        return await fetcher.fetch(url, max_bytes)
    finally:
        await fetcher.close()


async def test_the_bytes_and_where_they_were_found(host: WebHost) -> None:
    host.add("/moved", b"", 301, location="/there")
    host.add("/there", b"bytes", content_type="image/png; charset=x")
    assert await fetched(host, host.url("/moved")) == Fetched(host.url("/there"), b"bytes", "image/png")
    assert host.asked == [("/moved", "armoire-import/1.0"), ("/there", "armoire-import/1.0")]


async def test_loopback_is_refused_without_the_injected_check(host: WebHost) -> None:
    url = host.add("/a", b"secret")
    fetcher = Fetcher(FetchOptions(AllowedHosts((host.name,), http=True), retry=Backoff(0.0, 0.0)))
    with pytest.raises(InvalidInput) as refused:
        await fetcher.fetch(url, 1000)
    await fetcher.close()
    assert (refused.value.reason, host.asked) == ("ADDRESS_NOT_PUBLIC", [])


@pytest.mark.parametrize("chunked", [False, True])
async def test_what_is_too_large_is_not_kept(host: WebHost, chunked: bool) -> None:
    body = b"x" * 1001
    url = host.add("/a", body)
    if chunked:
        url = host.add("/a", b"3e9\r\n" + body + b"\r\n0\r\n\r\n", transfer_encoding="chunked")
    with pytest.raises(InvalidInput) as refused:
        await fetched(host, url)
    assert refused.value.reason == "FETCH_TOO_LARGE"


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (500, 3), (503, 3), (429, 3)])
async def test_a_status_that_may_pass_is_tried_again(host: WebHost, status: int, tries: int) -> None:
    url = host.add("/a", b"", status)
    with pytest.raises(FetchFailed) as failed:
        await fetched(host, url)
    assert failed.value.metadata == {"status": str(status)}
    assert len(host.asked) == tries


async def test_redirects_end_somewhere(host: WebHost) -> None:
    url = host.add("/a", b"", 302, location="/a")
    with pytest.raises(FetchFailed, match="redirects"):
        await fetched(host, url)
    assert len(host.asked) == 4


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "file:///etc/passwd", "//10.0.0.1/x"])
async def test_redirects_stay_with_allowed_hosts(host: WebHost, target: str) -> None:
    url = host.add("/a", b"", 302, location=target)
    with pytest.raises(InvalidInput):
        await fetched(host, url)


async def test_compressed_bytes_are_refused(host: WebHost) -> None:
    url = host.add("/a", b"x", content_encoding="gzip")
    with pytest.raises(FetchFailed, match="compressed"):
        await fetched(host, url)


async def test_a_host_that_does_not_answer(host: WebHost) -> None:
    """Nobody listens at port 9, and the limit of time is never reached."""
    hosts = AllowedHosts(("127.0.0.1:9",), http=True)
    with pytest.raises(FetchFailed, match="does not answer"):
        await fetched(host, "http://127.0.0.1:9/", hosts=hosts, tries=1)


async def test_a_limit_of_time_ends_a_fetch(host: WebHost) -> None:
    """The body never comes to its end, because more is announced than is sent."""
    url = host.add("/a", b"x", content_length="500")
    with pytest.raises(FetchFailed, match=r"took longer than 0\.2 s|does not answer"):
        await fetched(host, url, timeout_s=0.2, tries=1)
