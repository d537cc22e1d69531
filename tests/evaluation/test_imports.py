"""Measures are light until they are taken."""

import subprocess
import sys


def test_importing_the_measures_loads_no_library_that_costs_seconds() -> None:
    code = """
import sys
import lstm_viz.data.structure
import lstm_viz.evaluation.anomalies, lstm_viz.evaluation.baselines
import lstm_viz.evaluation.classification, lstm_viz.evaluation.metrics, lstm_viz.evaluation.race
import lstm_viz.evaluation.verdict
print(sorted({"sklearn", "scipy", "torch", "streamlit", "pandas"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
