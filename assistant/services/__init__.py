"""Building the program from its configuration, and the steps that every face shares."""

from assistant.services.container import Workspace

__all__ = ["Workspace"]
