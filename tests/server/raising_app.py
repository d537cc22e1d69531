"""A page that goes wrong."""

raise RuntimeError("not for visitors")
