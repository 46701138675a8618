"""`armoire export`: what leaves a catalogue."""

from __future__ import annotations

from armoire.command import export_catalog, export_dataset
from armoire.command.options import Commands, add_group

EXAMPLES = """\
  armoire export dataset garments --format yolo
  armoire export catalog backup"""


def add_to(commands: Commands) -> None:
    summary = "Write reviewed photos for training, or the whole catalogue to keep or to move it."
    group = add_group(commands, "export", summary, EXAMPLES)
    export_dataset.add_to(group)
    export_catalog.add_to(group)
