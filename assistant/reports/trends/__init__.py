"""What changes from week to week."""
