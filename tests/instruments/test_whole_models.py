"""Models as people write them, as `trace` and as `watch` read them, against plain loops."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.whole_models import assert_reads

B, T, D, H = 3, 6, 4, 5
x = torch.linspace(-2.0, 2.0, B * T * D, dtype=torch.float64).sin().reshape(B, T, D)


class Model(nn.Module):
    def __init__(self, run: Callable[[Any, Tensor], Any], **parts: nn.Module) -> None:
        super().__init__()
        self.run = run
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: Tensor) -> Any:
        return self.run(self, x)


def translates(m: Any, x: Tensor) -> Tensor:
    """Attention over a bidirectional encoder; of its own words it reads every second one."""
    seen, (h, c) = m.encoder(x)
    h, c = m.bridge(torch.cat([*h], 1)), m.bridge(torch.cat([*c], 1))
    word, found = x[:, 0], []
    for t in range(4):
        share = (m.query(h)[:, None] * seen).sum(-1).softmax(1)
        context = (share[..., None] * seen).sum(1)
        h, c = m.decoder(torch.cat([word, context], 1), (h, c))
        found.append(m.head(h))
        word = x[:, t + 1] if t % 2 else found[-1]
    return torch.stack(found, 1)


def normed_stack(m: Any, x: Tensor) -> Tensor:
    states: list[Any] = [None, None]
    found = []
    for x_t in x.unbind(1):
        below = x_t
        for k in range(2):
            states[k] = m.cells[k](below, states[k])
            below = m.norm(states[k][0])
        found.append(below)
    return torch.stack(found, 1)


def normed_state(m: Any, x: Tensor) -> Tensor:
    h = x.new_zeros(len(x), H)
    for x_t in x.unbind(1):
        h = m.norm(m.cell(x_t, h))
    return h


def waits_at_its_end(m: Any, x: Tensor) -> Any:
    h = c = x.new_zeros(len(x), H)
    lengths = torch.tensor([6, 2, 4])
    for t, x_t in enumerate(x.unbind(1)):
        there = (t < lengths)[:, None]
        now = m.cell(x_t, (h, c))
        h, c = torch.where(there, now[0], h), torch.where(there, now[1], c)
    return h, c


def steps(m: Any, x: Tensor) -> Tensor:
    state = None
    for x_t in x.unbind(1):
        state = m.cell(x_t, state)
    return state[0]


def packs_from_a_state(m: Any, x: Tensor) -> Any:
    first = m.start(x[:, 0]).view(B, 4, H).transpose(0, 1).contiguous()
    packed = pack_padded_sequence(x, torch.tensor([2, 6, 4]), True, enforce_sorted=False)
    output, h_n = m.gru(packed, first)
    return pad_packed_sequence(output)[0].sum(0), h_n


def weights_of_another(m: Any, x: Tensor) -> Tensor:
    """A layer makes the weights of one that is stepped."""
    made = m.makes(m.other(x)[1][-1].mean(0)).view(4 * H, H)
    weights = {**dict(m.lstm.named_parameters()), "weight_hh_l0": made}
    state, found = None, []
    for x_t in x.split(2, 1):
        output, state = torch.func.functional_call(m.lstm, weights, (x_t, state))
        found.append(output)
    return torch.cat(found, 1)


def weights_of_each_step(m: Any, x: Tensor) -> Tensor:
    """A hypernetwork: a cell is handed other weights at every step."""
    state = None
    for t, x_t in enumerate(x.unbind(1)):
        made = m.makes(x.new_full((1,), 0.3 * t)).view(4 * H, H)
        state = torch.func.functional_call(m.cell, {"weight_hh": made}, (x_t, state))
    return state[0]


def drops_its_weights(m: Any, x: Tensor) -> Tensor:
    raw = m.lstm.weight_hh_l0_raw
    m.lstm.weight_hh_l0 = functional.dropout(raw, 0.5, m.training) + 0.0 * raw.sum()
    return m.lstm(x)[0]


def weight_dropped() -> nn.Module:
    lstm = nn.LSTM(D, H, batch_first=True)
    raw = lstm.weight_hh_l0
    del lstm._parameters["weight_hh_l0"]
    lstm.register_parameter("weight_hh_l0_raw", nn.Parameter(raw.detach()))
    lstm.weight_hh_l0 = raw.detach()  # as long as it has not run
    return lstm


def exchange(m: Any, x: Tensor) -> Tensor:
    """Two layers that go on from one another's states."""
    a = b = None
    found = []
    for x_t in x.split(2, 1):
        (one, to_b), (other, to_a) = m.one(x_t, a), m.other(x_t, b)
        a, b = to_a, to_b
        found += [one, other]
    return torch.cat(found, 1)


