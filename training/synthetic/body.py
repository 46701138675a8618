"""The body of a drawn person: proportions, pose, and where its joints are.

Lengths are in heads: y = 0 is the top of the head, the shoulders are at 1.45, the hips at 3.75 and the soles
at about 7.4. The front of the body is seen; side 0 is at the left of the picture, side 1 at the right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthetic.fabric import Rgb
from training.synthetic.outline import Points, point

SHOULDER_Y, ARMPIT_Y, WAIST_Y, HIP_Y, CROTCH_Y = 1.45, 2.1, 2.9, 3.6, 3.95
SIGNS = (-1.0, 1.0)
HANGING, ON_HIP, IN_POCKET, RAISED = (9.0, 3.0), (42.0, -58.0), (20.0, -16.0), (24.0, -140.0)
"""Directions of upper arm and forearm in degrees from straight down, outwards."""


@dataclass(frozen=True, slots=True)
class Build:
    """Half widths of the body, the factor of its limbs' thickness, and its colours."""

    shoulder: float = 0.88
    chest: float = 0.64
    waist: float = 0.53
    hip: float = 0.7
    limb: float = 1.0
    head: float = 1.05
    skin: Rgb = (224, 178, 148)
    hair: Rgb = (70, 46, 32)
    hair_style: str = "short"


@dataclass(frozen=True, slots=True)
class Pose:
    """How the body stands; angles are in degrees, outwards; `leg_lengths` shorten a leg that is behind."""

    sway: float = 0.0
    tilt_deg: float = 0.0
    arms: tuple[tuple[float, float], tuple[float, float]] = (HANGING, HANGING)
    legs: tuple[tuple[float, float], tuple[float, float]] = ((3.0, 2.0), (3.0, 2.0))
    leg_lengths: tuple[float, float] = (1.0, 1.0)


class Body:
    """The joints of a person of a build in a pose."""

    def __init__(self, build: Build, pose: Pose) -> None:
        self.build, self.pose = build, pose
        self.neck = point(0.0, SHOULDER_Y - 0.12)
        self.pelvis = point(pose.sway, HIP_Y)
        self.shoulders = tuple(self._shoulder(side) for side in (0, 1))
        self.arms = tuple(self._arm(side) for side in (0, 1))
        self.legs = tuple(self._leg(side) for side in (0, 1))

    def center_x(self, y: float) -> float:
        """The middle of the trunk at a height."""
        return float(np.interp(y, [SHOULDER_Y, HIP_Y], [0.0, self.pose.sway]))

    def half_width(self, y: float) -> float:
        """Half the width of the trunk at a height between shoulders and crotch."""
        heights = [SHOULDER_Y, ARMPIT_Y, WAIST_Y, HIP_Y, CROTCH_Y]
        build = self.build
        widths = [build.shoulder * 0.9, build.chest, build.waist, build.hip, build.hip * 0.98]
        return float(np.interp(y, heights, widths))

    def edge(self, side: int, y: float, ease: float = 0.0) -> Points:
        """The edge of the trunk at a height, with some ease."""
        return point(self.center_x(y) + SIGNS[side] * (self.half_width(y) + ease), y)

    def hand(self, side: int) -> Points:
        """The middle of a hand."""
        elbow, wrist = self.arms[side][1:]
        along = (wrist - elbow) / np.hypot(*(wrist - elbow))
        return np.asarray(wrist + 0.22 * along, np.float32)

    def along_leg(self, side: int, share: float) -> Points:
        """A point of a leg: 0 is the hip, 0.5 the knee, 1 the ankle."""
        line = self.legs[side]
        return np.asarray([np.interp(share, [0, 0.5, 1], line[:, axis]) for axis in (0, 1)], np.float32)

    def _shoulder(self, side: int) -> Points:
        angle = np.deg2rad(self.pose.tilt_deg)
        reach = SIGNS[side] * (self.build.shoulder - 0.2)
        return point(reach * np.cos(angle), SHOULDER_Y + 0.2 + reach * np.sin(angle))

    def _arm(self, side: int) -> Points:
        """Shoulder, elbow and wrist (3, 2)."""
        upper, lower = self.pose.arms[side]
        elbow = self.shoulders[side] + _direction(upper, side, 1.3)
        return np.stack([self.shoulders[side], elbow, elbow + _direction(lower, side, 1.12)])

    def _leg(self, side: int) -> Points:
        """Hip, knee and ankle (3, 2)."""
        thigh, shin = self.pose.legs[side]
        length = self.pose.leg_lengths[side]
        hip = point(self.pose.sway + SIGNS[side] * 0.5 * self.build.hip, HIP_Y + 0.1)
        knee = hip + _direction(thigh, side, 1.66 * length)
        return np.stack([hip, knee, knee + _direction(shin, side, 1.66 * length)])


def _direction(angle_deg: float, side: int, length: float) -> Points:
    angle = np.deg2rad(angle_deg)
    return point(SIGNS[side] * np.sin(angle) * length, np.cos(angle) * length)
