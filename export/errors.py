"""Why an export stops.

ExportError
├── GateFailure   the graph does not do what the network does
└── Unsupported   the network, tokenizer, pictures or options cannot be taken
"""

from __future__ import annotations


class ExportError(Exception):
    """Nothing was stored."""


class GateFailure(ExportError):
    """The graph does not do what the network does."""


class Unsupported(ExportError):
    """The network, tokenizer, pictures or options cannot be taken."""
