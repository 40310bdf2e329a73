"""Scripts that make the figures of the README; each prints a Markdown table and says on what."""
