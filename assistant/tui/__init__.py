"""The terminal application: a Textual front end; it knows events and values, never a vendor of models."""
