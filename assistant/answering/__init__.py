"""Ask, summarize and compare, with checked citations."""
