"""Every number that a page, a figure or a sentence states, as a function of plain arrays."""
