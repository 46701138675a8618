"""Plain FastAPI: `python -m bench.peers.fastapi_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from bench.peers.inside import COPIES, PORT, answer, load_models, number


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Two photos at a time: one is decoded while the other is in the model."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = 2
    app.state.models = load_models()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/{rpc}")  # type: ignore[untyped-decorator]
async def serve(rpc: str, request: Request) -> list[object]:
    content = await request.body()
    found: list[object] = await run_in_threadpool(answer, request.app.state.models, rpc, content)
    return found


if __name__ == "__main__":
    uvicorn.run("bench.peers.fastapi_app:app", port=number(PORT), workers=number(COPIES), log_level="warning")
