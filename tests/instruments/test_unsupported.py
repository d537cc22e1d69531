"""What cannot be traced is refused in one sentence that names it and the way out."""

import warnings
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from lstm_viz.errors import ConfigError, LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

B, T, D, H = 3, 6, 4, 5


class Holds(nn.Module):
    """A model whose forward is the given function of (module, x)."""

    def __init__(self, part, forward):
        super().__init__()
        self.part = part
        self.run = forward

    def forward(self, x):
        return self.run(self.part, x)


class OwnForward(nn.LSTM):
    def forward(self, x):
        return x


def plain(part, x):
    return part(x)


def reentrant(part, x):
    return checkpoint(lambda x: part(x)[0], x, use_reentrant=True)


REFUSED_AT_ONCE = {
    "no layer": (nn.Linear(D, H), plain, r"\(Holds\) has no recurrent layer.*nn.LSTM or nn.GRU"),
    "a list of layers": (
        [nn.GRU(D, H)], lambda parts, x: parts[0](x)[0], r"'part\[0\]' \(GRU\) is in a plain list"
    ),
}  # fmt: skip
SCRIPTED = "ignore:.torch.jit:DeprecationWarning"
REFUSED_ON_RUNNING = {
    "own forward": (OwnForward(D, H), plain, r"'part' \(OwnForward\) has a 'forward' of its own"),
    "not run": (nn.RNN(D, H), lambda p, x: x, r"No recurrent layer .* ran.*'self.lstm\(x\)'"),
    "reentrant checkpoint": (nn.RNN(D, H), reentrant, r"'part' \(RNN\).*use_reentrant=False"),
}


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")  # of the checkpoint
@pytest.mark.parametrize("what", [*REFUSED_AT_ONCE, *REFUSED_ON_RUNNING])
def test_trace_says_what_cannot_be_traced(what):
    part, forward, message = (REFUSED_AT_ONCE | REFUSED_ON_RUNNING)[what]
    with pytest.raises(UnsupportedModelError, match=message):
        trace(Holds(part, forward), torch.randn(B, T, D), loss_fn=lambda output, _: output.sum())


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("part", [nn.LSTM, nn.GRUCell])
@pytest.mark.parametrize("instrument", [lambda m: trace(m, torch.ones(B, T, D)), watch])
@pytest.mark.filterwarnings(SCRIPTED)
def test_a_scripted_layer_is_refused_by_its_own_name(instrument, part, whole):
    model = torch.jit.script(part(D, H))
    name = part.__name__ if whole else rf"'0' \({part.__name__}\)"
    with pytest.raises(UnsupportedModelError, match=rf"layer {name} was compiled by torch.jit"):
        instrument(model if whole else nn.Sequential(model, nn.ReLU()))


def quantised(model, *kinds):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a PyTorch that means to move it
        return torch.ao.quantization.quantize_dynamic(model.eval(), set(kinds), dtype=torch.qint8)


def test_a_quantised_layer_is_named_and_hides_none_beside_it():
    x = torch.randn(T, B, D)
    for instrument in (lambda model: trace(model, x), watch):
        with pytest.raises(UnsupportedModelError, match=r"'0' \(LSTM\) is quantised.*before"):
            instrument(quantised(nn.Sequential(nn.LSTM(D, H)), nn.LSTM))
    both = Holds(
        nn.ModuleList([nn.LSTM(D, H), nn.GRU(H, H), nn.Linear(H, 1)]),
        lambda parts, x: parts[2](parts[1](parts[0](x)[0])[0]),
    )
    model = quantised(both, nn.LSTM, nn.Linear)
    assert "forward" not in vars(model.part[0])
    with pytest.warns(LstmVizWarning, match="is quantised"):
        traces = trace(model, x)
    assert list(traces) == ["part.1.l0"] and "quantised" in traces.left_out["part.0"]
    expected = model.part[1](model.part[0](x)[0])[0].detach().transpose(0, 1)
    np.testing.assert_allclose(traces["part.1.l0"].hidden, expected, atol=1e-6)


@pytest.mark.filterwarnings(SCRIPTED)
def test_a_scripted_part_beside_a_layer_is_left_out_with_its_reason():
    class Beside(nn.Module):
        def __init__(self):
            super().__init__()
            self.fast, self.gru = torch.jit.script(nn.GRUCell(D, H)), nn.GRU(H, H)

        def forward(self, x):
            return self.gru(self.fast(x[0], x.new_zeros(B, H))[None])[0]

    model, x = Beside(), torch.randn(T, B, D)
    message = r"Left out of the traces: 'fast'\. .*torch.jit"
    with pytest.warns(LstmVizWarning, match=message):
        traces = trace(model, x, loss_fn=lambda output, _: output.sum())
    with watch(model) as watcher:
        model(x).sum().backward()
        with pytest.warns(LstmVizWarning, match=message):
            seen = watcher.traces
    for found in (traces, seen):
        assert list(found) == ["gru.l0"] and list(found.left_out) == ["fast"]
        assert found["gru.l0"].grad_input.any()


