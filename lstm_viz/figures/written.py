"""How charts write numbers in the browser: as `numerals` and `measures.spelling` do in Python.

Vega would write 4.85·10⁻¹¹ as 4.85e-11, and of 99.97% it would make 100.0%.
"""

from functools import reduce

from lstm_viz.numerals import SUPERSCRIPTS

RAISED = {chr(plain): chr(raised) for plain, raised in SUPERSCRIPTS.items()}
DIGITS = 6
"""Of a number at an axis."""


def numeral_of(value: str, digits: int) -> str:
    """The Vega expression of a number in at most so many significant digits."""
    tens = f"format({value},'.{digits - 1}~e')"
    power = f"replace(replace({tens},/e\\+?/,'·10^'),/^1·/,'')"
    raised = reduce(_raise, RAISED, power)
    size = f"abs({value})"
    plain = f"format({value},'.{digits}~r')"
    finite = f"!{value}||{size}>=1e-3&&{size}<1e5?{plain}:replace({raised},'^','')"
    signed = f"{value}>0?'∞':'−∞'"
    return f"(!isValid({value})?'–':isFinite({value})?({finite}):{signed})"


def _raise(text: str, digit: str) -> str:
    """The digits behind the last "^" as superscripts."""
    return f"replace({text},/{digit}(?=[^^]*$)/g,'{RAISED[digit]}')"


def percent_of(value: str, decimals: int) -> str:
    """The Vega expression of a part of a whole: what is neither all nor none is not so written."""
    least = f"{10.0 ** -(decimals + 2):.{decimals + 2}f}"
    near = f"format(1-{least},'.{decimals}%')"
    below, above = f"{value}>0&&{value}<{least}", f"{value}>1-{least}&&{value}<1"
    form = f"'.{decimals}%'"
    return f"({below}?'< '+format({least},{form}):{above}?'> '+{near}:format({value},{form}))"


def as_read(value: str, form: str) -> str:
    """The Vega expression of a number in a tooltip's format."""
    kind, digits = form[-1:], form[:-1].strip("~,").removeprefix(".")
    if kind and kind in "eg":
        return numeral_of(value, int(digits or DIGITS) + (kind == "e"))
    if kind == "%":
        return percent_of(value, int(digits or 0))
    return f'format({value}, "{form}")'


SIZE = "abs(datum.value)"
LABEL = (
    f"datum.value&&({SIZE}<1e-3||{SIZE}>=1e5)?{numeral_of('datum.value', DIGITS)}"
    ":replace(datum.label,/,|(?<=^0)\\.000+$/g,'')"
)
"""What stands at a tick of a linear axis."""
