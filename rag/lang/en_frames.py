"""English: the forms that questions have, each with an example of how it is read.

A pattern is matched, whatever the case, against the question without its wrapping, in which
every mention of people is one token.  @WHO is one of these tokens or several joined; @AUX an
auxiliary verb, @ADV any adverbs, @SAY any form of a verb of saying or thinking, @ABOUT a
preposition before a topic, @VIEW a noun for what somebody says or thinks, or its plural
("reaction", "views": the nouns ``views`` and ``points`` of ASKING and ``noun_acts`` of the
language).  Groups: ``speaker`` and ``addressee`` are people; ``topic`` is taken
as it is; ``noun`` is what is asked for; ``rest`` is what stands behind the subject, beginning
with its verb unless there is a group ``verb``; ``clause`` is a clause with a subject of its
own; ``group`` tells of what kind the speaker is.
"""

from __future__ import annotations

from rag.lang import Frame

_OF_ONE = r"(?:@WHO(?:['’]s?)?|his|her|their|its)"
_MEDIUM = (
    r"(?:agency|newspaper|paper|outlet|daily|broadcaster|station|channel|magazine|website|network"
    r"|programme|program|show|radio|wire|media|source)"
)
_TALK = (
    r"(?:talk(?:ed|ing|s)?|sp(?:eak(?:ing|s)?|oke|oken)|chat(?:ted)?|discuss(?:ed|ing|es)?"
    r"|convers(?:e|ed)|met|meet|argu(?:e|ed))"
)
_TALKS = (
    r"(?:(?:phone |telephone )?(?:calls?|conversations?|talks|chat)|meetings?|discussions?"
    r"|exchange|dialogue|correspondence)"
)
_MEET = r"(?:speak|talk|meet|write|phone|call|address|reply|respond|turn)"

