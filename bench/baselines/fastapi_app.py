"""FastAPI with a thread pool: `python -m bench.baselines.fastapi_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from bench.baselines.handler import COPIES, PORT, answer, load_models, number


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Let two photos run at a time, so that one is decoded while the model runs the other."""
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
    name = "bench.baselines.fastapi_app:app"
    uvicorn.run(name, port=number(PORT), workers=number(COPIES), log_level="warning")
