"""Where papers live: SQLite is the truth, Chroma and Tantivy are its indexes."""
