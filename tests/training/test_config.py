import math

import pytest

from lstm_viz.errors import ConfigError
from lstm_viz.training.config import LIMITS, RunConfig


@pytest.mark.parametrize(
    ("settings", "fragment"),
    [
        ({"hidden_size": 0}, "between 1 and 512, got 0"),
        ({"layers": 9}, "between 1 and 4, got 9"),
        ({"learning_rate": math.nan}, "got nan"),
        ({"learning_rate": -1.0}, "'learning_rate'"),
        ({"clip_norm": -0.5}, "between 0 and 1000"),
        ({"cell": "transformer"}, "one of rnn_tanh, rnn_relu, lstm, gru"),
        ({"optimizer": "lion"}, "one of adam, adamw, rmsprop, momentum, sgd"),
    ],
)
def test_a_bad_setting_is_named_with_what_would_fit(settings: dict, fragment: str) -> None:
    with pytest.raises(ConfigError, match=fragment):
        RunConfig(**settings)


def test_a_configuration_is_data_and_comes_back_from_it() -> None:
    config = RunConfig(cell="gru", epochs=7, seed=3)
    assert RunConfig.from_dict(config.to_dict()) == config


def test_a_setting_from_the_future_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="wormholes"):
        RunConfig.from_dict({"wormholes": 2})


def test_every_limit_is_a_setting() -> None:
    assert set(LIMITS) <= set(RunConfig().to_dict())
