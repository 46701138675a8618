"""Drawn shoes, hats and bags."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from domain.types import Pixels
from training.synthetic.canvas import Canvas, Garment, Kind, shade
from training.synthetic.outline import as_points, boot, dome, ellipse, slipper, sneaker, trapezoid


def accessories() -> dict[str, Kind]:
    """Kinds of shoes, hats and bags, by name."""
    rows: list[tuple[str, str, str, str, Callable[..., None]]] = [
        ("sneakers", "shoes", "sneakers,shoes,trainers", "sporty,casual", _sneakers),
        ("boots", "shoes", "boots,ankle boots,shoes", "casual,streetwear", _boots),
        ("sandals", "shoes", "sandals,shoes", "casual", _sandals),
        ("cap", "hat", "cap,hat", "sporty,streetwear", _cap),
        ("beanie", "hat", "beanie,hat", "casual,streetwear", _beanie),
        ("sun hat", "hat", "sun hat,hat", "casual,party", _sun_hat),
        ("tote bag", "bag", "tote,bag", "casual", _tote),
        ("handbag", "bag", "handbag,purse,bag", "formal,party", _handbag),
        ("backpack", "bag", "backpack,bag", "sporty,casual", _backpack),
    ]
    return {
        name: Kind(category, tuple(words.split(",")), tuple(styles.split(",")), paint, 1.6)
        for name, category, words, styles, paint in rows
    }


def _sneakers(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    height = rng.uniform(0.5, 0.85)
    side = 1 if rng.random() < 0.5 else -1
    for dx, dy in ((-0.12, -0.42), (0.1, 0.3)) if rng.random() < 0.7 else ((0.0, 0.0),):
        move = as_points([(dx, dy)])
        flip = as_points([(side, 1)])
        sole = as_points([(-0.95, 0.0), (0.98, 0.0), (0.95, 0.16), (-0.92, 0.16)])
        canvas.fill(sneaker(height) * flip + move, fabric)
        canvas.fill(sole * flip + move, (238, 236, 230), 0.02)
        canvas.fill(ellipse(-0.58, -height + 0.02, 0.27, 0.06) * flip + move, shade(garment.base, 0.4), 0)
        for x, y in ((-0.1, 0.5), (0.06, 0.4), (0.22, 0.33)):
            lace = as_points([(x - 0.12, -y * height * 1.5 + 0.1), (x + 0.04, -y * height * 1.5)])
            canvas.stroke(lace * flip + move, shade(garment.accent, 1.2), 0.03)
        stripe = as_points([(-0.4, -0.05), (-0.1, -0.3), (0.02, -0.26), (-0.22, -0.04)])
        canvas.fill(stripe * flip + move, garment.accent, 0.01)


def _boots(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    height, heel = rng.uniform(0.8, 1.35), rng.uniform(0.08, 0.3)
    for dx in (-0.35, 0.3):
        move = as_points([(dx, 0.3)])
        canvas.fill(boot(height, heel) + move, fabric, 0.02)
        canvas.stroke(boot(height, heel)[4:] + move, shade(garment.base, 0.4), 0.05)
        canvas.fill(ellipse(-0.25, -height, 0.3, 0.05) + move, shade(garment.base, 0.4), 0)
        canvas.stroke(as_points([(-0.5, -0.3), (0.05, -0.5)]) + move, shade(garment.base, 0.6), 0.03)


def _sandals(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    crossed = rng.random() < 0.5
    for dx in (-0.4, 0.4):
        move = as_points([(dx, -0.3)])
        canvas.fill(slipper() + move, shade(garment.base, 0.6), 0)
        canvas.fill(slipper() * 0.9 + move, (205, 170, 130), 0)
        canvas.fill(trapezoid(0.28, 0.33, -0.45, -0.15) + move, fabric, 0.02)
        if crossed:
            canvas.stroke(as_points([(-0.27, 0.2), (0.27, 0.1)]) + move, garment.base, 0.08)


def _cap(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    flip = as_points([(1 if rng.random() < 0.5 else -1, 1)])
    canvas.fill(dome(0.62, rng.uniform(0.6, 0.75)) * flip, fabric)
    visor = as_points([(0.3, -0.1), (0.75, -0.08), (1.12, 0.08), (0.95, 0.14), (0.4, 0.1), (0.0, 0.08)])
    canvas.fill(visor * flip, garment.accent, 0.03)
    for x in (-0.3, 0.1, 0.42):
        seam = as_points([(0.05, -0.66), (x * 1.1, -0.3), (x * 1.2, 0.0)])
        canvas.stroke(seam * flip, shade(garment.base, 0.7), 0.014)
    canvas.dot(0.0, -0.68, shade(garment.base, 0.7), 0.05)


def _beanie(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    canvas.fill(dome(0.6, rng.uniform(0.75, 1.0), 2.4), fabric)
    canvas.fill(trapezoid(0.63, 0.63, -0.2, 0.08), shade(garment.base, 0.85), 0.03)
    for x in np.linspace(-0.55, 0.55, 14):
        canvas.stroke(as_points([(float(x), -0.18), (float(x), 0.06)]), shade(garment.base, 0.65), 0.016)
    if rng.random() < 0.5:
        canvas.fill(ellipse(0, -0.98, 0.17, 0.17), garment.accent, 0)


def _sun_hat(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    canvas.fill(ellipse(0, 0, rng.uniform(0.95, 1.2), rng.uniform(0.22, 0.32)), fabric, 0)
    canvas.fill(dome(0.52, rng.uniform(0.5, 0.65), 2.8), fabric)
    canvas.fill(trapezoid(0.52, 0.54, -0.16, 0.02), garment.accent, 0.01)


def _tote(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    angles = np.linspace(np.pi, 0, 20)
    drop = rng.uniform(0.4, 0.7)
    handle = as_points([(0.3 * np.cos(a), -0.55 - drop * np.sin(a)) for a in angles])
    canvas.strap(handle, shade(garment.base, 0.7), 0.08)
    canvas.fill(trapezoid(rng.uniform(0.55, 0.7), rng.uniform(0.5, 0.75), -0.55, 0.5), fabric)


def _handbag(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
    angles = np.linspace(np.pi, 0, 20)
    handle = as_points([(0.36 * np.cos(a), -0.3 - 0.5 * np.sin(a)) for a in angles])
    canvas.strap(handle, shade(garment.base, 0.6), 0.07)
    canvas.fill(trapezoid(0.55, rng.uniform(0.7, 0.85), -0.35, 0.45), fabric, 0.05)
    canvas.stroke(as_points([(-0.58, -0.05), (0, 0.1), (0.58, -0.05)]), shade(garment.base, 0.6), 0.03)
    canvas.dot(0, 0.1, (214, 180, 90), 0.06)


def _backpack(canvas: Canvas, fabric: Pixels, garment: Garment, _: np.random.Generator) -> None:
    canvas.strap(as_points([(-0.12, -0.75), (0, -0.95), (0.12, -0.75)]), shade(garment.base, 0.6), 0.06)
    body = dome(0.6, 0.7, 3.0) + as_points([(0, -0.2)])
    canvas.fill(np.vstack([body, as_points([(-0.62, 0.6), (0.62, 0.6)])]), fabric, 0.05)
    pocket = as_points([(-0.4, 0.05), (0.4, 0.05), (0.42, 0.5), (-0.42, 0.5)])
    canvas.fill(pocket, shade(garment.base, 0.85), 0.05)
    canvas.stroke(as_points([(-0.36, 0.14), (0.36, 0.14)]), shade(garment.base, 0.45), 0.025)
    canvas.stroke(as_points([(-0.5, -0.4), (0, -0.62), (0.5, -0.4)]), shade(garment.base, 0.5), 0.025)
