"""A question becomes slots: its wording, its form, its dates, what it follows."""
