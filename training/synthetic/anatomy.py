"""Draws the bare parts of a person: legs, trunk, arms, hands, head with face, hair."""

from __future__ import annotations

import numpy as np

from training.synthetic.body import SHOULDER_Y, SIGNS, WAIST_Y
from training.synthetic.outline import as_points, ellipse, point
from training.synthetic.painting import smooth
from training.synthetic.sketch import HAIR, SKIN, Sketch, bent, dim

HAIR_STYLES = ("short", "crop", "bob", "long", "bun", "curls")


def draw_legs(sketch: Sketch) -> None:
    """Bare legs and feet."""
    painting, body = sketch.painting, sketch.body
    thick, skin = body.build.limb, body.build.skin
    for side in (0, 1):
        line = np.stack([body.along_leg(side, share) for share in (0, 0.25, 0.48, 0.56, 0.7, 1.0)])
        leg = painting.tube(line, [r * thick for r in (0.36, 0.31, 0.2, 0.2, 0.22, 0.115)], round_end=True)
        painting.fill(leg, skin, SKIN, relief=1.2)
        knee = body.along_leg(side, 0.51)
        for dx in (-0.1, 0.1):
            crease = bent(knee + point(dx, -0.08), knee + point(dx * 0.6, 0.1), 0.2)
            painting.ink(painting.line(crease, 0.02), dim(skin, 0.82), 0.5)
        ankle = body.along_leg(side, 1.0)
        foot = smooth(ankle + as_points([(-0.1, -0.1), (0.1, -0.1), (0.2, 0.22), (0.3, 0.34), (0.0, 0.36),
                                         (-0.12, 0.26)]) * as_points([(SIGNS[side], 1)]))  # fmt: skip
        painting.fill(painting.polygon(foot), skin, SKIN)


def draw_trunk(sketch: Sketch) -> None:
    """The trunk and the neck."""
    painting, body = sketch.painting, sketch.body
    heights = (SHOULDER_Y + 0.05, SHOULDER_Y + 0.4, 2.1, WAIST_Y, 3.6, 3.95)
    left, right = ([body.edge(side, y, -0.04) for y in heights] for side in (0, 1))
    painting.fill(painting.polygon(smooth(np.stack([*left, *right[::-1]]))), body.build.skin, SKIN)
    slope = [(-0.2, 0.95), (0.2, 0.95), (0.23, 1.2), (0.5, 1.4), (0.0, 1.75), (-0.5, 1.4), (-0.23, 1.2)]
    painting.fill(painting.polygon(smooth(as_points(slope))), body.build.skin, SKIN, shadow=0)
    for sign in SIGNS:
        bone = as_points([(sign * 0.1, SHOULDER_Y + 0.12), (sign * 0.45, SHOULDER_Y + 0.04)])
        painting.ink(painting.line(bone, 0.02), dim(body.build.skin, 0.8), 0.6)


def draw_arm(sketch: Sketch, side: int) -> None:
    """A bare arm without its hand."""
    painting, body = sketch.painting, sketch.body
    shoulder, elbow, wrist = body.arms[side]
    thick = body.build.limb
    line = np.stack([shoulder, (shoulder + elbow) / 2, elbow, 0.65 * elbow + 0.35 * wrist, wrist])
    arm = painting.tube(line, [r * thick for r in (0.18, 0.16, 0.125, 0.13, 0.085)])
    painting.fill(arm, body.build.skin, SKIN, relief=1.1)


def draw_hand(sketch: Sketch, side: int) -> None:
    """A relaxed hand, with lines between the fingers."""
    painting, body = sketch.painting, sketch.body
    skin = body.build.skin
    elbow, wrist = body.arms[side][1:]
    along = (wrist - elbow) / np.hypot(*(wrist - elbow))
    across = np.asarray([-along[1], along[0]], np.float32) * -SIGNS[side]
    outline = [(-0.075, -0.04), (0.075, -0.04), (0.12, 0.12), (0.1, 0.26), (0.06, 0.4), (-0.05, 0.38),
               (-0.1, 0.2)]  # fmt: skip
    palm = np.stack([wrist + u * across + v * along for u, v in outline])
    painting.fill(painting.polygon(smooth(palm)), skin, SKIN)
    thumb = np.stack(
        [wrist + u * across + v * along for u, v in ((-0.06, 0.06), (-0.13, 0.16), (-0.11, 0.27))]
    )
    painting.fill(painting.tube(thumb, (0.045, 0.04, 0.03), round_end=True), skin, SKIN, shadow=0.2)
    for u in (-0.02, 0.035):
        gap = np.stack([wrist + u * across + 0.24 * along, wrist + u * 0.9 * across + 0.37 * along])
        painting.ink(painting.line(gap, 0.012), dim(skin, 0.7), 0.7)


