"""Statements whose speaker the layout names: sign-offs and block quotations.

A name after a dash (“...” — Steve Quinn), and a paragraph that a colon leads up to ("The
governor added:").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from index.attribution.cues import act_of, cue_span, modality, phrase_span, subject
from index.attribution.phrases import is_human
from index.attribution.quotation_marks import Quotation
from index.attribution.report import Report
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.people.names import begins_name, without_titles
from index.text.segment import FROM_LINE
from index.types import Span

_SIGN = re.compile(r"\s{0,3}(?:[—–―]|--?)\s{0,2}(?=[^\W\d_])")
_FIRST_PERSON_WORDS = frozenset("i we my our me us".split())
_LONGEST_NAME = 12  # words of a sign-off
_LONGEST_LEAD = 16  # words of a line that says from whom the next one is
_SENT_BY = frozenset("from by of".split())
_GOING_ON = frozenset("and more again this also next then".split())
_FARTHEST_COLON = 6  # words between a cue and the colon that it leads up to


def signed_quotations(
    text: str,
    paragraphs: Sequence[Sequence[Sentence]],
    found: Sequence[Report],
    marks: Sequence[Quotation],
) -> list[Report]:
    """The quotations, claimed by no other report, with a name after a dash behind them."""
    claimed = {n for r in found for n in r.quotations}
    words = [(w, s) for p in paragraphs for s in p for w in s.words]
    starts = [w.start for w, _ in words]
    out: list[Report] = []
    for word, sentence in words:
        if word.quotation is None or word.quotation in claimed:
            continue
        quotation = marks[word.quotation]
        dash = _SIGN.match(text, quotation.span.end)
        if dash is None:
            continue
        at = bisect_left(starts, dash.end())
        name = _leading_name(text, [w for w, _ in words[at : at + 30]])
        if not name:
            continue
        head = name[0]
        while head.dep in ("compound", "nmod", "flat", "amod") and head.head in name:
            head = head.head
        out.append(
            Report(
                sentence=sentence,
                content=[quotation.span],
                found_by="signed",
                speaker=head,
                speaker_span=Span(name[0].start, name[-1].end),
                quotations={word.quotation},
            )
        )
    return out


def _leading_name(text: str, words: Sequence[Word]) -> list[Word]:
    """The name with which a line begins that is nothing but a name and who that is."""
    line: list[Word] = []
    for word in words:
        if line and ("\n" in text[line[-1].end : word.start] or word.text in (".", ";", "“", '"')):
            break
        line.append(word)
    while line and line[-1].is_punctuation:
        line.pop()
    name = line[: next((n for n, w in enumerate(line) if w.text in (",", "(")), len(line))]
    if not name or len(name) > _LONGEST_NAME or not name[0].text[:1].isupper():
        return []
    whole = all(w.pos in ("PROPN", "NOUN", "ADJ", "ADP", "DET", "X", "PUNCT") for w in name)
    told = any(w.pos in ("VERB", "AUX") and w.tag != "VBN" for w in line[: _LONGEST_NAME * 2])
    return name if whole and not told and name[-1].text not in ("—", "–", "--", "-") else []


def line_of_source(sentence: Sentence, table: Language) -> Report | None:
    """A line that only says from whom the next paragraph is: "From Mayor Ana Reyes:", "Pia
    Storm, shipowner, in an e-mail:", "From the office of Governor Ilse Tamm".

    A report without content, which the caller fills; its `found_by` is "headed" where only a
    quotation in marks will do.
    """
    words = [w for w in sentence.words if w.pos != "SPACE"]
    if not 2 < len(words) <= _LONGEST_LEAD or any(w.quoted for w in words):
        return None
    line = " ".join(w.text for w in words)
    if words[-1].text != ":" and not FROM_LINE.match(line):
        return None
    if any(_tells(w) for w in words if w is not words[1] or words[0].text.lower() != "here"):
        return None
    first = words[1] if words[0].dep == "cc" else words[0]
    noun = first.child("pobj")
    whole = first.text.lower() == "from" and noun is not None and noun.pos == "PROPN"
    name = noun if whole and words[-1].text == ":" else _first_name(words, table)
    if name is None:
        return None
    return Report(
        sentence=sentence,
        content=[],
        cue=words[-1].span if words[-1].text == ":" else None,
        found_by="quotation" if name is noun else "headed",
        speaker=name,
        speaker_span=phrase_span(name),
    )


def _tells(word: Word) -> bool:
    """Whether a word is the verb of a sentence, and no participle ("reached by phone")."""
    return word.pos in ("VERB", "AUX") and word.tag in ("VBD", "VBZ", "VBP", "MD", "VB")


def _first_name(words: Sequence[Word], table: Language) -> Word | None:
    """The last word of the first person's name in a line, unless it is about or to somebody."""
    for at, word in enumerate(words):
        if word.pos != "PROPN" or not word.text[:1].isupper():
            continue
        last = at
        while last + 1 < len(words) and words[last + 1].pos == "PROPN":
            last += 1
        run = words[at : last + 1]
        before = words[at - 1] if at else None
        person = begins_name(run[0].text, table) or (
            before is not None and is_human(before.lemma, table)
        )
        taken_up = at > 0 and words[0].text.lower() in _GOING_ON
        link = run[-1].head if run[-1].dep == "pobj" else None
        if link is not None and link.text.lower() not in _SENT_BY:
            return None
        if person or taken_up:
            return run[-1]
    return None


