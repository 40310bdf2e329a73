"""The search indexes."""
