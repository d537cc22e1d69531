"""What a trace of packed and of stepped sequences costs: `python -m bench.shapes`. Ratios."""

import sys

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from bench.instruments import B, D, H, T, last_step, medians
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


def main(rounds: int = 15) -> None:
    torch.set_num_threads(1)
    lstm, x, targets = nn.LSTM(D, H, batch_first=True), torch.randn(B, T, D), torch.zeros(B, H)
    models = {"padded": lstm, "packed": Packs(lstm), "stepped": Steps(lstm)}

    def steps_alone() -> None:
        last_step(models["stepped"](x), targets).backward()

    found = medians(
        {
            name: lambda model=model: trace(model, x, loss_fn=last_step, targets=targets)
            for name, model in models.items()
        }
        | {"alone": steps_alone},
        rounds,
    )
    packed, stepped = (found[name] / found["padded"] for name in ("packed", "stepped"))
    print(
        f"trace of the same data packed {packed:.2f}x (target 1.50x), in {T} steps {stepped:.2f}x;"
        f" a training step of that loop alone takes {found['alone'] / found['padded']:.2f}x"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
