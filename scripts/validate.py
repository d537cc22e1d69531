"""Train the experiments whose results are known, and print ours beside them: `make validate`.

The references are published results and independent reimplementations; each is named in the
table. What came out here is kept in `bench/VALIDATION.md`.
"""

import argparse
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import numpy as np
import torch
from torch import nn

from lstm_viz import PRESETS, alarms, fixed_points, frames, trace
from lstm_viz.data.tasks.catalogue import TASKS
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.cell import Array
from lstm_viz.training.building import build
from scripts.experiment import Experiment, shut_input_gate, signed

TABLE = Path(__file__).parents[1] / "bench" / "VALIDATION.md"
TEXTBOOK = ("sine", "noisy_cosine", "adding", "copy_memory", "temporal_order", "two_waveforms")
INTRODUCTION = f"""\
# Known results, and ours

Written by `make validate`: seeds as given there, one thread, torch {torch.__version__}, Python
{platform.python_version()}.

Gradients are traced in float64: in float32 the squares of those of an RNN and of an LSTM
without forget bias underflow, and the first two ratios would read 10^-34.7 and 10^-35.3.
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    ours: str
    reference: str
    seconds: float


def gradient_ratios() -> Iterator[Row]:
    """‖dL/dh_1‖ / ‖dL/dh_T‖ before training: adding problem, T=100, H=32, B=64, 5 seeds."""
    table: list[tuple[str, dict[str, Any], str]] = [
        ("RNN (tanh)", {"cell": "rnn_tanh"}, "10^-22.7"),
        ("LSTM, forget bias 0", {"forget_bias": 0.0}, "10^-21.0"),
        ("LSTM, forget bias 1", {"forget_bias": 1.0}, "10^-8.1"),
        ("LSTM, forget bias 3", {"forget_bias": 3.0}, "10^-1.1"),
        ("LSTM, forget bias 5", {"forget_bias": 5.0}, "10^-0.2"),
        ("GRU", {"cell": "gru"}, "10^-19.2"),
    ]
    for name, changes, reference in table:
        began = time.perf_counter()
        ratio = geometric_mean(_gradient_ratio(changes, seed) for seed in range(5))
        ours = f"10^{np.log10(ratio):.1f}"
        yield Row(f"Gradient ratio at the start, {name}", ours, reference, _since(began))


def _gradient_ratio(changes: dict[str, Any], seed: int) -> float:
    data = TASKS["adding"].dataset({"length": 100, "count": 64}, seed)
    model = build(Settings.of(hidden_size=32, seed=seed, **changes), data)
    traces = trace(
        model,
        torch.from_numpy(data.values),
        loss_fn=nn.functional.mse_loss,
        targets=torch.from_numpy(data.answers),
    )
    norms = np.linalg.norm(traces["recurrent.l0"].grad_norm("hidden"), axis=0)  # over the batch
    return float(norms[0] / norms[-1])


def adding() -> Iterator[Row]:
    """U[0, 1], H=32, B=64, Adam 5e-3, clip 1, forget bias 1; solved below an error of 0.01."""
    base = Settings.of(hidden_size=32, batch_size=64, learning_rate=5e-3, clip_norm=1.0)
    references = {
        ("lstm", 20): "450 / 450",
        ("gru", 20): "250 / 250",
        ("rnn_tanh", 20): ".013 / .015",
        ("lstm", 50): "550 / 850",
        ("gru", 50): "350 / 300",
        ("rnn_tanh", 50): ".133 / .166",
        ("lstm", 100): "900 / 1350",
        ("gru", 100): "400 / 400",
        ("rnn_tanh", 100): ".167 / .167",
    }
    for (cell, length), reference in references.items():
        began = time.perf_counter()
        settings = base.changed(cell=cell)
        experiment = Experiment("adding", {"length": length}, settings, 1500)
        results = [experiment.solved_at(seed, lambda mse: mse < 0.01, 50) for seed in (0, 1)]
        yield Row(
            f"Adding, T={length}, {cell}: solved at iteration, or error after 1500",
            _written(results),
            reference,
            _since(began),
        )


def adding_signed() -> Iterator[Row]:
    """U(-1, 1), T=100, H=8, B=32, Adam 5e-3 halved every 1500, clip 1, 8000 iterations.

    W_hh of the RNN begins orthogonal: from PyTorch's own start it stays near guessing.
    """
    base = Settings.of(hidden_size=8, batch_size=32, learning_rate=5e-3, clip_norm=1.0)
    table: list[tuple[str, dict[str, Any], str]] = [
        ("lstm", {}, "0.0007"),
        ("rnn_tanh", {"initialisation": "orthogonal"}, "0.0706"),
    ]
    for cell, changes, reference in table:
        began = time.perf_counter()
        settings = base.changed(cell=cell, **changes)
        experiment = Experiment("adding", {"length": 100}, settings, 8000, signed, halve_every=1500)
        name = f"Adding, U(-1, 1), T=100, {cell}, H=8: error after 8000"
        yield Row(name, f"{experiment.final(0):.4f}", reference, _since(began))


def temporal_order() -> Iterator[Row]:
    """T=50, H=4, Adam 0.02, B=32, input-gate bias -1, no forget gate, clip 1; five seeds.

    W_hh begins orthogonal: from PyTorch's own start one seed of five stays at chance.
    """
    base = Settings.of(
        cell="lstm_variant",
        forget_gate=False,
        hidden_size=4,
        batch_size=32,
        learning_rate=0.02,
        clip_norm=1.0,
        initialisation="orthogonal",
    )
    began = time.perf_counter()
    lstm = Experiment("temporal_order", {"length": 50}, base, 2000, prepare=shut_input_gate)
    results = [lstm.solved_at(seed, lambda share: share == 1.0, 50) for seed in range(5)]
    name = "Temporal order, T=50, H=4: all right at iteration (LSTM of 1997)"
    yield Row(name, _written(results), "about 200, 5 of 5", _since(began))
    began = time.perf_counter()
    rnn = Experiment("temporal_order", {"length": 50}, base.changed(cell="rnn_tanh"), 600)
    shares = [rnn.final(seed) for seed in range(5)]
    name = "Temporal order, T=50, H=4: share right after 600 (RNN; chance 0.25)"
    yield Row(name, f"{min(shares):.2f}-{max(shares):.2f}", "0.23-0.29", _since(began))


def reber() -> Iterator[Row]:
    """Continual embedded Reber grammar, H=12, Adam 0.01, forget bias 1; the remembered symbol.

    Trained on stretches of 100 symbols, tested on streams of 1,000 that nothing resets.
    """
    base = Settings.of(cell="lstm_variant", hidden_size=12, batch_size=32, learning_rate=0.01)
    for forget, reference in ((True, "1.000"), (False, "0.500")):
        began = time.perf_counter()
        settings = base.changed(forget_gate=forget)
        stream = {"length": 1000}
        experiment = Experiment("reber", {"length": 100}, settings, 1500, tested_on=stream)
        what = "with" if forget else "without"
        name = f"Continual embedded Reber, H=12, {what} forget gate: share right"
        yield Row(name, f"{experiment.final(0):.3f}", reference, _since(began))


def ablation() -> Iterator[Row]:
    """Parts of the LSTM taken away: adding, U(-1, 1), T=50, H=12; median error of three seeds."""
    full = Settings.of(
        cell="lstm_variant",
        peepholes=True,
        hidden_size=12,
        batch_size=32,
        learning_rate=5e-3,
        clip_norm=1.0,
    )
    table: list[tuple[str, dict[str, Any], str]] = [
        ("coupled gates", {"coupled": True}, ".0010"),
        ("no input activation", {"input_activation": False}, ".0021"),
        ("full", {}, ".0033"),
        ("no peepholes", {"peepholes": False}, ".0034"),
        ("no forget gate", {"forget_gate": False}, ".0036"),
        ("no output activation", {"output_activation": False}, ".0050"),
        ("no output gate", {"output_gate": False}, ".0069"),
        ("no input gate", {"input_gate": False}, ".0115"),
    ]
    for name, changes, reference in table:
        began = time.perf_counter()
        settings = full.changed(**changes)
        experiment = Experiment("adding", {"length": 50}, settings, 1500, signed)
        error = median(experiment.final(seed) for seed in range(3))
        words = f"Ablation, adding T=50, H=12, {name}: median error after 1500"
        yield Row(words, f"{error:.4f}", reference, _since(began))


def flip_flop() -> Iterator[Row]:
    """3-bit flip-flop, LSTM(16), Adam 0.01, clip 1, 1500 iterations; fixed points without input.

    The starts are 1,000 states that the network passed through, with noise of half their spread.
    """
    began = time.perf_counter()
    settings = Settings.of(hidden_size=16, batch_size=32, learning_rate=0.01, clip_norm=1.0)
    layers: list[nn.Module] = []
    experiment = Experiment("flip_flop", {"length": 30}, settings, 1500, prepare=layers.append)
    share, layer = experiment.final(0), layers[0].eval()
    data = TASKS["flip_flop"].dataset({"count": 30, "length": 30}, 0)
    measured = trace(layer, torch.from_numpy(data.values))["l0"]
    states = np.concatenate([measured.hidden, measured.cell], axis=-1).reshape(-1, 32)
    rng = np.random.default_rng(0)
    starts = rng.choice(states, 1000)
    starts += 0.5 * states.std(axis=0) * rng.standard_normal(starts.shape)
    found = fixed_points(layer, torch.zeros(3), starts=starts)
    name = "3-bit flip-flop, LSTM(16): stable fixed points, at how many corners"
    stable = found.states[[kind == "stable" for kind in found.kind]]
    ours = f"{len(stable)}, {_corners(layer, stable)} (share right {share:.3f})"
    yield Row(name, ours, "8 at the 8 corners", _since(began))
    others = ", ".join(f"{n} {kind}" for kind, n in Counter(found.kind).items() if kind != "stable")
    yield Row("Its other fixed points", others or "none", "saddles between them", 0.0)


def _corners(layer: nn.Module, stable: Array) -> int:
    """How many of the 8 settings of the bits come to rest at a stable point of their own."""
    settings = torch.tensor(list(product((-1.0, 1.0), repeat=3)))
    x = torch.zeros(8, 500, 3)
    x[:, 0] = settings
    with torch.no_grad():
        _, (h, c) = layer(x)
    ends = torch.cat([h[0], c[0]], dim=-1).numpy()
    apart = np.abs(ends[:, None] - stable[None]).max(axis=-1)
    return len({int(near.argmin()) for near in apart if near.min() < 0.05})


def textbook_alarms() -> Iterator[Row]:
    """Experiments whole, with the settings they have in the app, of which nothing is wrong."""
    for name in [
        "sine",
        "noisy_cosine",
        "adding",
        "copy_memory",
        "temporal_order",
        "two_waveforms",
    ]:
        began, preset = time.perf_counter(), PRESETS[name]
        seen = [*frames(preset.experiments[0])]
        given = [str(each) for k in range(len(seen)) for each in alarms(seen[: k + 1])]
        ours = "; ".join([f"{len(given)} at {len(seen)} frames", *given[:1]])
        yield Row(f"Alarms, {preset.label}", ours, "none", _since(began))


GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "gradients": gradient_ratios,
    "adding": adding,
    "temporal_order": temporal_order,
    "reber": reber,
    "signed": adding_signed,
    "ablation": ablation,
    "flip_flop": flip_flop,
    "alarms": textbook_alarms,
}


def _written(results: list[int | float]) -> str:
    return " / ".join(str(each) if isinstance(each, int) else f"{each:.3f}" for each in results)


def _since(began: float) -> float:
    return time.perf_counter() - began


def main() -> None:
    """Run the chosen groups; keep the table when all were run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS], default=[])
    chosen = parser.parse_args().groups or list(GROUPS)
    torch.set_num_threads(1)
    lines = ["| experiment | ours | reference | seconds |", "|---|---|---|---|"]
    print(*lines, sep="\n")
    for group in chosen:
        for row in GROUPS[group]():
            lines.append(f"| {row.name} | {row.ours} | {row.reference} | {row.seconds:.0f} |")
            print(lines[-1], flush=True)
            if len(chosen) == len(GROUPS):
                TABLE.write_text("\n".join([INTRODUCTION, *lines]) + "\n")


if __name__ == "__main__":
    main()
