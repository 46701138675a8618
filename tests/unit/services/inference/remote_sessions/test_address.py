from __future__ import annotations

import pytest

from services.inference.remote_sessions.address import RemoteAddress


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("grpc://models:8001/detector", RemoteAddress("models:8001", "detector")),
        ("grpc://[::1]:8001/detector?version=3", RemoteAddress("[::1]:8001", "detector", "3")),
        (
            "unix:///run/models.sock/image?shared_memory=true&version=2",
            RemoteAddress("unix:/run/models.sock", "image", "2", True),
        ),
    ],
)
def test_it_says_server_model_and_version(url: str, expected: RemoteAddress) -> None:
    assert RemoteAddress.parse(url) == expected


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("models:8001/detector", "must be grpc://HOST:PORT/MODEL or unix:"),
        ("http://models:8001/detector", "must be grpc://"),
        ("grpc://models/detector", "must be grpc://"),
        ("grpc://models:8001", "must be grpc://"),
        ("grpc://models:8001/v2/detector", "must be grpc://"),
        ("grpc://me:secret@models:8001/detector", "must be grpc://"),
        ("unix:///detector", "must be grpc://"),
        ("grpc://models:8001/detector?shared_memory=1", "shared_memory must be true or false, not '1'"),
        ("grpc://models:8001/detector?batch=1", "may have ?version= and shared_memory=, not 'batch'"),
    ],
)
def test_what_is_wrong_is_told(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        RemoteAddress.parse(url)
    assert str(error.value).startswith(told)
