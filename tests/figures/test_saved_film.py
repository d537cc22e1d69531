import json
import re
import zlib
from base64 import b64decode

import numpy as np
import pytest

from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.modules import import_map, style_sheet
from lstm_viz.figures.saved_film import SavedFilm, saved_film
from lstm_viz.runs.recordings import load_recordings
from tests.figures.message import unpack

MESSAGE = re.compile(r'<script type="text/plain" id="message-(\w+)"[^>]*>([^<]*)</script>')


@pytest.fixture(scope="module")
def saved() -> SavedFilm:
    run = load_recordings()[0]
    return saved_film(LayerFilm(run, "recurrent.l0", 0), "A <b>title</b> $of its own", b"1234567")


def test_the_messages_are_in_the_page_as_the_components_get_them(saved: SavedFilm) -> None:
    packed = {
        name: zlib.decompress(b64decode(text)) for name, text in MESSAGE.findall(saved.html())
    }
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
