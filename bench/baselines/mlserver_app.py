"""MLServer over gRPC: `python -m bench.baselines.mlserver_app`. Each call is a model of its name."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput

from bench.baselines.handler import COPIES, PORT, answer, load_models, number


class PhotoModel(MLModel):
    """Takes a photo as a BYTES tensor of shape [1]; answers with JSON in a BYTES tensor of shape [1]."""

    async def load(self) -> bool:
        self.models = load_models()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        data: Any = payload.inputs[0].data
        content = data[0] if isinstance(data[0], bytes) else bytes(data)
        found = await asyncio.to_thread(answer, self.models, self.name, content)
        output = ResponseOutput(name="answer", shape=[1], datatype="BYTES", data=[json.dumps(found).encode()])
        return InferenceResponse(model_name=self.name, outputs=[output])


async def serve() -> None:
    settings = Settings(
        host="127.0.0.1",
        http_port=number(PORT),
        grpc_port=number(PORT) + 1,
        metrics_endpoint=None,
        parallel_workers=number(COPIES) if number(COPIES) > 1 else 0,
        load_models_at_startup=False,
        debug=False,
    )
    models = [ModelSettings(name=rpc, implementation=PhotoModel) for rpc in ("detect", "embed", "analyze")]
    await MLServer(settings).start(models)


if __name__ == "__main__":
    asyncio.run(serve())
