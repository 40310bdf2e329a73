"""Whether the cited sentences bear out what an answer says."""
