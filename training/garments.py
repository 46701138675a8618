"""Drawn garments: what kinds there are, and how one is drawn on a transparent ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels
from training.fabric import Rgb, smooth_noise, weave
from training.outline import (
    Legs,
    Points,
    Skirt,
    Top,
    as_points,
    boot,
    dome,
    ellipse,
    slipper,
    sneaker,
    trapezoid,
)

Rgba = npt.NDArray[np.uint8]
"""(H, W, 4) uint8, not premultiplied."""


@dataclass(frozen=True, slots=True)
class Garment:
    """What to draw. `kind` is one of `kinds()`; colours are sRGB."""

    kind: str
    pattern: str
    base: Rgb
    accent: Rgb


class Canvas:
    """A square drawing of `side` pixels or 2.7 units; x = 0 is the middle, y = 0 is `origin_y` down."""

    def __init__(self, side: int, origin_y: float) -> None:
        self._scale = side / 2.7
        self._origin = (1.35, origin_y)
        self.color = np.zeros((side, side, 3), np.uint8)
        self.alpha = np.zeros((side, side), np.uint8)

    def fill(self, points: Points, paint: Pixels | Rgb, rounding: float = 0.03) -> None:
        """Lay a shape on; `paint` is one colour or fabric of the canvas' size, `rounding` softens corners."""
        mask = np.zeros_like(self.alpha)
        cv2.fillPoly(mask, [self._place(points)], 255, cv2.LINE_AA, 4)
        if rounding:
            blurred = cv2.GaussianBlur(mask, (0, 0), rounding * self._scale)
            mask = np.clip((blurred.astype(np.float32) - 112) * 8, 0, 255).astype(np.uint8)
        share = (mask / np.float32(255))[..., None]
        self.color = (self.color * (1 - share) + np.asarray(paint, np.float32) * share).astype(np.uint8)
        self.alpha = np.maximum(self.alpha, mask)

    def stroke(self, points: Points, color: Rgb, width: float = 0.02, closed: bool = False) -> None:
        """Draw a line on what is already filled."""
        self._line(self.color, points, color, width, closed)

    def strap(self, points: Points, color: Rgb, width: float) -> None:
        """Draw a line that is part of the garment itself."""
        self._line(self.color, points, color, width, False)
        self._line(self.alpha, points, (255,), width, False)

    def dot(self, x: float, y: float, color: Rgb, radius: float = 0.025) -> None:
        """A button."""
        self.fill(ellipse(x, y, radius, radius), color, 0)

    def finish(self, rng: np.random.Generator) -> Rgba:
        """The picture with folds and rounded edges shaded in."""
        side = self.alpha.shape[0]
        depth = cv2.GaussianBlur(self.alpha, (0, 0), 0.05 * self._scale) / np.float32(255)
        folds = smooth_noise(side, side, 7, rng) * rng.uniform(0.03, 0.12)
        light = np.clip(0.74 + 0.3 * depth + folds, 0.4, 1.12)
        shaded = np.clip(self.color * light[..., None], 0, 255).astype(np.uint8)
        return np.dstack([shaded, self.alpha])

    def _line(
        self,
        picture: npt.NDArray[np.uint8],
        points: Points,
        color: tuple[int, ...],
        width: float,
        closed: bool,
    ) -> None:
        thickness = max(1, round(width * self._scale))
        cv2.polylines(picture, [self._place(points)], closed, color, thickness, cv2.LINE_AA, 4)

    def _place(self, points: Points) -> npt.NDArray[np.int32]:
        return np.asarray((points + np.asarray(self._origin)) * self._scale * 16, np.int32)


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be drawn: the category it counts as, words people use for it, its style, and how."""

    category: str
    words: tuple[str, ...]
    styles: tuple[str, ...]
    draw: Callable[[Canvas, Pixels, Garment, np.random.Generator], None]
    origin_y: float


def kinds() -> Mapping[str, Kind]:
    """Everything that can be drawn, by name."""
    table = {**_tops(), **_bottoms(), **_rest()}
    return MappingProxyType(table)


def draw(garment: Garment, side: int, rng: np.random.Generator) -> Rgba:
    """The garment on a transparent ground, cut to its outline; at most `side` pixels a side."""
    kind = kinds()[garment.kind]
    canvas = Canvas(side, kind.origin_y)
    fabric = weave(side, garment.pattern, garment.base, garment.accent, rng)
    kind.draw(canvas, fabric, garment, rng)
    return trim(canvas.finish(rng))


def trim(picture: Rgba) -> Rgba:
    """Cut away the transparent border."""
    rows, columns = np.nonzero(picture[..., 3] > 127)
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def shade(color: Rgb, factor: float) -> Rgb:
    """A darker (below 1) or lighter (above 1) version; near black gets lighter so that lines stay visible."""
    if max(color) < 60 and factor < 1:
        return (color[0] + 45, color[1] + 45, color[2] + 45)
    red, green, blue = (int(np.clip(channel * factor, 0, 255)) for channel in color)
    return red, green, blue


def _tops() -> dict[str, Kind]:
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


def _bottoms() -> dict[str, Kind]:
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


def _rest() -> dict[str, Kind]:
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
