"""What the instruments cost: `python -m bench.instruments`. Ratios and medians, no promise.

Contenders run in turn, so that a busy moment of the machine falls on all of them.
"""

import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lstm_viz import (
    Settings,
    adding_problem,
    alarms,
    attribution,
    carousel,
    fixed_points,
    frames,
    gradient_map,
    trace,
    verify,
)
from lstm_viz.instruments.watch import Watcher, watch
from lstm_viz.training.laboratory import jacobian_fan
from lstm_viz.training.loop import Training

B, T, D, H = 8, 200, 1, 64
GATES = ("input", "forget", "candidate", "output")


def last_step(output: tuple[Tensor, object], targets: Tensor) -> Tensor:
    return (output[0][:, -1] - targets).square().mean()


def unrolled(lstm: nn.LSTM, x: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """What `trace` gives, from a Python loop over autograd."""
    W, U, b_W, b_U = (p.detach().requires_grad_() for p in lstm.parameters())
    h = c = x.new_zeros(len(x), lstm.hidden_size)
    steps = []
    for t in range(x.shape[1]):
        a = (x[:, t] @ W.T + b_W + h @ U.T + b_U).chunk(4, dim=-1)
        i, f, g, o = a[0].sigmoid(), a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        for watched in (*a, c, h):
            watched.retain_grad()
        steps.append((a, (i, f, g, o), c, h))
    output = torch.stack([h for *_, h in steps], dim=1)
    last_step((output, None), targets).backward()
    found = {"hidden": output, "cell": torch.stack([c for *_, c, _ in steps], dim=1)}
    for k, name in enumerate(GATES):
        found[name] = torch.stack([gates[k] for _, gates, _, _ in steps], dim=1)
        found[f"grad_{name}"] = torch.stack([a[k].grad for a, *_ in steps], dim=1)
    found["grad_hidden"] = torch.stack([h.grad for *_, h in steps], dim=1)
    found["grad_cell"] = torch.stack([c.grad for *_, c, _ in steps], dim=1)
    return found


def medians(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, contender in contenders.items():
            start = time.perf_counter()
            contender()
            times[name].append(1e3 * (time.perf_counter() - start))
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def bench_trace(rounds: int) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(D, H, batch_first=True)
    x, targets = torch.randn(B, T, D), torch.zeros(B, H)
    found = medians(
        {
            "trace": lambda: trace(lstm, x, loss_fn=last_step, targets=targets),
            "unrolled": lambda: unrolled(lstm, x, targets),
        },
        rounds,
    )
    ratio = found["trace"] / found["unrolled"]
    print(
        f"trace with gradients, LSTM B={B} T={T} H={H}: {found['trace']:.1f} ms against"
        f" {found['unrolled']:.1f} ms unrolled, {ratio:.2f}x (target 0.30x)"
    )


def bench_growth(rounds: int) -> None:
    lstm = nn.LSTM(D, H, batch_first=True)
    targets = torch.zeros(B, H)
    lengths = (T // 2, T, 2 * T)
    sequences = {steps: torch.randn(B, steps, D) for steps in lengths}
    found = medians(
        {
            str(steps): lambda x=x: trace(lstm, x, loss_fn=last_step, targets=targets)
            for steps, x in sequences.items()
        },
        rounds,
    )
    shown = ", ".join(f"T={steps} {each:.1f} ms" for steps, each in found.items())
    short, usual, long = found.values()
    print(f"growth with T: {shown}; doubling T costs {usual / short:.2f}x and {long / usual:.2f}x")


def read_anew(watcher: Watcher) -> None:
    """Read the traces as if for the first time: a second reading costs nothing."""
    watcher._read = None
    _ = watcher.traces


def bench_watch(rounds: int, steps: int = 5) -> None:
    x, targets = torch.randn(B, T, D), torch.zeros(B, H)
    lstm = nn.LSTM(D, H, batch_first=True)
    optimizer = torch.optim.Adam(lstm.parameters())

    def train(watcher: Watcher | None = None) -> None:
        for _ in range(steps):
            last_step(lstm(x), targets).backward()
            optimizer.step()
            optimizer.zero_grad()
            if watcher is not None:
                _ = watcher.traces

    def train_watched() -> None:
        with watch(lstm):
            train()

    def train_and_read() -> None:
        with watch(lstm) as watcher:
            train(watcher)

    found = medians({"plain": train, "watched": train_watched, "read": train_and_read}, rounds)
    plain, watched, read = (each / steps for each in found.values())
    print(
        f"training step, watched: {watched:.2f} ms against {plain:.2f} ms,"
        f" {watched / plain:.3f}x; reading its traces takes {read - watched:.1f} ms"
    )


def bench_reading(rounds: int, steps: int = 50) -> None:
    """A loop that reads the traces every 50 steps; to be run on one thread."""
    batch, time_steps = 32, 100
    x, targets = torch.randn(batch, time_steps, D), torch.zeros(batch, H)
    plain, watched = (nn.LSTM(D, H, batch_first=True) for _ in range(2))

    def train(lstm: nn.LSTM) -> None:
        optimizer = torch.optim.Adam(lstm.parameters())
        for _ in range(steps):
            last_step(lstm(x), targets).backward()
            optimizer.step()
            optimizer.zero_grad()

    def train_and_read() -> None:
        train(watched)
        _ = watcher.traces

    with watch(watched) as watcher:
        found = medians({"plain": lambda: train(plain), "read": train_and_read}, rounds)
    ratio = found["read"] / found["plain"]
    print(
        f"traces read every {steps} steps, LSTM B={batch} T={time_steps} H={H}:"
        f" {found['read']:.0f} ms against {found['plain']:.0f} ms, {ratio:.2f}x (target 1.10x)"
    )


def fan_and_exponents(steps: int, units: int) -> Callable[[], object]:
    """As the page asks for them: the Jacobians, their exponents, and 40 products taken apart."""
    data = adding_problem(20, steps)
    training = Training(Settings.of(cell="lstm", hidden_size=units), data)
    x, y = (torch.from_numpy(each[:1].copy()) for each in data.part("training"))
    return lambda: jacobian_fan(training, training.model, x, y, "recurrent.l0")


def carousel_of_steps(steps: int, units: int) -> Callable[[], object]:
    lstm, x = nn.LSTM(D, units, batch_first=True), torch.randn(1, steps, D)
    return lambda: carousel(lstm, x)


def map_of_steps(steps: int, units: int) -> Callable[[], object]:
    lstm, x = nn.LSTM(D, units, batch_first=True), torch.randn(1, steps, D)
    return lambda: gradient_map(lstm, x)


def integrated(steps: int, units: int) -> Callable[[], object]:
    lstm, x = nn.LSTM(D, units, batch_first=True), torch.randn(B, steps, D)
    return lambda: attribution(lstm, x, target=(-1, 0), method="integrated", steps=32)


def points(_steps: int, units: int) -> Callable[[], object]:
    lstm = nn.LSTM(3, units, batch_first=True)
    with torch.no_grad():
        lstm.weight_hh_l0.mul_(4)  # so that there are some
    return lambda: fixed_points(lstm, [0.0, 0.0, 0.0], starts=256)


def verification(steps: int, units: int) -> Callable[[], object]:
    lstm, x = nn.LSTM(D, units, batch_first=True), torch.randn(B, steps, D)
    return lambda: verify(lstm, x)


LABORATORY: dict[str, tuple[Callable[[int, int], Callable[[], object]], int, int, float]] = {
    "Jacobian fan and exponents": (fan_and_exponents, 200, 64, 0.5),
    "carousel": (carousel_of_steps, 200, 64, 0.5),
    "gradient map": (map_of_steps, 100, 32, 1.0),
    "fixed points, 256 starts": (points, 1, 16, 3.0),
    "integrated gradients, 32 steps": (integrated, 100, 32, 0.5),
    "verification": (verification, 200, 64, 0.5),
}
"""Instrument -> (what makes a call for T and H, the T and H of its target, seconds)."""


def processor(call: Callable[[], object], rounds: int) -> float:
    """Median milliseconds of the processor itself, which other programs do not lengthen."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        times.append(1e3 * (time.process_time() - began))
    return statistics.median(times)


def bench_laboratory(rounds: int) -> None:
    """Each at the size of its target, at twice the T and at twice the H."""
    torch.manual_seed(0)
    print("| LSTM | T, H | ms | of the processor | target | T doubled | H doubled |")
    print("|---|---|---|---|---|---|---|")
    for name, (made, steps, units, target) in LABORATORY.items():
        sizes = {"": (steps, units), "T": (2 * steps, units), "H": (steps, 2 * units)}
        calls = {key: made(*size) for key, size in sizes.items()}
        found, own = medians(calls, max(3, rounds // 3)), processor(calls[""], 3)
        usual, longer, wider = found.values()
        print(
            f"| {name} | {steps}, {units} | {usual:.0f} | {own:.0f} | {1e3 * target:.0f} |"
            f" {longer / usual:.1f}x | {wider / usual:.1f}x |"
        )
    print(GROWTH)


GROWTH = """\
Jacobians grow with T·H², their exponents with T·H³, the map with T²·H², verification and integrated
gradients with T and the layer's own cost of a step, fixed points with starts·H³ and not with T."""


def bench_alarms(rounds: int) -> None:
    """At each frame of a run, as it comes: what the alarms take of the processor, and the run."""
    settings = Settings.of(cell="lstm", hidden_size=16, epochs=3)
    data = adding_problem(1000, 50)
    run = lambda: list(frames(settings, dataset=data))  # noqa: E731
    seen = run()
    so_far = [seen[: k + 1] for k in range(len(seen))]
    judged = processor(lambda: [alarms(each) for each in so_far], rounds)
    trained = processor(run, max(3, rounds // 5))
    print(
        f"alarms at each of {len(seen)} frames: {judged / len(seen):.2f} ms of the processor each,"
        f" {judged / trained:.1%} of the run's (target 2%)"
    )


def main(rounds: int = 15) -> None:
    default = torch.get_num_threads()
    for threads in dict.fromkeys((1, default)):
        torch.set_num_threads(threads)
        print(f"{threads} torch thread{'s' if threads > 1 else ''}")
        bench_trace(rounds)
        bench_growth(rounds)
        bench_watch(rounds)
        if threads == 1:
            bench_reading(rounds)
        bench_laboratory(rounds)
    bench_alarms(rounds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
