"""Training: a run's configuration, its frames, and the trainer that advances many runs.

Only `loop` and `scheduler` load torch; the rest serves the app's process too.
"""
