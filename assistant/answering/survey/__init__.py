"""Questions that many papers answer together."""
