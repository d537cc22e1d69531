"""Cells as people write them, and the equations of their steps a second time."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

B, T, D, H, S = 3, 6, 4, 5, 2


class Kept(nn.Module):
    """Keeps the tensors inside of its own `forward`, in float64: the reference."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, list[Tensor]] | None = None

    def keep(self, name: str, tensor: Tensor) -> Tensor:
        if self.kept is not None:
            tensor = tensor * 1.0
            tensor.retain_grad()
            self.kept[name].append(tensor)
        return tensor

    def array(self, name: str, *, grad: bool = False) -> np.ndarray:
        assert self.kept is not None
        found = [t.grad if grad else t.detach() for t in self.kept[name]]
        like = torch.zeros_like(self.kept[name][0])
        return torch.stack([like if each is None else each for each in found], 1).numpy()


class Peephole(Kept):
    def __init__(self) -> None:
        super().__init__()
        self.of_x, self.of_h = nn.Linear(D, 4 * H), nn.Linear(H, 4 * H, bias=False)
        self.of_c = nn.Parameter(torch.randn(3, H))

    def forward(self, x: Tensor, state: Any = None) -> Any:
        h, c = state or (x.new_zeros(len(x), H),) * 2
        x = self.keep("x", x)
        i, f, g, o = (self.of_x(x) + self.of_h(h)).chunk(4, 1)
        i, f = self.keep("input", i + self.of_c[0] * c), self.keep("forget", f + self.of_c[1] * c)
        g = self.keep("candidate", g)
        c = self.keep("cell", f.sigmoid() * c + i.sigmoid() * g.tanh())
        o = self.keep("output", o + self.of_c[2] * c)
        h = self.keep("hidden", o.sigmoid() * c.tanh())
        return h, c


def peephole(cell: Any, x: Tensor, states: Any, gate: Any) -> Any:
    h, c = states
    a = cell.of_x(x) + cell.of_h(h)
    c_new = gate("forget", a[:, H : 2 * H] + cell.of_c[1] * c) * c
    c_new = c_new + gate("input", a[:, :H] + cell.of_c[0] * c) * gate("candidate", a[:, 2 * H : -H])
    return gate("output", a[:, -H:] + cell.of_c[2] * c_new) * torch.tanh(c_new), c_new


class Normalised(Kept):
    """The layer-normalised cell that returns (h, (h, c))."""

    def __init__(self) -> None:
        super().__init__()
        self.of_x, self.of_h = nn.Linear(D, 4 * H), nn.Linear(H, 4 * H)
        self.norm_x, self.norm_h, self.norm_c = (nn.LayerNorm(k) for k in (4 * H, 4 * H, H))

    def forward(self, x: Tensor, state: Any = None) -> Any:
        h, c = state or (x.new_zeros(len(x), H),) * 2
        x = self.keep("x", x)
        a = (self.norm_x(self.of_x(x)) + self.norm_h(self.of_h(h))).chunk(4, 1)
        names = ("input", "forget", "candidate", "output")
        i, f, g, o = (self.keep(name, each) for name, each in zip(names, a, strict=True))
        c = self.keep("cell", f.sigmoid() * c + i.sigmoid() * g.tanh())
        h = self.keep("hidden", o.sigmoid() * self.norm_c(c).tanh())
        return h, (h, c)


def normalised(cell: Any, x: Tensor, states: Any, gate: Any) -> Any:
    h, c = states
    i, f, g, o = (cell.norm_x(cell.of_x(x)) + cell.norm_h(cell.of_h(h))).chunk(4, 1)
    c = gate("forget", f) * c + gate("input", i) * gate("candidate", g)
    return gate("output", o) * cell.norm_c(c).tanh(), c


class EALSTM(Kept):
    """The input gate comes from static attributes alone (Kratzert et al. 2019)."""

    batch_first = True

    def __init__(self) -> None:
        super().__init__()
        self.of_static = nn.Linear(S, H)
        self.of_x, self.of_h = nn.Linear(D, 3 * H), nn.Linear(H, 3 * H, bias=False)

    def forward(self, x_d: Tensor, x_s: Tensor) -> Any:
        h = c = x_d.new_zeros(len(x_d), H)
        found = []
        for x_t in x_d.unbind(1):
            x = self.keep("x", x_t)
            i = self.keep("input", self.of_static(x_s))
            f, g, o = (self.of_x(x) + self.of_h(h)).chunk(3, 1)
            f, g, o = self.keep("forget", f), self.keep("candidate", g), self.keep("output", o)
            c = self.keep("cell", f.sigmoid() * c + i.sigmoid() * g.tanh())
            h = self.keep("hidden", o.sigmoid() * c.tanh())
            found.append(h)
        return torch.stack(found, 1), (h, c)


def ealstm(cell: Any, x: Tensor, states: Any, gate: Any, static: Tensor) -> Any:
    h, c = states
    f, g, o = (cell.of_x(x) + cell.of_h(h)).chunk(3, 1)
    c = gate("forget", f) * c + gate("input", cell.of_static(static)) * gate("candidate", g)
    return gate("output", o) * c.tanh(), c


class Minimal(Kept):
    """One state, one gate; it returns the whole sequence and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.of_x, self.of_h = nn.Linear(D, 2 * H), nn.Linear(H, H)

    def forward(self, x: Tensor) -> Tensor:
        h, found = x.new_zeros(x.shape[1], H), []
        for each in x:
            x_t = self.keep("x", each)
            a_z, a_n = self.of_x(x_t).chunk(2, 1)
            a_z, a_n = self.keep("update", a_z + h), self.keep("candidate", a_n + self.of_h(h))
            z = a_z.sigmoid()
            h = self.keep("hidden", (1 - z) * a_n.sin() + z * h)
            found.append(h)
        return torch.stack(found)


def minimal(cell: Any, x: Tensor, states: Any, gate: Any) -> Tensor:
    (h,) = states
    a_z, a_n = cell.of_x(x).chunk(2, 1)
    z = gate("update", a_z + h)
    return (1 - z) * gate("candidate", a_n + cell.of_h(h), torch.sin) + z * h


class Model(nn.Module):
    """A GRU below the cell, so that the gradient goes on; all of it in `forward`."""

    def __init__(self, cell: type[Kept]) -> None:
        super().__init__()
        self.below, self.cell = nn.GRU(D, D, batch_first=True), cell()
        self.head = nn.Linear(H, 1)

    def forward(self, x: Tensor, static: Tensor) -> Tensor:
        x = self.below(x)[0]
        if isinstance(self.cell, EALSTM):
            hidden = self.cell(x, static)[0]
        elif isinstance(self.cell, Minimal):
            hidden = self.cell(x.transpose(0, 1)).transpose(0, 1)
        else:
            state, steps = None, []
            for x_t in x.unbind(1):
                given = self.cell(x_t, state)
                state = given[1] if isinstance(given[1], tuple) else given
                steps.append(given[0])
            hidden = torch.stack(steps, 1)
        return self.head(hidden)[..., 0]
