"""What a run is, as data: its settings, and the textbook experiments made of them."""
