"""Candidates for an answer: by people, by words and by vectors."""
