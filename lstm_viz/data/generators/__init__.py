"""Series made from a formula and a seed."""
