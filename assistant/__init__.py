"""Daily Papers assistant: summaries, comparisons and answers with checked citations."""

__version__ = "0.1.0"
