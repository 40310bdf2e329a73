"""Conversations: questions and answers that are kept while they are written, continued, searched and exported."""
