"""Tests that run graphs on a GPU; without one, or its libraries, each is skipped with the reason."""

from __future__ import annotations

import onnxruntime
import pytest

from models.providers import PROVIDER_NAMES, gpu_facts


def lacking(provider: str) -> str:
    """Why nothing runs by the provider here; "" if it should."""
    if PROVIDER_NAMES[provider] not in onnxruntime.get_available_providers():
        return f"the installed onnxruntime has no {provider} (make setup PROVIDER={provider})"
    return "" if gpu_facts() else "nvidia-smi finds no GPU"


@pytest.fixture(params=["cuda", "tensorrt"])
def provider(request: pytest.FixtureRequest) -> str:
    if reason := lacking(request.param):
        pytest.skip(reason)
    return str(request.param)
