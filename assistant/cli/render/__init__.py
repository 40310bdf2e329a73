"""Answers, digests and tables as text."""
