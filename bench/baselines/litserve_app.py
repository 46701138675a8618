"""LitServe: `python -m bench.baselines.litserve_app`.

LitServe evaluates annotations at run time, so this module does without `from __future__ import annotations`.
"""

from typing import Any

import litserve
from fastapi import Request, UploadFile

from bench.baselines.handler import COPIES, PORT, answer, load_models, number


class PhotoApi(litserve.LitAPI):
    """LitServe passes each request to the first free worker; the form field `rpc` names the call."""

    def setup(self, device: str) -> None:
        self.models = load_models()

    def decode_request(self, request: Request) -> tuple[str, bytes]:
        upload: UploadFile = request["photo"]  # LitServe has parsed the form
        return str(request["rpc"]), upload.file.read()

    def predict(self, call: tuple[str, bytes]) -> list[Any]:
        rpc, content = call
        return answer(self.models, rpc, content)

    def encode_response(self, output: list[Any]) -> dict[str, Any]:
        return {"output": output}


if __name__ == "__main__":
    server = litserve.LitServer(PhotoApi(), accelerator="cpu", workers_per_device=number(COPIES), timeout=60)
    server.run(port=number(PORT), host="127.0.0.1", log_level="warning", generate_client_file=False)
