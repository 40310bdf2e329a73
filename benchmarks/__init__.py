"""Scripts that make the figures of `docs/benchmarks.md`; each prints a Markdown table and says on what."""
