"""One moment of a film as a picture that needs no script, for a browser that cannot play it."""

import base64
import struct
import zlib
from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.palette import BACKGROUND, LOOKS, MUTED, TEXT, Theme, ramp, theme
from lstm_viz.figures.rows import Heat, Lines, Row
from lstm_viz.figures.tracks import Moment, Track, linear_ends, log_ends
from lstm_viz.figures.wire import LEVELS, quantise
from lstm_viz.words import _

WIDTH, LEFT, HEAD = 900, 10, 24
Codes = npt.NDArray[np.uint8]


def still(rows: Sequence[Row], moment: Moment) -> str:
    """SVG of the heat maps and lines among `rows`, one below the other on one time axis."""
    now, parts, y = theme(), [], 0
    for row in rows:
        if not isinstance(row, Heat | Lines):
            continue
        drawn = _heat(row, moment, now) if isinstance(row, Heat) else _lines(row, moment, now)
        height = row.height or 72
        title = row.title or (LOOKS[row.signal].name if isinstance(row, Heat) else row.y)
        parts.append(
            f'<text x="{LEFT}" y="{y + 17}" font-weight="600" fill="{TEXT[now]}">'
            f"{escape(_(title))}</text>"
            f'<svg x="{LEFT}" y="{y + HEAD}" width="{WIDTH - 2 * LEFT}" height="{height}" '
            f'viewBox="0 0 100 100" preserveAspectRatio="none">{drawn}'
            f'<rect width="100" height="100" fill="none" stroke="{MUTED[now]}" '
            'vector-effect="non-scaling-stroke"/></svg>'
        )
        y += HEAD + height + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
        f'viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="15">'
        f'<rect width="{WIDTH}" height="{y}" fill="{BACKGROUND[now]}"/>{"".join(parts)}</svg>'
    )


def _heat(row: Heat, moment: Moment, now: Theme) -> str:
    track = moment.tracks.get(row.signal)
    if row.values is not None:
        track = Track(np.asarray(row.values), row.low, row.high)
    if track is None:
        return ""
    codes = quantise(np.maximum(track.values, track.low), track.low, track.high)
    picture = base64.b64encode(png(codes, ramp(row.signal, now))).decode()
    return (
        '<image width="100" height="100" preserveAspectRatio="none" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{picture}"/>'
    )


def _lines(row: Lines, moment: Moment, now: Theme) -> str:
    drawn = []
    for line in row.lines:
        track = moment.tracks.get(line.track or line.signal)
        values = line.values if line.values is not None else track.values if track else None
        if values is not None:
            drawn.append((LOOKS[line.signal][now], np.asarray(values, np.float64)))
    if not drawn:
        return ""
    everything = np.concatenate([values for _colour, values in drawn])
    low, high = (log_ends if row.scale == "log" else linear_ends)(everything)
    parts = []
    for colour, values in drawn:
        known = np.flatnonzero(np.isfinite(values))
        x = 100 * (known + 0.5) / len(values)
        y = 100 * (1 - (np.clip(values[known], low, high) - low) / (high - low))
        points = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y, strict=True))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
            'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
        )
    return "".join(parts)


def png(codes: Codes, stops: Sequence[str]) -> bytes:
    r"""A heat map's codes as a PNG with the colours of a ramp; code 0 is transparent.

    >>> png(np.array([[1, 255]], np.uint8), ("#000000", "#ffffff"))[:4]
    b'\x89PNG'
    """
    ends = np.array([[int(stop[k : k + 2], 16) for k in (1, 3, 5)] for stop in stops], np.float64)
    places = np.linspace(0, len(stops) - 1, LEVELS)
    colours = np.stack([np.interp(places, np.arange(len(stops)), end) for end in ends.T], axis=1)
    table = np.vstack([np.zeros(3), colours]).round().astype(np.uint8).tobytes()
    height, width = codes.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), codes])  # each begins with its filter: none
    size = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits a pixel, a palette
    chunks = [
        (b"IHDR", size),
        (b"PLTE", table),
        (b"tRNS", b"\0"),
        (b"IDAT", zlib.compress(lines.tobytes())),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
