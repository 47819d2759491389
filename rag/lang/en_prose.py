"""English: the words by which the sentences of a language model are checked."""

from __future__ import annotations

LINKING = frozenset(
    """added also again further furthermore meanwhile moreover both same later earlier then
    separately however instead addition addition latter former while same topic subject issue
    matter point call phone conversation talk talks conversation meeting statement remarks words
    comments interview speech article report story passage day time first second third finally
    made make makes making gave give gives giving came come regarding concerning toward towards
    """.split()
)
"""Words that connect statements and claim nothing of their own."""

NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion trillion dozen dozens hundreds thousands millions billions
    half twice percent third quarter""".split()
)
"""Numbers that are written as words: a claim like any figure."""

NEGATIVE_WORDS = frozenset("nothing cannot without".split())
"""Words that deny something, beside the negations of the language."""

SUBJECT_PRONOUNS = frozenset("he she they".split())

SELF = frozenset("article report story passage source".split())
"""What a sentence may name as its source where nobody is known to speak."""

NOUN_BEFORE = frozenset(
    """a an the of in on at for with by about during after before this these those his her its
    their phone to public written joint official""".split()
)
"""Words before which a form such as "calls" or "stated" is no verb of its own."""

SHARING = frozenset("echo repeat agree concur disagree paraphrase relay recite".split())
"""Verbs whose object may have said these words before the subject."""

REQUESTS = frozenset(
    """give sum summarise summarize tell show list find explain describe recap outline name
    quote report bring get say state answer read which in during after before regarding
    concerning""".split()
)
"""Words that begin a request with a capital and are nobody's name."""
