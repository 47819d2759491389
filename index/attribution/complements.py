"""Complements: the words that a reporting verb reports, and to whom.

The content of a cue is its clausal complement (Krestel et al. 2008; de La Clergerie et
al. 2011), its object or prepositional object when that names what was said, or, around
a parenthetical cue ("the pipeline, the company said, would ..."), the clause around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.attribution.cues import (
    act_of,
    group,
    hearer_after_to,
    phrasal,
    saying_as,
)
from index.attribution.phrases import is_human, may_speak
from index.attribution.report import FoundBy
from index.attribution.situation import is_time_or_occasion
from index.attribution.syntax import (
    Sentence,
    Word,
)
from index.lang import Language


def complement(
    sentence: Sentence, verb: Word, table: Language
) -> tuple[list[Word], FoundBy, list[Word]]:
    """The words that the verb reports (none if it reports nothing), by what they were found, and
    the addressees."""
    right = [c for c in verb.children if c.index > verb.index]
    left = [c for c in verb.children if c.index < verb.index]
    placeholder = [c for c in verb.children if c.quotation is not None and c.dep != "nsubj"]
    clause = [c for c in right if c.dep == "ccomp" and c not in placeholder]
    infinitive = [
        c
        for c in right
        if c.dep == "xcomp" and c.tag in ("VB", "VBG") and verb.lemma in table.infinitive_verbs
    ]
    objects = [c for c in right if c.dep in ("dobj", "dative", "pobj")]
    addressing = verb.lemma in table.addressing_verbs
    if not clause and verb.lemma in table.asking_verbs:
        clause = _whether(verb)
    if not (clause or infinitive or objects or placeholder) and verb.lemma in table.clausal_verbs:
        clause = _unmarked(verb, table)
    has_clause = bool(clause or infinitive or placeholder)

    addressees = _hearers_behind(right, table)
    things = [
        o
        for o in objects
        if o.dep == "dobj" and infinitive and o.index < infinitive[0].index
        if _is_promised(o, verb, table)
    ]
    if addressing and has_clause:
        told = [o for o in objects if o.dep == "dobj" and o not in things]
        addressees += [o for o in told if o not in addressees]

    if addressing and not has_clause and (hidden := _hidden(sentence, verb)) is not None:
        hearer = hidden.head if hidden.head in objects else verb.child("dobj")
        return hidden.subtree(), "clause", [*addressees, *([hearer] if hearer else [])]
    if has_clause:
        content = _clausal(sentence, verb, clause, infinitive, placeholder, table)
        content += [w for thing in things for w in thing.subtree()]
        return content, "clause", addressees

    left_clause = [c for c in left if c.dep == "ccomp"]
    if left_clause and not (objects and not addressing) and is_parted(sentence, verb):
        content = [*ahead_of(verb, left, table), *_resumed(sentence, verb, table)]
        if addressing:  # "..., prosecutors told the court"
            addressees += [o for o in objects if o.dep == "dobj" and o not in addressees]
        return content, "clause", addressees
    if (around := _around(sentence, verb, table)) is not None:
        if verb.lemma in table.telling_verbs:
            addressees += [o for o in objects if o.dep == "dobj" and o not in addressees]
        return _behind_report(sentence, around, verb, table), "around", addressees
    if verb.lemma in table.naming_verbs and (label := _labelled(sentence, right)):
        return label, "object", addressees
    if (named := _object(sentence, verb, right, table)) is not None:
        if verb.lemma in table.thanking_verbs:  # who is thanked is told so
            thanked = [c for c in right if c.dep == "dobj" and c.lemma not in table.told_nouns]
            addressees += [c for c in thanked if c not in addressees]
        return named, "object", addressees
    return _prepositional(sentence, verb, right, addressees, table), "preposition", addressees


def _is_promised(noun: Word, verb: Word, table: Language) -> bool:
    """Whether an object before an infinitive is what is promised, and nobody who is told so
    ("promised 70 buses to bring them home")."""
    promise = table.verb_acts.get(verb.lemma) == "promise"
    counted = noun.child("nummod") is not None and not is_human(noun.lemma, table)
    return promise and noun.pos == "NOUN" and (counted or not _may_be_told(noun, table))


def _hearers_behind(right: Sequence[Word], table: Language) -> list[Word]:
    """The hearers among the dependents behind a verb: after "to", or as a dative."""
    hearers: list[Word] = []
    for child in right:
        if (hearer := hearer_after_to(child, table)) is not None:
            hearers.append(hearer)
        if child.dep == "dative":
            hearers.append(child.child("pobj") or child)
    return hearers


def _clausal(
    sentence: Sentence,
    verb: Word,
    clause: Sequence[Word],
    infinitive: Sequence[Word],
    placeholder: Sequence[Word],
    table: Language,
) -> list[Word]:
    """The words of a verb's clauses, infinitives and masked quotations."""
    right = [c for c in verb.children if c.index > verb.index]
    left = [c for c in verb.children if c.index < verb.index]
    content: list[Word] = []
    for part in [*clause, *infinitive]:
        content += _clause_words(sentence, part, verb, table)
        content += [*_continued(verb, part, right), *_second_phrase(verb, part)]
    if infinitive and not clause and verb.lemma in table.urging_verbs:
        content += _urged(right)
    if content:
        content += _quoted_behind(sentence, content, right)
    if clause:
        content += _listed_behind(sentence, content, table)
    content += placeholder
    left_clause = [c for c in left if c.dep == "ccomp" and c.quotation is None]
    if placeholder and any(c.text == ";" for c in left):
        left_clause = []  # "The sea was rough; then she said: “...”" is told by the reporter
    if any(p in right for p in placeholder):  # "When she said so, he replied: “...”"
        left_clause = [c for c in left_clause if not _begins_with_time(c)]
    if left_clause and not clause:
        content += ahead_of(verb, left, table)
        content += _resumed(sentence, verb, table)
    return content


