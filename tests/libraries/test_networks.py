"""Networks of other people's libraries, read as they are: `make libraries` runs them.

Each is held against loops over autograd in float64 (`whole_models`), as `trace` and as `watch`
read it. Where a library is not installed its test is skipped.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import trace, watch
from tests.libraries.reading import QUIET, both_read, cast, last_call, library

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries about themselves


def test_a_tagger_with_a_conditional_random_field_is_read() -> None:
    torchcrf = library("torchcrf")

    class Tagger(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.lstm = nn.Embedding(20, 6), nn.LSTM(6, 4, 2, bidirectional=True)
            self.head, self.crf = nn.Linear(8, 3), torchcrf.CRF(3)

        def forward(self, x: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
            return -self.crf(self.head(self.lstm(self.embed(x))[0]), tags, mask, reduction="mean")

    torch.manual_seed(0)
    mask = torch.arange(7)[:, None] < torch.tensor([7, 5, 2])
    given = torch.randint(0, 20, (7, 3)), torch.randint(0, 3, (7, 3)), mask
    found = both_read(Tagger(), given, lambda loss: loss)
    assert not found["lstm.l1"].grad_gates["output"][2, 2:].any()  # beyond its mask


@pytest.mark.parametrize("name", ["LSTM", "GRU", "blocks", "TFTModel"])
def test_networks_of_darts_are_read_with_what_the_trainer_gives_them(name: str) -> None:
    darts, models = library("darts"), library("darts.models")
    series = darts.TimeSeries.from_values(np.sin(np.arange(60) / 5))
    how = {"n_epochs": 1, "batch_size": 8, "random_state": 0, "pl_trainer_kwargs": QUIET}
    how["pl_trainer_kwargs"] = {k: v for k, v in QUIET.items() if k != "max_epochs"}
    chunks: dict[str, Any] = {"input_chunk_length": 9, "output_chunk_length": 3}
    if name == "TFTModel":
        model = models.TFTModel(hidden_size=8, add_relative_index=True, **chunks, **how)
    elif name == "blocks":
        model = models.BlockRNNModel(model="LSTM", hidden_dim=5, n_rnn_layers=2, **chunks, **how)
    else:
        model = models.RNNModel(9, model=name, hidden_dim=5, training_length=12, **how)
    model.fit(series)
    net = model.model
    with last_call(net) as kept, watch(net) as watcher:
        model.fit(series)
    assert all(each.grad_hidden.any() for each in watcher.traces.values())

    def loss(output: Any) -> Tensor:
        return output.prediction.square().mean()

    both_read(net, kept[1], loss)


def test_deepar_of_gluonts_is_read_in_training_and_while_it_samples() -> None:
    module = library("gluonts.torch.model.deepar.module")
    torch.manual_seed(0)
    model = module.DeepARModel(
        freq="D", context_length=8, prediction_length=4, num_feat_dynamic_real=1,
        num_feat_static_real=1, num_feat_static_cat=1, cardinality=[3], embedding_dimension=[2],
        num_layers=2, hidden_size=5, lags_seq=[1, 2, 7], num_parallel_samples=3,
    )  # fmt: skip
    B, past = 2, model._past_length
    given = {
        "feat_static_cat": torch.zeros(B, 1).long(), "feat_static_real": torch.ones(B, 1),
        "past_time_feat": torch.randn(B, past, 1), "past_target": torch.rand(B, past),
        "past_observed_values": torch.ones(B, past), "future_time_feat": torch.randn(B, 4, 1),
    }  # fmt: skip
    state = torch.get_rng_state()
    sampled = trace(model, **given)
    assert sampled["rnn.l0#2"].calls == (0, 1, 2) and len(sampled["rnn.l0#2"].hidden) == 3 * B
    assert torch.equal(torch.get_rng_state(), state)

    class Loss(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, **given: Any) -> Tensor:
            return self.model.loss(**given).mean()

    future = {"future_target": torch.rand(B, 4), "future_observed_values": torch.ones(B, 4)}
    both_read(Loss(), [], lambda loss: loss, **given, **future)


@pytest.mark.parametrize(
    ("name", "cell"),
    [("TemporalFusionTransformer", None), ("DeepAR", "LSTM"), ("DeepAR", "GRU"),
     ("RecurrentNetwork", "LSTM"), ("RecurrentNetwork", "GRU")],
)  # fmt: skip
def test_networks_of_pytorch_forecasting_are_read(name: str, cell: str | None) -> None:
    forecasting = library("pytorch_forecasting")
    steps, groups = np.tile(np.arange(30), 3), np.repeat(["a", "b", "c"], 30)
    values = 2.0 + np.sin(np.arange(90.0))
    frame = pd.DataFrame({"time_idx": steps, "group": groups, "value": values})
    data = forecasting.TimeSeriesDataSet(
        frame, time_idx="time_idx", target="value", group_ids=["group"], max_encoder_length=8,
        min_encoder_length=4, max_prediction_length=3, time_varying_unknown_reals=["value"],
        time_varying_known_reals=["time_idx"],
    )  # fmt: skip
    sizes: dict[str, Any] = {"hidden_size": 8, "attention_head_size": 2}
    if cell is not None:
        sizes = {"hidden_size": 6, "cell_type": cell}
    torch.manual_seed(0)
    model = getattr(forecasting, name).from_dataset(data, **sizes)
    x, _ = next(iter(data.to_dataloader(train=True, batch_size=4)))
    state = {k: v for k, v in x.items() if k != "target_scale"}

    def loss(output: Any) -> Tensor:
        return output["prediction"].square().mean()

    if name == "DeepAR":  # in eval mode it samples
        found = trace(model, x, loss_fn=lambda output, _: loss(output), train=True)
        assert found["rnn.l0"].lengths is not None and found["rnn.l0#2"].grad_hidden.any()
        with watch(model.double()) as watcher:
            loss(model.train()(cast(x, torch.float64))).backward()
        assert list(watcher.traces) == list(found)
    else:
        assert state
        both_read(model, [x], loss)


@pytest.mark.parametrize("name", ["cudalstm", "gru", "embcudalstm", "arlstm", "mtslstm"])
def test_models_of_neuralhydrology_are_read(name: str) -> None:
    zoo, config = library("neuralhydrology.modelzoo"), library("neuralhydrology.utils.config")
    B, T = 3, 8
    how: dict[str, Any] = {
        "experiment_name": "x", "run_dir": "x", "train_basin_file": "x", "model": name,
        "hidden_size": 6, "initial_forget_bias": 3, "output_dropout": 0.1, "head": "regression",
        "output_activation": "linear", "dynamic_inputs": ["a", "b"], "target_variables": ["q"],
        "seq_length": T, "predict_last_n": 1, "use_frequencies": ["1D"],
        "static_attributes": ["s", "r"], "use_basin_id_encoding": False, "number_of_basins": 1,
    }  # fmt: skip
    torch.manual_seed(0)
    inputs = {k: torch.randn(B, T, 1) for k in "ab"}
    x: dict[str, Any] = {"x_d": inputs, "x_s": torch.randn(B, 2)}
    if name == "arlstm":
        how["autoregressive_inputs"] = ["q_shift1"]
        inputs["q_shift1"] = torch.randn(B, T, 1)
    if name == "mtslstm":
        how |= {"use_frequencies": ["1D", "1h"], "seq_length": {"1D": T, "1h": 24}}
        how |= {"predict_last_n": {"1D": 1, "1h": 2}, "shared_mtslstm": True}
        hours = {k: torch.randn(B, 24, 1) for k in "ab"}
        x = {"x_d_1D": inputs, "x_d_1h": hours, "x_s": x["x_s"]}
    model = zoo.get_model(config.Config(how))

    def loss(output: Any) -> Tensor:
        return sum(each.square().mean() for key, each in output.items() if key.startswith("y_hat"))

    both_read(model, [x], loss)


@pytest.mark.parametrize("shared", [False, True])
def test_a_recurrent_policy_of_sb3_is_read_over_episodes(shared: bool) -> None:
    sb3 = library("sb3_contrib")
    library("gymnasium")
    kinds = library("sb3_contrib.common.recurrent.type_aliases")
    how: dict[str, Any] = {"lstm_hidden_size": 6, "n_lstm_layers": 2}
    if shared:
        how |= {"shared_lstm": True, "enable_critic_lstm": False}
    agent = sb3.RecurrentPPO(
        "MlpLstmPolicy", "CartPole-v1", n_steps=16, batch_size=16, n_epochs=1, device="cpu",
        policy_kwargs=how, seed=0,
    )  # fmt: skip
    with watch(agent.policy) as watcher:
        agent.learn(16)
    assert "lstm_actor.l1" in watcher.traces and watcher.traces["lstm_actor.l0"].grad_hidden.any()

    class Evaluates(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.policy = agent.policy

        def forward(self, x: Tensor, actions: Tensor, h: Tensor, starts: Tensor) -> Any:
            state = kinds.RNNStates((h, h), (h, h))
            return self.policy.evaluate_actions(x, actions, state, starts)

    starts = torch.zeros(10)
    starts[[0, 4]] = 1.0
    given = torch.randn(10, 4), torch.zeros(10).long(), torch.zeros(2, 1, 6), starts
    found = both_read(
        Evaluates(), given, lambda out: out[0].mean() + out[1].mean(), trains_in=torch.float32
    )  # it casts what it gets
    assert found["policy.lstm_actor.l0"].calls == tuple(range(10))
