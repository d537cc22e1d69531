"""The LSTM whose gates somebody sets: its diagram."""

from dataclasses import replace

from lstm_viz.models.diagram import BUS, ROW, Diagram, Port, Telling, Way
from lstm_viz.models.lstm_diagram import lstm
from lstm_viz.models.lstm_ways import G
from lstm_viz.words import N_


def by_hand_diagram() -> Diagram:
    """The LSTM's diagram without what sets its gates: you do, and the candidate is x_t."""
    whole = lstm()
    letters = {"forget": "f", "input": "i", "output": "o"}
    operations = []
    for operation in whole.operations:
        if operation.id == "bus":
            continue
        if operation.id in letters:
            means = operation.forward.means
            set_by_you = Telling(f"{letters[operation.id]}_t", f"{{{operation.id}}}", means)
            operations.append(replace(operation, sign=N_("set"), forward=set_by_you))
        elif operation.id == "candidate":
            read = Telling("g_t = x_t", "{candidate}", N_("Here the candidate is the input."))
            operations.append(replace(operation, sign="=", forward=read))
        else:
            operations.append(operation)
    ways = [way for way in whole.ways if not way.id.endswith(".a")]
    ways = [way for way in ways if way.id not in ("h_before", "x")]
    read_in = Way("x", [(G, BUS + 24), (G, ROW + 32)], "candidate", look="candidate")
    ports = [port for port in whole.ports if port.id not in ("h_before", "x")]
    return replace(
        whole,
        title=N_("An LSTM cell whose gates you set"),
        operations=operations,
        ways=[*ways, read_in],
        ports=[*ports, Port("x", "x_t", (G, BUS + 46))],
    )
