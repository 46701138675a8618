from __future__ import annotations

import onnxruntime

from models.machine import machine_facts


def test_names_onnxruntime_and_the_cpu_alike_every_time() -> None:
    version, cpu = machine_facts()
    assert version == onnxruntime.__version__
    assert cpu
    assert machine_facts() == (version, cpu)