def _begins_with_time(clause: Word) -> bool:
    """Whether a clause begins with a word that makes it tell when something was said."""
    return clause.subtree()[0].text.lower() in ("when", "after", "before", "while", "as", "once")


def _quoted_behind(
    sentence: Sentence, content: Sequence[Word], right: Sequence[Word]
) -> list[Word]:
    """What stands in marks right behind the words of a complement, though the parser has it tell
    when or how they were said: "urged them to go “before the ice breaks”"."""
    last = max(w.index for w in content if not w.is_punctuation)
    for other in right:
        words = [w for w in other.subtree() if not w.is_punctuation]
        mark = sentence.at(last + 1)
        if (
            words
            and mark is not None
            and mark.is_punctuation
            and mark.text not in (",", ";", ":")
            and words[0].index == last + 2
            and all(w.quoted for w in words)
        ):
            return other.subtree()
    return []


def _listed_behind(sentence: Sentence, content: Sequence[Word], table: Language) -> list[Word]:
    """What a clause lists behind a colon at its end, though the parser hangs it elsewhere ("said
    that three things were certain: rain, mud and the ferry")."""
    last = max((w.index for w in content if not w.is_punctuation), default=-1)
    colon = sentence.at(last + 1)
    if colon is None or colon.text != ":":
        return []
    rest = [w for w in sentence.words if w.index > colon.index]
    told = any(
        w.quotation is not None or w.quoted or (act_of(w, table) and w.child("nsubj")) for w in rest
    )
    return [] if told else [colon, *rest]


def _urged(right: Sequence[Word]) -> list[Word]:
    """The one who is to act, with whom the content begins: "urged Bush to resign"."""
    words: list[Word] = []
    for child in right:
        if child.dep == "dobj":
            words += child.subtree()
        elif child.dep == "prep" and child.text in ("on", "upon", "for"):
            words += [w for w in child.subtree() if w is not child]
    return words


