"""Answers, digests and tables as text and as JSON."""
