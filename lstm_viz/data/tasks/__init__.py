"""Tasks with known answers: sequences, and what each of them asks for."""