def _object(
    sentence: Sentence, verb: Word, right: Sequence[Word], table: Language
) -> list[Word] | None:
    """The object that a verb reports, with what is said of it; None where it reports none."""
    if not _takes_object(verb, right, table):
        return None
    nouns = [c for c in right if c.dep in ("dobj", "oprd", "ccomp", "xcomp")]
    told = verb.lemma in table.telling_verbs and not any(
        c.lemma in table.noun_acts or c.lemma in table.told_nouns for c in nouns
    )
    bare = verb.lemma in table.naming_verbs and not _is_named(nouns)
    quoting = verb.lemma in table.quoting_verbs and saying_as(verb, table) is not None
    if not nouns or told or bare or quoting:
        return None
    content: list[Word] = []
    for child in right:
        topic = child.dep == "prep" and not _is_circumstance(child, table)
        if topic or child.dep in ("dobj", "oprd", "xcomp", "dative", "acomp"):
            content += _noun_phrase(sentence, child, table)
    return content


def _prepositional(
    sentence: Sentence,
    verb: Word,
    right: Sequence[Word],
    addressees: Sequence[Word],
    table: Language,
) -> list[Word]:
    """The prepositional object that a verb reports ("called for a truce"); none if it has none."""
    wanted = table.preposition_verbs.get(verb.lemma, frozenset())
    for clause in right:
        mark = clause.child("mark")
        if (
            clause.tag == "VB"
            and mark is not None
            and mark.text.lower() in wanted & {"for"}
            and clause.child("nsubj", "nsubjpass") is not None
        ):
            return [w for w in clause.subtree() if w is not mark]  # "called for her to resign"
    for child in right:
        if child.dep not in ("prep", "prt") or child.text.lower() not in wanted:
            continue
        noun = child.child("pobj", "pcomp")
        if noun is None or noun in addressees:
            continue
        wished = child.text.lower() == "for" and verb.lemma in _WISHING
        wished = wished and noun.lemma in table.event_nouns
        if not wished and is_time_or_occasion(noun, table):
            continue
        content = _noun_phrase(sentence, noun, table)
        for other in right:
            if other.index > noun.index and other.text.lower() == "as":
                content += other.subtree()
        return content
    return []


# Verbs whose "for" tells what is wanted, be it an occasion ("asked for a meeting").
_WISHING = frozenset("ask call appeal plead press".split())


def _takes_object(verb: Word, right: Sequence[Word], table: Language) -> bool:
    """Whether a verb reports with its object ("rejected the plan", "ruled out a sale")."""
    if verb.lemma in table.comparing_verbs:
        return any(c.dep in ("prep", "dative") and c.text.lower() in ("to", "with") for c in right)
    known = verb.lemma in table.object_verbs or verb.lemma in table.labelling_verbs
    return known or phrasal(verb) in table.particle_acts


def _hidden(sentence: Sentence, verb: Word) -> Word | None:
    """The clause of "told Odell on Monday that ...", where the parser has it describe a noun."""
    for noun in verb.subtree():
        if noun.index <= verb.index or noun.pos not in ("NOUN", "PROPN", "PRON", "NUM"):
            continue
        for clause in noun.all("acl", "relcl"):
            that = clause.subtree()[0]
            before = sentence.before(that)
            if any(w.text.lower() in ("so", "such") for w in noun.subtree([clause])):
                continue  # "told so many stories that nobody listened"
            if that.text.lower() != "that" or before is None or before.is_punctuation:
                continue
            if that.dep == "mark" or (noun.dep == "dobj" and before is noun):
                return clause
    return None


