"""A day of papers as one text."""
