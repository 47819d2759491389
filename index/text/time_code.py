"""The time codes of recordings, as transcripts and captions print them."""

TIME_CODE = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
"""Pattern of one: "0:12", "[00:01:05]", "(1:02:03.250)"."""

CHAT_STAMP = (
    r"\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\]| [-–—])\s+"
)
"""A pattern for the day and time before a message of a chat: "[12/03/2025, 18:04:11] Ada",
"12.03.25, 18:04 - Ada"."""
