"""A diagram drawn as SVG, once: the browser fills in numbers, widths and colours."""

import re
from collections.abc import Callable, Sequence
from html import escape

from lstm_viz.models.diagram import SIZE, Diagram, Operation, Point, Port, Way
from lstm_viz.words import _

SUBSCRIPT = re.compile(r"_\{([^}]*)\}|_(\w)")
HEAD = 13.0
"""Length of an arrow's head."""
GATE_WIDTH, GATE_HEIGHT = 120, 64


def drawing(diagram: Diagram, said: Callable[[str], str]) -> str:
    """The diagram's markup; `said` translates."""
    width, height = SIZE
    parts = [_way(way) for way in diagram.ways]
    parts += [_port(port, said) for port in diagram.ports]
    parts += [_operation(each, said) for each in diagram.operations]
    parts += [_number(way) for way in diagram.ways]
    parts += [_carousel(each, place) for each, place in _carousel_places(diagram)]
    name = escape(said(diagram.title), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{name}">{"".join(parts)}</svg>'
    )


def subscripts(text: str) -> str:
    """`c_{t−1}` as SVG text.

    >>> subscripts("h_t")
    'h<tspan class="sub" dy="6" font-size="70%">t</tspan>'
    """

    def lowered(found: re.Match[str]) -> str:
        inside = found[1] or found[2]
        return f'<tspan class="sub" dy="6" font-size="70%">{inside}</tspan>'

    return SUBSCRIPT.sub(lowered, escape(text))


def _way(way: Way) -> str:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in way.points)
    classes = " ".join(
        ["way", *(["belt"] if way.belt else []), *(["missing"] if way.missing else [])]
    )
    heads = ""
    if way.forward and not way.missing:
        heads = f'<path class="head on" d="{_head(way.points)}"/>'
    if way.backward and not way.missing:
        heads += f'<path class="head back" d="{_head(list(reversed(way.points)))}"/>'
    return (
        f'<g class="{classes}" data-way="{way.id}"><path class="track" d="{path}"/>'
        f'<path class="line" d="{path}"/>{heads}</g>'
    )


def _head(points: Sequence[Point]) -> str:
    """A triangle at the end of a line."""
    (x0, y0), (x, y) = points[-2], points[-1]
    size = max(abs(x - x0), abs(y - y0)) or 1.0
    dx, dy = (x - x0) / size * HEAD, (y - y0) / size * HEAD
    left = f"{x - dx - dy * 0.6:g} {y - dy + dx * 0.6:g}"
    right = f"{x - dx + dy * 0.6:g} {y - dy - dx * 0.6:g}"
    return f"M{x:g} {y:g}L{left}L{right}Z"


def _number(way: Way) -> str:
    if way.label is None:
        return ""
    x, y = way.label
    weight = " belt" if way.belt else ""
    return (
        f'<text class="number{weight}" data-number="{way.id}" x="{x:g}" y="{y:g}" '
        f'text-anchor="{way.anchor}" dominant-baseline="central"></text>'
    )


def _carousel_places(diagram: Diagram) -> list[tuple[str, Point]]:
    places = {"factor": diagram.factor, "gain": diagram.gain}
    return [(each, place) for each, place in places.items() if place is not None]


def _carousel(id: str, place: Point) -> str:  # noqa: A002 - what the browser calls it
    """What the way back through time multiplies by, and what it leaves: for the backward mode."""
    return (
        f'<text class="number carousel" data-number="{id}" x="{place[0]:g}" y="{place[1]:g}" '
        'text-anchor="middle" dominant-baseline="central"></text>'
    )


def _port(port: Port, said: Callable[[str], str]) -> str:
    x, y = port.place
    return (
        f'<g class="port" data-port="{port.id}"><rect x="{x - 44:g}" y="{y - 22:g}" width="88" '
        f'height="44" rx="22"/><text x="{x:g}" y="{y:g}" text-anchor="middle" '
        f'dominant-baseline="central">{subscripts(said(port.text))}</text></g>'
    )


def _operation(operation: Operation, said: Callable[[str], str]) -> str:
    x, y = operation.place
    missing = " missing" if operation.missing else ""
    sign = subscripts(said(operation.sign))
    middle = 'text-anchor="middle" dominant-baseline="central"'
    match operation.shape:
        case "gate":
            left, top = x - GATE_WIDTH / 2, y - GATE_HEIGHT / 2
            name = said(operation.name)
            letter = name.rpartition(" ")[2]
            body = (
                f'<rect x="{left:g}" y="{top:g}" width="{GATE_WIDTH}" height="{GATE_HEIGHT}" '
                f'rx="10"/><text class="sign" x="{x:g}" y="{y - 12:g}" {middle}>{sign}</text>'
                f'<text class="name" x="{x:g}" y="{y + 15:g}" {middle}>'
                f"{escape(name)}</text>"
                f'<text class="letter" x="{x:g}" y="{y + 15:g}" {middle}>'
                f"{escape(letter if len(letter) == 1 else name)}</text>"
            )
        case "pill":
            body = (
                f'<rect x="{x - 42:g}" y="{y - 22:g}" width="84" height="44" rx="10"/>'
                f'<text class="sign" x="{x:g}" y="{y:g}" {middle}>{sign}</text>'
            )
        case "point":
            body = (
                f'<circle cx="{x:g}" cy="{y:g}" r="24"/>'
                f'<text class="sign" x="{x:g}" y="{y:g}" {middle}>{sign}</text>'
            )
        case _:
            at = f'cx="{x:g}" cy="{y:g}"'
            body = f'<circle class="target" {at} r="20"/><circle {at} r="7"/>'
    return (
        f'<g class="op {operation.shape}{missing}" data-op="{operation.id}" tabindex="0" '
        f'role="button">{body}</g>'
    )


def translated(turned: bool) -> Callable[[str], str]:
    """Translates, and swaps before and after for a layer that reads from the end."""

    def said(text: str) -> str:
        words = _(text) if text else ""
        if not turned:
            return words
        return words.replace("t−1", "\0").replace("t+1", "t−1").replace("\0", "t+1")

    return said
