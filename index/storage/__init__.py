"""What is kept on disk: the truth in SQLite, and the snapshots that are derived from it."""
