"""Draws shoes, hats, bags and a scarf on a person."""

from __future__ import annotations

import numpy as np

from training.synthetic.body import HIP_Y, SIGNS
from training.synthetic.outline import Points, as_points, ellipse, mirrored, point
from training.synthetic.painting import smooth
from training.synthetic.sketch import Cloth, Sketch, bent, dim

SHOES = ("sneakers", "boots", "ankle boots", "flats", "heels")
HATS = ("cap", "beanie", "sun hat")
BAGS = ("tote bag", "handbag", "crossbody bag", "shoulder bag")


def draw_shoes(sketch: Sketch, cloth: Cloth) -> None:
    """A pair of shoes."""
    for side in (0, 1):
        {"sneakers": _sneaker, "boots": _boot, "ankle boots": _boot, "flats": _flat, "heels": _flat}[
            cloth.kind
        ](sketch, cloth, side)


def _placed(sketch: Sketch, side: int, points: list[tuple[float, float]]) -> Points:
    """Points of a right foot, relative to its ankle, toe outwards and down."""
    return sketch.body.along_leg(side, 1.0) + as_points(points) * as_points([(SIGNS[side], 1)])


def _sneaker(sketch: Sketch, cloth: Cloth, side: int) -> None:
    painting = sketch.painting
    upper = [(-0.16, -0.12), (0.14, -0.13), (0.22, 0.06), (0.38, 0.2), (0.47, 0.32), (0.4, 0.42), (0.1, 0.44),
             (-0.15, 0.38), (-0.19, 0.15)]  # fmt: skip
    painting.fill(painting.polygon(smooth(_placed(sketch, side, upper))), cloth.fabric, cloth.owner)
    sole = [(-0.19, 0.3), (0.1, 0.37), (0.38, 0.35), (0.49, 0.31), (0.48, 0.42), (0.34, 0.47), (0.05, 0.47),
            (-0.18, 0.41)]  # fmt: skip
    painting.fill(
        painting.polygon(smooth(_placed(sketch, side, sole))), (236, 234, 228), cloth.owner, shadow=0.2
    )
    for y in (0.02, 0.1, 0.18):
        lace = _placed(sketch, side, [(0.0 + 0.7 * y, y - 0.01), (0.17 + 0.9 * y, y - 0.02)])
        painting.ink(painting.line(lace, 0.028), dim(cloth.accent, 1.2))
    collar = _placed(sketch, side, [(-0.14, -0.11), (0.13, -0.12)])
    painting.ink(painting.line(collar, 0.04), dim(cloth.base, 0.6), 0.8)


def _boot(sketch: Sketch, cloth: Cloth, side: int) -> None:
    painting, body = sketch.painting, sketch.body
    high = 0.66 if cloth.kind == "boots" else 0.9
    shares = (high, 0.5 * (high + 1), 1.0)
    line = np.stack([body.along_leg(side, share) for share in shares])
    shaft = painting.tube(line, [0.235 if high < 0.7 else 0.2, 0.2, 0.165], round_end=True)
    top = painting.to_px(line[:1])[0][1]
    shaft[: max(0, int(top))] = 0
    foot = [(-0.15, -0.1), (0.15, -0.1), (0.24, 0.1), (0.38, 0.22), (0.44, 0.34), (0.36, 0.42), (0.05, 0.42),
            (-0.16, 0.4), (-0.18, 0.1)]  # fmt: skip
    stencil = np.maximum(shaft, painting.polygon(smooth(_placed(sketch, side, foot))))
    ankle = line[-1]
    creases = [bent(ankle + point(-0.13, dy), ankle + point(0.13, dy + 0.04), 0.15)
               for dy in (-0.12, 0.0)]  # fmt: skip
    painting.fill(stencil, cloth.fabric, cloth.owner, relief=1.3, folds=painting.folds(creases, 0.5, 0.035))
    sole = _placed(sketch, side, [(-0.17, 0.41), (0.08, 0.44), (0.43, 0.37)])
    painting.ink(painting.line(smooth(sole, closed=False), 0.05), dim(cloth.base, 0.45))


