"""Drawn tops, dresses and outerwear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from domain.types import Pixels
from training.synthetic.canvas import Canvas, Garment, Kind, shade
from training.synthetic.fabric import Rgb
from training.synthetic.outline import Skirt, Top, as_points, ellipse, trapezoid


def tops() -> dict[str, Kind]:
    """Kinds of tops, dresses and outerwear, by name."""
    tee = Top(1.35, sleeve=0.42, sleeve_angle_deg=48, cuff=0.26)
    long = Top(1.4, sleeve=1.12, sleeve_angle_deg=68, cuff=0.17, neck=0.17, neck_depth=0.1)
    coat = Top(1.85, 0.5, 0.5, 0.47, 0.56, 0.14, 0.05, sleeve=1.15, sleeve_angle_deg=72, cuff=0.22)
    gown = Top(1.95, 0.38, 0.36, 0.28, 0.66, 0.2, 0.2)
    rows: list[tuple[str, str, str, str, Top, Callable[..., None]]] = [
        ("t-shirt", "t-shirt", "t-shirt,tee", "casual,sporty", tee, _collarless),
        ("tank top", "t-shirt", "tank top,undershirt", "casual,sporty", replace(
            tee, sleeve=0.0, shoulder=0.34, neck_depth=0.28, neck=0.22), _collarless),
        ("polo", "t-shirt", "polo shirt,polo", "casual,sporty", tee, _polo),
        ("long sleeve", "long sleeve", "long sleeve,pullover", "casual", long, _collarless),
        ("sweater", "long sleeve", "sweater,jumper", "casual", replace(long, cuff=0.22, hem=0.48), _sweater),
        ("hoodie", "long sleeve", "hoodie", "casual,streetwear", replace(long, cuff=0.22), _hoodie),
        ("shirt", "shirt", "shirt,button-down", "business,formal", replace(long, neck=0.13), _shirt),
        ("short-sleeved shirt", "shirt", "shirt,blouse", "casual,business", replace(tee, neck=0.13), _shirt),
        ("jacket", "outerwear", "jacket", "casual,streetwear", replace(coat, length=1.35), _jacket),
        ("coat", "outerwear", "coat,parka", "formal,business", coat, _coat),
        ("blazer", "outerwear", "blazer", "business,formal", replace(coat, length=1.45, cuff=0.18), _blazer),
        ("dress", "dress", "dress", "party,casual", gown, _dress),
        ("sundress", "dress", "sundress,dress", "casual,party", replace(
            gown, length=1.6, hem=0.75, shoulder=0.24, neck=0.17), _dress),
        ("sleeved dress", "dress", "dress,frock", "party,formal", replace(
            gown, length=1.75, hem=0.58, shoulder=0.4, sleeve=0.42, cuff=0.22), _dress),
        ("gown", "dress", "gown,evening dress", "formal,party", replace(gown, length=2.1, hem=0.5), _dress),
    ]  # fmt: skip
    return {
        name: Kind(category, tuple(words.split(",")), tuple(styles.split(",")), _over(shape, details), 0.4)
        for name, category, words, styles, shape, details in rows
    }


def _over(shape: Top, details: Callable[..., None]) -> Callable[..., None]:
    def paint(canvas: Canvas, fabric: Pixels, garment: Garment, rng: np.random.Generator) -> None:
        jitter = rng.uniform(0.9, 1.1, 6)
        top = replace(
            shape,
            length=shape.length * jitter[0],
            waist=shape.waist * jitter[1],
            hem=shape.hem * jitter[2],
            neck=shape.neck * jitter[3],
            sleeve=shape.sleeve * jitter[4],
            sleeve_angle_deg=shape.sleeve_angle_deg * jitter[5],
            neck_depth=shape.neck_depth * rng.uniform(0.8, 1.6),
        )
        details(canvas, fabric, garment, top)

    return paint


def _body(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    canvas.fill(ellipse(0, 0.01, top.neck * 1.05, 0.05), shade(garment.base, 0.55), 0)
    canvas.fill(top.points(), fabric)
    if top.sleeve:
        for sign in (-1, 1):
            armpit = (sign * top.chest, 0.28 + top.cuff)
            canvas.stroke(as_points([(sign * top.shoulder * 0.9, 0.09), armpit]), shade(garment.base, 0.72))


def _collarless(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    angles = np.linspace(np.pi, 0, 15)
    rim = [(top.neck * np.cos(a), 0.02 + top.neck_depth * np.sin(a)) for a in angles]
    canvas.stroke(as_points(rim), shade(garment.base, 0.72), 0.045)
    hem = as_points([(-top.hem, top.length - 0.06), (top.hem, top.length - 0.06)])
    canvas.stroke(hem, shade(garment.base, 0.8), 0.012)


def _sweater(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _collarless(canvas, fabric, garment, top)
    for y in (top.length - 0.13, top.length - 0.09, top.length - 0.05):
        canvas.stroke(as_points([(-top.hem, y), (top.hem, y)]), shade(garment.base, 0.75), 0.018)


def _hoodie(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    canvas.fill(ellipse(0, 0.0, 0.34, 0.26), shade(garment.base, 0.85))
    _collarless(canvas, fabric, garment, top)
    canvas.fill(ellipse(0, 0.03, 0.2, 0.14), shade(garment.base, 0.45))
    low = top.length - 0.12
    pocket = as_points([(0.2, low - 0.35), (0.32, low), (-0.32, low), (-0.2, low - 0.35)])
    canvas.stroke(pocket, shade(garment.base, 0.65), 0.02, closed=True)
    for x in (-0.07, 0.07):
        canvas.stroke(as_points([(x, 0.14), (x, 0.5)]), shade(garment.base, 1.6), 0.02)


def _collar(canvas: Canvas, color: Rgb, top: Top) -> None:
    for sign in (-1, 1):
        wing = [
            (0.0, 0.12),
            (sign * top.neck * 1.25, -0.02),
            (sign * (top.neck + 0.12), 0.14),
            (sign * 0.1, 0.26),
        ]
        canvas.fill(as_points(wing), color, 0.01)
        canvas.stroke(as_points(wing), shade(color, 0.65), 0.012, closed=True)


def _polo(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    canvas.fill(trapezoid(0.05, 0.05, 0.1, 0.45), shade(garment.base, 0.9), 0)
    _collar(canvas, shade(garment.base, 0.85), top)
    for y in (0.28, 0.38):
        canvas.dot(0, y, shade(garment.base, 1.5), 0.02)


def _shirt(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    canvas.stroke(as_points([(0.05, 0.1), (0.05, top.length)]), shade(garment.base, 0.7), 0.012)
    for y in np.arange(0.3, top.length - 0.05, 0.19):
        canvas.dot(0, float(y), shade(garment.base, 0.55), 0.02)
    pocket = as_points([(0.16, 0.42), (0.34, 0.42), (0.34, 0.6), (0.25, 0.64), (0.16, 0.6)])
    canvas.stroke(pocket, shade(garment.base, 0.7), 0.012, closed=True)
    _collar(canvas, shade(garment.base, 0.93), top)


def _jacket(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    canvas.fill(trapezoid(0.2, 0.24, -0.1, 0.1), shade(garment.base, 0.8))
    canvas.stroke(as_points([(0, -0.08), (0, top.length)]), shade(garment.base, 0.45), 0.035)
    for sign in (-1, 1):
        slit = as_points([(sign * 0.2, 0.95), (sign * 0.34, 1.15)])
        canvas.stroke(slit, shade(garment.base, 0.5), 0.03)
    band = as_points([(-top.hem, top.length - 0.12), (top.hem, top.length - 0.12)])
    canvas.stroke(band, shade(garment.base, 0.6), 0.03)


def _lapels(canvas: Canvas, garment: Garment, reach: float) -> None:
    canvas.fill(as_points([(-0.14, 0.0), (0.14, 0.0), (0.02, reach)]), (236, 234, 230), 0)
    for sign in (-1, 1):
        lapel = [
            (sign * 0.13, -0.02),
            (sign * 0.3, 0.22),
            (sign * 0.21, 0.3),
            (0.02, reach),
            (sign * 0.06, 0.2),
        ]
        canvas.fill(as_points(lapel), shade(garment.base, 0.82), 0.008)
        canvas.stroke(as_points(lapel), shade(garment.base, 0.5), 0.014, closed=True)


def _blazer(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    _lapels(canvas, garment, 0.72)
    canvas.stroke(as_points([(0.02, 0.72), (0.05, top.length)]), shade(garment.base, 0.5), 0.02)
    for y in (0.8, 1.0):
        canvas.dot(-0.04, y, shade(garment.base, 0.45), 0.03)
    for sign in (-1, 1):
        flap = as_points([(sign * 0.16, 1.02), (sign * 0.38, 1.02)])
        canvas.stroke(flap, shade(garment.base, 0.5), 0.03)


def _coat(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    _body(canvas, fabric, garment, top)
    _lapels(canvas, garment, 0.5)
    canvas.stroke(as_points([(0.02, 0.5), (0.04, top.length)]), shade(garment.base, 0.5), 0.022)
    for y in np.arange(0.65, 1.4, 0.24):
        for x in (-0.1, 0.14):
            canvas.dot(x, float(y), shade(garment.base, 0.4), 0.03)
    belt = as_points([(-top.waist, 0.9), (top.waist, 0.9)])
    canvas.stroke(belt, shade(garment.base, 0.65), 0.07)


def _dress(canvas: Canvas, fabric: Pixels, garment: Garment, top: Top) -> None:
    canvas.fill(ellipse(0, 0.01, top.neck * 1.05, 0.05), shade(garment.base, 0.55), 0)
    waist = 0.72
    bodice = replace(top, length=waist, hem=top.waist, waist=0.5 * (top.chest + top.waist))
    canvas.fill(bodice.points(), fabric)
    flare = Skirt(top.length - waist + 0.08, top.waist, 0.6 * top.hem + 0.4 * top.waist, top.hem, 0.02)
    canvas.fill(flare.points() + as_points([(0, waist - 0.06)]), fabric)
    for x in np.linspace(-0.6, 0.6, 5):
        fold = as_points([(float(x) * top.waist, waist + 0.1), (float(x) * top.hem, top.length - 0.05)])
        canvas.stroke(fold, shade(garment.base, 0.86), 0.012)
    canvas.stroke(as_points([(-top.waist, waist), (top.waist, waist)]), shade(garment.base, 0.62), 0.05)
