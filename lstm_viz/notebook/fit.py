"""A training in a notebook: to its end with `fit`, or frame by frame with `frames`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from torch import nn

from lstm_viz.data.resolved import dataset_of
from lstm_viz.data.windows import WindowSpec
from lstm_viz.errors import ConfigError, DivergenceError
from lstm_viz.experiments.cell_options import misspelt
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.instruments.lasting import progress_bar
from lstm_viz.notebook.learning import dataset_from
from lstm_viz.notebook.result import Result
from lstm_viz.numerals import numeral
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Frame
from lstm_viz.training.fit import frames_of
from lstm_viz.training.loop import Training
from lstm_viz.training.own_module import OwnTraining, described
from lstm_viz.words import N_

CUTTING = tuple(field.name for field in fields(WindowSpec))


def fit(
    settings: Settings | Experiment | nn.Module | None = None,
    dataset: Any = None,
    *,
    targets: str | Sequence[str] = (),
    features: Sequence[str] = (),
    progress: bool = True,
    **more: Any,
) -> Result:
    """Train to the end, with the numbers that the app's run of the same experiment has.

    - `settings`: what to train and how. `Settings`; an `Experiment`, which names its data too; any
      `nn.Module` that reads (B, T, D) and answers (B, P), or (B, T, C) where a class is asked for
      at every step, and that is trained in place; or nothing, for the settings by name alone.
    - `dataset`: what to learn. A `Dataset`; arrays `(X, y)`, taken as they are; a column; a
      DataFrame with its `targets` and further `features`; or what `lstm_viz.read` gives. See
      `notebook.learning.dataset_from`.
    - `progress`: a bar, where tqdm is installed.
    - `more`: settings by name, such as `cell="gru"`, `epochs=20`, `learning_rate=1e-2`, and of a
      series `window`, `horizon`, `scaling`, `validation_share`, `test_share`.

    A module's classes are learned by the cross-entropy of its scores, two of them by the binary one
    where it gives one score, numbers by the mean squared error; `loss` names another. Scores are
    those before a sigmoid or softmax, which the loss applies itself.

    Raises ConfigError and DataError for what cannot be trained; UnsupportedModelError for a module
    without a layer that can be traced; DivergenceError for a NaN or infinite loss: what was
    measured up to there is the `result` of the error. Warns (LstmVizWarning) of a layer of a
    module that cannot be traced, and where the answer to a sample depends on the others of its
    batch, as where a layer takes time first.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> data = adding_problem(count=64, length=8)
    >>> result = fit(Settings.of(cell="gru", hidden_size=4, epochs=2), data, progress=False)
    >>> result
    Result of 2 epochs (4 updates, ended): GRU, 101 parameters, validation loss ...
    """
    training = _training(settings, dataset, targets, features, more)
    film = Film()
    result = Result(training, film)
    try:
        with progress_bar(progress, training.total_steps, "update") as bar:
            for frame in frames_of(training):
                film.append(frame)
                _show(bar, frame)
    except DivergenceError as error:
        result.diverged, result.state = error, "diverged"
        error.result = result  # type: ignore[attr-defined]
        error.add_note("What was measured up to there: the 'result' of this error.")
        raise
    return result


def frames(
    settings: Settings | Experiment | nn.Module | None = None,
    dataset: Any = None,
    *,
    targets: str | Sequence[str] = (),
    features: Sequence[str] = (),
    **more: Any,
) -> "Frames":
    """The same frame by frame: one of the untrained model, and then one whenever one is due.

    The caller owns the loop: an early stop, a plot are its own lines. Leaving the loop ends the
    training. `lstm_viz.film` of what this gives shows it live, and its `result` is what `fit`
    would give. Takes and raises what `fit` does; DivergenceError comes after the last good frame.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> data = adding_problem(count=64, length=8)
    >>> [frame.step for frame in frames(cell="gru", hidden_size=4, epochs=1, dataset=data)]
    [0, 1, 2]
    """
    return Frames(_training(settings, dataset, targets, features, more))


class Frames(Iterator[Frame]):
    """The frames of a training that goes on as they are asked for."""

    def __init__(self, training: Training) -> None:
        self._film = Film()
        self._frames = frames_of(training)
        self._hearing: list[Callable[[], None]] = []
        self.result = Result(training, self._film)
        """The training as it stands."""
        self.result.state = "training"

    @property
    def running(self) -> bool:
        """Whether there may be another frame."""
        return self.result.state == "training"

    def __iter__(self) -> Iterator[Frame]:
        """The frames from here on. What a loop takes them from goes when the loop is left, by
        `break` or an exception too, and the training ends with it.
        """
        try:
            while (frame := next(self, None)) is not None:
                yield frame
        finally:
            self.close()

    def __next__(self) -> Frame:
        try:
            frame = next(self._frames)
        except StopIteration:
            self._end("finished")
            raise
        except DivergenceError as error:
            self.result.diverged = error
            self._end("diverged")
            raise
        self._film.append(frame)
        self._tell()
        return frame

    def close(self) -> None:
        """End the training here."""
        self._end("stopped")

    def hear(self, hear: Callable[[], None]) -> None:
        """Call `hear` whenever there is another frame, and at the end."""
        self._hearing.append(hear)

    def _end(self, state: str) -> None:
        if self.running:
            self._frames = iter(())
            self.result.state = state
            self._tell()

    def _tell(self) -> None:
        for hear in self._hearing:
            hear()


def _training(
    settings: Any, dataset: Any, targets: Any, features: Sequence[str], more: dict[str, Any]
) -> Training:
    for name in more:
        if error := misspelt(name, ("cell", *LIMITS, *CUTTING)):
            raise error
    cutting = {name: more.pop(name) for name in CUTTING if name in more}
    if isinstance(settings, Experiment):
        if dataset is not None:
            raise ConfigError(N_("An Experiment names its data: give no others."))
        settings, dataset = settings.settings, dataset_of(settings.data)
    if dataset is None:
        raise ConfigError(
            N_("There is nothing to learn from. Give a Dataset, (X, y), a column or a DataFrame.")
        )
    data = dataset_from(dataset, WindowSpec(**cutting) if cutting else None, targets, features)
    if isinstance(settings, nn.Module):
        return OwnTraining(settings, described(settings, more), data)
    if settings is None:
        return Training(Settings.of(**more), data)
    if not isinstance(settings, Settings):
        raise ConfigError(
            N_("Give Settings, an Experiment or an nn.Module to train, got {got}."),
            got=type(settings).__name__,
        )
    return Training(settings.changed(**more) if more else settings, data)


def _show(bar: Any, frame: Frame) -> None:
    if bar is not None:
        bar.update(frame.step - bar.n)
        bar.set_postfix(loss=numeral(frame.validation_loss), refresh=False)