def _unmarked(verb: Word, table: Language) -> list[Word]:
    """The clause of "said after the vote he would stay" or "tweeted early in the day that it was
    late", where the parser takes it for a circumstance or has it describe the time."""
    for child in verb.children:
        own = child.child("nsubj", "nsubjpass", "expl")
        if child.index < verb.index or (child.dep == "advcl" and own is None):
            continue
        if child.dep == "advcl" and own is not None:
            marked = child.child("mark") is not None or any(
                c.tag == "WRB" for c in child.children if c.index < own.index
            )
            finite = child.tag in ("VBD", "VBZ", "VBP") or child.child("aux") is not None
            if finite and not marked and verb.index < own.index < child.index:
                return [child]
        if child.dep == "prep" and (noun := child.child("pobj")) is not None:
            for clause in noun.all("relcl", "acl"):
                that = clause.subtree()[0]
                told = clause.child("nsubj", "nsubjpass") is not None
                hearer = hearer_after_to(child, table) is noun and _may_be_told(noun, table)
                apart = hearer or is_time_or_occasion(noun, table)
                if that.text.lower() == "that" and told and apart:
                    return [clause]
    return []


def _may_be_told(noun: Word, table: Language) -> bool:
    """Whether a noun can be for who hears something, and not for what is said ("the news")."""
    told = may_speak(noun, table) or noun.lemma in table.audience_nouns
    return told and noun.lemma not in table.noun_acts


def _second_phrase(verb: Word, part: Word) -> list[Word]:
    """What goes on with a complement by a second phrase that the parser hangs from the cue:
    "said it brought back memories of her father, and of “all the others”"."""
    low, high = part.index, part.subtree()[-1].index
    for other in verb.all("prep"):
        linked = [c for c in verb.all("cc") if c.index == other.index - 1]
        if other.index > high and linked and verb.index < low:
            alike = [w for w in part.subtree() if w.dep == "prep" and w.text == other.text]
            if alike:
                return [linked[0], *other.subtree()]
    return []


def _whether(verb: Word) -> list[Word]:
    """The clause of "asked Dolan if he would come", where the parser takes it for a condition."""
    beside = [*verb.children, *(verb.head.children if verb.dep == "xcomp" else ())]
    return [
        c
        for c in beside
        if c.dep == "advcl"
        and c.index > verb.index
        and any(m.text.lower() in ("if", "whether") for m in c.all("mark"))
    ][:1]


def _continued(verb: Word, part: Word, right: Sequence[Word]) -> list[Word]:
    """The words that belong to a complement though the parser attaches them to the cue.

    "promised to meet and in some cases exceed his goals": by its form, *exceed* is a
    second infinitive and no second thing that the speaker did.
    """
    words: list[Word] = []
    for other in right:
        alike = other.tag in ("VB", "VBP") and part.tag == "VB" and verb.tag not in ("VB", "VBP")
        alike = alike or (other.tag == part.tag == "VBG" and verb.tag != "VBG")
        if other.dep == "conj" and alike and other.child("nsubj") is None:
            linked = [c for c in verb.all("cc") if part.index < c.index < other.index]
            words += [*linked[-1:], *other.subtree()]
    return words


def _resumed(sentence: Sentence, verb: Word, table: Language) -> list[Word]:
    """The rest of a statement after its cue: "A, X said in June, and B"."""
    for other in verb.all("conj"):
        own = other.child("nsubj", "nsubjpass")
        if own is None or own.index < verb.index or other.lemma in table.clausal_verbs:
            continue
        linked = [c for c in verb.all("cc") if verb.index < c.index < other.index]
        if linked and (before := sentence.before(linked[-1])) and before.text == ",":
            return [linked[-1], *other.subtree()]
    return []


def _noun_phrase(sentence: Sentence, noun: Word, table: Language) -> list[Word]:
    """The words of the object of a verb, without asides and without the occasion.

    A relative clause after a comma, and what follows a dash, is the reporter's own.
    """
    without: list[Word] = []
    for word in noun.subtree():
        if word is noun:
            continue
        first = word.subtree()[0]
        before = sentence.before(first)
        aside = before is not None and before.text in (",", "-", "--", "—", "–")
        if word.dep in ("relcl", "acl", "appos"):
            barred = aside and first.index > noun.index
            # "backed the plans saying ...": by whoever backed them
            barred = barred or (
                word.dep == "acl"
                and word.tag == "VBG"
                and word.lemma in table.clausal_verbs
                and act_of(word, table) is not None
            )
        else:
            barred = word.dep == "prep" and _is_dated(word, table)
        if barred:
            without.append(word)
    return noun.subtree(without)


