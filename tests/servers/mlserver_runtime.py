"""A runtime of MLServer, which imports it, that runs an ONNX graph of an artifact."""

from __future__ import annotations

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxRuntime(MLModel):
    """The graph at `parameters.uri`, which has one input."""

    async def load(self) -> bool:
        self._session = onnxruntime.InferenceSession(self.settings.parameters.uri)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        name = self._session.get_inputs()[0].name
        (rows,) = self._session.run(None, {name: NumpyCodec.decode_input(payload.inputs[0])})
        output = NumpyCodec.encode_output(self._session.get_outputs()[0].name, rows)
        return InferenceResponse(model_name=self.name, outputs=[output])
