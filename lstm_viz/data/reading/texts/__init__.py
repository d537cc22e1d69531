"""From bytes to text, and how a text writes its table."""