def _is_named(nouns: Sequence[Word]) -> bool:
    """Whether the objects of "call" hold a name for something, and not just someone called."""
    return (
        len(nouns) > 1
        or any(n.dep in ("oprd", "ccomp") for n in nouns)
        or any(w.quoted or w.quotation is not None for n in nouns for w in n.subtree())
    )


def _labelled(sentence: Sentence, right: Sequence[Word]) -> list[Word]:
    """The words from the object of a verb like "call" to the name that it is given ("the vote in
    March a farce"); an empty list unless both are there.

    The parser has the second describe the noun before it, though no comma parts the two.
    """
    named = [c for c in right if c.dep in ("dobj", "oprd")]
    if not named:
        return []
    apposed = [
        word
        for child in right
        for word in child.subtree()
        if word.dep == "appos" and word.child("det") is not None
        if (before := sentence.before(word.subtree()[0])) and not before.is_punctuation
    ]
    last = [*named[1:], *apposed][-1:]
    if not last:
        return []
    low, high = named[0].subtree()[0].index, last[0].subtree()[-1].index
    return [w for w in sentence.words if low <= w.index <= high]


def _is_circumstance(preposition: Word, table: Language) -> bool:
    """Whether a prepositional phrase tells when, where or why, and not about what."""
    loose = preposition.text.lower() in table.circumstance_prepositions
    loose = loose and not _is_deadline(preposition, table)
    return (loose and preposition.head.pos == "VERB") or _is_dated(preposition, table)


def _is_deadline(preposition: Word, table: Language) -> bool:
    """Whether a phrase tells by when something is to be done ("promised a bonus by Christmas"),
    which is never when it was said."""
    noun = preposition.child("pobj")
    if noun is None or preposition.text.lower() != "by":
        return False
    times = table.days | table.months | table.time_words | table.holidays
    return noun.text.lower() in times or noun.lemma == "end" or noun.text.isdigit()


def _is_dated(preposition: Word, table: Language) -> bool:
    """Whether a prepositional phrase names a time, an occasion or a medium."""
    noun = preposition.child("pobj")
    leads = preposition.text.lower() in table.occasion_prepositions
    if _is_deadline(preposition, table):
        return False
    return leads and noun is not None and is_time_or_occasion(noun, table)


def _clause_words(sentence: Sentence, clause: Word, verb: Word, table: Language) -> list[Word]:
    """The words of a complement, without reports by others that the parser attached to it.

    A time that stands between the cue and the clause tells when it was said.
    """
    without = [verb, *_other_reports(sentence, clause, verb, table)]
    first = clause.child("intj", "ccomp", "dep")
    link = clause.child("advmod", "mark")
    if first and first.quotation is not None and link and first.index < link.index:
        return [first]  # "said, “We’ll see,” when asked whether ..."
    own = clause.child("nsubj", "nsubjpass", "mark")
    if clause.dep == "advcl" and own is not None:  # "said after the vote he would stay"
        without += [c for c in clause.all("prep", "advmod") if verb.index < c.index < own.index]
    for child in clause.all("npadvmod"):
        if own is not None and verb.index < child.index < own.index:
            without += [child] if is_time_or_occasion(child, table) else []
    return clause.subtree(without)


