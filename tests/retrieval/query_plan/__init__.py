"""Tests of plans for questions about the collection."""
