"""What a training leaves: the model, how it learned, and what to ask it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from lstm_viz.data.dataset import PARTS, Dataset, Part, Scaler, Values, evenly
from lstm_viz.errors import ConfigError, DataError, DivergenceError, LstmVizError
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.instruments.layer_trace import package_for, pandas_for
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.traces import Traces
from lstm_viz.models.cells import cell_of
from lstm_viz.numerals import numeral
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.reduced import MAX_UNITS
from lstm_viz.runs.run import DIVERGED, Run
from lstm_viz.runs.saved_run import SavedRun
from lstm_viz.training import optimising, predicting
from lstm_viz.training.loop import Training
from lstm_viz.training.own_module import OwnNetwork
from lstm_viz.training.questions import MAX_STEPS
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd

    from lstm_viz.notebook.film import Film as Drawn
    from lstm_viz.notebook.trace_plots import Chart


class Result:
    """A training as it ended. It is read frame by frame, too: `for frame in result`."""

    def __init__(
        self, training: Training | None, film: Film, opened: SavedRun | None = None
    ) -> None:
        self._trained = training
        self._film = film
        self._opened = opened
        self.state = opened.run.state if opened else "finished"
        """Or "training", "stopped", "diverged"; "recorded" of a recording."""
        self.diverged: DivergenceError | None = None
        """Why it ended before its end; the weights are those before the update that diverged."""
        if opened and self.state == "diverged":
            self.diverged = DivergenceError(DIVERGED, step=opened.run.step + 1)

    @property
    def _training(self) -> Training:
        if self._trained is None:
            raise ConfigError(
                N_("A saved run holds a module's weights, not its code. Give lstm_viz.open the "
                   "module, too: module=...")
            )  # fmt: skip
        return self._trained

    @property
    def model(self) -> nn.Module:
        """The trained network, or the module that was given."""
        network = self._training.model
        return network.module if isinstance(network, OwnNetwork) else network

    def state_dict(self) -> dict[str, torch.Tensor]:
        """The weights that it ended with, by their names in the model."""
        weights: dict[str, torch.Tensor] = self._training.model.state_dict()
        return weights

    @property
    def dataset(self) -> Dataset:
        """What it learned from."""
        return self.run.dataset

    @property
    def frames(self) -> list[Frame]:
        """The moments that were kept, at most 120 of them, oldest first."""
        return self._film.frames

    @property
    def film(self) -> "Drawn":
        """The film of its last layer on the first example; `lstm_viz.film` makes one of others."""
        from lstm_viz.notebook.film import film

        return film(self)

    @property
    def run(self) -> Run:
        """The same as the app knows a run."""
        if self._opened is not None:
            return self._opened.run
        training = self._training
        return Run(
            id="run",
            settings=training.settings,
            dataset=training.dataset,
            film=self._film,
            state=self.state,
            step=training.step_number,
            total_steps=training.total_steps,
            steps_per_epoch=training.steps_per_epoch,
            device=training.device.type,
            parameters=training.parameters,
            probe=training.probe,
        )

    @property
    def name(self) -> str:
        """What was trained."""
        if self._opened is not None:
            return self._opened.name
        if isinstance(self._training.model, OwnNetwork):
            return type(self.model).__name__
        return cell_of(self._training.settings.cell.kind).label

    @property
    def own(self) -> bool:
        """Whether that is a module of somebody's own."""
        if self._opened is not None:
            return self._opened.own
        return isinstance(self._training.model, OwnNetwork)

    def anatomy(self, layer: str, sample: int) -> Anatomy | None:
        """What each step of a layer is made of on one of the probe's examples; None where its steps
        cannot be taken apart.
        """
        if self._trained is None:
            return self._opened.anatomies.get(f"{layer}/{sample}") if self._opened else None
        network, probe = self._training.model, self._training.probe
        inputs = torch.from_numpy(probe.inputs[sample : sample + 1].copy())
        own = isinstance(network, OwnNetwork)
        try:
            whole = dissect(
                self.model,
                network.seen(inputs) if own else inputs,
                layer=layer,
                loss_fn=self._loss,
                targets=torch.from_numpy(probe.targets[sample : sample + 1].copy()),
            )
        except LstmVizError:
            return None
        return whole.cut(evenly(whole.hidden_size, MAX_UNITS), MAX_STEPS)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    @property
    def history(self) -> "pd.DataFrame":
        """A row for each time it was measured: epoch, step, losses, and the 2-norm of the parameter
        gradient before and after clipping. Needs pandas, or raises MissingExtraError.
        """
        frame: pd.DataFrame = pandas_for("history").DataFrame(self._film.history)
        return frame.astype({"step": int})

    def plot(self) -> "Chart":
        """Both losses over the training steps, as an Altair chart. Needs lstm_viz[notebook]."""
        plots = package_for("plot", "lstm_viz.notebook.trace_plots", "notebook")
        chart: Chart = plots.plot_losses(self.history)
        return chart

    def predict(self, x: Any, entity: str | None = None) -> Values:
        """What the model answers to x (n, T, D) or (n, T), in the units of the data.

        Of several series that were learned together x is of that `entity`.
        Of a series: (n, horizon, K) in its own unit, of its differences where they were taken.
        Of numbers: (n, P). Of two classes learned by one score: (n, 1) the probability of the
        second one of `dataset.classes`. Of others: (n, 1) or (n, T) classes by their names, which
        are whole numbers where those were learned; symbols by their codes, as x has them. Raises
        DataError for another shape, or where the series is not told.
        """
        data = self._of(entity)
        given = predicting.answers(self._output(self._inputs(x, data)), data.problem)
        if data.problem == "classes" and data.classes != data.symbols:
            return predicting.names_of(data.classes)[given]
        if data.answers is not None or data.problem != "regression":
            return given
        steps = given.reshape(len(given), data.horizon, len(data.target_names))
        return np.asarray(data.scaler.invert(steps.astype(np.float64)))

    def evaluate(self, part: Part | None = None) -> dict[str, float]:
        """How good its answers to all examples of a part are; of the test part, where there is one.

        `loss`: the mean of the loss it was trained on. Of numbers `mae` and `rmse`, the mean and
        the root mean square error in the data's own unit; of classes `accuracy`, the share of right
        answers. Raises ConfigError for a part that is unknown or empty.
        """
        data = self.dataset
        if part is None:
            part = "test" if data.count("test") else "validation"
        if part not in PARTS or not data.count(part):
            raise ConfigError(
                N_("No examples in the part {got!r}. Choose one of: {known}."),
                got=part,
                known=", ".join(each for each in PARTS if data.count(each)),
            )
        x, y = data.part(part)
        output, truth = self._output(x), torch.from_numpy(y.copy())
        losses = self._training._loss(output.double(), truth)
        loss = optimising.mean_loss(losses, optimising.scored(truth, data.problem)).item()
        if data.problem != "regression":
            right = predicting.accuracy(output, y, data.problem, data.judged_part(part))
            return {"loss": loss, "accuracy": right}
        width = len(data.target_names) if data.answers is None else y.shape[1]
        error = (output.numpy().astype(np.float64) - y).reshape(len(y), -1, width)
        if data.entities:
            pair = output.numpy(), y
            one, other = (data.in_raw_units(each, data.origins(part)) for each in pair)
            error = one - other
        elif data.scaler != Scaler():
            error = error * np.array(data.scaler.scales)[:width]
        return {
            "loss": loss,
            "mae": float(np.abs(error).mean()),
            "rmse": float(np.sqrt((error**2).mean())),
        }

    def trace(self, x: Any, targets: Any = None, entity: str | None = None) -> Traces:
        """What happens inside the model on x, as `predict` takes it: `lstm_viz.trace` of it.

        With `targets`, answers as the dataset has them, (n, P), (n, 1) or (n, T), gradients are
        traced too: of each sample's own mean loss.
        """
        network, device = self._training.model, next(self.model.parameters()).device
        inputs = torch.from_numpy(self._inputs(x, self._of(entity))).to(device)
        if isinstance(network, OwnNetwork):
            inputs = network.seen(inputs)
        if targets is None:
            return trace(self.model, inputs)
        wanted = np.asarray(targets)
        _, known = self.dataset.part("training")
        if wanted.shape != (len(inputs), *known.shape[1:]):
            raise DataError(
                N_("'targets' must be {wanted} for {count} samples, got {got}."),
                wanted=str((len(inputs), *known.shape[1:])),
                count=len(inputs),
                got=str(wanted.shape),
            )
        answers = torch.from_numpy(wanted.astype(known.dtype))
        return trace(self.model, inputs, loss_fn=self._loss, targets=answers.to(device))

    def save(self, path: str | Path) -> None:
        """Write an .npz file, numbers and names without pickle: what it learned from, every moment,
        and the weights. `lstm_viz.open` reads it, and so does the app's first page.
        """
        from lstm_viz.notebook.saving import saved_run

        saved_run(self).write(path)

    def __repr__(self) -> str:
        run, last = self.run, self.frames[-1] if self.frames else None
        state = run.state if run.state in ("diverged", "training") else "ended"
        loss = f", validation loss {numeral(last.validation_loss)}" if last else ""
        return (
            f"Result of {run.step / run.steps_per_epoch:g} epochs ({run.step} updates, {state}): "
            f"{self.name}, {run.parameters} parameters{loss}"
        )

    def _loss(self, output: Any, answers: torch.Tensor) -> torch.Tensor:
        """Each sample's own mean loss, summed."""
        network = self._training.model
        shaped = network.shaped(output) if isinstance(network, OwnNetwork) else output
        return self._training.probe_loss(shaped, answers)

    def _output(self, inputs: Values) -> torch.Tensor:
        return predicting.outputs(self._training.model, inputs)

    def _of(self, entity: str | None) -> Dataset:
        """What was learned, of one of several series alone."""
        names = self.dataset.entities
        if not names and entity is None:
            return self.dataset
        if entity not in names:
            raise DataError(
                N_('Say of which series x is: entity="...", one of {known}.'),
                known=", ".join(names[:8]) or "-",
            )
        return self.dataset.alone(names.index(entity))

    def _inputs(self, x: Any, data: Dataset) -> Values:
        """(n, T, D) as the model reads it, scaled as in training."""
        given = np.asarray(x.detach().cpu() if hasattr(x, "detach") else x)
        given = given[..., None] if given.ndim == 2 else given
        if given.ndim != 3 or given.shape[2] != data.values.shape[-1] or not given.size:
            raise DataError(
                N_("'x' must be (n, T, {width}), got {shape}."),
                width=data.values.shape[-1],
                shape=str(given.shape),
            )
        if data.symbols:
            if given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= len(data.symbols):
                raise DataError(
                    N_("'x' must hold the codes of symbols, whole numbers from 0 to {most}."),
                    most=len(data.symbols) - 1,
                )
            return given.astype(np.uint8)
        return np.asarray(data.scaler.apply(given.astype(np.float64)), np.float32)
