"""What a film shows of traces: of a watched loop of one's own, or of a single pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.figures.saved_film import SavedFilm
from lstm_viz.figures.trace_film import TracedMoment, TraceFilm, trace_film
from lstm_viz.instruments.choosing import known_name
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.watch import Watcher
from lstm_viz.measures.packed import is_reverse
from lstm_viz.runs.reduced import reduced
from lstm_viz.words import N_, _, ngettext

NOT_YET = N_("Nothing measured yet: this film begins with its loop.")
ONLY_FORWARD = N_("The model ran, but no 'backward' yet: it shows the steps of a training.")


@dataclass(frozen=True)
class _Chosen:
    """One layer in each of the traces that have it, on one sample of the batch at hand."""

    traces: Sequence[Traces]
    layer: str
    sample: int
    steps: int
    """T: shorter batches are padded with what is no number."""
    short: int
    """How many more have this layer, in a batch without this sample."""
    newest_is_short: bool

    @property
    def gradients(self) -> bool:
        return any(traces[self.layer].grad_hidden is not None for traces in self.traces)

    @property
    def newest(self) -> TracedMoment:
        return self.moment(self.traces[-1])

    def moment(self, traces: Traces) -> TracedMoment:
        return _moment(traces.step or 0, traces[self.layer], self.layer, self.steps)

    def film(self, name: str) -> TraceFilm:
        return trace_film(self.newest, self.sample, name, gradients=self.gradients)


class TracedSource:
    """A film of traces, where they may become more."""

    def __init__(
        self, what: Watcher | Sequence[Traces], layer: object, sample: object, title: str | None
    ) -> None:
        self._what, self._layer, self._sample, self._title = what, layer, sample, title

    @property
    def feeding(self) -> Watcher | None:
        """Who may have more of them later."""
        return self._what if isinstance(self._what, Watcher) and self._what.every else None

    @property
    def live(self) -> bool:
        return self.feeding is not None and self.feeding.running

    @property
    def missing(self) -> str:
        return ONLY_FORWARD if self.feeding and self.feeding.only_forward else NOT_YET

    @property
    def steps(self) -> list[int]:
        return [traces.step or 0 for traces in self._chosen().traces] if self._kept else []

    @property
    def shape(self) -> object:
        chosen = self._chosen()
        return chosen.steps, chosen.traces[-1][chosen.layer].hidden.shape[-1], chosen.gradients

    def saved(self, name: str, *, live: bool = False) -> SavedFilm:
        chosen = self._chosen()
        several = live or len(chosen.traces) > 1 or chosen.traces[-1].step is not None
        called = self._title or (_("A watched training") if several else _("A trace"))
        moments = [chosen.moment(traces) for traces in chosen.traces]
        return chosen.film(name).saved(moments, called, _said(chosen, several=several), live=live)

    def news(self, name: str) -> tuple[str, list[bytes]]:
        chosen = self._chosen()
        moments = [] if chosen.newest_is_short else [chosen.film(name).message(chosen.newest)]
        return _said(chosen, several=True), moments

    @property
    def _kept(self) -> list[Traces]:
        what = self._what
        if isinstance(what, Watcher):
            what = what.history if what.every else [what.traces]
        return [traces for traces in what if traces]

    def _chosen(self) -> _Chosen:
        """Raises ConfigError for a layer or a sample that there is not."""
        whole = self._kept
        if not whole:
            raise ConfigError(N_("These traces hold no layer: there is no film of them."))
        name = known_name(self._layer, whole[-1])
        width = whole[-1][name].hidden.shape[-1]
        found = [t for t in whole if name in t and t[name].hidden.shape[-1] == width]
        most = max(len(traces[name].hidden) for traces in found)
        sample = sample_from_zero(self._sample, most)
        long = [traces for traces in found if len(traces[name].hidden) > sample]
        steps = max(traces[name].hidden.shape[1] for traces in long)
        short = len(found) - len(long)
        return _Chosen(long, name, sample, steps, short, found[-1] is not long[-1])


def sample_from_zero(sample: object, count: int) -> int:
    """The number of an example. Raises ConfigError where there are not so many."""
    whole = isinstance(sample, Integral) and not isinstance(sample, bool)
    if not whole or not 0 <= int(sample) < count:  # type: ignore[call-overload]
        raise ConfigError(
            N_("The 'sample' must be between 0 and {last}, got {got!r}."),
            last=count - 1,
            got=sample,
        )
    return int(sample)  # type: ignore[call-overload,no-any-return]


def _said(chosen: _Chosen, *, several: bool) -> str:
    newest = chosen.traces[-1]
    words = _("{layer} ({kind}), sample {number} of the batch.")
    if several:
        words = _(
            "{layer} ({kind}), sample {number} of each batch. The last moment: update {step}."
        )
    kind = newest[chosen.layer].kind
    number = chosen.sample + 1
    said = words.format(layer=chosen.layer, kind=kind, number=number, step=newest.step)
    left_out = ngettext(
        "{count} step is left out: its batch has no sample {number}.",
        "{count} steps are left out: their batches have no sample {number}.",
        chosen.short,
    ).format(count=chosen.short, number=number)
    return f"{said} {left_out}" if chosen.short else said


def _moment(step: int, trace: LayerTrace, name: str, steps: int) -> TracedMoment:
    whole = _padded(trace, steps)
    last = np.full(len(whole.hidden), 0 if is_reverse(name) else steps - 1)
    frame = reduced(whole, {}, last, reverse=is_reverse(name), reads=True)
    return TracedMoment(step, frame)


def _padded(trace: LayerTrace, steps: int) -> LayerTrace:
    """With NaN up to so many steps, and for gradients that were not traced."""

    def pad(values: Array) -> Array:
        missing = steps - values.shape[1]
        return np.pad(values, ((0, 0), (0, missing), (0, 0)), constant_values=np.nan)

    def or_nothing(values: Array | None, like: Array) -> Array:
        return pad(np.full_like(like, np.nan) if values is None else values)

    cell = trace.cell
    return replace(
        trace,
        input=pad(trace.input),
        hidden=pad(trace.hidden),
        cell=None if cell is None else pad(cell),
        gates={gate: pad(values) for gate, values in trace.gates.items()},
        grad_hidden=or_nothing(trace.grad_hidden, trace.hidden),
        grad_cell=None if cell is None else or_nothing(trace.grad_cell, cell),
        inner_cell=None if trace.inner_cell is None else pad(trace.inner_cell),
    )