def branches(m: Any, x: Tensor) -> Tensor:
    """A beam: two steps go on from the same state, one of them twice."""
    first = m.cell(x[:, 0])
    one, other = m.cell(x[:, 1], first), m.cell(x[:, 2], first)
    return m.cell(x[:, 3], one)[0] * other[0] * m.cell(x[:, 4], one)[0]


def captions(m: Any, x: Tensor) -> Tensor:
    """Sorted by their lengths, of which those that have ended are left out of the batch."""
    h = c = torch.tanh(m.start(x[:, 0]))
    found = []
    for t in range(T):
        n = sum(length > t for length in (T, 4, 4))
        share = m.query(h[:n]).softmax(-1)
        h, c = m.cell(torch.cat([x[:n, t], share], 1), (h[:n], c[:n]))
        found.append(m.head(h))
    return torch.cat(found)


MODELS: dict[str, Callable[[], nn.Module]] = {
    "attention: a decoder that reads its own words at times": lambda: Model(
        translates, encoder=nn.LSTM(D, H, bidirectional=True, batch_first=True),
        bridge=nn.Linear(2 * H, H), query=nn.Linear(H, 2 * H),
        decoder=nn.LSTMCell(D + 2 * H, H), head=nn.Linear(H, D),
    ),
    "two cells a step, normalised between": lambda: Model(
        normed_stack, norm=nn.LayerNorm(H),
        cells=nn.ModuleList([nn.LSTMCell(D, H), nn.LSTMCell(H, H)]),
    ),
    "a cell whose state is normalised": lambda: Model(
        normed_state, cell=nn.GRUCell(D, H), norm=nn.LayerNorm(H)
    ),
    "a cell whose state waits where a sample has ended": lambda: Model(
        waits_at_its_end, cell=nn.LSTMCell(D, H)
    ),
    "a cell under spectral normalisation": lambda: Model(
        steps, cell=spectral_norm(nn.LSTMCell(D, H), "weight_hh")
    ),
    "a packed batch, not sorted, from states of its own": lambda: Model(
        packs_from_a_state, gru=nn.GRU(D, H, 2, bidirectional=True), start=nn.Linear(D, 4 * H)
    ),
    "weights that another layer makes": lambda: Model(
        weights_of_another, lstm=nn.LSTM(D, H, batch_first=True), makes=nn.Linear(H, 4 * H * H),
        other=nn.GRU(D, H, batch_first=True),
    ),
    "other weights at every step": lambda: Model(
        weights_of_each_step, cell=nn.LSTMCell(D, H), makes=nn.Linear(1, 4 * H * H)
    ),
    "weights that are dropped out": lambda: Model(drops_its_weights, lstm=weight_dropped()),
    "two layers that exchange their states": lambda: Model(
        exchange, one=nn.GRU(D, H, batch_first=True), other=nn.GRU(D, H, batch_first=True)
    ),
    "captions: a batch that shrinks as they end": lambda: Model(
        captions, start=nn.Linear(D, H), query=nn.Linear(H, 2), cell=nn.LSTMCell(D + 2, H),
        head=nn.Linear(H, D),
    ),
    "a beam: several steps from one state": lambda: Model(branches, cell=nn.LSTMCell(D, H)),
}  # fmt: skip


def total(model: nn.Module) -> Tensor:
    output = model(x)
    parts = output if isinstance(output, tuple) else (output,)
    return sum((part.square().mean() for part in parts), torch.zeros(()))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")
def test_every_call_of_every_layer_is_as_the_loops_have_it(name: str) -> None:
    def made() -> nn.Module:
        torch.manual_seed(0)
        return MODELS[name]().double().eval()

    def loss_fn(output: Any, _: Any) -> Tensor:
        parts = output if isinstance(output, tuple) else (output,)
        return sum((part.square().mean() for part in parts), torch.zeros(()))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_reads(made(), total, trace(made(), x, loss_fn=loss_fn))
    with watch(model := made()) as watcher:
        total(model).backward()
    assert_reads(made(), total, watcher.traces)
