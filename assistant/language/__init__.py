"""The languages of questions: told by small rules, turned into English word by word, spoken in fixed phrases."""
