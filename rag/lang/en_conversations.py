"""English: how sentences tell of conversations, and how questions ask about them.

A row of _FORMS is a pattern for the unquoted words of a sentence, with sentences that it
finds.  A row of CONVERSED is a form of questions, written as those of ``en_frames`` are; its
groups ``people`` and ``other`` take part, ``topic`` is what they talked about.  A form of the kind
"said" asks for what was said, one of another kind for the conversation itself.
"""

from __future__ import annotations

from rag.lang import ConversationForm, Conversations, Frame

_NOUN = (
    r"(?:(?:(?:tele)?phone|video|conference) )?"
    r"(?:calls?|conversations?|talks?|meetings?|discussions?|dialogue|negotiations|summit)"
)
_TALK = (
    r"(?:speak|spoken?|talk(?:ed|ing)?|meet|met|chat|converse|confer|communicate|negotiate"
    r"|discuss(?:ed)?|exchange (?:views|words)"
    rf"|(?:hold|held|have|had) (?:a |an |any |the )?{_NOUN})"
)
_OTHER = r"(?: (?:to|with) (?:each other|one another|(?P<other>@WHO)))?"

_FORMS = (
    ConversationForm(
        r"\b(?:(?:tele)?phone|video|conference) (?:call|conversation|talk|chat|dialogue)s?\b",
        (
            "Reed and Falk had a phone conversation late Monday.",
            "A separate phone talk between the ministers followed.",
            "The mayors held a video call on Wednesday.",
        ),
    ),
    ConversationForm(
        r"\b(?:had|held|hold|holds|having|holding)"
        r" (?:(?:a|an|the|their|his|her|its|brief|long|first|new|short|two-hour) ){0,3}"
        r"(?:talks?|meetings?|conversations?|discussions?|calls?|dialogue|negotiations|summit)\b",
        (
            "Reed and Falk held talks in Oslo.",
            "Reed had a meeting on Monday.",
            "The two had a long conversation.",
        ),
    ),
    ConversationForm(
        r"\b(?:talks?|meetings?|conversations?|discussions?|calls?|dialogue|negotiations|summit)"
        r"(?= (?:with|between)\b)",
        (
            "His talks with Reed lasted an hour.",
            "The meeting between Reed and Falk was short.",
            "He described a call with Falk.",
        ),
    ),
    ConversationForm(
        r"\bmet\b(?! (?:the |a |its |his |her |their |with )?(?:deadline|target|criteri|demand"
        r"|requirement|need|condition|expectation|resistance|criticism|opposition|goal))",
        (
            "Reed met Falk in Oslo.",
            "Reed has also met with Falk.",
            "The two met again on Friday.",
        ),
    ),
    ConversationForm(
        r"\b(?:spoke|spoken|talked|conversed|conferred|chatted|negotiated|communicated)"
        r"(?= (?:[\w-]+ ){0,2}?(?:with|to|by|on the|over the|via|for|again|briefly|at length)\b)",
        (
            "Reed spoke with Falk.",
            "Reed spoke by phone with Falk.",
            "The two have talked over the phone.",
        ),
    ),
    ConversationForm(
        r"\b(?:exchanged (?:views|opinions|words)|discussed|touched on|phoned|telephoned)\b",
        (
            "The ministers exchanged views on the dam.",
            "Reed and Falk discussed the dam.",
            "Reed telephoned Falk.",
        ),
    ),
)
CONVERSATIONS = Conversations(
    forms=_FORMS,
    partners=r"^\W*(?:[\w-]+ ){0,4}?(?P<how>with|to|between) (?P<whom>[^.;]{1,120})",
    negated=r"\b(?:not|never|no|neither|nor|without|refused|declined|cancel\w+|postponed|n[’']t)\b",
    occasion=(
        r"\b(?:before|after|during|since|until)\b.*$|\b(?:first|earlier|later|ever|yet|already)\b"
    ),
)

CONVERSED = (
    Frame(
        "to_whom",
        rf"(?:(?:to|with) (?:whom|who)|whom?)(?: else| all)? @AUX (?P<people>@WHO) @ADV{_TALK}"
        r"(?: (?:to|with))?(?P<topic>.*)",
        "Who did Odell talk to in May?",
        {"people": ("Marek Odell",), "topic": "in May", "words": False},
    ),
    Frame(
        "who_said",
        r"who(?: else)? (?:has |have )?@ADV(?:(?:spoke|spoken|talked|met|chatted|conferred)"
        rf" (?:to|with)|met|(?:had|held) (?:a |an )?{_NOUN} with) (?P<people>@WHO)(?P<topic>.*)",
        "Who spoke with Odell on the phone?",
        {"people": ("Marek Odell",), "topic": "on the phone", "words": False},
    ),
    Frame(
        "according_to",
        rf"(?:who|which \w+)(?: first)? @ADV@SAY [^⟦?]*?{_NOUN} (?:between|of) (?P<people>@WHO)"
        r"(?: (?:and|with) (?P<other>@WHO))?(?P<topic>.*)",
        "Who announced the meeting between Odell and Liesel Thorne?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "", "words": False},
    ),
    Frame(
        "said",
        rf"what(?: else)? @AUX (?P<people>@WHO) @ADV{_TALK}{_OTHER}(?: about| on| over)?"
        rf"{_OTHER.replace('other>', 'second>')}(?P<topic>.*)",
        "What did Odell talk about with Liesel Thorne?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "", "words": True},
    ),
    Frame(
        "said",
        rf"what @AUX (?:said|discussed|agreed|talked about) (?:in|at|during|on) [^⟦?]*?{_NOUN}"
        r" (?:between|of|with) (?P<people>@WHO)(?: with (?P<other>@WHO))?(?P<topic>.*)",
        "What was discussed at the meeting of Odell and Liesel Thorne?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "", "words": True},
    ),
    Frame(
        "when",
        r"(?:when|where|how(?: long| often)?|why|(?:on|in|at|by) (?:what|which) \w+) @AUX"
        rf" (?P<people>@WHO) @ADV{_TALK}{_OTHER}(?: about)?(?P<topic>.*)",
        "When did Odell meet with Liesel Thorne?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "", "words": False},
    ),
    Frame(
        "when",
        rf"(?:when|where|how long|(?:on|in|at) (?:what|which) \w+) @AUX [^⟦?]*?{_NOUN}"
        r" (?:between|of|with) (?P<people>@WHO)(?: with (?P<other>@WHO))?"
        r"(?: (?:take place|held|happen|last))?(?P<topic>.*)",
        "When was the call between Odell and Liesel Thorne?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "", "words": False},
    ),
    Frame(
        "fact",
        rf"@AUX (?P<people>@WHO) @ADV{_TALK}(?: (?P<direct>@WHO))?{_OTHER}(?: about| on| over)?"
        r"(?P<topic>.*)",
        "Did Odell and Liesel Thorne talk about the gates?",
        {"people": ("Marek Odell", "Liesel Thorne"), "topic": "the gates", "words": False},
        closed=True,
    ),
)
"""Every form in which a question asks about a conversation, tried in this order."""
