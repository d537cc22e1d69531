"""Reading each format: what stands in a file of it, not yet told apart."""
