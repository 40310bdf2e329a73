"""Models behind an OpenAI-compatible server: requests, answers, errors."""