def signed_paragraphs(text: str, paragraphs: Sequence[Sequence[Sentence]]) -> dict[int, Report]:
    """The paragraphs in the first person under which a line has a dash and a name, by number:
    "We are proud of it.", "— Ana Reyes, mayor"."""
    out: dict[int, Report] = {}
    for number in range(1, len(paragraphs)):
        above, line = paragraphs[number - 1], paragraphs[number]
        if not above or len(line) != 1 or any(w.quotation is not None for w in line[0].words):
            continue
        start = line[0].span.start
        dash = _SIGN.match(text, start)
        own = {w.text.lower() for s in above for w in s.words if not w.quoted}
        quoted = any(w.quotation is not None for s in above for w in s.words)
        if dash is None or text[start : dash.end()].strip() == "-" or quoted:
            continue
        words = [w for w in line[0].words if w.start >= dash.end()]
        name = _leading_name(text, words)
        if (
            not name
            or not own & _FIRST_PERSON_WORDS
            or len(name) < 2
            or not name[-1].text[:1].isupper()
        ):
            continue
        head = name[-1]
        out[number - 1] = Report(
            sentence=above[0],
            content=[Span(above[0].span.start, above[-1].span.end)],
            found_by="signed",
            speaker=head,
            speaker_span=(signed := Span(name[0].start, name[-1].end)),
            label=without_titles(signed.slice(text)),
        )
    return out


def lead_in(sentence: Sentence, found: Sequence[Report], table: Language) -> Report | None:
    """A sentence that leads up to the next paragraph: a cue, its speaker and a colon.

    A report without content, which the caller fills.
    """
    words = [w for w in sentence.words if w.pos != "SPACE"]
    if not words or words[-1].text != ":" or any(r.tier == "speech" for r in found):
        return None
    for verb in reversed(words[-_FARTHEST_COLON - 2 :]):
        act = act_of(verb, table)
        if act is None or verb.quoted or verb.lemma not in table.clausal_verbs:
            continue
        speaker = subject(verb)
        if speaker is None or verb.child("ccomp") is not None:
            return None
        said = modality(verb, table)
        return Report(
            sentence=sentence,
            content=[],
            cue=cue_span(verb, said),
            cue_word=verb,
            act=act,
            found_by="quotation",
            speaker=speaker,
            speaker_span=phrase_span(speaker, [verb]),
            modality=said,
        )
    return None
