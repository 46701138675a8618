"""The bounds that the figures of an export must keep; nothing is stored that does not.

A manifest records each figure with its bound, so a server can check them without knowing the gates.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from export.errors import GateFailure
from models.bound import Bound
from models.manifest import Manifest, Task
from models.tolerance import BOX_TOLERANCE_PX, SCORE_TOLERANCE, Precision

Bounds = Mapping[str, Bound]

MIN_LABELLED_PHOTOS = 100

# "pictures" is how many different non-square pictures the figures come from.
DETECT: Bounds = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        # Median over pairs of pictures of the largest score difference at one anchor: is it trained at all?
        "control_score_distance": Bound(at_least=0.01),
        # Graph against torch, every anchor of the head, before any selection.
        "head_box_difference_px": Bound(at_most=BOX_TOLERANCE_PX),
        "head_score_difference": Bound(at_most=SCORE_TOLERANCE),
        "head_score_difference_to_control": Bound(at_most=0.01),
        # Photo to boxes in the photo, against the library's own prediction.
        "matched_boxes": Bound(at_least=1),
        "matched_box_difference_px": Bound(at_most=BOX_TOLERANCE_PX),
        "matched_score_difference": Bound(at_most=SCORE_TOLERANCE),
        "unmatched_share": Bound(at_most=0.01),
    }
)

# Beside those of a detector, where its library has a letterbox of its own: the pictures of both.
LETTERBOX: Bounds = MappingProxyType({"preprocess_pixel_difference": Bound(at_most=0)})

# Beside those of a detector, where an export has masks.
MASKS: Bounds = MappingProxyType(
    {
        # Graph against torch, as shares of the median difference between pictures.
        "mask_coefficient_difference_to_control": Bound(at_most=0.01),
        "mask_prototype_difference_to_control": Bound(at_most=0.01),
        # Masks against the library's own prediction: intersection over union, all detections together.
        "matched_masks": Bound(at_least=1),
        "mask_iou": Bound(at_least=0.99),
        # The same of masks made with another picture's prototypes: do masks depend on the picture at all?
        "control_mask_iou": Bound(at_most=0.9),
    }
)

EMBED: Bounds = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        "texts": Bound(at_least=8),
        # Median distance between embeddings of different inputs.
        "image_control_distance": Bound(at_least=1e-4),
        "text_control_distance": Bound(at_least=1e-4),
        # Graph against torch: the worst of all inputs.
        "image_cosine": Bound(at_least=0.999),
        "text_cosine": Bound(at_least=0.999),
        "image_distance_to_control": Bound(at_most=0.01),
        "text_distance_to_control": Bound(at_most=0.01),
        # Photo to embedding, by our preprocessing and the graph, against the library's transform and torch.
        "preprocess_cosine": Bound(at_least=0.995),
        # Texts whose token ids differ from the library's.
        "token_mismatches": Bound(at_most=0),
    }
)

CLASSIFY: Bounds = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        # Median over pairs of pictures of the largest difference of a probability: is it trained at all?
        "control_probability_distance": Bound(at_least=0.01),
        # Graph against torch: the worst of all pictures and classes.
        "probability_difference": Bound(at_most=SCORE_TOLERANCE),
        "probability_difference_to_control": Bound(at_most=0.01),
        # Prepared picture against the library's transform: the mean in grey levels, of the worst picture.
        "preprocess_mean_difference": Bound(at_most=2),
        # Photo to probabilities, against the library's own prediction: the mean over pictures of the largest
        # difference, and the share of pictures with the same best label.
        "predicted_probability_difference": Bound(at_most=0.05),
        "top1_agreement": Bound(at_least=0.9),
    }
)

# As of a classifier, with the answers of all heads.
TAG: Bounds = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        "control_output_distance": Bound(at_least=0.01),
        "output_difference": Bound(at_most=SCORE_TOLERANCE),
        "output_difference_to_control": Bound(at_most=0.01),
        "preprocess_mean_difference": Bound(at_most=2),
        "predicted_output_difference": Bound(at_most=0.05),
        # The share of heads and pictures with the same best value; numbers are not among them.
        "best_value_agreement": Bound(at_least=0.9),
    }
)

# Of a scorer of sets, on outfits that it was not trained on.
SCORE: Bounds = MappingProxyType(
    {
        "sets": Bound(at_least=8),
        # Median over pairs of sets of the difference of their scores: is it trained at all?
        "control_score_distance": Bound(at_least=0.01),
        # Graph against torch: the worst of all sets.
        "score_difference": Bound(at_most=SCORE_TOLERANCE),
        "score_difference_to_control": Bound(at_most=0.01),
        "missing_cosine": Bound(at_least=0.999),
        # The same sets with their items in another order.
        "order_difference": Bound(at_most=SCORE_TOLERANCE),
    }
)

# As of an image encoder.
COMPARE: Bounds = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        "control_distance": Bound(at_least=1e-3),
        "embedding_cosine": Bound(at_least=0.999),
        "distance_to_control": Bound(at_most=0.01),
        "preprocess_mean_difference": Bound(at_most=2),
        # Photo to embedding, by our preprocessing and the graph, against the library's transform and torch.
        "preprocess_cosine": Bound(at_least=0.99),
    }
)

TASKS: Mapping[Task, Bounds] = MappingProxyType(
    {
        "detect": DETECT,
        "embed": EMBED,
        "classify": CLASSIFY,
        "tag": TAG,
        "score": SCORE,
        "compare": COMPARE,
    }
)

# A graph of lower precision beside its fp32 reference, on the pictures and texts of the gate.
REFERENCE: Mapping[tuple[Task, Precision], Bounds] = MappingProxyType(
    {
        ("embed", "fp16"): {
            # Embeddings of the same input: the worst of all.
            "reference_image_cosine": Bound(at_least=0.999),
            "reference_text_cosine": Bound(at_least=0.999),
            # Share of a picture's ten nearest that are its ten nearest in fp32, too: mean of all pictures.
            "reference_overlap_at_10": Bound(at_least=0.97),
        },
        ("embed", "int8"): {
            "reference_image_cosine": Bound(at_least=0.99),
            "reference_text_cosine": Bound(at_least=0.99),
            "reference_overlap_at_10": Bound(at_least=0.9),
        },
        ("detect", "fp16"): {
            # How many boxes the reference finds, how many of them are found again, and how well those lie.
            "reference_boxes": Bound(at_least=5),
            "reference_map50": Bound(at_least=0.99),
            "reference_box_iou": Bound(at_least=0.98),
        },
        ("detect", "int8"): {
            "reference_boxes": Bound(at_least=5),
            "reference_map50": Bound(at_least=0.9),
            "reference_box_iou": Bound(at_least=0.9),
        },
    }
)

# Both precisions on labelled photos, in points of a hundred. Measured only where such photos are given.
ACCURACY: Mapping[Task, Bounds] = MappingProxyType(
    {
        "embed": {
            "photos": Bound(at_least=MIN_LABELLED_PHOTOS),
            # How much better the reference is than chance: labels that it cannot tell apart prove nothing.
            "category_top1_over_chance_points": Bound(at_least=5),
            "category_top1_drop_points": Bound(at_most=0.5),
            "precision_at_10_drop_points": Bound(at_most=0.5),
        },
        "detect": {
            "photos": Bound(at_least=MIN_LABELLED_PHOTOS),
            "photo_boxes": Bound(at_least=50),
            # The reference's own: labels that it does not know prove nothing.
            "photo_map50_points": Bound(at_least=10),
            "map50_drop_points": Bound(at_most=1),
        },
    }
)


def bounds(
    task: Task,
    precision: Precision = "fp32",
    *,
    labelled: bool = False,
    masks: bool = False,
    letterbox: bool = False,
) -> Bounds:
    """The bound of every figure that an export must have; `labelled`: on labelled photos, too."""
    reference, accuracy = REFERENCE.get((task, precision), {}), ACCURACY.get(task, {}) if labelled else {}
    detector = {**(LETTERBOX if letterbox else {}), **(MASKS if masks else {})}
    return {**TASKS[task], **detector, **reference, **accuracy}


def bounds_for(manifest: Manifest, figures: Mapping[str, float]) -> Bounds:
    """As `bounds`, for what the manifest describes; labelled where any figure is of labelled photos."""
    task, precision = manifest.task, manifest.precision
    labelled = precision != "fp32" and any(name in figures for name in ACCURACY.get(task, {}))
    letterbox = task == "detect" and "ultralytics" in manifest.made_with
    return bounds(task, precision, labelled=labelled, masks=manifest.mask_channels > 0, letterbox=letterbox)


def require(bounds: Bounds, figures: Mapping[str, float], advice: Mapping[str, str]) -> None:
    """Check the figures there are so far. `advice` says by figure what to do about it.

    Raises:
        GateFailure: the first figure out of bounds.
    """
    for name, value in figures.items():
        if not bounds[name].holds(value):
            hint = advice.get(name, "the graph does not reproduce the network")
            raise GateFailure(f"{name} is {value:.6g}, must be {bounds[name]}: {hint}")


def require_all(bounds: Bounds, figures: Mapping[str, float]) -> None:
    """Raises GateFailure where a figure is missing, unknown or out of bounds."""
    if missing := bounds.keys() - figures.keys():
        raise GateFailure(f"{min(missing)} is missing")
    if unknown := figures.keys() - bounds.keys():
        raise GateFailure(f"{min(unknown)} has no bound")
    require(bounds, figures, {})


def require_known(manifest: Manifest) -> None:
    """Check the figures of an artifact that may be older than the gates, as far as they know them.

    Raises:
        GateFailure: the first figure out of bounds.
    """
    known = bounds_for(manifest, manifest.parity)
    require(known, {name: value for name, value in manifest.parity.items() if name in known}, {})


def table(manifest: Manifest) -> str:
    """The figures of a finished export, one a line, with their bounds."""
    rows = [(name, value, manifest.bounds[name]) for name, value in manifest.parity.items()]
    return "\n".join(f"  {name:<38} {value:>14.6g}   {bound}" for name, value, bound in rows)
