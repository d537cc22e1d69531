import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.modules import import_map, style_sheet
from lstm_viz.figures.saved_film import SavedFilm, saved_film
from lstm_viz.runs.recordings import load_recordings
from tests.figures.message import unpack

MESSAGE = re.compile(r'<script type="text/plain" id="message-([\w-]+)"[^>]*>([^<]*)</script>')


@pytest.fixture(scope="module")
def saved() -> SavedFilm:
    run = load_recordings()[0]
    return saved_film(LayerFilm(run, "recurrent.l0", 0), "A <b>title</b> $of its own")


def test_the_messages_are_in_the_page_as_the_components_get_them(saved: SavedFilm) -> None:
    page = replace(saved, cell=b"1234567").html()
    packed = {name: zlib.decompress(b64decode(text)) for name, text in MESSAGE.findall(page)}
    film = np.frombuffer(packed["film"], np.uint8)
    film = np.cumsum(film, dtype=np.uint8)
    for start in range(saved.stride):
        film[start :: saved.stride] = np.cumsum(film[start :: saved.stride], dtype=np.uint8)
    assert film.tobytes() == saved.film
    planes = np.frombuffer(packed["cell"], np.uint8).reshape(4, -1)
    assert planes.T.tobytes() == b"1234567\0"


def test_every_moment_of_the_run_travels_and_no_map_that_is_not_drawn(saved: SavedFilm) -> None:
    header, arrays = unpack(saved.film)
    film, frames = header["films"][0], load_recordings()[0].film.frames
    assert film["sent"] == [frame.step for frame in frames]
    assert film["run"] == "" and header["state"] is None and header["sorts"] == []
    maps = {name for name, each in film["signals"].items() if "rows" in each}
    assert maps == {"forget", "input", "candidate", "output", "cell", "hidden"}
    assert arrays[film["signals"]["cell"]["array"]].shape[0] == len(frames)


def test_the_page_holds_all_that_it_loads(saved: SavedFilm) -> None:
    page = saved.html()
    assert "<h1>A &lt;b&gt;title&lt;/b&gt; $of its own</h1>" in page
    modules = import_map("alone.js")
    texts = {k: b64decode(url.partition(",")[2]).decode() for k, url in modules.items()}
    asked = {name for text in texts.values() for name in re.findall(r'from "([^"]+)"', text)}
    assert asked and asked <= set(modules)
    assert json.loads(re.findall(r'"importmap">(.*?)</script>', page)[0])["imports"] == modules
    styles = style_sheet("film.css") + style_sheet("cell.css")
    assert "@import" not in styles and ".bar" in styles
    assert not re.search(r"(src|href)=|url\(", page + styles)


def test_small_networks_travel_at_every_moment_and_a_module_of_ones_own_does_not() -> None:
    run = load_recordings()[0]
    film, steps = LayerFilm(run, "recurrent.l0", 0), [frame.step for frame in run.film.frames]
    saved = saved_film(film, "")
    header, arrays = unpack(saved.weights[steps[1]])
    kept = run.film.frames[1].weights or {}
    assert [*saved.weights] == steps and header["names"] == [*kept]
    for array, values in zip(arrays, kept.values(), strict=True):
        np.testing.assert_array_equal(array, values)
    assert unpack(saved.film)[0]["touch"]["topic"] == header["topic"]
    own = saved_film(film, "", own=True)
    assert own.weights == {} and unpack(own.film)[0]["touch"] is None
