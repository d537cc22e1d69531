"""Measured arrays in; Altair and Plotly figures, or a component's bytes, out.

Nothing here knows torch or streamlit, and a chart library is loaded by the first call that
needs it.
"""
