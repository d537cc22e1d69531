"""Which rows and columns of a table are what, and whose."""
