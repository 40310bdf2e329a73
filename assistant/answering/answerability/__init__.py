"""Whether the papers tell what a question asks."""
