"""What a trace brings along besides the states: the weights of the pass, arrays with named axes."""

import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import LSTMVariant, MissingExtraError, NestedLSTM, Traces, trace, watch

B, T, D, H = 2, 5, 3, 4
LAYERS: dict[str, Any] = {
    "lstm": lambda: nn.LSTM(D, H, 2, bidirectional=True),
    "without biases": lambda: nn.GRU(D, H, bias=False),
    "projected": lambda: nn.LSTM(D, H, 2, proj_size=2, bias=False),
    "rnn": lambda: nn.RNN(D, H, bidirectional=True),
    "variant": lambda: LSTMVariant(D, H, 2, peepholes=True, bidirectional=True),
    "nested": lambda: NestedLSTM(D, H),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_the_weights_of_the_pass_are_those_of_the_layer(kind: str) -> None:
    layer = LAYERS[kind]()
    found = {
        f"{name}_{run}": values
        for run, each in trace(layer, torch.randn(T, B, D)).items()
        for name, values in each.weights.items()
    }
    expected = dict(layer.named_parameters())
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values.detach().double())


def test_they_are_those_before_the_optimizers_step_and_are_saved(tmp_path: Any) -> None:
    cell = nn.LSTMCell(D, H)
    before = {name: weight.detach().clone() for name, weight in cell.named_parameters()}
    optimizer = torch.optim.SGD(cell.parameters(), 0.5)
    with watch(cell) as watcher:
        state = cell(torch.randn(B, D))
        cell(torch.randn(B, D), state)[0].sum().backward()
        optimizer.step()
    watcher.traces.save(tmp_path / "run")
    found = Traces.load(tmp_path / "run")["cell"]
    assert found.hidden.shape == (B, 2, H) and found.weights.keys() == before.keys()
    for name, weight in before.items():
        np.testing.assert_array_equal(found.weights[name], weight.double())
        assert not torch.equal(weight, getattr(cell, name))


class Packed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(D, H, proj_size=2, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Any:
        packed = nn.utils.rnn.pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=False
        )
        return self.lstm(packed)[1][0]


def test_arrays_with_named_axes_hold_what_the_table_holds() -> None:
    pytest.importorskip("xarray")
    lengths = torch.tensor([3, 5])
    traces = trace(Packed(), torch.randn(B, T, D), lengths, loss_fn=lambda h, _: h.square().sum())
    layer, found = traces["lstm.l0"], traces.to_xarray()["lstm.l0"]
    assert dict(found.sizes) == {"sample": B, "t": T, "unit": H, "feature": D}
    table, frame = found.drop_dims("feature").to_dataframe(), layer.to_frame()
    names = list(frame.columns.drop(["sample", "t", "unit"]))
    order = table.reset_index().sort_values(["sample", "t", "unit"])[names]
    np.testing.assert_array_equal(order, frame[names])
    np.testing.assert_array_equal(found["grad_x"], layer.grad_input)
    np.testing.assert_array_equal(found["lengths"], lengths)
    np.testing.assert_array_equal(found["initial_cell"], layer.initial_cell)
    assert found.attrs["kind"] == "lstm" and bool(found["hidden"].sel(unit=3).isnull().all())
    np.testing.assert_array_equal(found["x"], layer.input)
    assert "grad_x" not in trace(nn.GRU(D, H), torch.randn(T, B, D))["l0"].to_xarray()


def test_without_xarray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(MissingExtraError, match=r"needs xarray. Install lstm_viz\[notebook\]"):
        trace(nn.GRU(D, H), torch.randn(T, B, D)).to_xarray()
