"""Record the training that the Start page plays: `python -m scripts.make_recording`.

It really trains (about ten seconds) and keeps the frames as data.
"""

from lstm_viz.data.tasks import adding_problem
from lstm_viz.training.config import RunConfig
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.recording import RECORDINGS, SUFFIX, save
from lstm_viz.training.runs import Keeping

CONFIG = RunConfig(cell="lstm", hidden_size=16, epochs=60, batch_size=32, forget_bias=1.0, seed=1)
LENGTH = 50
EXAMPLES = 1000
FRAMES = 60


def main() -> None:
    trainer = InProcessTrainer(Keeping(run_frames=FRAMES))
    name = trainer.submit(CONFIG, adding_problem(EXAMPLES, LENGTH, seed=1))
    trainer.advance()
    run = trainer.run(name)
    path = RECORDINGS / f"adding{SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(run, path)
    losses = run.film.history["validation_loss"]
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(run.film.frames)} frames,")
    print(f"validation loss {losses[0]:.4f} -> {losses[-1]:.5f}")


if __name__ == "__main__":
    main()