def _other_reports(sentence: Sentence, clause: Word, verb: Word, table: Language) -> list[Word]:
    """Branches of a complement that begin another report by another clause.

    "X said A, while Y said B" and "X said A, adding that B".
    """
    found = []
    for word in clause.subtree():
        known = word.lemma in table.clausal_verbs or act_of(word, table) == "refuse"
        if _is_finite_beside_infinitive(word, clause, verb):
            found.append(word)
            continue
        if _is_denied_by(word, table) and after_comma(sentence, word.subtree()[0]):
            found.append(word)  # "claims that she lied, which she denies"
            continue
        if word is clause or not known or word.quoted:
            continue
        own = word.child("nsubj")
        first = min(word.subtree(), key=lambda w: w.index)
        contrast = word.dep == "advcl" and first.text.lower() in ("while", "whereas")
        if own is not None and not contrast and not after_comma(sentence, first):
            continue
        if (word.dep in ("advcl", "acl") and word.tag == "VBG" and own is None) or (
            word.dep == "conj" and own is None and is_second_cue(word, clause, verb)
        ):
            found.append(word)
        elif own is not None and word.dep in ("conj", "advcl", "parataxis"):
            mark = word.child("mark", "advmod")
            if mark is not None and mark.text.lower() == "that":
                continue  # "said A and that B": both are said
            if mark is not None and mark.text.lower() == "as" and _lacks_complement(word):
                continue  # "not, as the council proposed, in May"
            if word.dep != "advcl" or (mark is not None and mark.text.lower() in _CONTRASTS):
                found.append(word)
    return found


def _lacks_complement(verb: Word) -> bool:
    """Whether a verb has no complement, as in "as he proposed"."""
    return verb.child(*_COMPLEMENTS) is None and not any(
        c.quotation is not None for c in verb.children
    )


def _is_denied_by(word: Word, table: Language) -> bool:
    """Whether a clause only tells that somebody denies what stands before it."""
    what = word.child("dobj")
    aside = word.dep in ("relcl", "advcl") and what is not None and what.tag == "WDT"
    return aside and act_of(word, table) == "deny"


def _is_finite_beside_infinitive(word: Word, clause: Word, verb: Word) -> bool:
    """Whether a verb goes with the cue and not with the infinitive that it is coordinated with by
    the parser: "promised to send lorries and floated a centre"."""
    return (
        clause.dep == "xcomp"
        and clause.tag == "VB"
        and word.dep == "conj"
        and word.head is clause
        and word.tag == verb.tag
        and word.tag in ("VBD", "VBZ")
        and word.child("nsubj", "nsubjpass") is None
        and not word.quoted
        and not any(  # else that may be whose act it is: "to end what began when he came and said"
            w.tag in ("VBD", "VBZ") and w.child("nsubj") is not None
            for w in clause.subtree([word])
            if w.index < word.index
        )
    )


def is_second_cue(word: Word, clause: Word, verb: Word) -> bool:
    """Whether a coordinated verb goes with the cue: "said it would end and called for calm".

    By its tense: the clause's own second verb has the form of its first ("said he met the
    envoy and told him").  Behind a comma or a "but" that is the form of the verb itself, and
    not of its auxiliary ("confirmed that it had arrived, but denied that ...").
    """
    finite = clause.child("aux", "auxpass")
    form = finite.tag if finite is not None else clause.tag
    if finite is not None and clause.tag in ("VBN", "VBG") and _is_set_off(word):
        form = clause.tag
    told = word.child("dobj") is not None and verb.child("dobj") is not None
    if told and word.lemma in _BEGGING and word.tag in ("VBD", "VBN") and verb.tag == "VBD":
        return True  # "told her that divers had been down and begged her to come"
    if clause.lemma == "be" and word.lemma in _DOING and word.tag == verb.tag == "VBD":
        return True  # "said it was ready and warned the port": what it does, and not what it was
    if _has_that(clause) and any(_has_that(c) for c in word.all("ccomp")) and _is_set_off(word):
        return word.tag == verb.tag  # "claims that A, and asserts that B"
    return word.tag == verb.tag and word.tag in ("VBD", "VBZ", "VBP") and form != word.tag


