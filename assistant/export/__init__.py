"""Reports, references and conversations in other forms, and how they are delivered: file, page, feed, mail."""
