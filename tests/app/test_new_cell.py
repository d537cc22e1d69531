"""A cell that is this file alone: it is trained, traced, taken apart, drawn, named and told."""

import re
from collections.abc import Mapping

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from lstm_viz import trace
from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.settings import Settings
from lstm_viz.experiments.size import parameter_count
from lstm_viz.figures.cell.view import cell_view, diagram_of
from lstm_viz.figures.layer_rows import memory, names_of
from lstm_viz.figures.palette import LOOKS
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.models.cells import CELLS
from lstm_viz.models.diagram import (
    BELT,
    BUS,
    EACH_FACTOR,
    PATH,
    REMAINS,
    ROW,
    SUM,
    Diagram,
    Operation,
    Port,
    Telling,
    Way,
    added,
    sigma_gate,
    tanh_gate,
)
from lstm_viz.models.dissection import OpenLayer, next_step, product_since, terms
from lstm_viz.models.layers import layer_of
from lstm_viz.models.network import Network
from lstm_viz.models.options import Gate, Options
from lstm_viz.models.spec import Parameters, States, Step, UnrolledSpec
from lstm_viz.runs.topics import Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from lstm_viz.ui.cell.diagram import cell_topic
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.pictures import picture
from tests.app.conftest import INSIDE, components, go, small_run, texts
from tests.figures.message import unpack
from tests.figures.spoken import check_equations, named, signals_of
from tests.figures.spoken import texts as told
from tests.models.written import Written

Arrays = dict[str, np.ndarray]
KEEP, NEW = Gate("keep", "k", role="update", label="keep gate k"), Gate("candidate", "n")
K, N = 300, 800


