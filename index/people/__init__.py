"""Names of people: which belong to one person, and what a given name tells."""
