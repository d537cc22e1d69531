"""The cell page: the diagram of a trained cell, and one that is set by hand."""
