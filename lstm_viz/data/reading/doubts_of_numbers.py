"""The sentences of how cells were read as numbers: words, marks, letters, signs and units."""

from collections.abc import Mapping

from lstm_viz.data.reading.cells.numbers import Numbers
from lstm_viz.words import N_, Sentence

SHOWN = 5


def doubts_of_numbers(columns: Mapping[str, Numbers]) -> list[Sentence]:
    """All that is doubtful of columns of numbers, name -> what was read."""
    return [said for of in (_words, _scaled, _triangles, _units) for said in of(columns)]


def _words(columns: Mapping[str, Numbers]) -> list[Sentence]:
    """Words among numbers, which were taken as missing, and marks behind numbers."""
    missing = N_("Words among the numbers of '{column}' were taken as missing: {words}.")
    many = N_(
        "Words among the numbers of '{column}' were taken as missing, {count:,} in all: {words}."
    )
    marked = N_("Marks behind the numbers of '{column}' were left out: {marks}.")
    many_marked = N_(
        "Marks behind the numbers of '{column}' were left out, {count:,} in all: {marks}."
    )
    said = []
    for name, column in columns.items():
        kinds = (
            ("words", missing, many, column.words),
            ("marks", marked, many_marked, column.marks),
        )
        for key, few, more, told in kinds:
            if told:
                listed = ", ".join(f"'{word[:20]}' ({count:,})" for word, count in told[:SHOWN])
                facts: dict[str, object] = {"column": name, key: listed}
                if len(told) > SHOWN:
                    facts |= {key: f"{listed}, …", "count": sum(count for _, count in told)}
                said.append(Sentence(more if len(told) > SHOWN else few, facts))
    return said[:SHOWN]


def _scaled(columns: Mapping[str, Numbers]) -> list[Sentence]:
    """What a letter or a word behind numbers multiplied."""
    text = N_("Letters or words behind the numbers of '{column}' multiply: '{cell}' is {value}.")
    return [
        Sentence(text, {"column": name, "cell": each.scaled[0], "value": f"{each.scaled[1]:,.15g}"})
        for name, each in columns.items()
        if each.scaled is not None
    ][:SHOWN]


def _triangles(columns: Mapping[str, Numbers]) -> list[Sentence]:
    """Which sign a triangle before numbers is."""
    minus = N_(
        "A triangle before the numbers of '{column}' was read as a minus, as Japanese accounts "
        "have it: '{cell}' is {value}."
    )
    plus = N_(
        "A triangle that points up before the numbers of '{column}' was read as a plus, since "
        "others are negative: '{cell}' is {value}."
    )
    return [
        Sentence(
            minus if value < 0 else plus, {"column": name, "cell": cell, "value": f"{value:,.15g}"}
        )
        for name, each in columns.items()
        if each.triangle is not None
        for cell, value in [each.triangle]
    ][:SHOWN]


def _units(columns: Mapping[str, Numbers]) -> list[Sentence]:
    """Several units in one column, which are not converted."""
    said = []
    for name, column in columns.items():
        named = [(unit, count) for unit, count in column.units if unit]
        listed = ", ".join(f"'{unit}' ({count:,})" for unit, count in named[:SHOWN])
        facts = {"column": name, "units": listed, "count": dict(column.units).get("", 0)}
        facts["unit"] = next((unit for unit, _ in named), "")
        if facts["count"]:
            text = N_(
                "Some numbers of '{column}' have a unit beside them, {units}, and {count:,} have "
                "none. All were read as they stand, '12 {unit}' as 12: if they differ, make them "
                "alike."
            )
            said.append(Sentence(text, facts))
        elif named:
            text = N_(
                "The numbers of '{column}' have several units: {units}. They were read as they "
                "stand: if they differ, convert them to one unit."
            )
            said.append(Sentence(text, facts))
    return said[:SHOWN]
