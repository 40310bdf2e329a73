"""The search indexes: Tantivy by words, Chroma by vectors."""
