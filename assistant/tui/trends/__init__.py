"""The page `trends`."""