def _flat(sketch: Sketch, cloth: Cloth, side: int) -> None:
    painting = sketch.painting
    lift = 0.12 if cloth.kind == "heels" else 0.0
    upper = [(-0.15, 0.1), (-0.06, 0.24), (0.12, 0.22), (0.22, 0.14), (0.36, 0.26), (0.4, 0.4 + lift),
             (0.25, 0.44 + lift), (0.0, 0.36), (-0.15, 0.32)]  # fmt: skip
    if lift:
        heel = _placed(sketch, side, [(-0.15, 0.25), (-0.07, 0.28), (-0.09, 0.5), (-0.13, 0.5)])
        painting.fill(painting.polygon(heel), dim(cloth.base, 0.8), cloth.owner)
    painting.fill(
        painting.polygon(smooth(_placed(sketch, side, upper))), cloth.fabric, cloth.owner, relief=1.2
    )


def draw_hat(sketch: Sketch, cloth: Cloth) -> None:
    """A hat on the head, over the hair."""
    {"cap": _cap, "beanie": _beanie, "sun hat": _sun_hat}[cloth.kind](sketch, cloth)


def _on_head(size: float, half: list[tuple[float, float]]) -> Points:
    """A symmetric outline of which the right half is given, both of its ends in the middle."""
    return smooth(as_points([*half, *mirrored(half[1:-1])]) * as_points([(size, 1)]))


def _cap(sketch: Sketch, cloth: Cloth) -> None:
    painting, size = sketch.painting, sketch.body.build.head
    crown = _on_head(size, [(0.0, 0.27), (0.43, 0.34), (0.42, 0.05), (0.22, -0.17), (0.0, -0.22)])
    painting.fill(painting.polygon(crown), cloth.fabric, cloth.owner, relief=1.2)
    for x in (-0.2, 0.2):
        seam = bent(point(0, -0.21), point(x * size, 0.26), 0.35 * float(np.sign(-x)))
        painting.ink(painting.line(seam, 0.012), dim(cloth.base, 0.65), 0.8)
    visor = _on_head(size, [(0.0, 0.22), (0.39, 0.31), (0.36, 0.41), (0.0, 0.45)])
    painting.fill(painting.polygon(visor), cloth.accent, cloth.owner, shadow=0.5)


def _beanie(sketch: Sketch, cloth: Cloth) -> None:
    painting, size = sketch.painting, sketch.body.build.head
    crown = _on_head(size, [(0.0, 0.26), (0.42, 0.3), (0.43, 0.0), (0.26, -0.25), (0.0, -0.32)])
    painting.fill(painting.polygon(crown), cloth.fabric, cloth.owner, relief=1.2)
    brim = _on_head(size, [(0.0, 0.07), (0.45, 0.14), (0.445, 0.34), (0.0, 0.29)])
    stencil = painting.polygon(brim)
    painting.fill(stencil, dim(cloth.base, 0.92), cloth.owner, shadow=0.4)
    for x in np.linspace(-0.42, 0.42, 15):
        rib = painting.line(as_points([(float(x) * size, 0.08), (float(x) * size, 0.34)]), 0.014)
        painting.ink(np.minimum(rib, stencil), dim(cloth.base, 0.65), 0.7)
    if sketch.rng.random() < 0.4:
        painting.fill(painting.polygon(ellipse(0.0, -0.36, 0.12, 0.11)), cloth.accent, cloth.owner)


def _sun_hat(sketch: Sketch, cloth: Cloth) -> None:
    painting, size = sketch.painting, sketch.body.build.head
    brim = ellipse(0.0, 0.27, 0.78 * size, 0.15)
    painting.fill(painting.polygon(brim), cloth.fabric, cloth.owner, shadow=0.6)
    crown = _on_head(size, [(0.0, 0.33), (0.4, 0.26), (0.37, -0.1), (0.2, -0.28), (0.0, -0.25)])
    painting.fill(painting.polygon(crown), cloth.fabric, cloth.owner, relief=1.2, shadow=0.2)
    band = _on_head(size, [(0.0, 0.2), (0.4, 0.14), (0.405, 0.27), (0.0, 0.34)])
    painting.fill(painting.polygon(band), cloth.accent, cloth.owner, relief=0.6, shadow=0)


