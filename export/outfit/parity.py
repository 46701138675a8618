"""The graph of a scorer of sets measured against the network."""

from __future__ import annotations

import numpy as np
import torch

from domain.types import FloatArray
from export.control import control_difference, to_control
from models.agreement import cosines
from models.outfit_scorer import OutfitScorer

ADVICE = {
    "sets": "the model's folder has too few outfits to measure on: train with a larger validation split",
    "control_score_distance": "all outfits have about the same score: has the run learned something?",
    "order_difference": "the score depends on the order of the items",
}


def measure_sets(graph: torch.nn.Module, scorer: OutfitScorer, sets: FloatArray) -> dict[str, float]:
    """The graph against torch on the same sets (N, S, D + K), and on sets in another order."""
    with torch.no_grad():
        expected: FloatArray = graph(torch.from_numpy(sets)).numpy()
    found = scorer.run(sets)
    turned = scorer.run(np.ascontiguousarray(sets[:, ::-1]))
    difference, control = float(np.abs(expected - found)[:, 0].max()), control_difference(expected[:, :1])
    return {
        "sets": float(len(sets)),
        "control_score_distance": control,
        "score_difference": difference,
        "score_difference_to_control": to_control(difference, control),
        "missing_cosine": float(cosines(expected[:, 1:], found[:, 1:]).min()),
        "order_difference": float(np.abs(found - turned)[:, 0].max()),
    }
