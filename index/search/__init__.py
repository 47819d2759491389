"""What is read when a question is asked: rows, words, columns, vectors and counts."""
