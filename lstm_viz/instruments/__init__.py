"""Trace, watch, and what can be read off a trace.

`layer_trace` is data and loads without torch; `trace` and `watch` need it.
"""
