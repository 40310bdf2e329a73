"""The page `chat`."""