class UGRNN(UnrolledSpec):
    """h_t = k h_{t-1} + (1 - k) n (Collins, Sohl-Dickstein & Sussillo 2017, eq. 8 to 10)."""

    kind = "ugrnn"
    label = "UGRNN"
    summary = "UGRNN: one gate."
    gates = (KEEP, NEW)

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (
            r"k_t = \sigma(W_k x_t + U_k h_{t-1} + b_k)",
            r"n_t = \tanh(W_n x_t + U_n h_{t-1} + b_n)",
            r"h_t = k_t \odot h_{t-1} + (1 - k_t) \odot n_t",
        )

    def kept(self, gates: Mapping[str, np.ndarray], options: Options) -> np.ndarray:
        return gates["keep"]

    def convention(self, options: Options) -> str:
        return "Keep gate 1: the state is kept."

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        (h,) = before
        a_k, a_n = self.with_hidden(a, h, weights, options).chunk(2, 1)
        k, n = a_k.sigmoid(), a_n.tanh()
        gates, sums = {"keep": k, "candidate": n}, {"keep": a_k, "candidate": a_n}
        return Step((k * h + (1 - k) * n,), gates, sums)

    def dissect_forward(self, layer: OpenLayer) -> Arrays:
        measured = layer.measured
        before, k, n = measured.before["hidden"], *measured.gates.values()
        steps = {"h_before": before, "h": measured.states["hidden"], **measured.gates}
        steps |= {"kept": k * before, "fresh": 1 - k, "added": (1 - k) * n}
        return steps | terms(layer, "keep") | terms(layer, "candidate")

    def dissect_backward(
        self, layer: OpenLayer, steps: Mapping[str, np.ndarray], direct: np.ndarray, dc_n: None
    ) -> Arrays:
        dh, da = layer.measured.grad["hidden"], layer.measured.grad_gates
        k, n, before = steps["keep"], steps["candidate"], steps["h_before"]
        gates_back, carry = sum(layer.to_hidden(da).values()), k * dh
        return {
            "direct": direct,
            "later": next_step(carry + gates_back),
            "dh": dh,
            "carry": carry,
            "gates_back": gates_back,
            "back": carry + gates_back,
            "d.keep": dh * (before - n),
            "d.candidate": dh * (1 - k),
            "slope.keep": k * (1 - k),
            "slope.candidate": 1 - n * n,
            **{f"da.{gate}": values for gate, values in da.items()},
            "factor": k,
            "gain": product_since(k),
        }

    def diagram(self, options: Options) -> Diagram:
        both = "hidden", "grad_hidden"
        return Diagram(
            "Update gate RNN",
            [
                sigma_gate(KEEP, K, "Share of the old h that is kept.", "keep k"),
                tanh_gate(NEW, N, "New content.", "candidate n"),
                Operation(
                    "kept", "×", (K, BELT),
                    Telling("k_t·h_{t−1}", "{keep} · {h_before} = {kept}", "Kept part of h."),
                    Telling("dL/dh_{t−1} ← k_t·dL/dh_t", "{keep} · {dh} = {carry}", PATH),
                ),
                Operation(
                    "added", "×", (N, 200),
                    Telling("(1 − k_t)·n_t", "{fresh} · {candidate} = {added}", "Added part of n."),
                    Telling("dL/dn_t", "{dh} · {fresh} = {d.candidate}", EACH_FACTOR),
                ),
                Operation(
                    "sum", "+", (N, BELT),
                    Telling("h_t", "{kept + added = h}", "The new h."),
                    Telling("dL/dh_t", "{direct + later = dh}", SUM),
                ),
            ],
            [
                Way("before", [(96, BELT), (K - 24, BELT)], "h_before", "back", *both, belt=True),
                Way("kept", [(K + 24, BELT), (N - 24, BELT)], "kept", "dh", *both, belt=True),
                Way("h", [(N + 24, BELT), (1084, BELT)], "h", "dh", *both, belt=True),
                Way("keep.a", [(K, BUS), (K, ROW + 32)], "keep.a", "da.keep", "update"),
                Way("keep", [(K, ROW - 32), (K, BELT + 24)], "keep", "d.keep", "update"),
                Way("new.a", [(N, BUS), (N, ROW + 32)], "candidate.a", "da.candidate"),
                Way("candidate", [(N, ROW - 32), (N, 224)], "candidate", "d.candidate"),
                Way("added", [(N, 176), (N, BELT + 24)], "added", "dh", "candidate"),
            ],
            [Port("h_before", "h_{t−1}", (52, BELT)), Port("h", "h_t", (1128, BELT))],
            ["Kept: {keep%} of h = {h_before}.", added("added"), "New: h = {h}."],
            ["dL/dh = {dh}: {direct} from outside, {later} from the next step.", REMAINS],
            "h",
            "dh",
            factor=(K, 26),
            gain=(560, 56),
        )  # fmt: skip


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, "ugrnn", UGRNN())


def square(output: Tensor, targets: Tensor) -> Tensor:
    return (output - targets).square().sum()


@pytest.mark.parametrize("bidirectional", [False, True])
def test_it_is_traced_as_autograd_says(bidirectional: bool) -> None:
    torch.manual_seed(0)
    layer = layer_of("ugrnn", {}, input_size=2, hidden_size=3, bidirectional=bidirectional)
    layer, x = layer.double(), torch.randn(5, 1, 2, dtype=torch.float64)
    found = trace(layer, x, loss_fn=lambda output, _: output[0].square().sum())
    for name, direction in zip(found, (0, 1), strict=False):
        place = "_l0" + "_reverse" * direction
        W, U, b, c = (getattr(layer, f"{p}{place}") for p in PARAMETERS)
        h, hidden = torch.zeros(1, 3, dtype=torch.float64), []
        for x_t in x.flip(0) if direction else x:
            k, n = (x_t @ W.T + h @ U.T + b + c).split(3, dim=1)
            h = torch.sigmoid(k) * h + (1 - torch.sigmoid(k)) * torch.tanh(n)
            hidden.append(h)
        gradients = torch.autograd.grad(torch.stack(hidden).square().sum(), hidden)
        for values, mine in ((hidden, found[name].hidden), (gradients, found[name].grad_hidden)):
            array = torch.stack([*values]).detach().numpy()[:: -1 if direction else 1]
            np.testing.assert_allclose(mine[0], array[:, 0], rtol=1e-10, atol=1e-12)
        assert found[name].cell is None and found[name].grad_cell is None


PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def test_it_learns_and_its_frame_says_how_long_it_keeps() -> None:
    settings = Settings.of(cell="ugrnn", hidden_size=5, layers=2, epochs=1, device="cpu")
    data = adding_problem(64, 8, seed=0)
    assert Experiment.from_query("?task=adding&cell=ugrnn&units=5")[0].settings.cell.kind == "ugrnn"
    training = Training(settings, data)
    assert training.parameters == parameter_count(settings, data)
    before = training.frame()
    training.update()
    after = training.frame()
    assert before.validation_loss != after.validation_loss
    layer = after.layers["recurrent.l1"]
    assert (layer.kind, list(layer.gates)) == ("ugrnn", ["keep", "candidate"])
    expected = -1 / np.log(np.asarray(layer.gates["keep"], np.float64)).mean(axis=(0, 1))
    np.testing.assert_allclose(memory(layer), expected, rtol=1e-6)


def test_its_formulas_say_what_was_traced() -> None:
    layer = layer_of("ugrnn", {}, input_size=2, hidden_size=3, batch_first=True).double()
    weights = {name[:-3]: p.detach().numpy() for name, p in layer.named_parameters()}
    written = Written(trace(layer, torch.randn(1, 6, 2).double())["l0"], weights)
    assert written.check(CELLS["ugrnn"].formulas({})) == {"k", "n", "h"}


def test_it_is_taken_apart_and_drawn_and_what_is_said_adds_up() -> None:
    torch.manual_seed(1)
    layer = layer_of("ugrnn", {}, input_size=2, hidden_size=3, batch_first=True)
    model, x, y = Network(layer, 1, readout="mean"), torch.randn(1, 6, 2), torch.ones(1, 1)
    found = dissect(model, x, layer="recurrent.l0", loss_fn=square, targets=y)
    signals, diagram = signals_of(found), diagram_of(found)
    checked = sum(
        check_equations(each.numbers, signals)
        for operation in diagram.operations
        for each in (operation.forward, operation.backward)
    )
    assert checked == 10
    (text,) = told(diagram.backward[0])
    parts = sum(signals[name] for name in named(re.sub(".*?: ", "", text)))
    np.testing.assert_allclose(parts, signals["dh"], rtol=1e-10)
    header, _arrays = unpack(cell_view(found))
    assert header["clauses"]["forward"][0][0]["words"].startswith("Kept: {keep%} of h")
    assert "Update gate RNN" in header["svg"]


def test_pages_name_it_draw_it_and_show_its_formulas(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    assert cell_name("ugrnn") == "UGRNN"
    small_run(app, **{"train.cell": "ugrnn"})
    trainer.advance()
    shown = {script: (texts(go(app, script)), components(app, "film")) for script in INSIDE}
    words, (film,) = shown["pages/inside/gates.py"]
    assert "Keep gate 1: the state is kept." in words
    looks = unpack(film)[0]["looks"]["keep"]
    assert looks["name"] == "keep gate k"
    assert looks["colour"]["light"] == LOOKS["update"].light
    run = trainer.run(app.session_state["runs"][0])
    topic = Topic.read(cell_topic(run, "recurrent.l0", 0).replace("{step}", "0"))
    assert "Update gate RNN" in unpack(picture(topic, [run]))[0]["svg"]  # type: ignore[arg-type]
    tips = [caption.help for caption in go(app, "pages/inside/cell_state.py").caption]
    assert any(r"h_t = k_t \odot h_{t-1}" in (tip or "") for tip in tips)
    frame = trainer.run(app.session_state["runs"][0]).film.frames[-1]
    assert names_of(frame.layers["recurrent.l0"]) == {"keep": "keep gate k"}
