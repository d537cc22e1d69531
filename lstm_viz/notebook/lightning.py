"""A callback of Lightning that watches the module that is trained."""

from importlib import import_module
from typing import Any

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.ringing import Told
from lstm_viz.instruments.watch import watch
from lstm_viz.notebook.log import log
from lstm_viz.words import N_

PACKAGES = "lightning.pytorch", "pytorch_lightning"


def lightning_callback(every: int = 50, *, on_alarm: Told | None = None) -> Any:
    """A callback for `Trainer(callbacks=[...])`: `watch` of the module from the first batch to the
    end of `fit`, however that ends, as `callback.watcher`; and the numbers of each step that is
    kept go to the trainer's loggers.

    `every` and `on_alarm` are as in `watch`. Raises ConfigError where Lightning is not installed.
    """
    base: Any = _lightning().Callback

    class Watching(base):  # type: ignore[misc]
        """What the trainer calls."""

        def __init__(self) -> None:
            self.watcher: Any = None
            self._logged = 0

        def on_train_start(self, _trainer: Any, module: Any) -> None:
            self.watcher, self._logged = watch(module, every, on_alarm=on_alarm).start(), 0

        def on_train_batch_end(self, trainer: Any, *_: Any) -> None:
            for traces in self.watcher.history[-1:]:
                if traces.step > self._logged:
                    self._logged = traces.step
                    for logger in trainer.loggers:
                        log(traces, logger)

        def teardown(self, *_: Any, **_stage: Any) -> None:
            if self.watcher is not None:
                self.watcher.stop()

    return Watching()


def _lightning() -> Any:
    for package in PACKAGES:
        try:
            return import_module(package)
        except ImportError:
            continue
    raise ConfigError(
        N_("A Lightning callback needs Lightning. Install 'lightning' or 'pytorch-lightning'.")
    )
