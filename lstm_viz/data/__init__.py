"""Data: series that are generated, shipped or uploaded, long-memory tasks, and the windows cut.

NumPy, and pandas where a file is read; nothing here loads torch, streamlit or a chart library.
"""