def _has_that(clause: Word) -> bool:
    return any(m.text.lower() == "that" for m in clause.all("mark"))


def _is_set_off(word: Word) -> bool:
    """Whether a coordinated verb stands behind "but", or behind a comma and "and"."""
    for link in word.head.all("cc"):
        if word.head.index < link.index < word.index:
            comma = any(c.text == "," and c.index == link.index - 1 for c in word.head.children)
            if link.text.lower() == "but" or comma:
                return True
    return False


# Verbs of saying by which a speaker does something to somebody, and that are seldom told of.
_DOING = frozenset("warn urge accuse criticise criticize condemn vow pledge".split())

_BEGGING = frozenset("beg urge implore beseech".split())
_CONTRASTS = ("while", "as", "though", "although", "but", "whereas")


def after_comma(sentence: Sentence, word: Word) -> bool:
    """Whether a comma, semicolon or dash parts the word from what stands before it."""
    before = sentence.before(word)
    if before is not None and before.dep in ("cc", "mark", "advmod"):
        before = sentence.before(before)
    return before is not None and before.is_punctuation


def ahead_of(verb: Word, left: Sequence[Word], table: Language) -> list[Word]:
    """The words before a cue at the end of a sentence: "A, if B happens, X said"."""
    words: list[Word] = []
    own = verb.child("nsubj", "nsubjpass")
    nearest = [c for c in left if c.quotation is not None and c is not own]
    if nearest and any(
        act_of(w, table) and w.child("nsubj") for c in left for w in c.subtree() if c is not own
    ):
        return nearest  # "Reed asserted that ...: “...,” he claimed"
    for child in left:
        if child is own or child.dep in ("aux", "auxpass", "neg", "punct", "cc"):
            continue
        if child.dep in ("advmod", "npadvmod") and verb.index - child.index <= 2:
            continue
        words += child.subtree([verb])
    return words


def is_parted(sentence: Sentence, verb: Word) -> bool:
    """Whether a comma or dash stands between a cue with its subject and what is before it."""
    own = verb.child("nsubj", "nsubjpass")
    before = [own] if own is not None and own.index < verb.index else []
    core = [*group(verb), *(w for o in before for w in o.subtree([verb]))]
    first = min(w.index for w in core)
    at = sentence.at(first - 1)
    if at is not None and at.text == ";":
        return False  # "Reed said it was late; her son said the same"
    if at is not None and at.text == ":":
        left = [c for c in verb.all("ccomp") if c.index < verb.index]
        return not any(c.child("nsubj") and c.child("ccomp") for c in left)
    return at is None or at.is_punctuation or at.pos == "ADV" or at.quotation is not None


def _around(sentence: Sentence, verb: Word, table: Language) -> list[Word] | None:
    """The clause around a parenthetical cue, or None if the cue is no parenthesis.

    A parenthesis has a subject and no complement, and commas (or an end) on both sides.
    """
    own = verb.child("nsubj")
    if own is None or own.tag in ("WDT", "WP"):
        return None  # "the strike, which began on Monday, was over" has no parenthesis
    if not (
        verb.lemma in table.clausal_verbs
        or (verb.dep == "parataxis" and verb.lemma in table.stance_verbs)
    ):
        return None
    core = _parenthetical(verb, own, table)
    if core is None:
        return None
    if verb.dep == "advcl":
        return verb.head.subtree([verb]) if _goes_along(sentence, verb, table) else None
    low = min(w.index for w in core)
    high = max(w.index for w in core)
    before, after = sentence.at(low - 1), sentence.at(high + 1)
    if before is None or not before.is_punctuation or before.text not in (",", "—", "–", "--", "-"):
        return None
    if after is not None and not after.is_punctuation:
        return None
    inside = {w.index for w in core}
    if verb.dep == "relcl" and not any(w.tag in ("WDT", "WP", "WRB") for w in own.subtree()):
        host = verb.head.head
        if after is None or host.pos not in ("VERB", "AUX"):
            return None
        return [w for w in host.subtree([verb]) if w.index not in inside]
    if verb.dep == "parataxis":
        host = verb.head
        while host.dep in ("ccomp",) and act_of(host.head, table) is None:
            host = host.head
        return [w for w in host.subtree([verb]) if w.index not in inside]
    start = sentence.words[0].index
    words = [w for w in sentence.words if start <= w.index < low]
    if not any(_is_statement(w) for w in words):
        return None
    rest = [w for w in sentence.words if w.index > high]
    told = all(w.is_punctuation or w.quotation is not None for w in words)
    if rest and rest[0].text == "," and len(rest) > 3 and verb.dep != "ROOT":
        # "“Resign,” she told him, after he had spoken" goes on with the reporter's words.
        words += [] if told and not any(w.quotation is not None for w in rest) else rest
    return [w for w in words if w.dep != "cc" or w.index != start]


