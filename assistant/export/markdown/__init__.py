"""Digests, documents, comparisons and conversations as Markdown."""
