"""Comparisons and surveys as documents."""
