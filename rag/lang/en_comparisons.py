"""English: how a question asks for statements side by side, each form with an example.

A form is looked for anywhere in the question as typed, and what it matches is replaced, so that
the rest can be read as any other question.
"""

from __future__ import annotations

from rag.lang import Comparison

_TIME = (
    r"(?:(?:early|late|mid)[\s-]+|first\s+half\s+of\s+|in\s+|on\s+)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|(?:last|this)\s+(?:week|month|year|spring|summer"
    r"|autumn|fall|winter)|(?:the\s+)?\d{1,2}(?:st|nd|rd|th)|(?:19|20)\d\d|yesterday)"
)
_HIS = r"(?:his|her|its|their)"
_LINE = (
    r"(?:mind|tune|line|story|account|position|stance|stand|view|version|opinion|attitude|word"
    r"|testimony|statement)s?"
)
_CHANGED = (
    r"(?:chang\w+|shift\w*|evolv\w+|mov(?:e|ed|ing)|alter\w*|develop\w*|differ(?:ed|s)?|var(?:y|ied)"
    r"|compare\w*|contrast\w*)"
)
_WHILE = (
    r"(?:\s+(?:over|through(?:out)?|during|in|within)\s+(?:the\s+)?(?:course\s+of\s+)?(?:the\s+)?"
    r"(?:year|month|week|day|time|trial|campaign|strike|storm|season)s?(?:\s+of\s+(?:the\s+)?\w+)?)"
)

COMPARISONS = (
    Comparison(
        "times",
        rf"^(?:how|in\s+what\s+way)\s+(?:has|have|had|did|does|do)\s+(?P<kept>\S.*?['’]s?\s+{_LINE}"
        rf"\b.*?)\s+{_CHANGED}\b(?:.*)$",
        r"\g<kept>",
        "How has Odell's line on the gates shifted between March and May?",
        "Odell's line on the gates",
    ),
    Comparison(
        "times",
        rf"^(?:how|why|when)\s+(?:has|have|had|did|does|do)\s+(?P<kept>\S.*?)\s+{_CHANGED}\s+{_HIS}"
        rf"\s+{_LINE}\b(?P<on>\s+(?:on|about|over|regarding)\s+.*?)?{_WHILE}?$",
        r"what did \g<kept> say\g<on>",
        "How has Odell changed his tune about the gates over the year?",
        "what did Odell say about the gates",
    ),
    Comparison(
        "times",
        rf",?\s+(?:–|—|-|and)?\s*how\s+(?:has|have|had|did)\s+{_HIS}\s+{_LINE}\s+{_CHANGED}$",
        "",
        "Odell on the gates, and how has his line moved",
        "Odell on the gates",
    ),
    Comparison(
        "times",
        rf"\bcontradict(?:ed|s)?\s+(?:him|her|it|them)sel(?:f|ves)\b(?:\s+(?={_HIS}))?",
        "say",
        "Did Odell contradict himself about the gates?",
        "Did Odell say about the gates",
    ),
    Comparison(
        "times",
        rf"\b(?:stick|stuck|keep|kept|stand|stood)\s+(?:to|by)\s+{_HIS}\s+{_LINE}\b",
        "say",
        "Did Odell stick to his word on the gates?",
        "Did Odell say on the gates",
    ),
    Comparison(
        "times",
        rf"(?:,\s*|\s+[–—-]\s*|\s+)?\b(?:(?:then|first(?:ly)?|at\s+first|before|earlier|{_TIME})\s*"
        r"(?:,|and(?:\s+then)?)\s*(?:now|today|later(?:\s+on)?|after(?:wards)?)"
        rf"|{_TIME}\s+(?:versus|vs\.?|v\.?)\s+{_TIME})\b",
        "",
        "Odell on the gates, Saturday versus Sunday",
        "Odell on the gates",
    ),
    Comparison(
        "times",
        r"(?:,\s*)?\b(?:over\s+time|step\s+by\s+step|as\s+time\s+went\s+(?:on|by))\b,?",
        "",
        "Odell on the gates over time",
        "Odell on the gates",
    ),
    Comparison(
        "times",
        rf"^(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?(?:trace|track|follow|compare)\s+(?:how\s+)?(?P<kept>.*?['’]s?\s+(?:first\s+"
        rf"|early\s+|earlier\s+)?(?:\w+\s+)?(?:{_LINE}|assessment|claim)\b.*?)(?:\s+(?:with|to|and)\s+{_HIS}\s+"
        rf"(?:later|last|latest|new)\s+(?:one|{_LINE}))?{_WHILE}?$",
        r"\g<kept>",
        "Trace Odell's stand on the gates through the day of the storm",
        "Odell's stand on the gates",
    ),
    Comparison(
        "times",
        r"^(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?(?:compare|contrast)\s+(?P<kept>what\s+.+?)\s+(?:with|to|and)\s+what\s+"
        r"(?:he|she|they|it)\s+(?:said|says|told|claimed|had\s+said)\b.*$",
        r"\g<kept>",
        "Compare what Odell said about the gates in May with what he said later",
        "what Odell said about the gates in May",
    ),
    Comparison(
        "sides",
        r"^(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?(?:compare|contrast)\s+(?P<kept>(?:the\s+)?(?:\w+\s+)?(?:views?|versions?"
        r"|accounts?|positions?|recollections?|claims?|statements?|stances?|reactions?)\s+of\s+.+)$",
        r"\g<kept>",
        "Contrast the views of Odell and Reyes",
        "the views of Odell and Reyes",
    ),
    Comparison(
        "sides",
        r"(?:^|[.,:;?]\s*|\s+[–—-]\s*|\s+from\s+)(?:i\s+(?:want|need|would\s+like)\s+|give\s+me\s+"
        r"|show(?:\s+me)?\s+|set\s+out\s+|what\s+(?:were|are)\s+)?(?:the\s+)?(?:both|two)\s+"
        r"(?:sides|versions|stories)(?:\s+of\s+the\s+story)?(?:,?\s+(?:please|pls))?(?=$|[.,:;]|\s)"
        r"(?:\s*[.,:;])?(?!\s+(?:say|said|agree|of|met|had|have|are|were))",
        " ",
        "Both sides please: why were the gates shut?",
        "why were the gates shut",
    ),
    Comparison(
        "sides",
        r"(?:[,:;]|\s+[–—-])?\s*(?:set\s+(?:their|the)\s+(?:two\s+)?(?:accounts|versions)\s+)?"
        r"\bside\s+by\s+side\b",
        "",
        "Odell and Reyes on the gates: set their two accounts side by side",
        "Odell and Reyes on the gates",
    ),
    Comparison(
        "sides",
        r"^(?:i\s+(?:need|want|would\s+like)\s+|give\s+me\s+|set\s+out\s+|compare\s+)?(?:both|(?:the\s+)"
        r"?two)\s+(?:sides|camps|parties|capitals|governments|countries|presidenc\w+|offices)"
        r"(?:['’]s?)?\s+(?:versions?|accounts?|figures?|claims?|stor\w+|say\w*|on)\s*(?:of|about|on)?\s*",
        "what was said about ",
        "I want both countries' versions of the shooting",
        "what was said about the shooting",
    ),
    Comparison(
        "sides",
        r"(?:[.,;]|\s+[–—-])?\s*\bboth(?:,?\s+(?:please|pls))$",
        "",
        "who says the gates were shut and who says not? both please",
        "who says the gates were shut and who says not",
    ),
)
