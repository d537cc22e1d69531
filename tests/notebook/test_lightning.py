"""Lightning's own trainer with the callback: what is watched, what is logged, what is left."""

import sys
from typing import Any

import pytest
import torch
from torch import nn

from lstm_viz import ConfigError, lightning_callback


@pytest.mark.filterwarnings("ignore")  # Lightning has a few to say
def test_a_module_is_watched_while_the_trainer_trains_it() -> None:
    pl = pytest.importorskip("pytorch_lightning", reason="Lightning is not installed")

    class Module(pl.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.head = nn.LSTM(2, 3, batch_first=True), nn.Linear(3, 1)

        def training_step(self, batch: Any, _: int) -> Any:
            return self.head(self.lstm(batch)[0][:, -1]).square().mean()

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.1)

    class Kept(pl.loggers.Logger):  # type: ignore[misc, name-defined]
        name, version = "kept", 0

        def __init__(self) -> None:
            super().__init__()
            self.metrics: list[tuple[int, dict[str, float]]] = []

        def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
            self.metrics.append((step or 0, dict(metrics)))

        def log_hyperparams(self, *_: Any) -> None:
            pass

    def trained(*callbacks: Any) -> tuple[Any, Kept]:
        torch.manual_seed(0)
        module, logger = Module(), Kept()
        trainer = pl.Trainer(
            max_epochs=1, logger=logger, callbacks=[*callbacks], accelerator="cpu",
            enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
        )  # fmt: skip
        trainer.fit(module, torch.utils.data.DataLoader(torch.randn(7, 4, 2), batch_size=1))
        return module, logger

    callback = lightning_callback(every=2)
    module, logger = trained(callback)
    plain, _ = trained()
    history = callback.watcher.history
    assert [traces.step for traces in history] == [2, 4, 6]
    written = [(step, found) for step, found in logger.metrics if "lstm.l0/saturation" in found]
    assert written == [(traces.step, traces.scalars()) for traces in history]
    assert all(map(torch.equal, module.parameters(), plain.parameters()))
    assert not module.lstm._forward_hooks and not module._forward_pre_hooks


def test_without_lightning_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lightning.pytorch", "pytorch_lightning"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match="Install 'lightning' or 'pytorch-lightning'"):
        lightning_callback()
