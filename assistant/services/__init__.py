"""Building the program from its configuration, and the steps that every front end shares."""

from assistant.services.container import Workspace

__all__ = ["Workspace"]
