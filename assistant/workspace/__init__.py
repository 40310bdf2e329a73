"""Building the program from its configuration, and the steps that every face shares."""

from assistant.workspace.workspace import Workspace

__all__ = ["Workspace"]