def test_layers_in_a_list_hide_none_beside_them_and_are_named():
    """They run in the precision of the trace, as those in an nn.ModuleList do."""

    class Beside(nn.Module):
        def __init__(self, kept):
            super().__init__()
            torch.manual_seed(0)
            self.gru = nn.GRU(D, H)
            self.more = kept([nn.LSTM(H, H), nn.Sequential(nn.Linear(H, H), nn.LSTM(H, H))])

        def forward(self, x):
            return self.more[1](self.more[0](self.gru(x)[0])[0])[0]

    model, x = Beside(list), torch.randn(T, B, D)
    names = ["more[0]", "more[1].1"]
    with pytest.warns(LstmVizWarning, match="nn.ModuleList or nn.ModuleDict") as said:
        traces = trace(model, x, loss_fn=lambda output, _: output.square().sum())
    assert len(said) == len(names)
    whole = trace(Beside(nn.ModuleList), x, loss_fn=lambda output, _: output.square().sum())
    np.testing.assert_allclose(traces["gru.l0"].grad_input, whole["gru.l0"].grad_input, rtol=1e-10)
    with watch(model) as watcher:
        model(x).square().sum().backward()
        with pytest.warns(LstmVizWarning, match="nn.ModuleList"):
            seen = watcher.traces
    for found in (traces, seen):
        assert list(found) == ["gru.l0"] and list(found.left_out) == names
    assert model.more[0].weight_ih_l0.dtype == torch.float32


@pytest.mark.parametrize("instrument", [lambda m: trace(m, torch.ones(B, T, D)), watch])
def test_weights_without_values_are_refused(instrument):
    model = nn.Sequential(nn.Linear(D, D, device="meta"), nn.RNN(D, H))
    with pytest.raises(UnsupportedModelError, match=r"'0' \(Linear\) are on the device 'meta'"):
        instrument(model)


@pytest.mark.parametrize("model", [None, "lstm", nn.LSTM])
@pytest.mark.parametrize("instrument", [lambda m: trace(m, torch.ones(B, T, D)), watch])
def test_what_is_no_model_is_refused(instrument, model):
    with pytest.raises(ConfigError, match=r"'model' must be a torch.nn.Module, got "):
        instrument(model)


def test_an_array_of_numpys_gets_a_sentence():
    for model in (nn.LSTM(D, H), Holds(nn.GRU(D, H), lambda part, x: part(x.float())[0])):
        with pytest.raises(ConfigError, match=r"no attribute .*give it one: 'torch.as_tensor"):
            trace(model, np.zeros((T, B, D)))
    reads = Holds(nn.GRU(D, H), lambda part, x: part(torch.from_numpy(x))[0])
    assert [*trace(reads, np.zeros((T, B, D)))] == ["part.l0"]


@pytest.mark.parametrize("what", REFUSED_AT_ONCE)
def test_watch_says_so_before_the_training_starts(what):
    part, forward, message = REFUSED_AT_ONCE[what]
    with pytest.raises(UnsupportedModelError, match=message):
        watch(Holds(part, forward))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"loss_fn": lambda output, _: output[0]},
            r"one number as a tensor.*shape \(3, 6, 5\)",
        ),
        (
            {"loss_fn": lambda output, _: output[0].sum().item()},
            r"one number as a tensor.*float",
        ),
        ({"dtype": torch.int64}, r"floating one.*int64"),
        ({"dtype": float}, r"floating one.*float"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ConfigError, match=message):
        trace(nn.GRU(D, H), torch.randn(B, T, D), **arguments)


def test_a_layer_that_does_not_follow_its_equations_is_not_shown():
    class Noisy(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(D, H)

        def forward(self, x):
            out = self.lstm(x)
            with torch.no_grad():
                self.lstm.weight_ih_l0.add_(1.0)
            return out

    with pytest.raises(UnsupportedModelError, match="'lstm' gives other values"):
        trace(Noisy(), torch.randn(T, B, D))


@pytest.mark.filterwarnings("ignore:There is a performance drop")
@pytest.mark.parametrize("asked", [{}, {"loss_fn": lambda output, _: output.sum()}])
def test_a_layer_inside_of_a_transform_is_refused_with_the_way_out(asked):
    def steps(cell, sequence):
        h = sequence.new_zeros(1, H)
        for x_t in sequence:
            h = cell(x_t[None], h)
        return h[0]

    x = torch.randn(B, T, D)
    each = Holds(nn.GRUCell(D, H), lambda cell, x: torch.func.vmap(partial(steps, cell))(x))
    message = r"'part' \(GRUCell\) runs inside of a transform of torch.func.*whole batch"
    with pytest.raises(UnsupportedModelError, match=message):
        trace(each, x, **asked)
    with watch(each) as watcher:
        each(x).sum().backward()
        with pytest.raises(UnsupportedModelError, match=message):
            _ = watcher.traces
    whole = Holds(nn.LSTM(D, H), lambda lstm, x: lstm(x)[0])
    weights = dict(whole.named_parameters())
    with watch(whole) as watcher:
        torch.func.grad(lambda w: torch.func.functional_call(whole, w, (x,)).sum())(weights)
        with pytest.raises(UnsupportedModelError, match=r"'part' \(LSTM\) runs inside"):
            _ = watcher.traces
        whole(x).sum().backward()
        assert list(watcher.traces) == ["part.l0"] and not watcher.traces.left_out


@pytest.mark.filterwarnings("ignore:The tensor attributes")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_exported_model_is_refused_by_its_right_name():
    x = torch.randn(T, B, D)
    exported = torch.export.export(nn.GRU(D, H), (x,)).module()
    for instrument in (lambda model: trace(model, x), watch):
        with pytest.raises(UnsupportedModelError, match=r"made by torch\.export.*made of"):
            instrument(exported)


def test_weights_that_a_first_call_makes_are_refused_until_it_has_been():
    x = torch.randn(T, B, D)
    model = Holds(
        nn.ModuleList([nn.LSTM(D, H), nn.LazyLinear(1)]), lambda part, x: part[1](part[0](x)[0])
    )
    with pytest.raises(UnsupportedModelError, match=r"part.1.*LazyLinear.*Call the model once"):
        trace(model, x)
    with watch(model) as watcher:
        model(x).sum().backward()
    assert list(watcher.traces) == list(trace(model, x)) == ["part.0.l0"]
