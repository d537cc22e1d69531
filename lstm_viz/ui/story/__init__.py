"""The story on the first page: five scenes."""
