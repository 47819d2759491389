"""The time codes of recordings, as transcripts and captions print them."""

TIME_CODE = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
"""Pattern of one: "0:12", "[00:01:05]", "(1:02:03.250)"."""
