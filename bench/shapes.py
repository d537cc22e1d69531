"""What a trace of packed and of stepped sequences costs: `python -m bench.shapes`.

Ratios of the processor's own time, contenders in turn. A trace runs the model once, in float64: a
loop that the model makes is the model's own, with nothing traced. So beside the whole trace stands
what it takes beyond that one run.
"""

import copy
import statistics
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from bench.instruments import B, D, H, T, last_step
from lstm_viz import trace


class Packs(nn.Module):
    """A layer that gets its batch packed, all but one sequence a little shorter."""

    def __init__(self, lstm: nn.LSTM) -> None:
        super().__init__()
        self.lstm = lstm

    def forward(self, x: Tensor) -> tuple[Tensor, object]:
        lengths = torch.full((len(x),), x.shape[1])
        lengths[1:] -= 5
        output, last = self.lstm(pack_padded_sequence(x, lengths, batch_first=True))
        return pad_packed_sequence(output, batch_first=True)[0], last


class Steps(Packs):
    """The same layer, called step by step."""

    def forward(self, x: Tensor) -> tuple[Tensor, object]:
        state, outputs = None, []
        for x_t in x.split(1, dim=1):
            output, state = self.lstm(x_t, state)
            outputs.append(output)
        return torch.cat(outputs, dim=1), state


class Cells(nn.Module):
    """A cell in a loop of the model's own."""

    def __init__(self, cell: nn.LSTMCell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor) -> tuple[Tensor, object]:
        state, outputs = None, []
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state


def main(rounds: int = 15) -> None:
    torch.set_num_threads(1)
    lstm, x, targets = nn.LSTM(D, H, batch_first=True), torch.randn(B, T, D), torch.zeros(B, H)
    models = {
        "in one padded call": lstm,
        "packed": Packs(lstm),
        f"in {T} calls of the layer": Steps(lstm),
        f"in {T} steps of a cell": Cells(nn.LSTMCell(D, H)),
    }
    doubles = {name: copy.deepcopy(model).double() for name, model in models.items()}
    traced, alone, ran = ({name: list[float]() for name in models} for _ in range(3))
    for each in range(rounds + 1):
        for name, model in models.items():
            begin = time.process_time()
            trace(model, x, loss_fn=last_step, targets=targets)
            middle = time.process_time()
            last_step(model(x), targets).backward()
            end = time.process_time()
            with torch.no_grad():
                doubles[name](x.double())
            if each:  # the first round does not count
                traced[name].append(1e3 * (middle - begin))
                alone[name].append(1e3 * (end - middle))
                ran[name].append(1e3 * (time.process_time() - end))
    padded = "in one padded call"
    print("| LSTM | trace, ms | to the padded one | the model's own training step, ms |"
          " to the padded one | trace to it | trace beyond one run of the model, ms |"
          " to the padded one |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    middles = [
        {name: statistics.median(values) for name, values in each.items()}
        for each in (traced, alone, ran)
    ]
    for name in models:
        (found, own, run), (first, step, once) = ([m[n] for m in middles] for n in (name, padded))
        print(f"| {name} | {found:.1f} | {found / first:.2f}x | {own:.1f} | {own / step:.2f}x |"
              f" {found / own:.2f}x | {found - run:.1f} |"
              f" {(found - run) / (first - once):.2f}x |")  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
