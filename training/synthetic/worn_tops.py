"""Draws tops, dresses' upper parts and open outerwear on a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthetic.body import HIP_Y, SHOULDER_Y, SIGNS, WAIST_Y
from training.synthetic.outline import Points, as_points, ellipse, point
from training.synthetic.painting import smooth
from training.synthetic.sketch import SKIN, Cloth, Sketch, bent, dim


@dataclass(frozen=True, slots=True)
class TopCut:
    """How a top is cut: ease, hem height, neckline, and the share of the arm that its sleeves cover."""

    ease: float = 0.06
    hem_y: float = 3.75
    neck: float = 0.3
    neck_depth: float = 0.16
    sleeve: float = 0.4
    sleeve_ease: float = 0.07
    strap: float = 1.0
    waisted: float = 0.5


def top_cuts() -> dict[str, TopCut]:
    """The cut of each kind of top and outerwear, by its name in `kinds()`."""
    return {
        "t-shirt": TopCut(),
        "tank top": TopCut(ease=0.02, sleeve=0.0, neck=0.34, neck_depth=0.38, strap=0.72),
        "polo": TopCut(neck=0.24, neck_depth=0.14),
        "long sleeve": TopCut(ease=0.03, sleeve=0.97, sleeve_ease=0.035),
        "sweater": TopCut(ease=0.12, sleeve=0.98, sleeve_ease=0.09, hem_y=3.7, neck=0.26, waisted=0.1),
        "hoodie": TopCut(ease=0.14, sleeve=1.0, sleeve_ease=0.1, hem_y=3.75, neck=0.28, waisted=0.05),
        "shirt": TopCut(ease=0.08, sleeve=0.96, sleeve_ease=0.06, neck=0.22, neck_depth=0.24, waisted=0.4),
        "short-sleeved shirt": TopCut(ease=0.09, sleeve=0.48, sleeve_ease=0.1, neck=0.22, neck_depth=0.24),
        "jacket": TopCut(ease=0.15, sleeve=0.97, sleeve_ease=0.1, hem_y=3.55, neck=0.24, waisted=0.1),
        "blazer": TopCut(ease=0.13, sleeve=0.93, sleeve_ease=0.07, hem_y=3.95, neck=0.24, waisted=0.5),
        "coat": TopCut(ease=0.19, sleeve=0.97, sleeve_ease=0.11, hem_y=5.1, neck=0.25, waisted=0.15),
        "cardigan": TopCut(ease=0.12, sleeve=0.97, sleeve_ease=0.08, hem_y=4.05, neck=0.24, waisted=0.05),
    }


def draw_top(sketch: Sketch, cloth: Cloth, cut: TopCut) -> None:
    """The body of a closed top; its sleeves come later, over the arms."""
    painting = sketch.painting
    if cloth.kind == "hoodie":
        hood = smooth(
            as_points([(-0.5, 1.5), (-0.42, 1.12), (0.0, 0.98), (0.42, 1.12), (0.5, 1.5), (0, 1.8)])
        )
        painting.fill(painting.polygon(hood), cloth.fabric, cloth.owner)
    back = ellipse(0.0, SHOULDER_Y - 0.16, cut.neck * 0.95, 0.09)
    painting.fill(painting.polygon(back), dim(cloth.base, 0.6), cloth.owner)
    draw_neck(sketch)
    outline = np.concatenate([neckline(cut), trunk_side(sketch, cut, 1), trunk_side(sketch, cut, 0)[::-1]])
    stencil = painting.polygon(outline)
    painting.fill(stencil, cloth.fabric, cloth.owner, folds=_trunk_folds(sketch, cut), shadow=0.3)
    _details(sketch, cloth, cut)


def draw_neck(sketch: Sketch) -> None:
    """The neck again, in front of what is behind it."""
    neck = [(-0.19, 0.85), (0.19, 0.85), (0.21, 1.25), (0.3, 1.42), (0.0, 1.8), (-0.3, 1.42), (-0.21, 1.25)]
    sketch.painting.fill(
        sketch.painting.polygon(smooth(as_points(neck))), sketch.body.build.skin, SKIN, shadow=0.2
    )


def neckline(cut: TopCut) -> Points:
    """From the left to the right of the neck, along the front."""
    angles = np.linspace(np.pi, 0, 15)
    y = SHOULDER_Y - 0.16 + (cut.neck_depth + 0.1) * np.sin(angles)
    return np.stack([cut.neck * np.cos(angles), y], axis=1).astype(np.float32)


def trunk_side(sketch: Sketch, cut: TopCut, side: int, hem_y: float | None = None) -> Points:
    """The outline of one side from the neck over the shoulder to the hem."""
    body, sign = sketch.body, SIGNS[side]
    low = cut.hem_y if hem_y is None else hem_y
    shoulder = body.shoulders[side]
    reach = shoulder[0] * cut.strap + sign * (0.1 if cut.strap == 1 else 0.0)
    top = np.asarray([[reach * 0.75, SHOULDER_Y - 0.05], [reach, shoulder[1] - 0.1]], np.float32)
    arm = body.edge(side, 2.05, 0.5 * cut.ease)
    rows = [body.edge(side, y, _ease(sketch, cut, y)) for y in np.linspace(2.3, low, 5)]
    return smooth(np.stack([*top, arm, *rows]), closed=False)


def _ease(sketch: Sketch, cut: TopCut, y: float) -> float:
    """Loose cloth hangs straight from the chest: `waisted` 1 follows the waist, 0 does not."""
    body = sketch.body
    straight = max(0.0, body.build.chest - body.half_width(y)) * (1 - cut.waisted)
    return cut.ease + straight


def _trunk_folds(sketch: Sketch, cut: TopCut) -> np.ndarray:
    body, rng = sketch.body, sketch.rng
    lines = []
    for side in (0, 1):
        armpit = body.edge(side, 2.1, -0.05)
        for _ in range(2):
            end = np.asarray(
                [body.center_x(2.6) + SIGNS[side] * rng.uniform(0.1, 0.35), rng.uniform(2.3, 2.8)]
            )
            lines.append(bent(armpit, end.astype(np.float32), 0.1 * SIGNS[side]))
        for y in rng.uniform(WAIST_Y - 0.3, cut.hem_y - 0.15, 3):
            start = body.edge(side, min(float(y), 3.9), 0.0)
            move = point(-SIGNS[side] * rng.uniform(0.2, 0.5), rng.uniform(0.05, 0.25))
            lines.append(bent(start, start + move, 0.12 * SIGNS[side]))
    return sketch.painting.folds(lines, rng.uniform(0.25, 0.5), 0.05) + sketch.noise(9, 0.035)


def draw_sleeves(sketch: Sketch, cloth: Cloth, cut: TopCut, side: int) -> None:
    """One sleeve over the arm."""
    if cut.sleeve == 0.0:
        return
    painting, body, rng = sketch.painting, sketch.body, sketch.rng
    shoulder, elbow, wrist = body.arms[side]
    knots = np.asarray([0.0, 0.5, 1.0])
    shares = np.asarray(sorted({0.0, 0.15, 0.3, min(0.5, cut.sleeve), min(0.7, cut.sleeve), cut.sleeve}))
    line = np.stack(
        [np.interp(shares, knots, [p[axis] for p in (shoulder, elbow, wrist)]) for axis in (0, 1)], axis=1
    ).astype(np.float32)
    bare = np.interp(shares, [0, 0.25, 0.5, 0.7, 1.0], [0.19, 0.165, 0.13, 0.13, 0.095]) * body.build.limb
    stencil = painting.tube(
        line, list(bare + cut.sleeve_ease * np.asarray([0.25, 0.6, *np.ones(len(shares) - 2)]))
    )
    cross = []
    for share in (0.12, 0.47, 0.53, 0.85):
        if share < cut.sleeve:
            at = np.asarray(
                [np.interp(share, knots, [p[a] for p in (shoulder, elbow, wrist)]) for a in (0, 1)]
            )
            turn = rng.uniform(-0.12, 0.12)
            cross.append(bent(at - point(0.16, turn), at + point(0.14, turn), 0.1))
    folds = painting.folds(cross, rng.uniform(0.3, 0.55), 0.045) + sketch.noise(14, 0.03)
    painting.fill(stencil, cloth.fabric, cloth.owner, relief=1.15, folds=folds)
    end = line[-1] - 0.06 * (line[-1] - line[-2]) / max(1e-6, float(np.hypot(*(line[-1] - line[-2]))))
    _cuff(sketch, cloth, line, float(bare[-1] + cut.sleeve_ease), end)


def _cuff(sketch: Sketch, cloth: Cloth, line: Points, radius: float, end: Points) -> None:
    along = (line[-1] - line[-2]) / max(1e-6, float(np.hypot(*(line[-1] - line[-2]))))
    across = np.asarray([-along[1], along[0]], np.float32) * radius
    wide = 0.1 if cloth.kind in ("sweater", "hoodie", "jacket") else 0.02
    at = end - along * wide
    seam = np.stack([at - across, at + across]).astype(np.float32)
    stencil = sketch.painting.line(seam, 0.018)
    stencil[sketch.painting.owner != cloth.owner] = 0
    sketch.painting.ink(stencil, dim(cloth.base, 0.6), 0.8)


def draw_open(sketch: Sketch, cloth: Cloth, cut: TopCut, gap: float) -> None:
    """Outerwear worn open: two fronts with lapels or a collar; `gap` is half the opening at the hem."""
    painting, body = sketch.painting, sketch.body
    for side in (0, 1):
        sign = SIGNS[side]
        outer = trunk_side(sketch, cut, side)
        hem_x = body.center_x(min(cut.hem_y, 3.9)) + sign * gap
        front = as_points([(hem_x, cut.hem_y + 0.03), (sign * (0.3 + 0.5 * gap), 2.6), (sign * 0.3, 1.9),
                           (sign * 0.2, 1.3)])  # fmt: skip
        stencil = painting.polygon(np.concatenate([outer, smooth(front, closed=False)]))
        painting.fill(stencil, cloth.fabric, cloth.owner, folds=_trunk_folds(sketch, cut), shadow=0.5)
        edge = smooth(front, closed=False)
        painting.ink(painting.line(edge, 0.025), dim(cloth.base, 0.6), 0.7)
        if cloth.kind in ("blazer", "coat"):
            _lapel(sketch, cloth, sign)
        elif cloth.kind == "jacket":
            _jacket_front(sketch, cloth, cut, side, edge)


def draw_lining(sketch: Sketch, cloth: Cloth, cut: TopCut) -> None:
    """The inside of the back of outerwear, which is drawn before legs and top."""
    left, right = (trunk_side(sketch, cut, side) for side in (0, 1))
    stencil = sketch.painting.polygon(np.concatenate([left, right[::-1]]))
    sketch.painting.fill(stencil, dim(cloth.base, 0.5), cloth.owner)


def _lapel(sketch: Sketch, cloth: Cloth, sign: float) -> None:
    outline = as_points([(0.17, 1.22), (0.3, 1.27), (0.52, 1.68), (0.44, 1.8), (0.52, 1.9), (0.36, 2.45),
                         (0.29, 1.95)]) * as_points([(sign, 1)])  # fmt: skip
    painting = sketch.painting
    painting.fill(painting.polygon(outline), cloth.fabric, cloth.owner, relief=0.6, shadow=0.45)
    painting.ink(painting.line(outline[1:6], 0.014), dim(cloth.base, 0.55), 0.8)


def _jacket_front(sketch: Sketch, cloth: Cloth, cut: TopCut, side: int, edge: Points) -> None:
    painting, body, sign = sketch.painting, sketch.body, SIGNS[side]
    collar = as_points([(0.16, 1.2), (0.34, 1.24), (0.46, 1.5), (0.28, 1.62)]) * as_points([(sign, 1)])
    painting.fill(painting.polygon(collar), cloth.fabric, cloth.owner, relief=0.6, shadow=0.45)
    painting.ink(painting.line(edge - as_points([(-sign * 0.05, 0)]), 0.015), dim(cloth.base, 1.5), 0.7)
    pocket = as_points([(0.34, 2.15), (0.62, 2.15), (0.62, 2.2), (0.34, 2.2)]) * as_points([(sign, 1)])
    painting.ink(painting.polygon(pocket), dim(cloth.base, 0.65), 0.8)
    low = np.stack([body.edge(side, cut.hem_y - 0.14, cut.ease), edge[0] - point(0, 0.15)])
    painting.ink(painting.line(low, 0.018), dim(cloth.base, 0.6), 0.8)


def _details(sketch: Sketch, cloth: Cloth, cut: TopCut) -> None:
    painting, base = sketch.painting, cloth.base
    if cloth.kind in ("shirt", "short-sleeved shirt", "polo"):
        _buttons_and_collar(sketch, cloth, cut)
        return
    if cloth.kind != "dress":
        width = 0.07 if cloth.kind in ("sweater", "hoodie") else 0.045
        painting.ink(painting.line(neckline(cut) + as_points([(0, 0.02)]), width), dim(base, 0.8))
    if cloth.kind in ("sweater", "hoodie"):
        _ribs(sketch, cloth, cut)
    if cloth.kind == "hoodie":
        x = sketch.body.center_x(3.2)
        pocket = as_points(
            [(x - 0.28, 2.95), (x + 0.28, 2.95), (x + 0.42, 3.4), (x - 0.42, 3.4), (x - 0.28, 2.95)]
        )
        painting.ink(painting.line(pocket, 0.02), dim(base, 0.6), 0.8)
        for dx in (-0.1, 0.1):
            cord = bent(point(dx, 1.55), point(dx * 1.3, 2.1), 0.05)
            painting.ink(painting.line(cord, 0.03), (240, 238, 232))


def _ribs(sketch: Sketch, cloth: Cloth, cut: TopCut) -> None:
    painting, body = sketch.painting, sketch.body
    left, right = (body.edge(side, cut.hem_y - 0.14, cut.ease)[0] for side in (0, 1))
    for x in np.linspace(left, right, 22):
        rib = as_points([(float(x), cut.hem_y - 0.14), (float(x), cut.hem_y)])
        stencil = painting.line(rib, 0.014)
        stencil[painting.owner != cloth.owner] = 0
        painting.ink(stencil, dim(cloth.base, 0.7), 0.7)


def _buttons_and_collar(sketch: Sketch, cloth: Cloth, cut: TopCut) -> None:
    painting, base = sketch.painting, cloth.base
    begin = SHOULDER_Y - 0.06 + cut.neck_depth
    end = begin + 0.5 if cloth.kind == "polo" else min(cut.hem_y, HIP_Y + 0.3)
    heights = np.arange(begin, end, 0.05)
    placket = np.asarray([(sketch.body.center_x(y) + 0.06, y) for y in heights], np.float32)
    painting.ink(painting.line(placket, 0.016), dim(base, 0.7), 0.8)
    for y in np.arange(begin + 0.1, end - 0.05, 0.3):
        dot = ellipse(sketch.body.center_x(float(y)), float(y), 0.024, 0.024)
        painting.ink(painting.polygon(dot), dim(base, 0.5))
    for sign in SIGNS:
        wing = as_points([(0.2, 1.2), (0.3, 1.32), (0.27, 1.62), (0.03, 1.5)]) * as_points([(sign, 1)])
        painting.fill(painting.polygon(wing), cloth.fabric, cloth.owner, relief=0.5, shadow=0.4)
        painting.ink(painting.line(wing[1:], 0.014), dim(base, 0.6), 0.8)
