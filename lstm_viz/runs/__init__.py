"""Runs as the app sees them: frames and films, the registry, and the way to a trainer."""
