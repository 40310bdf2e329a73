"""The assistant as tools of other programs (Model Context Protocol)."""
