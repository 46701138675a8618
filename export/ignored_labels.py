"""The labels of a detector that are never reported."""

from __future__ import annotations

from export.errors import Unsupported


def ignored_labels(labels: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Unsupported for a label that the network does not have, or where none would be left."""
    if unknown := sorted(set(wanted) - set(labels)):
        raise Unsupported(f"--ignore {unknown[0]}: the labels are {', '.join(labels)}")
    ignored = tuple(label for label in labels if label == "ignore" or label in wanted)
    if len(ignored) == len(labels):
        raise Unsupported("--ignore must leave at least one label")
    return ignored
