"""Digests and references by file, page, feed and mail."""
