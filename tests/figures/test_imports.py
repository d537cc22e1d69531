"""Figures are light until they are drawn."""

import subprocess
import sys


def test_importing_the_figures_loads_no_chart_library_no_torch_and_no_streamlit() -> None:
    code = (
        "import sys, lstm_viz.figures.charts, lstm_viz.figures.windows, lstm_viz.figures.ordering\n"
        "print(sorted({'altair', 'plotly', 'torch', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
