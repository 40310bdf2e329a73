"""What a question asks for beside its subject: days, organizations, upvotes, order; what it leaves to a turn before."""
