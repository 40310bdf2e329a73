"""Where papers come from: the Hugging Face daily page, arXiv, saved pages, files."""
