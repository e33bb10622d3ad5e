"""How colours look to different eyes: contrast, simulated colour blindness, perceived difference.

Source: WCAG 2.1 (relative luminance, contrast); Machado, Oliveira, Fernandes 2009, "A
Physiologically-based Model for Simulation of Color Vision Deficiency" (severity 1.0); CIE 1976 Lab
with the D65 white of sRGB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

EYES: dict[str, Vector] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ @ np.ones(3)


def linear(colour: str) -> Vector:
    """#RRGGBB as linear light, three values from 0 to 1."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, background: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((TO_XYZ[1] @ linear(colour), TO_XYZ[1] @ linear(background)))[::-1]
    return float((lighter + 0.05) / (darker + 0.05))


def seen(colour: str, eye: str) -> Vector:
    """The colour in Lab as an eye sees it."""
    light = np.clip(EYES[eye] @ linear(colour), 0, 1)
    ratio = (TO_XYZ @ light) / WHITE
    cube = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    x, y, z = cube
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, eye: str) -> float:
    """Euclidean distance in Lab (CIE76): about 2.3 is just noticeable side by side."""
    return float(np.linalg.norm(seen(one, eye) - seen(other, eye)))
