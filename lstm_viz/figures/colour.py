"""Colour arithmetic: hex strings, relative luminance, mixing in OKLab.

OKLab: Björn Ottosson, "A perceptual color space for image processing" (2020). Equal steps in it
look equal, so a ramp mixed there neither dulls in the middle nor jumps.
"""

import numpy as np
import numpy.typing as npt

Triple = npt.NDArray[np.float64]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(colour: str) -> Triple:
    """`"#rrggbb"` as linear-light red, green, blue in 0..1."""
    srgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def to_hex(light: Triple) -> str:
    """Linear light back to `"#rrggbb"`, clipped to what a screen can show."""
    light = np.clip(light, 0, 1)
    srgb = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in srgb)


def oklab(light: Triple) -> Triple:
    """Linear light as OKLab lightness, a, b."""
    return np.asarray(_TO_OKLAB @ np.cbrt(_TO_LMS @ light))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG): 0 for black, 1 for white."""
    return float(_LUMINANCE @ linear(colour))


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG): 1 for equal colours, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(start: str, end: str, share: float) -> str:
    """The colour `share` of the way from `start` to `end`, in OKLab.

    >>> mix("#ffffff", "#095bc3", 0.0), mix("#ffffff", "#095bc3", 1.0)
    ('#ffffff', '#095bc3')
    """
    one, other = oklab(linear(start)), oklab(linear(end))
    lms = np.linalg.solve(_TO_OKLAB, (1 - share) * one + share * other) ** 3
    return to_hex(np.linalg.solve(_TO_LMS, lms))
