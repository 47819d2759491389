"""Letters and words: folding, normal forms, sentences, look-alikes, escaping."""
