"""The terminal application: a Textual face on the workspace; it knows events and values, never a vendor of models."""
