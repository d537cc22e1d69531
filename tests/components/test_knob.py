"""The knobs of untrained networks: what the browser computes, against PyTorch."""

import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import gradient_flow
from lstm_viz.experiments.knobs import START, turned
from lstm_viz.figures.knob import VERDICTS, knob_view
from lstm_viz.files import COMPONENTS
from lstm_viz.measures.gradient_flow import GradientFlow
from lstm_viz.measures.spelling import share
from lstm_viz.models.initialisation import packed_gates

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")
RUN = """
const [folder, asked] = process.argv.slice(1);
const { several, logs, sizes, thresholds, words } = JSON.parse(asked);
const { CELLS, H, inputOf, spectralRadius, weightsOf } = await import(`${folder}/networks.js`);
const { curvesOf } = await import(`${folder}/backward.js`);
const { said, shareOf, verdictOf } = await import(`${folder}/says.js`);
const plain = (weights) => Object.fromEntries(Object.entries(weights).map(
  ([name, { shape, values }]) => [name, { shape, values: [...values] }]));
console.log(JSON.stringify({
  found: several.map((knobs) => ({
    x: [...inputOf(knobs.length)],
    curves: Object.fromEntries(
      Object.entries(curvesOf(knobs)).map(([cell, all]) => [cell, [...all]])),
    weights: Object.fromEntries(CELLS.map((cell) => [cell, plain(weightsOf(cell, knobs))])),
    radius: spectralRadius(weightsOf("rnn", knobs)["recurrent.weight_hh_l0"].values),
  })),
  verdicts: logs.map((each) => verdictOf(each.map((log) => log ?? -Infinity), thresholds)),
  shares: sizes.map(shareOf),
  said: logs.map((each) => said("RNN", each.map((log) => log ?? -Infinity), words, thresholds)),
}));
"""
KNOBS: tuple[dict[str, Any], ...] = (
    {},
    {"bias": 5.0},
    {"start": "orthogonal", "radius": 1.0, "scale": 0.1},
    {"start": "identity", "nonlinearity": "relu", "length": 30},
    {"start": "chrono", "radius": 1.5, "length": 60},
    {"radius": 1.9, "nonlinearity": "relu", "bias": -2.0, "scale": 3.0, "length": 40},
)
SHARES = {
    "vanishes": 0.5 ** np.arange(20.0),
    "cut": np.r_[np.ones(9), np.full(5, 1e-6)],
    "less": 0.97 ** np.arange(20.0),
    "nearly": 0.997 ** np.arange(20.0),
    "undiminished": np.ones(20),
    "more": 1.1 ** np.arange(20.0),
    "explodes": 2.0 ** np.arange(20.0),
    "zero": np.r_[np.ones(5), np.zeros(3)],
}
SIZES = (3e-14, 9e-4, 1.5e-3, 0.123, 0.5, 1.06, 12.0, 999.0, 1234.0, 34567.0, 2e5, 1.2e10)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    assert NODE is not None
    with np.errstate(divide="ignore"):
        logs = [np.log10(shares).tolist() for shares in SHARES.values()]
    view = knob_view({}, named=False)
    asked = {
        "several": [{**START, **knobs} for knobs in KNOBS],
        "logs": [[log if np.isfinite(log) else None for log in each] for each in logs],
        "sizes": [np.log10(size) for size in SIZES],
        "thresholds": view["thresholds"],
        "words": view["verdicts"],
    }
    command = [NODE, "--input-type=module", "-e", RUN, str(COMPONENTS / "knob"), json.dumps(asked)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def layer(cell: str, nonlinearity: str, weights: dict[str, Any]) -> nn.Module:
    """PyTorch's own layer with the browser's weights, in float64."""
    how: dict[str, Any] = {"batch_first": True, "dtype": torch.float64}
    made = {
        "rnn": lambda: nn.RNN(1, 32, nonlinearity=nonlinearity, **how),
        "lstm": lambda: nn.LSTM(1, 32, **how),
        "gru": lambda: nn.GRU(1, 32, **how),
    }[cell]()
    made.load_state_dict(
        {
            name.removeprefix("recurrent."): torch.tensor(
                each["values"], dtype=torch.float64
            ).reshape(each["shape"])
            for name, each in weights.items()
            if name.startswith("recurrent.")
        }
    )
    return made


@pytest.mark.parametrize("place", range(len(KNOBS)))
def test_the_curves_are_the_gradient_flow_of_the_same_network(
    told: dict[str, Any], place: int
) -> None:
    knobs, found = {**START, **KNOBS[place]}, told["found"][place]
    x = torch.tensor(found["x"], dtype=torch.float64)[None, :, None]
    assert x.shape[1] == knobs["length"]
    for cell, logs in found["curves"].items():
        model = layer(cell, knobs["nonlinearity"], found["weights"][cell])
        norms = gradient_flow(model, x, state="joint" if cell == "lstm" else "hidden")[0, ::-1]
        with np.errstate(divide="ignore"):
            expected = np.log10(norms)
        mine = np.array([-np.inf if log is None else log for log in logs])
        np.testing.assert_allclose(mine, expected, 1e-8, 1e-8)


def test_the_knobs_do_to_the_weights_what_they_say(told: dict[str, Any]) -> None:
    plain, biased, orthogonal, identity, chrono, wild = told["found"]

    def of(found: dict[str, Any], cell: str, name: str) -> np.ndarray:
        each = found["weights"][cell][f"recurrent.{name}_l0"]
        return np.reshape(each["values"], each["shape"])

    for cell in ("rnn", "lstm", "gru"):
        W = of(plain, cell, "weight_hh")
        assert np.abs(W).max() <= 32**-0.5
        assert W.std() == pytest.approx((3 * 32) ** -0.5, rel=0.05)  # of U(-1/√H, 1/√H)
        for block in np.split(of(orthogonal, cell, "weight_hh"), len(W) // 32):
            np.testing.assert_allclose(block @ block.T, np.eye(32), atol=1e-12)
        for block in np.split(of(wild, cell, "weight_hh"), len(W) // 32):
            assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(1.9, rel=1e-9)
    own = np.abs(np.linalg.eigvals(of(plain, "rnn", "weight_hh"))).max()
    assert plain["radius"] == pytest.approx(own, rel=1e-9)
    np.testing.assert_array_equal(of(identity, "rnn", "weight_hh"), np.eye(32))
    assert not of(identity, "rnn", "bias_ih").any()
    for cell, signs in {"lstm": {"forget": 1, "input": -1}, "gru": {"update": 1}}.items():
        gates = packed_gates(nn.LSTM(1, 1) if cell == "lstm" else nn.GRU(1, 1))
        for gate, sign in signs.items():
            part = slice(32 * gates.index(gate), 32 * (gates.index(gate) + 1))
            longest = np.exp(sign * of(chrono, cell, "bias_ih")[part])
            assert 1 <= longest.min() < 20 < 40 < longest.max() <= 59
            assert not of(chrono, cell, "bias_hh")[part].any()
    forget = slice(32, 64)
    assert set(of(biased, "lstm", "bias_ih")[forget]) == {5.0}
    assert not of(biased, "lstm", "bias_hh")[forget].any()
    for name in ("weight_ih", "weight_hh"):
        np.testing.assert_array_equal(of(biased, "lstm", name), of(plain, "lstm", name))
    np.testing.assert_allclose(of(wild, "gru", "weight_ih"), 3 * of(plain, "gru", "weight_ih"))


def test_a_forget_bias_and_an_orthogonal_matrix_do_what_lecturers_say(told: dict[str, Any]) -> None:
    """Hochreiter & Schmidhuber 1997; Gers et al. 2000; Saxe et al. 2014."""
    at_start = told["found"][0]["curves"]
    assert at_start["rnn"][-1] < -15
    assert at_start["lstm"][-1] < -15  # forget bias 0: as an RNN does
    assert abs(told["found"][1]["curves"]["lstm"][-1]) < 0.5  # 5: hardly
    assert told["found"][2]["curves"]["rnn"][-1] > -1  # orthogonal


def test_what_is_said_is_the_verdict_of_the_measure(told: dict[str, Any]) -> None:
    assert told["verdicts"] == [*SHARES]
    reaching = ("less", "nearly", "undiminished", "more")
    for verdict, shares in SHARES.items():
        expected = GradientFlow(shares, len(shares) - 1).verdict
        assert ("reaches" if verdict in reaching else verdict) == expected
    sentences = dict(zip(SHARES, told["said"], strict=True))
    for verdict, sentence in sentences.items():
        assert ("vanishes" in sentence) == (verdict == "vanishes")
        assert ("explodes" in sentence) == (verdict == "explodes")
        assert ("undiminished" in sentence) == (verdict in ("nearly", "undiminished"))
        assert ("times as large" in sentence) == (verdict in ("more", "explodes"))
    assert sentences["vanishes"] == ("RNN: 1.9·10⁻⁶ arrives 19 steps back: it vanishes.")
    assert sentences["zero"] == "RNN: exactly 0 arrives from 5 steps back on."
    assert set(VERDICTS) == set(SHARES)


def test_a_link_turns_no_knob_too_far() -> None:
    assert turned({"bias": 1e9, "radius": float("nan"), "start": [], "length": 3}) == {}
    assert turned({"radius": 1, "start": "chrono"}) == {"radius": 1.0, "start": "chrono"}


def test_a_share_is_spelled_as_in_python(told: dict[str, Any]) -> None:
    assert told["shares"] == [share(size) for size in SIZES]
