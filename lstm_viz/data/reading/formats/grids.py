"""Variables of a file as tables: those over one side together, a grid as a column for each place.

A side is what NetCDF calls a dimension; its variable, of its name, says what stands along it.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from lstm_viz.data.reading.formats.arrays import Array, of_content
from lstm_viz.data.reading.formats.containers import said_of_others
from lstm_viz.data.reading.formats.since import said
from lstm_viz.data.reading.formats.variables import Variable
from lstm_viz.data.reading.found import Found, Sequences, empty
from lstm_viz.data.reading.how import How
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

TIME = re.compile(r"x?times?|dates?|valid_time|datetimes?", re.I)
"""What a side along time is called, where no unit says it."""
BOUNDS = re.compile(r".+_(?:bnds|bounds)", re.I)
IN_UTC = N_("The times in '{column}' tell their zone, and are given in UTC.")


def table_of_variables(variables: Sequence[Variable], filename: str, how: How) -> Found | Sequences:
    """The table that is told, or the largest."""
    edges = {each.word(of) for each in variables for of in ("bounds", "climatology")}
    bounds = [v.name for v in variables if v.name in edges or BOUNDS.fullmatch(v.name)]
    bare = [each for each in variables if each.name not in bounds] or list(variables)
    over = {v.group for v in bare if len(v.dimensions) > 1}
    sides_of = {group: _sides(group, bare) for group in over}
    variables = [_time_first(each, sides_of.get(each.group, {})) for each in bare]
    tables = _tables(variables)
    if not tables:
        raise empty(filename)
    if how.sheet and how.sheet not in tables:
        raise DataError(
            N_("'{file}' has no table called '{sheet}'. Choose another."),
            file=filename,
            sheet=how.sheet,
        )
    name = how.sheet or max(tables, key=lambda each: _cells(tables[each]))
    table = tables[name]
    sides = _sides(table[0].group, variables)
    clock = next((sides[d] for v in table for d in v.dimensions[:1] if d in sides), None)
    if clock is not None and clock not in table and clock.shape == table[0].shape[:1]:
        table = [clock, *table]
    content: dict[str, Any] = {}
    notes: list[Sentence] = []
    for each in table:
        if not each.counts_since or len(each.shape) > 1:
            content |= _columns(each, sides, filename)
            if each.tells_zone:
                notes.append(Sentence(IN_UTC, {"column": each.name}))
            continue
        values = each.values(filename)
        times = values if values.dtype.kind == "M" else None
        notes += said(each.name, each.word("units"), each.word("calendar"), times)
        if times is not None or len(table) == 1:
            content[each.name] = values
    notes += [note for each in table for note in each.notes]
    found = of_content(
        content, filename, of=lambda v: v.values(filename) if isinstance(v, Variable) else v
    )
    if isinstance(found, Sequences):
        return found
    left_out = (*found.left_out, *(each for each in bounds if each not in content))
    found = replace(found, left_out=left_out, notes=(*found.notes, *notes))
    if len(tables) == 1:
        return found
    words = N_("Table '{name}' was read. The file holds others: {others}.")
    others = said_of_others(words, name, tables)
    return replace(found, sheet=name, sheets=tuple(tables), notes=(*others, *found.notes))


def _sides(group: str, variables: Sequence[Variable]) -> dict[str, Variable]:
    """Name -> the variable of a group, or of one that it lies in."""
    parts = group.split("/") if group else []
    outer = {"/".join(parts[:count]): count for count in range(len(parts) + 1)}
    inside = [each for each in variables if each.group in outer]
    return {each.name: each for each in sorted(inside, key=lambda each: outer[each.group])}


def _is_time(side: str, sides: Mapping[str, Variable]) -> bool:
    """Whether a side lies along time, by its variable's unit or by its name."""
    along = sides.get(side)
    return bool(TIME.fullmatch(side)) or (along is not None and along.counts_since)


def _time_first(variable: Variable, sides: Mapping[str, Variable]) -> Variable:
    """A grid whose only side along time is its first, so that a row is a moment."""
    along = [place for place, each in enumerate(variable.dimensions) if _is_time(each, sides)]
    if len(along) != 1 or along == [0] or len(variable.dimensions) != len(variable.shape):
        return variable
    order = (*along, *(p for p in range(len(variable.shape)) if p not in along))
    return replace(
        variable,
        shape=tuple(variable.shape[place] for place in order),
        dimensions=tuple(variable.dimensions[place] for place in order),
        read=lambda: np.transpose(variable.read(), order),
    )


def _tables(variables: Sequence[Variable]) -> dict[str, list[Variable]]:
    """Name -> the variables of one group over one side; sides alone are no table.

    Variables whose sides have no name are together where they have as many rows.
    """
    filled = [each for each in variables if each.shape and each.shape[0]]
    lengths: dict[tuple[str, int], set[str]] = {}
    for each in filled:
        lengths.setdefault((each.group, each.shape[0]), set()).update(each.dimensions[:1])
    made: dict[tuple[str, int, str], list[Variable]] = {}
    for each in filled:
        named_sides = lengths[each.group, each.shape[0]] - {""}
        side = each.dimensions[0] if each.dimensions else ""
        if not side and len(named_sides) == 1:
            (side,) = named_sides
        made.setdefault((each.group, each.shape[0], side), []).append(each)
    scales = {side for each in variables for side in each.dimensions[1:]}
    kept = [
        together
        for together in made.values()
        if len(made) == 1
        or not all(
            len(each.shape) == 1 and (each.name in scales or each.dimensions == (each.name,))
            for each in together
        )
    ]
    kept = [together for together in kept if _cells(together)[0]] or kept
    named: dict[str, list[Variable]] = {}
    groups = Counter(together[0].group for together in kept)
    for together in kept:
        group = together[0].group
        inside = ", ".join(each.name for each in together)
        name = group if groups[group] == 1 and group else f"{group}/{inside}".lstrip("/")
        named[name[:60] if name[:60] not in named else f"{name[:50]} ({len(named) + 1})"] = together
    return named


def _cells(table: Sequence[Variable]) -> tuple[bool, bool, bool, int]:
    """Whether a table holds numbers, whether in several rows, whether times, and how many."""
    numbers = [math.prod(each.shape) for each in table if each.dtype.kind in "biuf"]
    timed = any(each.counts_since for each in table)
    return bool(numbers), table[0].shape[0] > 1, timed, sum(numbers)


def _columns(
    variable: Variable, sides: Mapping[str, Variable], filename: str
) -> dict[str, Variable | Array]:
    """A variable over time and other sides as a column for each place on these."""
    first, *others = variable.dimensions or ("",)
    known = variable.dtype.kind in "iuf" and 0 not in variable.shape
    if not _is_time(first, sides) or not others or not known:
        return {variable.name: variable}
    flat = (variable.shape[0], math.prod(variable.shape[1:]))
    values = replace(variable, shape=flat, read=lambda: variable.read().reshape(flat))
    cells = values.values(filename)
    told = [
        _places(side, length, sides.get(side), filename)
        for side, length in zip(others, variable.shape[1:], strict=True)
    ]
    names = (" ".join((variable.name, *filter(None, place))) for place in product(*told))
    return dict(zip(names, cells.T, strict=True))


def _places(side: str, length: int, scale: Variable | None, filename: str) -> list[str]:
    """What stands at each place of a side; nothing where it has a single one."""
    if length == 1:
        return [""]
    if scale is not None and scale.shape == (length,) and scale.dtype.kind in "iuf":
        return [f"{side}={value:g}" for value in scale.values(filename).astype(np.float64)]
    return [f"{side}={place}" for place in range(1, length + 1)]
