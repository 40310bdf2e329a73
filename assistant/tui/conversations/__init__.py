"""The page `conversations`."""
