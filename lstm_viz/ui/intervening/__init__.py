"""The page on which a reader reaches into the network."""
