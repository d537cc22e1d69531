"""See inside a model's recurrent layers from one's own training loop."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from torch import nn

from lstm_viz.errors import ConfigError, UnsupportedModelError, warn
from lstm_viz.instruments import doubts
from lstm_viz.instruments.choosing import Passes
from lstm_viz.instruments.completeness import doubts_of, refuse
from lstm_viz.instruments.hooks import keep_freed_memory
from lstm_viz.instruments.isolation import uncompiled
from lstm_viz.instruments.kept_cells import cells_of, with_flows
from lstm_viz.instruments.kept_traces import KeptTraces, save_history
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.listener import Listener
from lstm_viz.instruments.passes import History, Pass, nothing
from lstm_viz.instruments.readable import readable
from lstm_viz.instruments.ringing import Ringing, Told
from lstm_viz.instruments.sequences import passes_of
from lstm_viz.instruments.traces import Traces
from lstm_viz.measures.alarm_thresholds import USUAL, AlarmThresholds
from lstm_viz.measures.alarms import Alarm
from lstm_viz.words import N_, Sentence

Layers = Mapping[str, LayerTrace]
Unreadable = Mapping[str, UnsupportedModelError]


def watch(
    model: nn.Module,
    every: int | None = None,
    *,
    on_alarm: Told | None = None,
    thresholds: AlarmThresholds = USUAL,
) -> "Watcher":
    """See inside a model's recurrent layers while it trains, at the loop's own speed.

    A step pays for keeping copies of what the layers receive, of what they return and of their
    weights. What happened inside is worked out when `watcher.traces` is read; there stands what
    is shown, refused and warned of. The numbers of the training are bit for bit those of an
    unwatched one.

    `every`: keep the traces of every so manieth step in `watcher.history`, a step being a forward
    pass that a backward pass reached; beyond 256 MB every second one is dropped, and from then on
    half as many are kept. At each of them `alarms` are looked for (stuck gates, vanished gradients,
    dead units, exploded weights; not the loss, which a watcher does not see), and one that begins
    is told in a warning (LstmVizWarning), or to `on_alarm(alarm)`; an exception from there ends
    the loop. `watcher.alarms` has them all; `thresholds` say where they begin.

    Raises UnsupportedModelError for a model of which nothing can be watched, ConfigError for an
    `every` that is no whole number of at least 1.

    >>> import torch
    >>> lstm = nn.LSTM(input_size=1, hidden_size=4, batch_first=True)
    >>> with watch(lstm) as watcher:
    ...     for _ in range(3):
    ...         lstm(torch.rand(2, 30, 1))[0][:, -1].square().mean().backward()
    >>> watcher.traces["l0"].grad_norm("hidden").shape
    (2, 30)
    """
    return Watcher(model, every, on_alarm, thresholds)


class Watcher:
    """What `watch` gives: `traces` and `history`, readable at any time, also after the block.

    Started and stopped by its `with` block, or by `start()` and `stop()`.
    """

    def __init__(
        self,
        model: nn.Module,
        every: int | None = None,
        on_alarm: Told | None = None,
        thresholds: AlarmThresholds = USUAL,
    ) -> None:
        self._kept = None if every is None else KeptTraces(every)
        self.every = every
        """Steps from one that is kept to the next, as it was asked for; None without a history."""
        self._ringing = Ringing(on_alarm, thresholds)
        self._hearing: list[Callable[[], None]] = []
        self._told_of_no_backward = False
        # What torch.compile wraps, so that the keys are those of the model itself.
        self._model = uncompiled(model)
        self._layers, self._unreadable = readable(self._model, subclasses=True)
        self._started = False
        self._history = History()
        self._listener = Listener(self._history)
        self._read: tuple[Pass, int, Layers, Unreadable, Passes] | None = None
        self._newest: Passes = []
        """Of the last step that `history` has."""

    @property
    def traces(self) -> Traces:
        """The traces of the last forward pass that a backward pass reached, keyed as by `trace`.

        Before the first one: of the last forward pass, without derivatives. A forward pass is a
        call of the model; or the calls of its layers from outside of it, up to a backward pass;
        in one thread. Validation beside it, under `no_grad`, is no part of it.

        Calls of a layer that go on from its last state, in a pass or in several under one
        backward pass, are one sequence; others are passes of their own: see `trace`.

        The derivatives are those of `backward`, as this pass adds them to `.grad` of the weights
        and of inputs that are leaves, in one call or several, with or without `inputs`. What
        `torch.autograd.grad` or `torch.func` is asked for is no part of them. Of a loss that
        `torch.amp.GradScaler` scaled they are those of the loss itself. A layer whose weights and
        input are all frozen has none, and one that the loss does not reach has 0.
        In half precision or autocast h_t and c_t are as the layer rounded them, step by step; an
        LSTM is run once more for that, which takes time. Two readings give the same arrays.

        - Raises ConfigError for a watcher that was never started.
        - Raises UnsupportedModelError for a layer inside of a reentrant checkpoint; a backward pass
          through a derivative of the model; a pass without any layer; calls from outside of the
          model without an end; and where no layer can be shown: dropout or zoneout inside of it
          on a GPU, an output or last state that does not follow from its equations.
        - Warns (LstmVizWarning) of all that is missing, and says it in `left_out`: one layer of
          several that cannot be shown; the whole before the model ran, layers
          that were not called as modules in this pass or came into the model later,
          derivatives where only `torch.autograd.grad` went through it,
          other forward passes that the backward pass went through, what came before
          the last piece of a sequence without one; and of layers that were called from outside
          of the model and may belong to another pass.
        """
        if not self._started:
            raise ConfigError(
                N_("This watcher was never started. Start it before the loop: 'with watch(model) "
                   "as watcher:'.")
            )  # fmt: skip
        current = self._history.shown
        if current is None:
            warn(
                N_("The watched model has not run yet. Call it inside the 'with' block.")
            )  # fmt: skip
            return Traces({})
        traces, found = self._view(current)
        doubts.say(found)
        return traces

    @property
    def history(self) -> tuple[Traces, ...]:
        """What `every` had kept, in order: each says by `step` of which step it is.

        They are thinned evenly where they take too much room, so that they cover the whole
        training. A step that could not be shown has no layers, and its reason is in `left_out`.
        Warns of what is missing from them, as `traces` does. Raises ConfigError where `every` was
        not said.
        """
        if self._kept is None:
            raise _no_history()
        self._keep_history()
        shown = self._history.shown
        asked = shown is not None and shown.only_asked and not shown.arrivals
        doubts.say([*self._kept.doubts, *([doubts.ONLY_ASKED] if asked else [])])
        return self._kept.traces

    def save(self, path: str | Path, *, samples: int | None = None) -> None:
        """Write `history` as an .npz file, numbers and names without pickle: `lstm_viz.open` gives
        it back, and the app's first page opens it. Of each batch all, or the first `samples`: the
        app shows 4, of a file of at most 64 MB. Raises ConfigError where `every` was not said, or
        nothing was kept so far, and for `samples` below 1.
        """
        whole = isinstance(samples, int) and not isinstance(samples, bool)
        if samples is not None and not (whole and samples > 0):
            raise ConfigError(
                N_("The 'samples' must be a whole number of at least 1, got {got!r}."), got=samples
            )
        save_history(self.history, path, cells_of(self._newest), samples)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What went wrong at the steps of `history`, each at the `step` at which it began, as
        `lstm_viz.alarms` says it. Raises ConfigError where `every` was not said.
        """
        if self._kept is None:
            raise _no_history()
        self._keep_history()
        return self._ringing.begun

    def _keep_history(self) -> None:
        """Before a pass begins: keep the one before it, if it trained and its turn has come."""
        current = self._history.with_backward
        if self.only_forward and not self._told_of_no_backward:
            self._told_of_no_backward = True
            self._tell()
        if self._kept is not None and current is not None and self._kept.takes(current.number):
            try:
                traces, found = self._view(current)
                if self._read is not None:
                    self._newest = self._read[-1]
                    traces = with_flows(traces, self._newest)
            except UnsupportedModelError as error:
                traces, found = Traces({}, {"": str(error)}), []
                self._newest = []
            self._kept.keep(traces, found)
            self._tell()
            self._ringing.look(traces)

    def _view(self, current: Pass) -> tuple[Traces, list[Sentence]]:
        """The traces of a pass, and what is missing from them."""
        past = self._listener.passed_by
        passed_by = {path: past[path] for path in self._layers if path in past}
        refuse(current, self._model, self._layers, passed_by)
        if self._read is None or self._read[:2] != (current, current.arrivals):
            self._read = current, current.arrivals, *_replayed(current)
        *_, traces, of_pass, _found = self._read
        ran = {path for each in current.whole for path in each.paths}
        passed_by = {path: each for path, each in passed_by.items() if path not in ran}
        unreadable = {**self._unreadable, **passed_by, **of_pass}
        found = [doubts.unreadable(path, reason) for path, reason in unreadable.items()]
        of_calls, missing = doubts_of(current, self._model, self._layers, unreadable)
        reasons = {path: str(reason) for path, reason in unreadable.items()}
        return Traces(traces, {**missing, **reasons}), found + of_calls

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Begin to watch, as the `with` block does. Raises ConfigError where it is running."""
        if self._listener.handles:
            raise ConfigError(
                N_("This watcher is running already. Leave its first 'with' block, or take "
                   "another one: 'watch(model)'.")
            )  # fmt: skip
        # It may have got others since `watch`.
        self._layers, self._unreadable = readable(self._model, subclasses=True)
        self._started = True
        self._history.before_a_pass = self._keep_history if self._kept else nothing
        self._listener.attach(self._model, self._layers)
        keep_freed_memory()
        return self

    def stop(self) -> None:
        """Leave the model as it was. What was seen stays; a watcher that does not run stays so."""
        self._keep_history()
        self._history.before_a_pass = nothing  # it would keep the watcher alive
        self._listener.detach()
        self._tell()

    @property
    def running(self) -> bool:
        """Whether it watches now."""
        return bool(self._listener.handles)

    @property
    def only_forward(self) -> bool:
        """Whether the model ran, and no backward pass has reached it so far."""
        return self._history.with_backward is None and self._history.shown is not None

    def hear(self, hear: Callable[[], None]) -> None:
        """Call `hear` whenever `history` has got a step more, and when it stops; once, too, where a
        second forward pass begins before any backward pass.
        """
        self._hearing.append(hear)

    def _tell(self) -> None:
        for hear in self._hearing:
            hear()


def _no_history() -> ConfigError:
    return ConfigError(
        N_("This watcher keeps no history. 'watch(model, every=50)' keeps the traces of every "
           "50th step.")
    )  # fmt: skip


def _replayed(current: Pass) -> tuple[Layers, Unreadable, Passes]:
    recordings = [recording for each in current.whole for recording in each.recordings]
    if not current.arrivals:
        recordings = [replace(recording, gradients=None) for recording in recordings]
    found, left_out = passes_of(recordings, reached=bool(current.arrivals) and not current.by_model)
    return {name: each.trace for _, of in found for name, each in of.items()}, left_out, found
