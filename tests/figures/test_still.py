"""The still picture of a film."""

import io
import xml.etree.ElementTree as ET

import numpy as np
from PIL import Image

from lstm_viz.figures.film import Column
from lstm_viz.figures.palette import ramp
from lstm_viz.figures.still import png, still
from lstm_viz.figures.wire import quantise
from tests.figures.test_film import ROWS, STILL, moment


def test_a_picture_has_the_ramps_colours_and_is_transparent_without_a_value() -> None:
    codes = quantise(np.array([[0.0, 1.0, np.nan]]), 0, 1)
    stops = ramp("forget", "light")
    image = Image.open(io.BytesIO(png(codes, stops))).convert("RGBA")
    first, last, nothing = (image.getpixel((x, 0)) for x in range(3))
    assert "#" + bytes(first[:3]).hex() == stops[0]
    assert "#" + bytes(last[:3]).hex() == stops[-1]
    assert nothing[3] == 0


def test_a_still_draws_every_heat_map_and_every_line_of_its_moment() -> None:
    rows = [*Column(ROWS).rows, STILL]
    root = ET.fromstring(still(rows, moment(3)))
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert len(root.findall(".//svg:image", names)) == 4
    assert len(root.findall(".//svg:polyline", names)) == 1
    assert "cell state c" in [text.text for text in root.findall(".//svg:text", names)]
