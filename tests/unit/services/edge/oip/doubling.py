"""A small model of the protocol, which doubles numbers and keeps what it was asked, and what serves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from domain.calls import CURRENT_CALL, Call
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.oip.data_plane import DataPlane, FixedModels
from services.edge.oip.models import CodingTimes, ModelDescription, TensorSpec
from services.edge.oip.parameters import RunOptions
from services.edge.oip.shared_memory import SharedMemory
from services.inference.run_statistics import RunStatistics
from services.oip.datatypes import DATATYPES
from tests.turns import at_once

Array = np.ndarray[Any, Any]
INT64, FP32, BYTES = DATATYPES["INT64"], DATATYPES["FP32"], DATATYPES["BYTES"]


class DoublingModel:
    """Takes (N, 2) INT64 from 0 to 9, gives `doubled` FP32 and `texts` BYTES; `act` is what it waits for."""

    def __init__(self) -> None:
        self.description = ModelDescription(
            name="doubling",
            platform="armoire",
            input=TensorSpec("numbers", INT64, (2,), largest=9),
            outputs=(TensorSpec("doubled", FP32, (2,)), TensorSpec("texts", BYTES, (2,))),
            max_rows=4,
            versions={"model_version": "doubling-abc", "preprocess_version": "p"},
        )
        self.runs = RunStatistics()
        self.coding = CodingTimes()
        self.asked: list[Array] = []
        self.options: RunOptions | None = None
        self.call: Call | None = None
        self.act: Callable[[], Awaitable[None]] = at_once

    async def run(self, rows: Array, options: RunOptions) -> Mapping[str, Array]:
        self.asked.append(rows)
        self.options, self.call = options, CURRENT_CALL.get()
        await self.act()
        self.runs.observe_success(len(rows), 1, 2, 3)
        texts = np.empty(rows.shape, object)
        texts[...] = [[str(value).encode() for value in row] for row in rows.tolist()]
        return {"doubled": (rows * 2).astype(np.float32), "texts": texts}


def doubling_plane(memory: SharedMemory = SharedMemory()) -> tuple[DataPlane, DoublingModel]:
    model = DoublingModel()
    return DataPlane(FixedModels({"doubling": model}), lambda: True, "1.2.3", memory), model


@dataclass
class Backend:
    """What the routes ask of a server."""

    open_inference: DataPlane | None
    calls: Calls = field(default_factory=lambda: Calls(Admission(1)))
    max_message_bytes: int = 2**20
    services: Sequence[HostedService] = ()
