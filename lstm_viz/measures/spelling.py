"""Numbers as sentences spell them."""

import numpy as np

from lstm_viz.words import _

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def share(value: float) -> str:
    """A share in two digits; small and large ones as powers of ten.

    >>> share(0.123), share(1.06), share(2.96e-14), share(1e-12), share(1.2e10), share(0.0)
    ('0.12', '1.06', '3·10⁻¹⁴', '10⁻¹²', '1.2·10¹⁰', '0')
    """
    if np.isinf(value):
        return _("more than {largest}").format(largest=power_of_ten(308))
    if 0.1 <= value < 10:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if value == 0 or np.isnan(value) or 1e-3 <= value < 1e4:
        return f"{value:.2g}" if not value >= 100 else f"{value:.0f}"
    digits, _e, exponent = f"{value:.1e}".partition("e")
    digits = digits.removesuffix(".0")
    tens = power_of_ten(int(exponent))
    return tens if digits == "1" else f"{digits}·{tens}"


def in_three_digits(loss: float) -> str:
    """Where a change of 1 % is worth saying.

    >>> in_three_digits(0.19), in_three_digits(0.1928), in_three_digits(2e-5)
    ('0.19', '0.193', '2·10⁻⁵')
    """
    return f"{loss:.3g}" if 1e-3 <= loss < 1e3 else share(loss)


def percent(part: float) -> str:
    """A part of a whole; what is not all and not none is not written as that.

    >>> percent(0.754), percent(1 / 30_000), percent(0.9999), percent(1.0), percent(0.0)
    ('75%', '< 1%', '> 99%', '100%', '0%')
    """
    if 0 < part < 0.01:
        return "< 1%"
    return "> 99%" if 0.99 < part < 1 else f"{part:.0%}"


def power_of_ten(exponent: int) -> str:
    """10 to an exponent, as it is written.

    >>> power_of_ten(-13)
    '10⁻¹³'
    """
    return "10" + str(exponent).translate(SUPERSCRIPTS)
