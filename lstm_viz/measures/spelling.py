"""Shares as sentences spell them."""

import math

from lstm_viz.numerals import numeral, power_of_ten
from lstm_viz.words import _


def share(value: float) -> str:
    """What is left of 1, in two digits; above 1 in three.

    >>> share(0.123), share(1.06), share(2.96e-14), share(1e-12), share(1.2e10), share(0.0)
    ('0.12', '1.06', '3·10⁻¹⁴', '10⁻¹²', '1.2·10¹⁰', '0')
    """
    if math.isinf(value):
        return _("more than {largest}").format(largest=power_of_ten(308))
    return numeral(value, 3 if 1 <= value < 10 else 2)


def percent(part: float, decimals: int = 0) -> str:
    """A part of a whole; what is not all and not none is not written as that.

    >>> percent(0.754), percent(1 / 30_000), percent(0.9999), percent(1.0), percent(0.0)
    ('75%', '< 1%', '> 99%', '100%', '0%')
    >>> percent(0.9972, 1), percent(0.9999, 1)
    ('99.7%', '> 99.9%')
    """
    least = 10.0 ** -(2 + decimals)
    if 0 < part < least:
        return f"< {least:.{decimals}%}"
    if 1 - least < part < 1:
        return f"> {1 - least:.{decimals}%}"
    return f"{part:.{decimals}%}"
