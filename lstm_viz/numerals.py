"""A measured number as people read it; `assets/components/ticks.js` writes the same."""

import math

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numeral(value: float, digits: int = 3) -> str:
    """A number in at most so many significant digits; small and large ones as powers of ten.

    >>> [numeral(value) for value in (7.234e-05, 1e10, 0.0, math.nan, -0.1234, 12_345.0)]
    ['7.23·10⁻⁵', '10¹⁰', '0', '–', '−0.123', '12300']
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    mantissa, _e, exponent = f"{value:.{digits - 1}e}".partition("e")
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        rounded = float(f"{mantissa}e{exponent}")
        plain = f"{rounded:.{max(digits - 1 - int(exponent), 0)}f}"
        text = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return text.replace("-", "−") if rounded else "0"
    tens, first = power_of_ten(int(exponent)), mantissa.rstrip("0").rstrip(".")
    return tens if first == "1" else f"{first}·{tens}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """10 to an exponent, as it is written.

    >>> power_of_ten(-13)
    '10⁻¹³'
    """
    return "10" + str(exponent).translate(SUPERSCRIPTS)


class Written(float):
    """A float that a template writes as people read it, in six digits or in as many as its
    `g` says.

    >>> "{loss} {loss:.2g} {loss:.1%}".format(loss=Written(0.12345))
    '0.12345 0.12 12.3%'
    """

    def __format__(self, spec: str) -> str:
        if math.isfinite(self) and (not spec or spec.endswith("g")):
            digits = spec.removesuffix("g").lstrip(".") or 6
            whole = self.is_integer() and abs(self) < 1e15
            text = f"{self:.0f}" if whole else numeral(self, int(digits))
            return text.replace("−", "-")  # as one would type it
        return super().__format__(spec)
