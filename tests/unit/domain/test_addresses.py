from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from domain.addresses import driver_message, host_of, redact


@pytest.mark.parametrize(
    ("url", "masked", "where"),
    [
        ("http://root:S3cret@host:19530/db", "http://***@host:19530/db", "host:19530"),
        ("http://root:S3@cret@host", "http://***@host", "host"),
        ("redis://:S3/cr?et@host:6379", "redis://***@host:6379", "host:6379"),
        ("https://host/a?token=S3cret&b=1", "https://host/a?token=***&b=1", "host"),
        ("postgresql://u@host/d?password=S3cret", "postgresql://***@host/d?password=***", "host"),
        ("s3://bucket/prefix", "s3://bucket/prefix", "bucket"),
        ("/folder/milvus.db", "/folder/milvus.db", "/folder/milvus.db"),
        ("http://root:S3cret@[bad", "http://***@[bad", "http://***@[bad"),
    ],
)
def test_secrets_of_urls_are_not_shown(url: str, masked: str, where: str) -> None:
    assert redact(f"cannot open {url} now") == f"cannot open {masked} now"
    assert host_of(url) == where


def test_a_cause_is_the_drivers_words_on_one_line() -> None:
    error = OperationalError("SELECT secret", {}, ValueError("no route\nto http://a:b@c"))
    assert driver_message(error) == "no route to http://***@c"
    assert driver_message(ValueError()) == "ValueError"
    assert driver_message(ValueError("odd\n\nDebug source:\nlong")) == "odd"
