from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lstm_viz import ConfigError, film, fit
from lstm_viz.runs.recordings import load_recordings
from tests.figures.message import unpack
from tests.notebook.test_fit import Own, Stepped, sequences


class Pooled(nn.Module):
    """Its second layer runs on every other step."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.LSTM(2, 3, batch_first=True), nn.RNN(3, 4, batch_first=True)
        self.head = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        every_other = self.first(x)[0][:, ::2]
        answer: Tensor = self.head(self.second(every_other)[0][:, -1])
        return answer


@pytest.mark.parametrize(
    ("module", "layer", "steps", "cell"),
    [
        (Own, "encoder.l1", 7, True),
        (Own, "encoder.l0_reverse", 7, True),
        (Stepped, "cell", 7, False),
        (Pooled, "second", 4, True),
    ],
)
def test_any_layer_of_a_module_has_a_film(
    module: Any, layer: str, steps: int, cell: bool, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    result = fit(module(2) if module is Own else module(), sequences(), epochs=1, progress=False)
    name = next(each for each in result.frames[-1].layers if each.startswith(layer))
    saved = film(result, layer=name, sample=1)._saved
    header, _ = unpack(saved.film)
    assert header["steps"] == steps
    assert header["films"][0]["sent"] == [frame.step for frame in result.frames]
    assert (saved.cell is not None) == cell
    assert saved.title == f"{module.__name__}, (X, y)"
    size = film(result, layer=name).save(tmp_path / "film.html")
    assert size == (tmp_path / "film.html").stat().st_size > 100_000


def test_what_has_no_film_gets_a_sentence() -> None:
    run = load_recordings()[0]
    assert repr(film(run, title="A recording")).startswith("Film of A recording: recurrent.l0")
    for what, how, fragment in [
        ("run.html", {}, "got str"),
        (run, {"layer": "l7"}, "no layer 'l7'. Choose one of: recurrent.l0"),
        (run, {"sample": 99}, "between 0 and"),
        (run, {"sample": "0"}, "got '0'"),
    ]:
        with pytest.raises(ConfigError) as caught:
            film(what, **how)  # type: ignore[arg-type]
        assert fragment in str(caught.value)
