"""The diagram of a cell as data: what flows where, what each operation does, how it is said."""
