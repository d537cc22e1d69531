"""What single cells mean: numbers, units, nothing."""
