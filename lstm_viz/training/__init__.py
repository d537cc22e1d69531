"""What runs in a worker: the loop and its parts, the scheduler, and the questions it answers."""
