"""The section on the units that respond to a stretch of time."""
