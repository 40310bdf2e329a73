"""Everything as Markdown."""
