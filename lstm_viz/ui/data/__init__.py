"""What the data page and the choices beside it are made of."""
