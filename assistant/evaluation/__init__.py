"""How good the answers are: retrieval, refusal and citations on files of questions."""