def draw_bag_strap(sketch: Sketch, cloth: Cloth, side: int) -> None:
    """The strap of a crossbody bag, and the bag itself, on a side of the hips; drawn before the arms."""
    painting, body = sketch.painting, sketch.body
    start = body.shoulders[1 - side if cloth.kind == "crossbody bag" else side] + point(0, -0.2)
    at = body.edge(side, HIP_Y, -0.05)
    strap = bent(start, at, 0.04 * SIGNS[side])
    painting.fill(painting.line(strap, 0.07), dim(cloth.base, 0.75), cloth.owner, relief=0.4)
    _bag_body(sketch, cloth, at + point(SIGNS[side] * 0.12, 0.35), 0.42, 0.36)


def draw_bag_in_hand(sketch: Sketch, cloth: Cloth, side: int) -> None:
    """A tote or handbag that hangs from a hand, drawn before the hand."""
    painting, hand = sketch.painting, sketch.body.hand(side)
    tall = 0.62 if cloth.kind == "tote bag" else 0.4
    drop = 0.75 if cloth.kind == "tote bag" else 0.5
    angles = np.linspace(np.pi, 0, 16)
    arc = [(0.26 * np.cos(a), drop - (drop - 0.02) * np.sin(a)) for a in angles]
    handle = (hand + as_points(arc)).astype(np.float32)
    painting.fill(painting.line(handle, 0.055), dim(cloth.base, 0.7), cloth.owner, relief=0.4)
    _bag_body(sketch, cloth, hand + point(0, drop + tall - 0.05), 0.58, tall)


def _bag_body(sketch: Sketch, cloth: Cloth, center: Points, half: float, tall: float) -> None:
    painting = sketch.painting
    right = [(half - 0.12, -tall), (half, 0.12 - tall), (half * 1.06, tall - 0.12), (half - 0.12, tall)]
    outline = [*right, *mirrored(right)]
    painting.fill(
        painting.polygon(center + as_points(outline)), cloth.fabric, cloth.owner, relief=1.2, shadow=0.5
    )
    seam = dim(cloth.base, 0.6)
    if cloth.kind == "tote bag":
        painting.ink(
            painting.line(center + as_points([(-half, -tall + 0.1), (half, -tall + 0.1)]), 0.016), seam
        )
        return
    edge = [(0.0, 0.14), (half * 0.95, 0.0), (half, 0.02 - tall)]
    flap = smooth(center + as_points([*mirrored(edge[1:]), *edge]), closed=False)
    painting.fill(painting.polygon(flap), cloth.fabric, cloth.owner, relief=0.6, shadow=0.5)
    painting.ink(painting.line(flap, 0.018), seam)
    painting.ink(painting.polygon(center + ellipse(0.0, 0.1, 0.05, 0.04)), (216, 186, 104))


def draw_scarf(sketch: Sketch, cloth: Cloth) -> None:
    """A scarf around the neck with one end hanging."""
    painting = sketch.painting
    end = as_points([(0.02, 1.4), (0.26, 1.42), (0.34, 2.6), (0.06, 2.62)])
    lines = [bent(point(x, 1.45), point(x + 0.06, 2.55), 0.03) for x in (0.1, 0.19)]
    painting.fill(painting.polygon(end), cloth.fabric, cloth.owner, folds=painting.folds(lines, 0.4))
    right = [(0.2, 1.06), (0.4, 1.28), (0.3, 1.55), (0.0, 1.66)]
    loop = smooth(as_points([*right, *mirrored(right[:-1])]))
    creases = [bent(point(-0.35, y), point(0.35, y), -0.22) for y in (1.2, 1.3)]
    painting.fill(
        painting.polygon(loop), cloth.fabric, cloth.owner, relief=1.3, folds=painting.folds(creases, 0.5)
    )
