"""The film of one's own loop, and of one trace: its numbers are those of the traces."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import ConfigError, Traces, film, trace, watch
from tests.figures.message import unpack

B, T, D, H = 3, 6, 2, 4


class Model(nn.Module):
    def __init__(self, kind: Any = nn.LSTM) -> None:
        super().__init__()
        self.layer, self.head = kind(D, H, batch_first=True), nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(x)[0][:, -1])


def trained(sizes: list[tuple[int, int]], *, every: int | None = 2, kind: Any = nn.LSTM) -> Any:
    torch.manual_seed(0)
    model = Model(kind)
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with watch(model, every) as watcher:
        for batch, steps in sizes:
            optimizer.zero_grad()
            model(torch.randn(batch, steps, D)).square().mean().backward()
            optimizer.step()
    return watcher


def numbers(saved: Any, signal: str, moment: int) -> np.ndarray:
    """(U, T), or (T,), as the browser has them."""
    header, arrays = unpack(saved.film)
    what = header["films"][0]["signals"][signal]
    values = arrays[what["array"]][moment]
    if "rows" not in what:
        return np.asarray(values)
    low, high = arrays[what["rows"]][moment].T[..., None]
    middle = low + (values - 0.5) / 255 * (high - low)
    return np.where(values == 0, np.nan, middle)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_a_watched_loop_is_shown_at_every_step_that_was_kept(kind: Any) -> None:
    watcher = trained([(B, T)] * 7, kind=kind)
    saved = film(watcher, sample=1)._saved
    header, _ = unpack(saved.film)
    assert header["films"][0]["sent"] == [2, 4, 6] == [each.step for each in watcher.history]
    assert header["playback"]["label"] == "update {step}" and header["steps"] == T
    for moment, traces in enumerate(watcher.history):
        layer = traces["layer.l0"]
        maps = layer.gates or {"hidden": layer.hidden}
        for signal, values in maps.items():
            np.testing.assert_allclose(numbers(saved, signal, moment), values[1].T, atol=0.005)
        norm = np.log10(layer.grad_norm("hidden")[1])
        np.testing.assert_allclose(numbers(saved, "grad_hidden_norm", moment), norm, rtol=1e-6)
        for k in range(D):
            x = numbers(saved, f"input_x{k}", moment)
            np.testing.assert_allclose(x, layer.input[1, :, k], rtol=1e-6)
    assert (
        saved.title == "A watched training"
        and "sample 2 of each batch" in saved.said
        and "update 6" in saved.said
    )
    assert saved.film == film(watcher.history, sample=1)._saved.film


def test_batches_of_several_sizes_are_padded_and_those_without_the_sample_are_left_out() -> None:
    watcher = trained([(3, 4), (3, 4), (2, 6), (2, 6)])
    saved = film(watcher)._saved
    header, _ = unpack(saved.film)
    assert header["steps"] == 6
    found = numbers(saved, "forget", 0)
    assert np.isfinite(found[:, :4]).all() and np.isnan(found[:, 4:]).all()
    assert "left out" not in saved.said
    short = film(watcher, sample=2)._saved
    assert unpack(short.film)[0]["films"][0]["sent"] == [2] and unpack(short.film)[0]["steps"] == 4
    assert "update 2. 1 step is left out: its batch has no sample 3." in short.said
    for sample in (3, -1):
        with pytest.raises(ConfigError, match="between 0 and 2"):
            film(watcher, sample=sample)


def test_one_trace_has_a_film_of_one_moment_and_no_gradients_where_none_were_traced(
    tmp_path: Path,
) -> None:
    torch.manual_seed(0)
    model, x = Model(), torch.randn(B, T, D)
    drawn = film(trace(model, x), title="Mine")
    header, _ = unpack(drawn._saved.film)
    assert header["playback"] is None and header["films"][0]["sent"] == [0]
    titles = [row["title"] for row in header["films"][0]["rows"]]
    assert not any("gradient" in title for title in titles)
    assert repr(drawn) == "Film of Mine: layer.l0 (lstm), sample 1 of the batch."
    assert drawn.save(tmp_path / "x.html") > 100_000
    with_loss = film(trace(model, x, loss_fn=lambda output, _: output.sum()))._saved
    rows = unpack(with_loss.film)[0]["films"][0]["rows"]
    assert "total gradient: of the whole loss" in [row["title"] for row in rows]
    last = trained([(B, T)] * 2, every=None)  # without a history: of the last step
    assert unpack(film(last)._saved.film)[0]["films"][0]["sent"] == [0]


def test_what_has_no_film_is_told() -> None:
    traces = trace(Model(), torch.randn(B, T, D))
    for what, how, fragment in [
        (Traces({}), {}, "no film of them"),
        ([traces, "x"], {}, "got list"),
        (traces, {"layer": "l7"}, "no layer called 'l7'"),
        (traces, {"sample": "0"}, "between 0 and 2"),
    ]:
        with pytest.raises(ConfigError, match=fragment):
            film(what, **how)
