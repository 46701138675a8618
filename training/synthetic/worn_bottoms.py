"""Draws trousers, shorts, skirts and dresses on a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.synthetic.body import CROTCH_Y, SIGNS, WAIST_Y
from training.synthetic.fabric import Plane
from training.synthetic.outline import Points, as_points, point
from training.synthetic.painting import smooth
from training.synthetic.sketch import Cloth, Sketch, bent, dim
from training.synthetic.worn_tops import TopCut, draw_top

WAISTBAND_Y = WAIST_Y + 0.12


@dataclass(frozen=True, slots=True)
class LegCut:
    """How trousers or shorts are cut: the share of the leg they cover, and their ease at thigh and hem."""

    length: float = 0.98
    thigh: float = 0.03
    knee: float = 0.07
    hem: float = 0.06
    jeans: bool = False


@dataclass(frozen=True, slots=True)
class SkirtCut:
    """How a skirt is cut: the height of its hem and half its width there, beyond the hips."""

    hem_y: float
    flare: float
    folds: int = 7


def leg_cuts() -> dict[str, LegCut]:
    """The cut of each kind of trousers and shorts, by its name in `kinds()`."""
    return {
        "trousers": LegCut(),
        "jeans": LegCut(knee=0.05, hem=0.05, jeans=True),
        "wide trousers": LegCut(thigh=0.06, knee=0.16, hem=0.2),
        "leggings": LegCut(thigh=0.0, knee=0.015, hem=0.015),
        "shorts": LegCut(length=0.36, thigh=0.06, hem=0.13),
        "bermuda shorts": LegCut(length=0.46, thigh=0.05, hem=0.1, jeans=True),
        "hot pants": LegCut(length=0.2, thigh=0.03, hem=0.06, jeans=True),
    }


def skirt_cuts() -> dict[str, SkirtCut]:
    """The cut of each kind of skirt, by its name in `kinds()`."""
    return {
        "skirt": SkirtCut(5.0, 0.4),
        "pencil skirt": SkirtCut(5.25, -0.06, 2),
        "miniskirt": SkirtCut(4.55, 0.2, 5),
        "long skirt": SkirtCut(6.6, 0.4, 9),
    }


def dress_cuts() -> dict[str, tuple[TopCut, SkirtCut]]:
    """The cut of each kind of dress, by its name in `kinds()`."""
    bodice = TopCut(
        ease=0.02, hem_y=WAIST_Y + 0.1, sleeve=0.0, neck=0.36, neck_depth=0.3, strap=0.75, waisted=1.0
    )
    return {
        "dress": (bodice, SkirtCut(5.2, 0.35)),
        "sundress": (replace(bodice, strap=0.6, neck_depth=0.42), SkirtCut(4.9, 0.45, 9)),
        "sleeved dress": (replace(bodice, strap=1.0, neck=0.3, sleeve=0.4, ease=0.04), SkirtCut(5.1, 0.25)),
        "gown": (replace(bodice, strap=0.65, neck_depth=0.4), SkirtCut(7.15, 0.35, 9)),
    }


def draw_trousers(sketch: Sketch, cloth: Cloth, cut: LegCut) -> None:
    """Trousers or shorts, one leg after the other, the seat with the second."""
    painting, body = sketch.painting, sketch.body
    far = 0 if body.pose.leg_lengths[0] < body.pose.leg_lengths[1] else 1
    for side in (far, 1 - far):
        line, radii = _trouser_leg(sketch, cut, side)
        stencil = painting.tube(line, radii)
        if side != far:
            stencil = np.maximum(stencil, painting.polygon(_seat(sketch, cut)))
        painting.fill(
            stencil, cloth.fabric, cloth.owner, relief=1.2, folds=_leg_folds(sketch, cut, line, radii)
        )
        _hem(sketch, cloth, line, radii[-1])
    far_part = painting.polygon(_seat(sketch, cut))
    far_part[painting.owner == cloth.owner] = 0
    painting.fill(far_part, cloth.fabric, cloth.owner, relief=0.8)
    _front(sketch, cloth, cut)


def _trouser_leg(sketch: Sketch, cut: LegCut, side: int) -> tuple[Points, list[float]]:
    body = sketch.body
    shares = np.asarray(
        sorted({0.0, 0.12, *(s for s in (0.3, 0.5, 0.65, 0.85) if s < cut.length), cut.length})
    )
    line = np.stack([body.along_leg(side, float(share)) for share in shares])
    bare = np.interp(shares, [0, 0.3, 0.5, 0.65, 1], [0.37, 0.32, 0.21, 0.22, 0.125]) * body.build.limb
    ease = np.interp(shares, [0, 0.25, 0.5, 1.0], [cut.thigh, cut.thigh, cut.knee, cut.hem])
    if cut.length < 0.5:
        ease = np.interp(shares, [0, cut.length], [cut.thigh, cut.hem])
    return line, [float(value) for value in bare + ease]


def _seat(sketch: Sketch, cut: LegCut) -> Points:
    body = sketch.body
    rows = (WAISTBAND_Y, 3.3, 3.7, CROTCH_Y)
    left, right = ([body.edge(side, y, 0.4 * cut.thigh + 0.015) for y in rows] for side in (0, 1))
    crotch = as_points([(body.pose.sway, CROTCH_Y + 0.12)])
    return np.concatenate(
        [smooth(np.stack(right), closed=False), crotch, smooth(np.stack(left[::-1]), closed=False)]
    )


def _leg_folds(sketch: Sketch, cut: LegCut, line: Points, radii: list[float]) -> Plane:
    """Creases from the crotch, behind the knee and above the shoe."""
    rng, body = sketch.rng, sketch.body
    sign = 1.0 if line[0][0] > body.pose.sway else -1.0
    crotch = point(body.pose.sway + 0.03 * sign, CROTCH_Y + 0.02)
    lines = [
        bent(crotch, crotch + point(sign * rng.uniform(0.25, 0.5), rng.uniform(-0.25, 0.12)), 0.12)
        for _ in range(3)
    ]
    spots = [0.47, 0.52, 0.57, *rng.uniform(0.84, 0.97, 3), *rng.uniform(0.2, 0.8, 2)]
    for share in [float(s) for s in spots if s < cut.length]:
        side = 1 if sign > 0 else 0
        at, width = body.along_leg(side, share), 0.8 * radii[-1] + 0.03
        start = at + point(-width * rng.uniform(0.3, 1), rng.uniform(-0.06, 0.06))
        end = at + point(width * rng.uniform(0.0, 0.9), rng.uniform(-0.08, 0.08))
        lines.append(bent(start, end, rng.uniform(-0.15, 0.15)))
    tight = cut.knee < 0.03
    return sketch.painting.folds(
        lines, (0.2 if tight else 0.5) * rng.uniform(0.7, 1.2), 0.045
    ) + sketch.noise(11, 0.03)


def _hem(sketch: Sketch, cloth: Cloth, line: Points, radius: float) -> None:
    along = (line[-1] - line[-2]) / max(1e-6, float(np.hypot(*(line[-1] - line[-2]))))
    across = np.asarray([-along[1], along[0]], np.float32) * radius
    at = line[-1] - 0.06 * along
    stencil = sketch.painting.line(np.stack([at - across, at + across]).astype(np.float32), 0.016)
    stencil[sketch.painting.owner != cloth.owner] = 0
    sketch.painting.ink(stencil, dim(cloth.base, 0.65), 0.8)


def _front(sketch: Sketch, cloth: Cloth, cut: LegCut) -> None:
    """Waistband, fly and pockets."""
    painting, body, seam = sketch.painting, sketch.body, dim(cloth.base, 0.6)
    left, right = (body.edge(side, WAISTBAND_Y, 0.02) for side in (0, 1))
    drop = point(0, 0.15)
    band = smooth(np.stack([left + drop, (left + right) / 2 + 1.3 * drop, right + drop]), closed=False)
    fly = np.stack([(left + right) / 2 + drop, point(body.pose.sway, CROTCH_Y)])
    lines = [band, fly]
    for side in (0, 1):
        start = body.edge(side, WAISTBAND_Y + 0.18, -0.2)
        lines.append(bent(start, body.edge(side, 3.45, 0.0), 0.2 * SIGNS[side]))
    for line in lines:
        stencil = painting.line(line, 0.016)
        stencil[painting.owner != cloth.owner] = 0
        painting.ink(stencil, seam, 0.8)
    if cut.jeans:
        button = painting.line(np.stack([(left + right) / 2 + 0.6 * drop] * 2), 0.05)
        painting.ink(button, (188, 158, 98))


def draw_skirt(sketch: Sketch, cloth: Cloth, cut: SkirtCut, waist_y: float = WAISTBAND_Y) -> None:
    """A skirt, or the lower part of a dress."""
    painting, body = sketch.painting, sketch.body
    outline, hem = _skirt_outline(sketch, cut, waist_y)
    lines = []
    for share in np.linspace(0.08, 0.92, cut.folds) + sketch.rng.uniform(-0.05, 0.05, cut.folds):
        low = hem[int(share * (len(hem) - 1))]
        high = np.asarray(
            [body.center_x(waist_y) + (1 - 2 * share) * body.half_width(waist_y) * 0.9,
             waist_y + sketch.rng.uniform(0.15, 0.9)], np.float32)  # fmt: skip
        lines.append(bent(high, low - point(0, 0.03), 0.03 * (share - 0.5)))
    folds = painting.folds(lines, 0.3 if cut.folds < 4 else 0.6, 0.06) + sketch.noise(7, 0.03)
    painting.fill(painting.polygon(outline), cloth.fabric, cloth.owner, relief=1.1, folds=folds, shadow=0.45)
    for y, color in ((waist_y + 0.02, dim(cloth.base, 0.75)), (waist_y + 0.15, dim(cloth.base, 0.65))):
        left, right = (body.edge(side, y, 0.05) for side in (0, 1))
        stencil = painting.line(np.stack([left, right]), 0.02)
        stencil[painting.owner != cloth.owner] = 0
        painting.ink(stencil, color, 0.8)


def _skirt_outline(sketch: Sketch, cut: SkirtCut, waist_y: float) -> tuple[Points, Points]:
    """The outline, and its hem from right to left."""
    body, x = sketch.body, sketch.body.pose.sway
    half = body.build.hip + cut.flare
    sides = []
    for side in (0, 1):
        rows = [
            body.edge(side, waist_y, 0.02),
            body.edge(side, 3.35, 0.04),
            body.edge(side, 3.75, 0.04 + 0.25 * cut.flare),
        ]
        rows.append(point(x + SIGNS[side] * half, cut.hem_y - 0.05))
        sides.append(smooth(np.stack(rows), closed=False))
    shares = np.linspace(1, -1, 41)
    wave = (
        0.035 * np.sin(shares * 2.2 * cut.folds + sketch.rng.uniform(0, 6)) if cut.folds > 3 else 0 * shares
    )
    y = cut.hem_y + 0.07 * (1 - shares**2) + wave
    hem = np.stack([x + shares * half, y], axis=1).astype(np.float32)
    return np.concatenate([sides[1], hem, sides[0][::-1]]), hem


def draw_dress(sketch: Sketch, cloth: Cloth) -> None:
    """A dress; its sleeves come later, over the arms."""
    bodice, skirt = dress_cuts()[cloth.kind]
    draw_top(sketch, replace(cloth, kind="dress"), bodice)
    draw_skirt(sketch, cloth, skirt, waist_y=WAIST_Y - 0.02)
