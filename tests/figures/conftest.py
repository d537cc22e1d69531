"""Each chart that is drawn here is checked against the schema of Vega-Lite."""

from lstm_viz.figures import vega

vega.checked = True
