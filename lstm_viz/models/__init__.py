"""The cell equations, the layers, and the network that a run trains."""
