"""The numbers of traces in a logger are those of the traces."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from lstm_viz import ConfigError, Traces, log, trace, watch


def watched() -> Traces:
    model = nn.LSTM(2, 3, batch_first=True)
    with watch(model, every=2) as watcher:
        for _ in range(4):
            model(torch.randn(2, 5, 2))[0].square().mean().backward()
    return watcher.history[-1]


class Told:
    """A logger that keeps what it is told, by the one method that it has."""

    def __init__(self, method: str) -> None:
        self.calls: list[tuple[Any, ...]] = []

        def tell(*args: Any, **how: Any) -> None:
            self.calls.append((*args, *how.values()))

        setattr(self, method, tell)


def test_every_kind_of_logger_gets_all_numbers_at_their_step() -> None:
    traces = watched()
    numbers = traces.scalars()
    assert traces.step == 4 and {"l0/saturation", "l0/forget_left", "l0/dead_units"} <= set(numbers)
    for method, expected in {
        "add_scalar": [(name, number, 4) for name, number in numbers.items()],
        "log_metrics": [(numbers, 4)],
        "log_dict": [(numbers,)],
        "log": [(numbers, 4)],
    }.items():
        told = Told(method)
        assert log(traces, told) == numbers
        assert told.calls == expected
    said = Told("log")
    log(traces, said, step=7)
    assert said.calls == [(numbers, 7)]


def test_tensorboards_own_file_has_them(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    traces = watched()
    with SummaryWriter(str(tmp_path)) as writer:  # type: ignore[no-untyped-call]
        numbers = log(traces, writer)
    read = EventAccumulator(str(tmp_path))
    read.Reload()
    found = {name: read.Scalars(name)[0] for name in read.Tags()["scalars"]}
    assert found.keys() == numbers.keys()
    for name, number in numbers.items():
        assert found[name].step == 4 and found[name].value == pytest.approx(number, rel=1e-6)


def test_what_is_no_logger_or_no_traces_is_told() -> None:
    with pytest.raises(ConfigError, match="list is no logger"):
        log(trace(nn.RNN(1, 2), torch.rand(5, 1, 1)), [])
    with pytest.raises(ConfigError, match="got dict"):
        log({}, Told("log"))  # type: ignore[arg-type]
