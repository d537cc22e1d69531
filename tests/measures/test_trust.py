"""A network is called verified where it is, and not where a tolerance breaks."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import verify
from lstm_viz.measures.trust import broken_checks, is_verified, residual_rows, said_verified


def found(model: nn.Module) -> dict[str, Any]:
    torch.manual_seed(0)
    return asdict(verify(model, torch.rand(1, 12, 1)))


def test_a_network_that_agrees_is_verified_with_its_residuals() -> None:
    told = found(nn.LSTM(1, 4, batch_first=True))
    assert "agrees with PyTorch" in said_verified(told)
    assert "trusted" not in said_verified(told)
    rows = residual_rows(told)
    assert len(rows) == len(told["residuals"]) + 1
    assert not any(row["broken"] for row in rows) and is_verified(told)
    assert rows[0]["value"].endswith("(at most 10⁻⁵)")


@pytest.mark.parametrize("name", ["replay", "backward", "jacobian"])
def test_each_broken_tolerance_is_said_with_its_own_reason(name: str) -> None:
    told = found(nn.GRU(1, 4, batch_first=True))
    told["tolerances"] = {**told["tolerances"], name: -1.0}
    said = said_verified(told)
    assert broken_checks(told) == [name] and not is_verified(told)
    assert "Do not trust" in said and "agrees" not in said
    assert {"replay": "replayed", "backward": "backward", "jacobian": "Jacobians"}[name] in said
    assert [row["broken"] for row in residual_rows(told)].count(True) == 1


def test_a_layer_that_gives_other_values_is_not_called_diverged() -> None:
    told = found(nn.LSTM(1, 4, batch_first=True))
    told["residuals"]["replay"] = float("inf")  # where it fails by far nothing more is compared
    told["reason"] = "The layer gives other values."
    assert "replayed steps differ" in said_verified(told)
    assert "not finite" not in said_verified(told)


def test_a_diverged_network_is_neither_called_wrong_nor_verified() -> None:
    told = found(nn.LSTM(1, 4, batch_first=True))
    told["residuals"] = {**dict.fromkeys(told["residuals"], float("nan")), "jacobian": 1.0}
    assert broken_checks(told) == ["jacobian"]
    assert "Jacobians differs" in said_verified(told), "that one was compared"
    told["residuals"] = {**dict.fromkeys(told["residuals"], float("nan")), "backward": np.inf}
    assert "not finite" in said_verified(told)
    assert broken_checks(told) == [] and not is_verified(told)
    assert not any(row["broken"] for row in residual_rows(told))
