"""Drawn trousers, shorts and skirts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from domain.types import Pixels
from training.synthetic.canvas import Canvas, Garment, Kind, shade
from training.synthetic.outline import Legs, Skirt, as_points, trapezoid


def bottoms() -> dict[str, Kind]:
    """Kinds of trousers, shorts and skirts, by name."""
    rows: list[tuple[str, str, str, str, Callable[..., None]]] = [
        ("trousers", "trousers", "trousers,pants", "business,formal", _legs(Legs(1.95), jeans=False)),
        ("jeans", "trousers", "jeans", "casual,streetwear", _legs(Legs(1.9, ankle=0.11), jeans=True)),
        ("wide trousers", "trousers", "trousers,slacks", "party,casual", _legs(
            Legs(1.9, ankle=0.19, spread=0.06), jeans=False)),
        ("leggings", "trousers", "leggings,pants", "sporty,casual", _legs(
            Legs(1.8, hip=0.38, ankle=0.075), jeans=False)),
        ("shorts", "shorts", "shorts", "casual,sporty", _legs(
            Legs(0.95, ankle=0.21, spread=0.07), jeans=False)),
        ("bermuda shorts", "shorts", "bermuda shorts,shorts", "casual", _legs(
            Legs(1.15, ankle=0.19, spread=0.08), jeans=True)),
        ("hot pants", "shorts", "short pants,shorts", "casual,party", _legs(
            Legs(0.78, crotch=0.56, ankle=0.23, spread=0.05), jeans=True)),
        ("skirt", "skirt", "skirt", "casual,party", _flare(Skirt(1.2))),
        ("pencil skirt", "skirt", "skirt,midi skirt", "business,formal", _flare(
            Skirt(1.35, hip=0.46, hem=0.4, wave=0))),
        ("miniskirt", "skirt", "miniskirt,skirt", "party,casual", _flare(Skirt(0.85, hip=0.5, hem=0.6))),
        ("long skirt", "skirt", "long skirt,skirt", "casual,party", _flare(Skirt(1.75, hip=0.45, hem=0.72))),
    ]  # fmt: skip
    return {
        name: Kind(category, tuple(words.split(",")), tuple(styles.split(",")), paint, 0.35)
        for name, category, words, styles, paint in rows
    }


def _legs(shape: Legs, jeans: bool) -> Callable[..., None]:
    def paint(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
        jitter = rng.uniform(0.88, 1.12, 4)
        legs = replace(
            shape,
            length=shape.length * jitter[0],
            hip=shape.hip * jitter[1],
            ankle=shape.ankle * jitter[2],
            spread=shape.spread * jitter[3],
        )
        dark = shade(garment.base, 0.6)
        canvas.fill(legs.points(), fabric)
        _waistband(canvas, garment, legs.waist)
        canvas.stroke(as_points([(0, 0.1), (0, legs.crotch)]), dark, 0.018)
        for sign in (-1, 1):
            pocket = as_points([(sign * legs.waist * 0.5, 0.12), (sign * legs.hip * 0.92, 0.3)])
            canvas.stroke(pocket, dark, 0.016)
            if not jeans and legs.length > 1.4:
                crease = as_points([(sign * 0.22, 0.45), (sign * (legs.spread + legs.ankle), legs.length)])
                canvas.stroke(crease, shade(garment.base, 0.85), 0.01)
        if jeans:
            canvas.dot(0, 0.06, (186, 150, 90), 0.025)
            _hem_stitches(canvas, legs)

    return paint


def _waistband(canvas: Canvas, garment: Garment, waist: float) -> None:
    canvas.fill(trapezoid(waist, waist + 0.02, 0.0, 0.11), shade(garment.base, 0.86), 0)
    canvas.stroke(as_points([(-waist, 0.11), (waist, 0.11)]), shade(garment.base, 0.6), 0.014)


def _hem_stitches(canvas: Canvas, legs: Legs) -> None:
    for sign in (-1, 1):
        inner, outer = legs.spread, legs.spread + 2 * legs.ankle
        hem = as_points([(sign * inner, legs.length - 0.05), (sign * outer, legs.length - 0.05)])
        canvas.stroke(hem, (196, 160, 100), 0.012)


def _flare(shape: Skirt) -> Callable[..., None]:
    def paint(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
        jitter = rng.uniform(0.86, 1.14, 3)
        skirt = replace(
            shape, length=shape.length * jitter[0], hem=shape.hem * jitter[1], waist=shape.waist * jitter[2]
        )
        canvas.fill(skirt.points(), fabric)
        if shape.wave:
            for x in np.linspace(-0.75, 0.75, int(rng.integers(4, 9))):
                fold = as_points([(float(x) * skirt.waist, 0.15), (float(x) * skirt.hem, skirt.length)])
                canvas.stroke(fold, shade(garment.base, 0.82), 0.014)
        _waistband(canvas, garment, skirt.waist)

    return paint
