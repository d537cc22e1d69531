"""Quotation marks in other forms: around whole lines, as apostrophes, behind an =."""

import re

SAMPLE_ROWS, SAMPLE_LETTERS = 400, 2**16
APOSTROPHES = re.compile(r"\s*'[^']*'(?:\s*[,;\t]\s*'[^']*')+\s*")
"""Names, each in apostrophes."""
PROTECTED = re.compile(r'(?m)(^|[,;\t])="([^"\n]*)"')
"""A cell that a spreadsheet is to take as it stands."""
WRAPPED = re.compile(r'\s*"(?:[^"]|"")*[,;\t|](?:[^"]|"")*"\s*')
"""A line in quotation marks as a whole."""


def unwrapped(text: str) -> str:
    r"""The text with its lines out of the quotation marks around each of them, and with cells in
    quotation marks alone that stand in apostrophes, or behind an = that keeps Excel from them.

    >>> unwrapped('"day,v"\n"1.1.20,""1,5"" "'), unwrapped("'day','v'\n'1.1.20',1")
    ('day,v\n1.1.20,"1,5" ', '"day","v"\n"1.1.20",1')
    """
    lines = [line for line in text[:SAMPLE_LETTERS].split("\n") if line.strip()][:SAMPLE_ROWS]
    if len(text) > SAMPLE_LETTERS:
        lines = lines[:-1]
    if len(lines) > 1 and '"' not in "".join(lines) and APOSTROPHES.fullmatch(lines[0]):
        return text.replace("'", '"')
    if sum(bool(PROTECTED.search(line)) for line in lines) > 0.5 * len(lines):
        return PROTECTED.sub(r'\1"\2"', text)
    inside = all(WRAPPED.fullmatch(line) for line in lines[1:])
    if len(lines) > 1 and inside and re.search("[^\\W\\d].*[,;\\t|]", lines[0].strip('"')):
        every = (line.strip() for line in text.split("\n"))
        return "\n".join(
            line[1:-1].replace('""', '"') if WRAPPED.fullmatch(line) else line for line in every
        )
    return text
