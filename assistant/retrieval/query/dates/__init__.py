"""Days and periods that a question tells in words."""
