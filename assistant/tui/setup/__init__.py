"""The screen `setup`."""
