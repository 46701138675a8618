"""What a signature holds, and what it refuses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from services.catalog.blobs.signing import SigningKey, UrlRefused, UrlSigner, parse_keys

OLD, NEW = SigningKey("old", "o" * 32), SigningKey("new", "n" * 32)
PATH = "/blobs/shop/images/i-1/original"
NOW = 1_000_000


def verified(signer: UrlSigner, url: str, verb: str = "GET", now_s: float = NOW) -> dict[str, str]:
    parts = urlsplit(url)
    return signer.verify(verb, parts.path, parts.query, now_s)


def test_a_url_is_taken_until_it_expires() -> None:
    signer = UrlSigner([NEW])
    url = signer.sign("GET", PATH, {"max_side_px": "256"}, NOW + 60)
    assert url.startswith(f"{PATH}?max_side_px=256&expires={NOW + 60}&key=new&signature=")
    assert verified(signer, url, now_s=NOW + 59.9) == {"max_side_px": "256"}
    with pytest.raises(UrlRefused) as caught:
        verified(signer, url, now_s=NOW + 60)
    assert caught.value.reason == "URL_EXPIRED"


def test_nothing_of_a_url_can_be_changed() -> None:
    signer = UrlSigner([NEW])
    url = signer.sign("GET", PATH, {"max_side_px": "256"}, NOW + 60)
    changed = [
        url.replace("shop", "other"),
        url.replace("i-1", "i-2"),
        url.replace("original", "../../other"),
        url.replace("=256", "=2048"),
        url.replace(f"expires={NOW + 60}", f"expires={NOW + 61}"),
        url.replace("key=new", "key=old"),
        url.replace("max_side_px=256&", ""),
        url + "&more=1",
        url + "&max_side_px=256",
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url + "%C3%A9",
        url.partition("&signature")[0],
        PATH,
        f"{PATH}?{'&'.join(f'a{n}=1' for n in range(50))}",
    ]
    for other in changed:
        with pytest.raises(UrlRefused) as caught:
            verified(signer, other)
        assert caught.value.reason == "URL_INVALID"
    with pytest.raises(UrlRefused):
        verified(signer, url, verb="PUT")


def test_a_key_is_replaced_while_urls_of_the_one_before_are_taken() -> None:
    before = UrlSigner([OLD]).sign("GET", PATH, {}, NOW + 60)
    both = UrlSigner([NEW, OLD])
    assert verified(both, before) == {}
    assert "key=new" in both.sign("GET", PATH, {}, NOW + 60)
    with pytest.raises(UrlRefused):
        verified(UrlSigner([NEW]), before)
    same_name = SigningKey("old", "x" * 32)
    with pytest.raises(UrlRefused):
        verified(UrlSigner([same_name]), before)


def test_keys_are_read_from_lines_and_commas() -> None:
    text = f"new:{'n' * 32}\n\nold:{'o' * 32} , third:{'t' * 40}\n"
    assert parse_keys(text) == (NEW, OLD, SigningKey("third", "t" * 40))
    assert parse_keys("") == ()


@pytest.mark.parametrize(
    "text", ["S3cret" * 10, f"id:{'S3cret' * 5}", f"a b:{'S3cret' * 10}", f":{'S3cret' * 10}"]
)
def test_a_text_that_is_no_key_is_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="ID:SECRET") as caught:
        parse_keys(text)
    assert "S3cret" not in str(caught.value)
    assert "secret" not in repr(NEW)
    assert NEW.secret not in repr(NEW)
