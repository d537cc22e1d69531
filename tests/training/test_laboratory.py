"""The laboratory's measurements through a trainer, against the instruments and closed forms."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch

from lstm_viz import attribution, gradient_map, jacobians, lyapunov_exponents
from lstm_viz.data.dataset import evenly
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.cost import check_laboratory
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.steps import layer_steps
from lstm_viz.training.building import build
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from tests.training.datasets import of_kind


def asked(
    kind: str,
    what: str,
    layer: str = "recurrent.l0",
    about: Mapping[str, Any] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    chosen = Settings.of(**{"hidden_size": 5, "epochs": 1, "device": "cpu", **settings})
    probe = Training(chosen, of_kind(kind)).probe
    answer: dict[str, Any] = InProcessTrainer().ask(
        "laboratory_of",
        settings=chosen,
        dataset=of_kind(kind),
        what=what,
        layer=layer,
        inputs=probe.inputs[:1],
        targets=probe.targets[:1],
        **(about or {}),
    )
    model = build(chosen, of_kind(kind)).eval()
    return {**answer, "model": model, "x": torch.from_numpy(probe.inputs[:1].copy())}


@pytest.mark.parametrize(
    ("kind", "readout", "of_loss"),
    [("numbers", "last", False), ("numbers", "mean", True), ("text", "last", True)],
)
def test_a_map_is_of_the_loss_where_it_enters_at_several_steps(
    kind: str, readout: str, of_loss: bool
) -> None:
    found = asked(kind, "map", cell="gru", readout=readout)
    assert found["of_loss"] == of_loss
    plain = gradient_map(found["model"], found["x"], layer="recurrent.l0")
    shares = [each / np.diagonal(each)[:, None] for each in (found["map"], plain)]
    assert np.allclose(found["map"], plain) != of_loss
    assert found["map"].shape == plain.shape
    assert (np.tril(shares[0]) == shares[0]).all()


@pytest.mark.parametrize("layer", ["recurrent.l0", "recurrent.l0_reverse"])
def test_the_fan_is_that_of_the_product_and_below_the_bound(
    layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_viz.instruments.jacobians.CHUNK_BYTES", 2 * 8 * 5 * 5)
    found = asked("numbers", "jacobians", layer, cell="rnn_tanh", bidirectional=True)
    model, x = found["model"], found["x"]
    J = jacobians(model, x, layer=layer)
    J = J[::-1] if layer.endswith("reverse") else J
    product = np.eye(5)
    assert found["back"].tolist() == list(range(1, len(J) + 1))
    for n, logs in enumerate(found["singular"], start=1):
        product = product @ J[len(J) - n]
        values = np.linalg.svd(product, compute_uv=False)
        kept = ~np.isnan(logs)
        assert kept[0]
        np.testing.assert_allclose(logs[kept], np.log10(values)[kept], atol=1e-3)
        assert logs[0] <= n * found["bound"] + 1e-12
    exponents = lyapunov_exponents(model, x, layer=layer)
    np.testing.assert_allclose(found["exponents"], exponents, atol=1e-9)


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_over_a_training_each_network_has_its_own_jacobians(cell: str) -> None:
    chosen = Settings.of(hidden_size=5, epochs=1, device="cpu", cell=cell)
    frames = [build(chosen.changed(seed=seed), of_kind("numbers")) for seed in (0, 1, 2)]
    several = [
        {name: each.numpy() for name, each in model.state_dict().items()} for model in frames
    ]
    found = asked("numbers", "jacobians over training", cell=cell, about={"several": several})
    for k, model in enumerate(frames):
        J = jacobians(model, found["x"])
        np.testing.assert_allclose(
            found["exponents"][k], lyapunov_exponents(model, found["x"]), atol=1e-9
        )
        product = np.linalg.multi_dot([np.eye(len(J[0])), *J[::-1]])
        assert found["singular"][k, 0] == pytest.approx(np.log10(np.linalg.norm(product, 2)))
        if cell == "rnn_tanh":
            W = model.recurrent.weight_hh_l0.detach().double().numpy()
            assert found["bound"][k] == pytest.approx(np.log10(np.linalg.norm(W, 2)))
    assert (found["bound"] is None) == (cell == "lstm")


def test_only_a_plain_rnn_has_the_bound() -> None:
    assert asked("numbers", "jacobians", cell="lstm")["bound"] is None
    assert asked("numbers", "jacobians", cell="min_gru")["singular"].shape == (10, 5)


@pytest.mark.parametrize(
    ("kind", "cell", "layer"),
    [("numbers", "lstm", "recurrent.l0_reverse"), ("text", "gru", "recurrent.l0")],
)
def test_the_carousel_is_told_from_where_the_loss_enters_last(
    kind: str, cell: str, layer: str
) -> None:
    reverse = layer.endswith("reverse")
    found = asked(kind, "carousel", layer, cell=cell, bidirectional=reverse)
    T = found["x"].shape[1]
    assert (found["entered"], found["end"]) == ((0, T - 1) if reverse else (T - 1, 0))
    assert found["state"] == ("cell" if cell == "lstm" else "hidden")
    chosen = Settings.of(cell=cell, hidden_size=5, epochs=1, device="cpu", bidirectional=reverse)
    training = Training(chosen, of_kind(kind))
    traced = training.seen(training.probe.inputs[:1], training.probe.targets[:1])["layers"][layer]
    flow = traced.flow_norms[found["state"]][0]
    np.testing.assert_allclose(found["total"], flow if reverse else flow[::-1], rtol=1e-6)
    assert found["part_alone"][0] == pytest.approx(1.0)
    assert found["rest"][0] == 0.0


def test_an_answer_is_attributed_to_all_that_was_read() -> None:
    found = asked("numbers", "inputs")
    model, x = found["model"], found["x"]
    for method, values in found["methods"].items():
        np.testing.assert_array_equal(values, attribution(model, x, target=0, method=method)[0])
    with torch.no_grad():
        difference = (model(x) - model(torch.zeros_like(x)))[0, 0].item()
    assert found["methods"]["integrated"].sum() == pytest.approx(difference, abs=1e-5)
    text = asked("text", "inputs")
    assert text["t"] == 11
    assert all(values.shape == (12, 1) for values in text["methods"].values())
    output = text["model"](text["x"])[0, -1]
    assert text["place"] == int(output.argmax())
    classes = asked("classes", "inputs")
    assert classes["t"] is None
    assert classes["place"] == int(classes["model"](classes["x"])[0].argmax())


def test_a_model_is_verified_whatever_it_is() -> None:
    for cell in ("lstm", "min_gru", "rnn_relu"):
        found = asked("series", "verify", cell=cell, layers=2)
        assert set(found["residuals"]) == set(found["tolerances"])
        assert all(found["residuals"][name] <= most for name, most in found["tolerances"].items())
        assert 0 < found["share_checked"] <= 1


def test_what_takes_too_long_says_what_fits_before_it_is_asked() -> None:
    check_laboratory("jacobians", 200, 128)
    with pytest.raises(ConfigError, match=r"It fits with sequences of 8 steps"):
        check_laboratory("jacobians", 50, 1024)
    check_laboratory("map", 50, 1024)
    with pytest.raises(ConfigError, match=r"about 130 s. It fits with sequences of 191 steps"):
        check_laboratory("map", 1000, 1024)
    check_laboratory("inputs", 10**6, 10**6)
    check_laboratory("silencing", 50, 128)
    with pytest.raises(ConfigError, match=r"about 11 s. It fits with sequences of 34 steps"):
        check_laboratory("silencing", 50, 700)


@pytest.mark.parametrize(
    ("cell", "layer", "names"),
    [
        ("lstm", "recurrent.l0", ["hidden", "cell"]),
        ("gru", "recurrent.l0_reverse", ["hidden"]),
        ("nested_lstm", "recurrent.l0", ["hidden", "cell", "inner_cell"]),
    ],
)
def test_the_points_are_left_as_they_are_by_a_step_of_the_layer(
    cell: str, layer: str, names: list[str]
) -> None:
    found = asked("numbers", "points", layer, cell=cell, bidirectional=layer.endswith("reverse"))
    assert found["names"] == names
    assert found["states"].shape == (len(found["kinds"]), 5 * len(names))
    model, x = found["model"], found["x"]
    steps = layer_steps(model, x, layer)
    held = np.repeat(steps.x[-1][:1], len(found["states"]), axis=0)
    moved = steps.step(held, found["states"]) - found["states"]
    np.testing.assert_allclose(0.5 * np.square(moved).sum(axis=1), found["speeds"], atol=1e-14)
    assert len(found["kinds"]) and (found["speeds"] <= 1e-6).all()
    assert found["kinds"] == ["stable"] * len(found["kinds"]), "untrained, it forgets"
    assert (found["moduli"] < 1).all()


@pytest.mark.parametrize("kind", ["numbers", "text", "classes at some steps"])
def test_silencing_a_unit_costs_what_the_loss_is_without_its_h(kind: str) -> None:
    found = asked(kind, "silencing", cell="lstm", layers=2, layer="recurrent.l1")
    training = Training(Settings.of(hidden_size=5, layers=2, epochs=1, device="cpu"), of_kind(kind))
    model, (x, y) = training.model.eval(), training.dataset.part("validation")
    places = evenly(len(x), 50)
    assert found["examples"] == len(places)
    inputs, targets = (torch.from_numpy(values[places].copy()) for values in (x, y))

    def pooled(of: torch.nn.Module) -> float:
        """The mean over all answers that are asked for."""
        output = of(inputs)
        if training.dataset.problem != "classes":
            return float((output - targets).square().mean())
        losses = -output.log_softmax(-1).gather(-1, targets.long().clamp(min=0)[..., None])[..., 0]
        return float(losses[targets >= 0].mean())

    with torch.no_grad():
        assert found["whole"] == pytest.approx(pooled(model), rel=1e-5)
        for unit, without in zip(found["units"], found["each"], strict=True):
            cut = copy.deepcopy(
                model
            )  # of the upper layer nobody reads it: not U, not the read-out
            cut.recurrent.weight_hh_l1[:, unit] = 0
            cut.readout.weight[:, unit] = 0
            assert without == pytest.approx(pooled(cut), rel=1e-5)


def test_the_points_of_another_held_input_are_others() -> None:
    found = asked("numbers", "points of zeros", cell="lstm")
    steps = layer_steps(found["model"], torch.zeros_like(found["x"]), "recurrent.l0")
    held = np.repeat(steps.x[-1][:1], len(found["states"]), axis=0)
    moved = steps.step(held, found["states"]) - found["states"]
    np.testing.assert_allclose(moved, 0.0, atol=1e-3)
    assert np.abs(found["states"] - asked("numbers", "points", cell="lstm")["states"]).max() > 1e-3


def test_points_of_a_layer_that_is_too_large_are_refused_with_the_size() -> None:
    with pytest.raises(ConfigError, match="this layer has 130"):
        asked("numbers", "points", hidden_size=65)
