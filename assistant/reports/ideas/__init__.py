"""Research directions that build on papers: proposed by a model, grounded by the program."""
