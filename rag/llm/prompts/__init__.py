"""The prompts, as files to read; the number in a name is its version."""