def draw_head(sketch: Sketch) -> None:
    """The head with its face; hair comes before and after."""
    painting, build = sketch.painting, sketch.body.build
    size = build.head
    for sign in SIGNS:
        ear = ellipse(sign * 0.365 * size, 0.56, 0.06, 0.11)
        painting.fill(painting.polygon(ear), dim(build.skin, 0.95), SKIN)
    half = [(0.0, 0.02), (0.24, 0.08), (0.36, 0.3), (0.365, 0.52), (0.31, 0.78), (0.17, 0.97), (0.0, 1.03)]
    outline = [(x * size, y) for x, y in half] + [(-x * size, y) for x, y in half[-2:0:-1]]
    painting.fill(painting.polygon(smooth(as_points(outline))), build.skin, SKIN, relief=0.9, shadow=0.5)
    _draw_face(sketch)


def _draw_face(sketch: Sketch) -> None:
    painting, build, rng = sketch.painting, sketch.body.build, sketch.rng
    size, dark = build.head, dim(build.skin, 0.62)
    for sign in SIGNS:
        x = sign * 0.155 * size
        painting.ink(painting.polygon(ellipse(x, 0.55, 0.062, 0.03)), (246, 242, 238))
        painting.ink(painting.polygon(ellipse(x, 0.55, 0.03, 0.032)), (58, 40, 30))
        lid = smooth(as_points([(x - 0.07, 0.55), (x, 0.515), (x + 0.07, 0.545)]), closed=False)
        painting.ink(painting.line(lid, 0.018), dim(build.hair, 0.5))
        brow = smooth(
            as_points([(x - sign * 0.09, 0.46), (x, 0.435), (x + sign * 0.09, 0.455)]), closed=False
        )
        painting.ink(painting.line(brow, 0.026), dim(build.hair, 0.75), 0.85)
        cheek = ellipse(sign * 0.2 * size, 0.7, 0.09, 0.06)
        painting.ink(painting.polygon(cheek), (214, 110, 96), 0.13)
    nose = smooth(as_points([(0.015, 0.56), (0.045, 0.69), (-0.035, 0.71)]), closed=False)
    painting.ink(painting.line(nose, 0.018), dark, 0.7)
    smile = rng.uniform(0.0, 0.035)
    lips = [(-0.1, 0.81 - smile), (-0.02, 0.805), (0.1, 0.81 - smile), (0.0, 0.86 + 0.5 * smile)]
    painting.ink(painting.polygon(smooth(as_points(lips))), (178, 82, 80), 0.8)
    parting = smooth(as_points([(-0.1, 0.81 - smile), (0.0, 0.825), (0.1, 0.81 - smile)]), closed=False)
    painting.ink(painting.line(parting, 0.01), (110, 48, 48))


def draw_hair_behind(sketch: Sketch) -> None:
    """The hair behind head and neck."""
    painting, build = sketch.painting, sketch.body.build
    size = build.head
    outlines = {
        "bob": [(0.0, -0.05), (0.4, 0.15), (0.5, 0.6), (0.47, 1.08), (0.25, 1.15)],
        "long": [(0.0, -0.05), (0.41, 0.15), (0.5, 0.6), (0.56, 1.3), (0.5, 2.0), (0.3, 2.05)],
        "curls": [(0.0, -0.14), (0.5, 0.05), (0.68, 0.5), (0.66, 1.0), (0.4, 1.25)],
    }
    if (half := outlines.get(build.hair_style)) is not None:
        outline = [(x * size, y) for x, y in half] + [(-x * size, y) for x, y in half[:0:-1]]
        painting.fill(painting.polygon(smooth(as_points(outline))), build.hair, HAIR)
    if build.hair_style == "bun":
        painting.fill(painting.polygon(ellipse(0.0, -0.12, 0.2, 0.17)), build.hair, HAIR)


def draw_hair(sketch: Sketch) -> None:
    """The hair around the face, with strands."""
    painting, build = sketch.painting, sketch.body.build
    size, part = build.head, float(sketch.rng.uniform(-0.15, 0.15))
    low = {"short": 0.45, "crop": 0.36, "bob": 0.95, "long": 1.05, "bun": 0.5, "curls": 0.85}[
        build.hair_style
    ]
    swell = {"curls": 0.1, "crop": -0.02}.get(build.hair_style, 0.0)
    outer = [(-0.37, low), (-0.43 - swell, 0.5 * low), (-0.37 - swell, 0.1), (0.0, -0.09 - swell)]
    outer += [(0.37 + swell, 0.1), (0.43 + swell, 0.5 * low), (0.37, low)]
    inner = [(0.33, 0.62 * low), (0.27, 0.33), (part, 0.2), (-0.27, 0.33), (-0.33, 0.62 * low)]
    outline = as_points([(x * size, y) for x, y in outer + inner])
    painting.fill(painting.polygon(smooth(outline)), build.hair, HAIR, relief=1.3, shadow=0.3)
    for x in np.linspace(-0.36, 0.36, 9):
        end = point(float(x) * size, 0.28 + abs(float(x)) * 0.4)
        strand = bent(point(part, -0.03), end, -0.25 * float(np.sign(x)))
        stencil = painting.line(strand, 0.014)
        stencil[painting.owner != HAIR] = 0
        painting.ink(stencil, dim(build.hair, 1.45 if x < 0 else 0.7), 0.5)
