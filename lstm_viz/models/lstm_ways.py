"""The lines of the LSTM's diagram, and the places they connect."""

from lstm_viz.models.diagram import BELT, BUS, ROW, Way
from lstm_viz.models.lstm_parts import GATES, Parts

F, I, G, O = 270, 430, 600, 750  # noqa: E741 - the gates' letters
"""Where the gates stand."""
SHOW = 930
"""Where what is held goes down to be shown."""
MIDDLE = 200


def lstm_ways(parts: Parts, *, family: bool) -> list[Way]:
    """The belt, the gates, what they read, and what is shown; in the family the peepholes too."""
    return [
        *_belt(parts),
        *_gates(parts),
        *_shown(parts),
        *(_peepholes(parts) if family else []),
    ]


def _belt(parts: Parts) -> list[Way]:
    zoned = bool(parts.zoneout)
    end = [
        Way("c", [(SHOW + 7, BELT), (1084, BELT)], "c", "carry_in", "cell",
            label=(1010, 56), anchor="middle", belt=True)
    ]  # fmt: skip
    if zoned:
        end = [
            Way("c_new", [(SHOW + 7, BELT), (988, BELT)], "c_new", "from_later", "cell",
                belt=True),
            Way("c", [(1036, BELT), (1084, BELT)], "c", "carry_in", "cell",
                label=(1050, 34), anchor="middle", belt=True),
        ]  # fmt: skip
    return [
        Way("c_before", [(96, BELT), (F - 24, BELT)], "c_before", "belt_back", "cell",
            label=(170, 56), anchor="middle", belt=True),
        Way("kept", [(F + 24, BELT), (G - 24, BELT)], "kept", "dc", "cell",
            label=(435, 56), anchor="middle", said="forward", belt=True),
        Way("sum", [(G + 24, BELT), (SHOW - 7, BELT)], "c_new", "dc", "cell",
            label=(772, 56), anchor="middle", said="forward" if zoned else "backward", belt=True),
        *end,
    ]  # fmt: skip


def _gates(parts: Parts) -> list[Way]:
    coupled = parts.coupled
    off = {gate.name: not parts.has(gate.name) for gate in GATES}
    ways = [
        Way("h_before", [(96, BUS), (O, BUS)], "h_before", "back", "hidden", "grad_hidden",
            (134, BUS + 20), "start"),
        Way("x", [(116, 452), (116, BUS + 3)], ""),
    ]  # fmt: skip
    places: list[tuple[str, float]] = [
        ("forget", F), ("input", I), ("candidate", G), ("output", O),
    ]  # fmt: skip
    for gate, x in places:
        missing = off[gate]
        ways.append(
            Way(f"{gate}.a", [(x, BUS), (x, 352)], "" if missing else f"{gate}.a",
                "" if missing else f"da.{gate}", gate, "grad_hidden",
                None if missing else (x + 12, 394), missing=missing)
        )  # fmt: skip
    written = [(I, 288), (I, MIDDLE), (G - 24, MIDDLE)]
    ways += [
        Way("forget", [(F, 288), (F, BELT + 24)], "forget", "" if off["forget"] else "d.forget",
            "forget", label=(F + 12, 150), missing=off["forget"]),
        Way("input", written[1:] if coupled else written, "input",
            "" if off["input"] and not coupled else "d.input", "forget" if coupled else "input",
            label=(515, MIDDLE - 20), anchor="middle", missing=off["input"] and not coupled),
        Way("candidate", [(G, 288), (G, MIDDLE + 24)], "candidate", "d.candidate", "candidate",
            label=(G + 12, 262)),
        Way("added", [(G, MIDDLE - 24), (G, BELT + 24)], "added", "dc", "input",
            label=(G + 12, 146), said="forward"),
    ]  # fmt: skip
    if coupled:
        ways += [
            Way("couple", [(F, MIDDLE), (I - 24, MIDDLE)], "forget", "d.input", "forget"),
            Way("own", [(I, 288), (I, MIDDLE + 24)], "", "", missing=True),
        ]
    return ways


def _shown(parts: Parts) -> list[Way]:
    normed, off = parts.layer_norm, not parts.output_gate
    top, bottom = (183, 227) if normed else (168, 212)
    down = [
        Way("held", [(SHOW, BELT + 7), (SHOW, top)], "c_new", "via_h", "cell",
            label=(SHOW + 14, 128), said="backward")
    ]  # fmt: skip
    if normed:
        down = [
            Way("held", [(SHOW, BELT + 7), (SHOW, 116)], "c_new", "via_h", "cell",
                label=(SHOW + 50, 132), said="backward"),
            Way("normed", [(SHOW, 160), (SHOW, top)], "shown", "d.shown", "cell"),
        ]  # fmt: skip
    h = [
        Way("h", [(SHOW + 24, ROW), (1033, ROW)], "h", "dh", "hidden", "grad_hidden",
            (1004, ROW - 38), "middle")
    ]  # fmt: skip
    if parts.zoneout:
        h = [
            Way("h_new", [(SHOW + 24, ROW), (968, ROW)], "h_new", "dh_new", "hidden",
                "grad_hidden"),
            Way("h", [(1016, ROW), (1033, ROW)], "h", "dh", "hidden", "grad_hidden",
                (1046, ROW - 44), "middle"),
        ]  # fmt: skip
    return [
        *down,
        Way("tanh_c", [(SHOW, bottom), (SHOW, ROW - 24)], "tanh_c", "d.tanh_c", "cell",
            "grad_hidden", (SHOW + 14, 248)),
        Way("output", [(O + 60, ROW), (SHOW - 24, ROW)], "output", "" if off else "d.output",
            "output", "grad_hidden", (848, ROW - 52), "middle", missing=off),
        *h,
        Way("h_on", [(1047, ROW), (1084, ROW)], "h", "later", "hidden", "grad_hidden",
            (1096, ROW + 52), "middle", "backward"),
        Way("out", [(1040, ROW + 7), (1040, 408)], "h", "direct", "hidden", "grad_hidden",
            (1028, ROW + 62), "end", "backward"),
    ]  # fmt: skip


def _peepholes(parts: Parts) -> list[Way]:
    """Where there are none they are drawn as missing."""
    there = parts.peepholes
    found = []
    for gate, points, label in (
        ("forget", [(126, BELT), (126, ROW), (F - 60, ROW)], (136, ROW - 14)),
        ("input", [(150, BELT), (150, 246), (390, 246), (390, 288)], (296, 270)),
        ("output", [(796, BELT), (796, 288)], (806, 150)),
    ):
        seen = there and parts.has(gate)
        found.append(
            Way(f"{gate}.p", points, f"{gate}.p" if seen else "", "", "cell",
                label=label if seen else None, said="forward", missing=not seen)
        )  # fmt: skip
    return found
