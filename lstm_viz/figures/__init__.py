"""Measured arrays in; Altair charts, or a component's bytes, out.

Nothing here knows torch or streamlit, and a chart library is loaded by the first call that
needs it.
"""
