"""English: the words by which the sentences of a language model are checked."""

from __future__ import annotations

from rag.lang import Wording

WORDING = Wording(
    linking=frozenset(
        """added also again further furthermore meanwhile moreover both same later earlier then
        separately however instead addition addition latter former while same topic subject issue
        matter point call phone conversation talk talks conversation meeting statement remarks words
        comments interview speech article report story passage day time first second third finally
        made make makes making gave give gives giving came come regarding concerning toward towards
        """.split()
    ),
    numbers=frozenset(
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
        hundred thousand million billion trillion dozen dozens hundreds thousands millions billions
        half twice percent third quarter""".split()
    ),
    negative_words=frozenset("nothing cannot without".split()),
    subject_pronouns=frozenset("he she they".split()),
    source_nouns=frozenset("article report story passage source".split()),
    noun_markers=frozenset(
        """a an the of in on at for with by about during after before this these those his her its
        their phone to public written joint official""".split()
    ),
    sharing_verbs=frozenset("echo repeat agree concur disagree paraphrase relay recite".split()),
    request_words=frozenset(
        """give sum summarise summarize tell show list find explain describe recap outline name
        quote report bring get say state answer read which in during after before regarding
        concerning""".split()
    ),
)