def _goes_along(sentence: Sentence, verb: Word, table: Language) -> bool:
    """Whether an adverbial clause says by whom its host was said (", as Reyes has warned,")."""
    mark = verb.child("mark")
    if mark is None or mark.text.lower() != "as":
        return False
    first = sentence.before(verb.subtree()[0])
    if first is not None and not first.is_punctuation:
        return False  # "at ten and not at nine as Reyes had said"
    # "said that the vote would be in June and not, as Reyes proposed, in May"
    host = verb.head
    reporting = host.lemma in table.clausal_verbs and host.child("neg") is None
    reporting = reporting and any(host.index < c.index < verb.index for c in host.all("ccomp"))
    passes_on = verb.lemma == "report"
    return not _is_in_report(host, table) and (passes_on or not reporting)


def _is_in_report(clause: Word, table: Language) -> bool:
    """Whether a clause belongs to what somebody says by a verb before it."""
    while clause.dep in ("conj", "ccomp", "xcomp") and clause.head is not clause:
        cue = clause.head
        before = clause.dep == "ccomp" and cue.index < clause.index
        if before and cue.lemma in table.clausal_verbs and cue.child("nsubj") is not None:
            return True
        clause = cue
    return False


def _parenthetical(verb: Word, own: Word, table: Language) -> list[Word] | None:
    """The words of a cue with its subject and its hearer ("he told the paper"), as they stand in a
    parenthesis; None if it has a complement."""
    core = [verb, *own.subtree([verb])]
    for child in verb.children:
        told = child.dep == "dobj" and verb.lemma in table.telling_verbs
        if told or child.dep in ("aux", "neg", "prt", "advmod", "npadvmod", "prep", "dative"):
            core += child.subtree()
        elif child.dep in _COMPLEMENTS and child.index > verb.index:
            return None
    return core


_COMPLEMENTS = ("ccomp", "xcomp", "dobj", "oprd", "parataxis")


def _behind_report(
    sentence: Sentence, words: list[Word], verb: Word, table: Language
) -> list[Word]:
    """The words around a parenthetical cue, without what another cue reports before a semicolon
    ("Moe said that A; B, she added, and C")."""
    stops = [w.index for w in sentence.words if w.text == ";" and w.index < verb.index]
    told = stops and any(
        w.index < stops[-1] and w.lemma in table.clausal_verbs and w.child("nsubj") is not None
        for w in words
    )
    return [w for w in words if w.index > stops[-1]] if told else words


def _is_statement(word: Word) -> bool:
    """Whether a word is the verb of a clause that can stand alone, or a masked quotation."""
    if word.quotation is not None:
        return True
    if word.pos not in ("VERB", "AUX") or word.child("nsubj", "nsubjpass", "expl") is None:
        return False
    if word.dep == "advcl" and any(c.tag == "WRB" for c in word.children):
        return False  # "When he came, she replied"
    return word.dep not in ("relcl", "acl") and word.child("mark") is None
