"""The blocking modules of the client, written from the asyncio ones."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[4] / "clients" / "python" / "tools" / "unasync.py"

ASYNCIO = '''"""Awaited."""

import asyncio
from collections.abc import AsyncIterator

import grpc.aio

from armoire.async_transport import AsyncTransport


class AsyncThing:
    async def __aenter__(self) -> "AsyncThing":
        # AsyncThing, await and async stay in comments and texts.
        channel = grpc.aio.insecure_channel("async")
        async with channel: await asyncio.sleep(1)
        return [each async for each in self.watch()]

    def watch(self) -> AsyncIterator[int]:
        return self.aio(lambda each: (await each), grpc.aio)
'''
BLOCKING = '''# Generated from async_thing.py by "make client". Change that file.
"""Blocking."""

import time
from collections.abc import Iterator

import grpc

from armoire.transport import Transport


class Thing:
    def __enter__(self) -> "AsyncThing":
        # AsyncThing, await and async stay in comments and texts.
        channel = grpc.insecure_channel("async")
        with channel: time.sleep(1)
        return [each for each in self.watch()]

    def watch(self) -> Iterator[int]:
        return self.aio(lambda each: (each), grpc)
'''


@pytest.fixture(scope="module")
def unasync() -> ModuleType:
    spec = importlib.util.spec_from_file_location("unasync", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_awaited_blocks(unasync: ModuleType) -> None:
    assert unasync.blocking(ASYNCIO, {"Awaited.": "Blocking."}, "async_thing.py") == BLOCKING


def test_a_text_that_is_gone_is_told(unasync: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"async_thing\.py no longer holds 'Awaits'"):
        unasync.blocking(ASYNCIO, {"Awaits": "Blocks"}, "async_thing.py")


@pytest.mark.parametrize("name", ["async_client.py", "async_transport.py", "methods/async_indexing.py"])
def test_what_is_committed_is_what_would_be_written(unasync: ModuleType, name: str) -> None:
    target, texts = unasync.MODULES[name]
    source = (unasync.PACKAGE / name).read_text(encoding="utf-8")
    written = unasync.formatted(unasync.blocking(source, texts, name))
    assert (unasync.PACKAGE / target).read_text(encoding="utf-8") == written


def test_nothing_asyncio_is_left(unasync: ModuleType) -> None:
    for target, _ in unasync.MODULES.values():
        code = compile((unasync.PACKAGE / target).read_text(encoding="utf-8"), target, "exec")
        assert not {"asyncio", "aio"} & set(code.co_names)
