"""Reach into a model while it runs: hold a gate, silence units, begin from another state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import MethodType
from typing import Any

import numpy as np
import torch
from torch import nn

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import named_layers, no_layer
from lstm_viz.instruments.held import HeldLayer, held_layer
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.readable import Whole, check_projection
from lstm_viz.instruments.recording import HELD
from lstm_viz.words import N_

Numbers = float | Sequence[float] | np.ndarray[Any, Any] | torch.Tensor


@contextmanager
def intervene(
    model: nn.Module,
    *,
    clamp: Mapping[str, Mapping[str, Numbers]] | None = None,
    silence: Mapping[str, Sequence[int]] | None = None,
    state: Mapping[str, Mapping[str, Numbers]] | None = None,
) -> Iterator[nn.Module]:
    """A context in which `model(x)`, `trace(model, x)` and every other instrument see another run.

    It takes the model, not a trace: that is of what a model did, without the read-out that would
    answer otherwise.

    Each argument says by layer, by the names that `trace` gives (`"encoder.lstm.l0"`, `"l0"`):

    - `clamp`: gate -> its value at every step, one number or one of each unit (H,), or one of each
      step and unit (T, H), for a pass over T steps at once. NaN leaves a unit, at a step, its own.
      `{"forget": 1.0}` is the constant error carousel. A clamped gate depends on nothing, so its
      dL/da_t is 0.
    - `silence`: units whose h_t is 0 at every step, for the other units and for what is above.
      Their c_t goes on and is not seen.
    - `state`: state -> what the run begins from, (H,) or (B, H): `{"hidden": ..., "cell": ...}`;
      those not named begin as they would have.

    Interventions inside of each other add up; the inner one wins where both say something. The
    layers that are touched run step by step, slower than PyTorch's own operation. Weights,
    `.grad` and modes are not touched, and what was replaced is put back at the end, also when
    something raises. Until then every thread that runs the model sees it.

    Raises ConfigError for a layer, gate, unit or state that there is not, and for values of
    another shape; UnsupportedModelError for a cell whose gate cannot be held, and as `trace`.

    >>> lstm = nn.LSTM(1, 4, batch_first=True)
    >>> with intervene(lstm, clamp={"l0": {"forget": 1.0, "input": 0.0}}):
    ...     output, (h, c) = lstm(torch.rand(2, 9, 1))
    >>> c.abs().max().item()
    0.0
    """
    if isinstance(model, LayerTrace | Mapping):
        raise ConfigError(
            N_("An intervention changes what a model does next; a trace is of what it did. Give "
               "the model itself.")
        )  # fmt: skip
    known = named_layers(model)
    asked: dict[str, Mapping[str, Any]] = {
        "clamp": clamp or {}, "silence": silence or {}, "state": state or {},
    }  # fmt: skip
    for what, of in asked.items():
        if not isinstance(of, Mapping):
            raise ConfigError(
                N_("What to {what} must be said by layer, as {example}, got {got}."),
                what=what, example=EXAMPLES[what], got=type(of).__name__,
            )  # fmt: skip
        for name in of:
            if name not in known:
                raise no_layer(name, known)
    touched = {known[name][0]: known[name][1] for of in asked.values() for name in of}
    for path, layer in touched.items():
        check_projection(path, layer)
    with torch.inference_mode(mode=False):  # what is given may be differentiated through
        replaced = {path: held_layer(layer) for path, layer in touched.items()}
        for what, set_up in SET_UP.items():
            for name, given in asked[what].items():
                path, _layer, run = known[name]
                set_up(replaced[path], run, name, given)
    with ExitStack() as stack:
        for path, layer in touched.items():
            stack.enter_context(_in_place(layer, replaced[path]))
        yield model


EXAMPLES = {
    "clamp": '{"l0": {"forget": 1.0}}',
    "silence": '{"l0": [3, 5]}',
    "state": '{"l0": {"hidden": h}}',
}


@contextmanager
def _in_place(layer: Whole, replacement: HeldLayer) -> Iterator[None]:
    """The layer runs as another one, and so do its copies; nothing else of it changes."""
    inside = vars(layer)
    before = {name: inside[name] for name in ("forward", HELD) if name in inside}
    inside[HELD] = replacement
    inside["forward"] = MethodType(_forward, layer)
    try:
        yield
    finally:
        for name in ("forward", HELD):
            inside.pop(name, None)
        inside.update(before)


def _forward(layer: Any, *args: Any, **kwargs: Any) -> Any:
    return vars(layer)[HELD].called(layer, *args, **kwargs)


def _clamp(layer: HeldLayer, run: int, name: str, gates: Mapping[str, Numbers]) -> None:
    spec = layer.specs[run]
    known = [gate.name for gate in spec.gates_of(layer.options)]
    for gate, value in _by_name(gates, name, EXAMPLES["clamp"]).items():
        if gate not in known:
            raise ConfigError(
                N_("The layer '{layer}' has no gate called '{gate}'. It has: {known}."),
                layer=name, gate=gate, known=", ".join(known) or "-",
            )  # fmt: skip
        values = _numbers(value, f"clamp '{gate}'", layer.hidden_size, axes=(0, 1, 2), gaps=True)
        backward = values.dim() == 2 and run % layer.directions
        spec.held[gate] = values.flip(0) if backward else values
    spec.check_held(name, layer)


def _silence(layer: HeldLayer, run: int, name: str, units: Any) -> None:
    H = layer.hidden_size
    try:
        numbers = [int(unit) for unit in units]
        right = all(unit == number for unit, number in zip(units, numbers, strict=True))
    except (TypeError, ValueError):
        numbers, right = [], False
    if not right or not all(-H <= unit < H for unit in numbers):
        raise ConfigError(
            N_("The units of '{layer}' to silence must be whole numbers between {first} and "
               "{last}, got {got!r}."),
            layer=name, first=-H, last=H - 1, got=str(units),
        )  # fmt: skip
    spec = layer.specs[run]
    spec.heard = spec.heard.clone()
    spec.heard[numbers] = 0.0


def _begin(layer: HeldLayer, run: int, name: str, begin: Mapping[str, Numbers]) -> None:
    known = layer.specs[run].states
    for state, value in _by_name(begin, name, EXAMPLES["state"]).items():
        if state not in known:
            raise ConfigError(
                N_("The layer '{layer}' has no state called '{state}'. It has: {known}."),
                layer=name, state=state, known=", ".join(known),
            )  # fmt: skip
        values = _numbers(value, state, layer.hidden_size, axes=(1, 2))
        layer.begins[run, known.index(state)] = values


def _by_name(given: Any, name: str, example: str) -> Mapping[str, Numbers]:
    if isinstance(given, Mapping):
        return given
    raise ConfigError(
        N_("What is given for the layer '{layer}' must be values by name, as in {example}, got "
           "{got}."),
        layer=name, example=example, got=type(given).__name__,
    )  # fmt: skip


SHAPES = {0: "()", 1: "({size},)", 2: "({first}, {size})"}


def _numbers(
    value: Any, what: str, size: int, *, axes: tuple[int, ...], gaps: bool = False
) -> torch.Tensor:
    """As float64. Raises ConfigError for what is no number, not finite or of another size; with
    `gaps` some of them may be NaN.
    """
    try:
        values = torch.as_tensor(value, dtype=torch.float64).detach().cpu().clone()
    except (TypeError, ValueError, RuntimeError):
        values = torch.full((), torch.nan)
    right = values.dim() in axes and (values.dim() == 0 or values.shape[-1] == size)
    free = values.isnan() & gaps
    first = "T" if gaps else "B"
    if not right or not bool((values.isfinite() | free).all()) or bool(free.all() & free.any()):
        raise ConfigError(
            N_("The values of '{what}' must be finite numbers of shape {shape}, got {got}."),
            what=what,
            shape=" or ".join(SHAPES[n].format(first=first, size=size) for n in axes),
            got=tuple(values.shape) if values.isfinite().all() else repr(value)[:60],
        )
    return values


SET_UP: Mapping[str, Callable[[HeldLayer, int, str, Any], None]] = {
    "clamp": _clamp,
    "silence": _silence,
    "state": _begin,
}
