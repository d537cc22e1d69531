"""Between reading and windows: steps that make another series of a series."""
