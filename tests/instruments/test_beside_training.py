"""A trace has no effect on what other threads do: not on their numbers, nor on their dtype."""

import random
import threading
import time
from queue import SimpleQueue

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from lstm_viz.instruments.isolation import SMALL_LAYER
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

B, T, D, H = 3, 6, 4, 5


class Trained(nn.Module):
    """Makes its first state and a mask in the default dtype, and draws from every generator."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(D, H, 2, batch_first=True, dropout=0.3)
        self.head = nn.Linear(H, 1)

    def forward(self, x):
        state = torch.zeros(2, len(x), H), torch.ones(2, len(x), H)
        x = x + 0.1 * torch.rand(x.shape) * random.random() * np.random.rand()  # noqa: NPY002
        h = functional.dropout(self.lstm(x, state)[0][:, -1], 0.2, training=self.training)
        return self.head(h)


class Training(threading.Thread):
    """Takes steps and remembers what came out of each."""

    def __init__(self, steps, until_tracing=None):
        super().__init__()
        self.steps, self.until_tracing = steps, until_tracing
        self.seen = []

    def run(self):
        torch.manual_seed(0)
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        model = Trained()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        x, y = torch.randn(32, T, D), torch.randn(32, 1)
        if self.until_tracing is not None:
            self.until_tracing.wait()
        for _ in range(self.steps):
            batch = torch.randperm(32)[:B]
            loss = functional.mse_loss(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            fresh = torch.zeros(1).dtype, torch.tensor(1.0).dtype, torch.get_default_dtype()
            self.seen.append((loss.item(), *fresh, random.random(), np.random.rand()))  # noqa: NPY002


class Drawing(nn.Module):
    """Draws in its forward pass, as `Trained` does, and in every other way."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(D, H, batch_first=True)

    def forward(self, x):
        noise = torch.randn_like(x) + torch.rand(x.shape) + torch.empty(D).uniform_()
        noise = noise + torch.distributions.Normal(torch.zeros(D), torch.ones(D)).sample()
        x = functional.dropout(x + noise * torch.bernoulli(torch.full((D,), 0.5)), 0.5)
        return self.gru(x, torch.zeros(1, len(x), H))[0]


def test_a_training_thread_takes_the_same_steps_beside_traces():
    alone = Training(25)
    alone.start()
    alone.join()
    models = [nn.LSTM(D, H), Drawing(), nn.GRU(D, H, 2)]
    begun, traced = threading.Event(), 0
    beside = Training(25, begun)
    beside.start()
    while beside.is_alive():
        trace(models[traced % 3], torch.ones(B, T, D), loss_fn=lambda output, _: output[0].sum())
        begun.set()
        traced += 1
    assert traced > 2
    assert beside.seen == alone.seen


def test_a_training_thread_takes_the_same_steps_beside_a_watcher_that_finds_dropout_again():
    alone = Training(30)
    alone.start()
    alone.join()
    watched = nn.LSTM(D, H, 2, dropout=0.5)
    with watch(watched) as watcher:
        watched(torch.ones(T, B, D))[0].sum().backward()
    begun = threading.Event()
    beside = Training(30, begun)
    beside.start()
    while beside.is_alive():
        watcher._read = None
        assert watcher.traces
        begun.set()
    assert beside.seen == alone.seen


def test_other_threads_keep_their_number_of_threads_and_new_ones_get_it():
    counts = []

    class Asks(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.RNN(D, H)

        def forward(self, x):
            counts.append(torch.get_num_threads())
            thread = threading.Thread(target=lambda: counts.append(torch.get_num_threads()))
            thread.start()
            thread.join()
            return self.rnn(x)

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        trace(Asks(), torch.ones(T, B, D))
    finally:
        torch.set_num_threads(before)
    assert counts == [1, 3]


def test_traces_in_two_threads_at_once_do_not_disturb_each_other():
    torch.manual_seed(0)
    models = nn.LSTM(D, H), nn.GRU(D, H, 2)
    x = torch.randn(T, B, D)

    def loss_fn(output, _):
        return output[0].square().sum()

    expected = [trace(model, x, loss_fn=loss_fn)["l0"].grad_hidden for model in models]
    found = [[], []]

    def run(k):
        for _ in range(10):
            found[k].append(trace(models[k], x, loss_fn=loss_fn)["l0"].grad_hidden)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(2):
        assert len(found[k]) == 10
        for each in found[k]:
            np.testing.assert_array_equal(each, expected[k])


class Large(Trained):
    """PyTorch computes it with several threads of its own; and it seeds its generator."""

    def __init__(self):
        super().__init__()
        self.large = nn.RNN(H, SMALL_LAYER + 1)

    def forward(self, x):
        torch.manual_seed(3)
        self.large(torch.ones(50, 64, H))
        return super().forward(x)


def until_it_waits(thread):
    clock, before = time.pthread_getcpuclockid(thread.ident), -1.0
    while before != (before := time.clock_gettime(clock)):
        time.sleep(0.05)


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("kind", [Trained, Large])
def test_a_model_that_draws_leaves_every_generator_where_it_was(kind, others):
    model, x, done = kind().eval(), torch.ones(B, T, D), threading.Event()
    idle, threads = threading.Thread(target=done.wait), torch.get_num_threads()
    torch.set_num_threads(2)
    if others:
        idle.start()
        until_it_waits(idle)
    before = torch.get_rng_state(), random.getstate(), str(np.random.get_state())  # noqa: NPY002
    try:
        first, second = trace(model, x), trace(model, x)
    finally:
        torch.set_num_threads(threads)
        done.set()
        if others:
            idle.join()
    after = torch.get_rng_state(), random.getstate(), str(np.random.get_state())  # noqa: NPY002
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]
    np.testing.assert_array_equal(first["lstm.l1"].hidden, second["lstm.l1"].hidden)


work, done = SimpleQueue(), SimpleQueue()


class WaitsForAnother(nn.Module):
    """While it runs, another thread draws a number."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(D, H)

    def forward(self, x):
        work.put(lambda: done.put(random.random()))
        done.get()
        return self.lstm(x)


def test_what_another_thread_draws_meanwhile_it_does_not_draw_again():
    def draw():
        for task in iter(work.get, None):
            task()

    thread = threading.Thread(target=draw)
    thread.start()
    random.seed(0)
    expected = [random.random() for _ in range(2)]
    random.seed(0)
    trace(WaitsForAnother(), torch.ones(T, B, D))
    work.put(None)
    thread.join()
    assert random.random() == expected[1]


def test_a_trace_draws_what_the_model_itself_would_have_drawn():
    torch.manual_seed(3)
    model, x = Drawing().double(), torch.ones(B, T, D, dtype=torch.float64)
    torch.set_default_dtype(torch.float64)
    try:
        traced = trace(model, x)["gru.l0"]
        np.testing.assert_allclose(traced.hidden, model(x).detach(), atol=1e-12)
        assert not np.allclose(traced.hidden, model(x).detach())
    finally:
        torch.set_default_dtype(torch.float32)
