"""Texts become vectors: the sentence embedder, and a vector for each word piece."""
