"""Names out of files, of columns, sheets and files themselves: one line each, as it is written."""

from collections.abc import Sequence

MAX_NAME = 200
"""Letters of a column's name."""
DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
"""Marks that turn the order of letters: 'gpj.exe' behind one is shown as 'exe.jpg'."""
UNSHOWN = {
    **{code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()},
    **dict.fromkeys(DIRECTIONS),
}


def one_line(name: str) -> str:
    r"""A name as it can be shown where nothing is markup: in charts, in lists, in components.

    White space, line ends with it, becomes single spaces; marks that turn the order of letters go,
    so that a name looks as it is; what no font draws is replaced, and half of a letter too.

    >>> one_line("a\n===\nb"), one_line("evil\u202egpj.exe")
    ('a === b', 'evilgpj.exe')
    """
    whole = name.encode(errors="replace").decode()  # JSON can write half of a letter
    return " ".join(whole.translate(UNSHOWN).split())


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names on one line each, none empty, none twice.

    >>> unique(["x", "", " x "])
    ('x', 'column 2', 'x (2)')
    """
    taken: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        plain = one_line(name)[:MAX_NAME] or f"column {number}"
        made, copies = plain, 1
        while made in taken:
            copies += 1
            made = f"{plain} ({copies})"
        taken[made] = None
    return tuple(taken)