FRAMES = (
    # One of several who are named
    Frame(
        "who_said",
        r"(?P<speaker>[^:?]+? or [^:?]+?)\s*[:,–—-]+\s*(?:who|which(?: (?:one|man|woman))?)"
        r"(?: of (?:@WHO|the two|these))? @ADV(?P<verb>@SAY) (?P<topic>.+)",
        "Odell or Thorne: who said it was slow?",
        {"kind": "who_said", "speakers": ("Marek Odell", "Jonas Thorne", "Liesel Thorne")},
    ),
    Frame(
        "who_said",
        r"(?:who|which) of (?P<speaker>[^:?,]+? (?:and|or) [^:?,]+?) @ADV(?P<verb>@SAY)"
        r" (?P<topic>.+)",
        "Which of Sandell and Garrow said that dust could spoil samples?",
        {"kind": "who_said", "speakers": ("Ayumi Sandell", "Leif Garrow")},
    ),
    Frame(
        "who_said",
        r"(?:was|is) it (?P<speaker>.+?) (?:who|that|which) (?P<verb>\w+) (?P<topic>.+)",
        "Was it Odell or Sabine Orth who denied it?",
        {"kind": "who_said", "speakers": ("Marek Odell", "Sabine Orth"), "act": "deny"},
    ),
    # What changed
    Frame(
        "said",
        rf"(?:how|what)(?: @AUX)? (?P<speaker>{_OF_ONE}) @VIEW(?: @ABOUT (?P<topic>.+?))?"
        r" (?:differ\w*|chang\w+|evolv\w+|compare\w*|develop\w*|vary|contrast\w*)\b(?P<more>.*)",
        "How did Bruno Falk's statements on the welds change?",
        {"kind": "said", "speakers": ("Bruno Falk",), "topic": "the welds", "over_time": True},
        over_time=True,
    ),
    Frame(
        "said",
        r"how @AUX (?P<speaker>@WHO) (?:change|differ|disagree|contradict)(?:d|ed|s)?\b"
        r"(?: (?:his|her|its|their|the) (?:mind|views?|tune|position|story|account)s?)?"
        r"(?: @ABOUT)?(?P<topic>.*)",
        "How did Falk change his mind on the welds?",
        {"kind": "said", "speakers": ("Bruno Falk",), "topic": "the welds", "over_time": True},
        over_time=True,
    ),
    # Who passed words on
    Frame(
        "according_to",
        r"(?:according to (?:whom|who|which \w+|what \w+)|says who(?: that)?),? (?P<clause>.+)",
        "According to whom did Odell tell Reyes so?",
        {"kind": "according_to", "speakers": ("Marek Odell",), "addressees": ("Ottoline Reyes",)},
    ),
    Frame(
        "according_to",
        r"(?P<clause>.+?),? (?:according to|says) (?:whom|who|what source|which \w+)",
        "Odell wrote to the River Commission, according to whom?",
        {"kind": "according_to", "speakers": ("Marek Odell",), "addressees": ("River Commission",)},
    ),
    Frame(
        "according_to",
        rf"(?:which|what) (?:[\w’'-]+ )?{_MEDIUM} (?:\w+ )?(?:reported|reports|quoted|cited|carried"
        r"|ran|published|passed on|announced|said|says) (?P<clause>.+)",
        "Which newspaper reported that the hull was too heavy?",
        {"kind": "according_to", "topic": "the hull was too heavy"},
    ),
    Frame(
        "according_to",
        r"who (?:first )?(?:reported|reports|relayed|passed on|quoted|cited) (?P<clause>.+)",
        "Who reported that Odell wrote to the River Commission?",
        {"kind": "according_to", "speakers": ("Marek Odell",)},
    ),
    Frame(
        "according_to",
        r"(?:how|from whom?) (?:do|did) (?:we|you|they) (?:know|hear) (?:that )?(?P<clause>.+)",
        "How do we know that the gates were closed?",
        {"kind": "according_to", "topic": "the gates were closed"},
    ),
    Frame(
        "according_to",
        rf"(?:in|on|by|from|to|through) (?:which|what) (?:[\w’'-]+ )?{_MEDIUM} @AUX (?P<clause>.+?)"
        r"(?: (?:appear|appeared|published|reported|carried|printed|aired|broadcast|made))?",
        "In which newspaper did Vane say that the hull was heavy?",
        {"kind": "according_to", "speakers": ("Petra Vane",), "topic": "the hull was heavy"},
    ),
    # Between two
    Frame(
        "said",
        rf"(?:what|how) @AUX (?P<speaker>@WHO) @ADV(?:{_TALK}(?: with each other)?"
        r"(?: about| on| over)?|say to each other|tell each other)\b(?! (?:to"
        r"|with)\b)(?P<topic>.*)",
        "What did Odell and Liesel Thorne talk about?",
        {"kind": "said", "speakers": ("Marek Odell", "Liesel Thorne"), "mutual": True},
        mutual=True,
    ),
    Frame(
        "said",
        rf"(?:what|how) @AUX (?P<speaker>@WHO) @ADV{_TALK} (?:about )?with (?P<other>@WHO)"
        r"(?P<topic>.*)",
        "What did Odell discuss with Liesel Thorne?",
        {"kind": "said", "speakers": ("Marek Odell", "Liesel Thorne"), "mutual": True},
        mutual=True,
    ),
    Frame(
        "said",
        rf"(?!who\b)(?:what|which|how|the|in|a|so|\b)\b[^⟦?]*?(?:{_TALKS}|said|discussed"
        r"|talked about"
        rf"|exchanged"
        r"|happened|agreed)(?P<topic>[^⟦]*?) (?:between|of|by) (?P<speaker>@WHO(?:,? and @WHO)?)"
        r"(?: with (?P<other>@WHO))?(?P<more>.*)",
        "What was said in the telephone call between Odell and Liesel Thorne?",
        {"kind": "said", "speakers": ("Marek Odell", "Liesel Thorne"), "mutual": True},
        mutual=True,
    ),
    # What somebody was told
    Frame(
        "said",
        r"(?:what|which)\b(?P<noun>[^⟦?]*?) @AUX (?P<addressee>@WHO) @ADV(?:hear|heard|learn\w*"
        r"|find out|get|got|receiv\w+|(?:be|get) told)\b(?: back)?(?P<topic>[^⟦]*?) (?:from|by)"
        r" (?P<speaker>@WHO)(?P<more>.*)",
        "What did Liesel Thorne hear from Odell about the gates?",
        {
            "kind": "said",
            "speakers": ("Marek Odell",),
            "addressees": ("Liesel Thorne",),
            "topic": "the gates",
        },
        heard=True,
    ),
    Frame(
        "said",
        r"(?:what|which)\b(?P<noun>[^⟦?]*?) (?:was|were|is|has|had) (?P<addressee>@WHO)"
        r" (?:been )?@ADV(?P<verb>told|asked|warned|promised|informed|urged|advised|ordered|assured"
        r"|reminded)\b(?: to do)?(?P<topic>.*?)(?: by (?P<speaker>@WHO)(?P<more>.*))?",
        "What was Liesel Thorne told by Odell?",
        {"kind": "said", "speakers": ("Marek Odell",), "addressees": ("Liesel Thorne",)},
    ),
    Frame(
        "said",
        r"what (?:was|is|were|has been|had been) @ADV(?P<verb>@SAY)\b(?P<first>[^⟦]*?)"
        r"(?: to (?P<addressee>@WHO))?(?P<topic>[^⟦]*?) by (?P<speaker>@WHO)(?P<more>.*)",
        "What was said to Liesel Thorne by Odell?",
        {"kind": "said", "speakers": ("Marek Odell",), "addressees": ("Liesel Thorne",)},
    ),
    Frame(
        "said",
        r"what (?:was|is|were|has been|had been) @ADV(?P<verb>@SAY)\b (?:to (?P<addressee>@WHO))"
        r"(?P<topic>.*)",
        "What was said to Reyes about the harvest?",
        {"kind": "said", "addressees": ("Ottoline Reyes",), "topic": "the harvest"},
    ),
    Frame(
        "said",
        r"(?:what|how) @AUX .+? (?:report\w*|quot\w+|cit\w+|describ\w+) (?P<speaker>@WHO)"
        r" (?:as )?(?:saying|telling|having said) ?(?P<topic>.*)",
        "What did the newspaper quote Lund as saying about a weapon?",
        {"kind": "said", "speakers": ("Davor Lund",), "topic": "a weapon"},
    ),
    # To whom
    Frame(
        "to_whom",
        rf"(?:(?:to|with) (?:whom|who)|whom?)(?: else)? @AUX (?P<speaker>@WHO) @ADV(?:said it"
        rf"|say (?:that|this|it)|{_MEET}|spoken|talked|met|tell(?= that| about))\b(?: to| with)?"
        r"(?P<topic>.*)",
        "Who did Odell write to in February?",
        {"kind": "to_whom", "speakers": ("Marek Odell",)},
    ),
    Frame(
        "to_whom",
        r"(?:(?:to|with)|(?:after|before|following) [^⟦?]*?(?:with|to)) (?:whom|who|which \w+)"
        r" @AUX (?P<speaker>@WHO(?:['’]s)?) (?P<rest>.+)",
        "After talks with whom did Odell say that the gates would open?",
        {"kind": "to_whom", "speakers": ("Marek Odell",), "topic": "the gates would open"},
    ),
    # When and where
    Frame(
        "when",
        r"(?:when|(?:on|at|in) (?:which|what)\b(?: \w+)? (?:day|date|month|year|time"
        r"|hour|occasion)|what (?:day|date|time))"
        r"(?: and (?:where|at what event|in what place))? @AUX (?P<clause>.+)",
        "When did Odell write that the repairs were slow?",
        {"kind": "when", "speakers": ("Marek Odell",), "topic": "the repairs were slow"},
    ),
    Frame(
        "where",
        r"(?:where|(?:on|at|in) (?:which|what) [\w ]+?) @AUX (?!@WHO (?:stand"
        r"|come)\b)(?P<clause>.+)",
        "Where did Garrow tell Sandell about the dust?",
        {"kind": "where", "speakers": ("Leif Garrow",), "addressees": ("Ayumi Sandell",)},
    ),
    # Whose words
    Frame(
        "who_said",
        r"who(?: all)? @ADV@SAY (?:what|who(?:m)? what)(?: (?:to|with) whom?)?"
        r"(?: here| in (?:this|the|these) \w+)?",
        "Who said what to whom?",
        {"kind": "who_said", "topic": "", "several": False, "exhaustive": True},
        exhaustive=True,
    ),
    Frame(
        "who_said",
        r"(?:the|this|these|all(?: the)?) (?:whole )?(?:articles?|stor(?:y|ies)|pieces?|news)",
        "Summarise the article",
        {"kind": "who_said", "topic": "", "several": False, "exhaustive": True},
        exhaustive=True,
    ),
    Frame(
        "who_said",
        r"who(?: all)? @ADV@SAY (?:what|who(?:m)? what)(?: (?:to|with) whom?)?"
        r" (?P<topic>@ABOUT .+)",
        "Who said what about the gates?",
        {"kind": "who_said", "topic": "the gates", "several": True},
        several=True,
    ),
    Frame(
        "who_said",
        r"who (?:all )?(?:has |have )?(?:speaks?|spoke|spoken|talks?|is quoted|are quoted|is"
        r" talking)"
        r"(?: (?:here|in (?:this|the|these) \w+))?",
        "Who speaks in this article?",
        {"kind": "who_said", "several": True, "exhaustive": True},
        several=True,
        exhaustive=True,
    ),
    Frame(
        "who_said",
        r"who(?: all| else)?(?: has| have|'s|’s)? @ADV(?:commented|comment|talked|spoken|spoke"
        r"|weighed in"
        r"|had (?:anything|something) to say) (?P<topic>@ABOUT .+)",
        "Who has commented on the gates?",
        {"kind": "who_said", "topic": "the gates", "several": True},
        several=True,
    ),
    Frame(
        "who_said",
        r"who(?:'s| is| was| are| were) (?:(?:all )?(?:against|for|in favou?r of|behind|opposed"
        r" to|pro|anti)"
        r") (?P<topic>.+)",
        "Who is against the ferry?",
        {"kind": "who_said", "topic": "the ferry"},
    ),
    Frame(
        "who_said",
        r"(?P<topic>.*?)[\s,:;–—-]*(?:who|which person) @ADV(?P<verb>@SAY) (?:that|this|it|so"
        r"|these words|those words)",
        "a cracked gate is not a weapon - who said that?",
        {"kind": "who_said", "topic": "a cracked gate is not a weapon"},
    ),
    Frame(
        "who_said",
        r"(?:who|(?:which|what) (?P<group>(?:(?!@AUX )[\w'’-]+ ){1,4}?))(?: else)?(?: @AUX)?\s?@ADV"
        r"(?P<verb>@SAY)\b(?P<rest>.*)",
        "Which minister denied that the water was held back?",
        {"kind": "who_said", "topic": "the water was held back", "act": "deny"},
    ),
    Frame(
        "who_said",
        r"who (?P<group>(?:on|in|at|from|among|of|inside|within)\b.{3,40}?)"
        r" @ADV(?P<verb>@SAY)\b(?P<rest>.*)",
        "Who at the inquiry denied that the funnel was slow?",
        {"kind": "who_said", "topic": "at the inquiry that the funnel was slow", "act": "deny"},
    ),
    # What somebody thinks
    Frame(
        "said",
        r"where @AUX (?P<speaker>@WHO) (?:stand|come down|come out|land)(?: @ABOUT (?P<topic>.+))?",
        "Where does Rask stand on the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        rf"(?:(?:what|how|which)(?: exactly)?(?: is| was| are| were)? )?(?P<speaker>{_OF_ONE})"
        rf" (?P<first>(?:(?!@VIEW\b)[\w-]+ ){{0,2}}?)(?P<view>@VIEW)\b(?P<topic>.*)",
        "What's Rask's take on the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?:(?:what|how|which)(?: exactly)?(?: is| was| are| were)? )?(?:(?:the|all|any|every"
        r"|some) )*(?P<view>@VIEW)"
        r"(?: made)? (?:of|by|from) (?P<speaker>@WHO)(?P<topic>.*)",
        "all quotes by Rask about the drilling",
        {
            "kind": "said",
            "speakers": ("Sunniva Rask",),
            "topic": "the drilling",
            "exhaustive": True,
        },
    ),
    # What somebody said
    Frame(
        "said",
        r"(?:everything|anything|all|whatever|things|the things|the words)(?: that)?"
        r" (?P<speaker>@WHO)"
        r" @ADV(?P<rest>.+)",
        "everything Rask said about the drilling",
        {
            "kind": "said",
            "speakers": ("Sunniva Rask",),
            "topic": "the drilling",
            "exhaustive": True,
        },
    ),
    Frame(
        "said",
        r"(?:what|how) @AUX (?P<speaker>@WHO) @ADV(?:quoted|cited|reported|heard|recorded)"
        r"(?: (?:as|to be))?(?: (?:saying|telling|having said))?(?: @ABOUT)?(?P<topic>.*)",
        "How was Rask quoted on the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"@AUX (?P<speaker>@WHO) @ADV(?:quoted|cited|reported|heard|overheard|recorded)"
        r"(?: (?:as|to be))? (?:saying|telling|having said)(?: that)?(?P<topic>.*)",
        "Was Lund quoted as saying that the water was held back?",
        {
            "kind": "said",
            "speakers": ("Davor Lund",),
            "topic": "the water was held back",
            "closed": True,
        },
        closed=True,
    ),
    Frame(
        "said",
        r"(?:(?:(?:to|with|from|on|in|at|by|of|for|until|under|after|against|about|through|per) )?"
        r"(?:what|which|whose|whom?|how|why)|(?:by|until|till|since|from) (?:when|where))"
        r"\b(?P<noun>.*?) (?P<aux>@AUX)"
        r" (?P<speaker>@WHO)(?P<more>,[^,]+,)? @ADV(?P<rest>.+)",
        "What did Davor Lund deny?",
        {"kind": "said", "speakers": ("Davor Lund",), "act": "deny"},
    ),
    Frame(
        "said",
        r"(?:what|which) (?:is|was|are|were) (?P<noun>(?:the|a) [^⟦]{2,40}?) (?:that"
        r" )?(?P<speaker>@WHO)"
        r" @ADV(?P<rest>\w.+)",
        "What was the promise Odell made to Reyes?",
        {"kind": "said", "speakers": ("Marek Odell",), "addressees": ("Ottoline Reyes",)},
    ),
    Frame(
        "said",
        r"(?P<aux>@AUX) (?P<speaker>@WHO)(?P<more>,[^,]+,)? @ADV(?P<rest>.+)",
        "Did Lund deny that the water was held back?",
        {
            "kind": "said",
            "speakers": ("Davor Lund",),
            "act": "deny",
            "topic": "the water was held back",
            "closed": True,
        },
        closed=True,
    ),
    Frame(
        "said",
        r"(?:what|how|why|which|whether)(?P<noun>(?: (?!@AUX\b|@SAY\b)[\w'’-]+){0,3}?)"
        r" (?P<speaker>@WHO)"
        r" @ADV(?P<rest>.+)",
        "what Rask say about the drilling",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?:what|how) @AUX (?P<first>[^⟦]+?) @ADV(?P<verb>tell|told|telling|ask|asked|asking) "
        r"(?P<addressee>@WHO)(?P<topic>.*)",
        "What did the crew tell Sandell about the samples?",
        {
            "kind": "said",
            "addressees": ("Ayumi Sandell",),
            "topic": "the crew about the samples",
        },
    ),
    Frame(
        "said",
        r"(?:what|how|why|which)(?P<noun>[^⟦]*?) (?:did|does|do|has|have|had) (?P<role>(?:(?:the"
        r"|a|an|some|her|his|their) )?"
        r"(?!(?:the|a|an|some|her|his|their|@SAY)\b)[\w'’-]+(?: [\w'’-]+){0,3}?)"
        r" @ADV(?P<rest>@SAY\b.*)",
        "What did the campers say about the funnel?",
        {"kind": "said", "topic": "the campers about the funnel"},
    ),
    Frame(
        "said",
        r"what (?P<verb>@SAY) (?P<speaker>@WHO)(?P<topic>.*)",
        "what say Rask about the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?:what|how) about (?P<speaker>@WHO)",
        "What about Rask?",
        {"kind": "said", "speakers": ("Sunniva Rask",)},
    ),
    Frame(
        "said",
        r"(?:what (?:about )?)?(?:to|with) (?P<addressee>@WHO)",
        "to Reyes?",
        {"kind": "said", "addressees": ("Ottoline Reyes",)},
    ),
    # Without a question
    Frame(
        "said",
        r"(?P<speaker>@WHO)(?: -|:|,)? (?:on|about|re|regarding|abt) (?P<topic>.+)",
        "reyes on odell letter",
        {"kind": "said", "speakers": ("Ottoline Reyes",), "topic": "odell letter"},
    ),
    Frame(
        "said",
        r"(?P<speaker>@WHO), ⟦\d+⟧ @ADV(?P<rest>.+)",
        "Rask, she said what about the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?P<speaker>@WHO) @ADV(?P<rest>@SAY\b.*)",
        "Rask said what about the drilling?",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?P<speaker>@WHO) (?:to|v|vs) (?P<addressee>@WHO)(?P<topic>.*)",
        "Odell to Reyes on the harvest",
        {"kind": "said", "speakers": ("Marek Odell",), "addressees": ("Ottoline Reyes",)},
    ),
    Frame(
        "said",
        r"(?P<speaker>@WHO),? (?:what|why|how) @AUX ⟦\d+⟧ @ADV(?P<rest>.+)",
        "Rask what did she say about the drilling",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "the drilling"},
    ),
    Frame(
        "said",
        r"(?P<speaker>@WHO),? (?:what|why|how|where|when|which)\b(?P<topic>.*)",
        "rask why no permit",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "no permit"},
    ),
    Frame(
        "keywords",
        r"(?P<speaker>@WHO)(?:['’]s?)?[\s:,–—-]+(?P<topic>[^?]+)",
        "rask drilling permit",
        {"kind": "said", "speakers": ("Sunniva Rask",), "topic": "drilling permit"},
    ),
    Frame(
        "said",
        r"(?P<first>the [^⟦]{3,40}?) (?:(?:in|with|by) which|that|which) (?P<speaker>@WHO) @ADV"
        r"(?P<rest>.+)",
        "the exact words in which Rask turned down the drilling",
        {"kind": "said", "speakers": ("Sunniva Rask",)},
    ),
    Frame(
        "said",
        r"(?P<first>(?!who\b|when\b|where\b).*?) (?P<speaker>@WHO) @ADV(?P<rest>@SAY\b.*)",
        "the first thing that Rask said about the drilling",
        {"kind": "said", "speakers": ("Sunniva Rask",)},
    ),
    Frame(
        "said",
        r"(?P<first>(?!who\b|when\b|where\b).*?) (?P<aux>@AUX) (?P<speaker>@WHO) @ADV(?P<rest>.+)",
        "about the permit has Rask left it open?",
        {"kind": "said", "speakers": ("Sunniva Rask",)},
    ),
    Frame(
        "alone",
        r"(?P<speaker>@WHO)",
        "Rask?",
        {"kind": "fact"},
    ),
)
"""Every form that a question can have, tried in this order."""
