"""The faces of the evaluation page: numbers, series, classes, texts."""
