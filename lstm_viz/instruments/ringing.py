"""The alarms of a watched training: each is told once, when it begins."""

from collections.abc import Callable

from lstm_viz.errors import ConfigError, warn
from lstm_viz.instruments.traces import Traces
from lstm_viz.limits import check_kind
from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.measures.alarms import Alarm, alarms, sentence_of
from lstm_viz.words import N_

Told = Callable[[Alarm], object]


class Ringing:
    """What was wrong at the steps that were looked at, and is told when it was not so before."""

    def __init__(self, on_alarm: Told | None, thresholds: AlarmThresholds) -> None:
        if on_alarm is not None and not callable(on_alarm):
            raise ConfigError(
                N_("The 'on_alarm' of a watcher must be a function of an Alarm, got {got!r}."),
                got=on_alarm,
            )
        check_kind(thresholds, AlarmThresholds, "thresholds")
        self._tell, self._thresholds = on_alarm or _warn, thresholds
        self._begun: list[Alarm] = []
        self._now = set[tuple[object, ...]]()

    @property
    def begun(self) -> tuple[Alarm, ...]:
        """In the order of their steps."""
        return tuple(self._begun)

    def look(self, traces: Traces) -> None:
        """Tell of what is wrong in the traces of a step, and was not in those looked at before."""
        found = {alarm.what: alarm for alarm in alarms(traces, thresholds=self._thresholds)}
        new = [alarm for what, alarm in found.items() if what not in self._now]
        self._now = set(found)
        self._begun += new
        for alarm in new:
            self._tell(alarm)


def _warn(alarm: Alarm) -> None:
    warn(N_("At step {step}: {alarm}"), step=alarm.step, alarm=sentence_of(alarm))
