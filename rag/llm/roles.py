"""Who says what to whom in a sentence of a language model, against who did by the record.

The sentence is read by the extractor that reads the articles.  Whoever it finds to speak, to
be spoken to or to pass words on has to be the stored one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from index.attribution.extract import extract
from index.lang import language
from index.types import Article, Mention, Quote, Span
from rag.lang import reporting_forms, wording
from rag.llm.clauses import Clause, ClauseToken, clause_tokens, is_date, is_opener
from rag.llm.records import Record
from rag.people import words


class WrongRole(Exception):
    """A clause makes somebody speak, or be spoken to, whom the record does not."""


class SentenceRoles:
    """The statements that the extractor finds in one sentence, held against records."""

    def __init__(self, text: str) -> None:
        """``text`` is the sentence without its keys."""
        self._text = text
        found = [q for q in extract(Article("", text)) if q.cue]
        contents = [(q, span) for q in found for span in q.content]
        self._statements = [
            q
            for q in found
            if not any(other is not q and q.cue in span for other, span in contents if q.cue)
        ]

    def check(self, clause: Clause, record: Record, before: Record | None) -> None:
        """Raises WrongRole.

        ``before`` is the record of the clause before, in this sentence or the last one: a
        pronoun stands for its speaker.
        """
        mine = [q for q in self._statements if clause.span.start <= q.span.start < clause.span.end]
        if record.speakers and not any(q.speaker for q in mine):
            raise WrongRole
        for quote in mine:
            self._participants(quote, record, before)
        reported = [span for q in mine for span in q.content] or [clause.span]
        self._verbs_within(reported, record)
        self._words_around(clause, mine, reported)

    def _participants(self, quote: Quote, record: Record, before: Record | None) -> None:
        """Each participant of a statement is one of the record, and the statement was made."""
        if quote.modality != "asserted" or (quote.cue and self._shares(quote.cue, record)):
            raise WrongRole
        known = [*record.speakers, *([] if record.speakers else record.relayers)]
        speakers = ((quote.speaker,) if quote.speaker else ()) + quote.co_speakers
        same = before is not None and before.speakers == record.speakers
        for mention in speakers:
            pronoun = mention.span.slice(self._text).casefold() in wording().subject_pronouns
            itself = not record.speakers and self._is_itself(mention)
            if not (same if pronoun else itself or self._goes_by(mention, known)):
                raise WrongRole
        if not all(self._goes_by(m, record.addressees) for m in quote.addressees):
            raise WrongRole
        if not all(self._is_itself(m) or self._goes_by(m, record.relayers) for m in quote.chain):
            raise WrongRole

    def _verbs_within(self, reported: Sequence[Span], record: Record) -> None:
        """A verb of saying inside the reported words stands in the passage between the same names.

        "Putin said" inside a statement of somebody else needs these words in the passage, and so
        does "according to Putin".  Words that are nothing but a name are no statement.
        """
        passage = f" {' '.join(words(record.passage))} "
        for span in reported:
            inside = clause_tokens(self._text, span)
            if inside and all(token.capital for token in inside):
                raise WrongRole
            for at, token in enumerate(inside):
                lead = inside[_start_of_name(inside, at) : at] or [_NO_TOKEN]
                behind = [t for t in inside[at + 1 : at + 2] if t.capital]
                phrase = [*lead, token, *behind] if _reports(lead[-1], token) else []
                if [t.folded for t in inside[max(0, at - 2) : at]] == ["according", "to"]:
                    phrase = inside[at - 2 : at + 1]
                if phrase and f" {' '.join(t.folded for t in phrase)} " not in passage:
                    raise WrongRole

    def _words_around(
        self, clause: Clause, mine: Sequence[Quote], reported: Sequence[Span]
    ) -> None:
        """Outside the reported words nobody is named, and nothing said, beyond the statement."""
        mentions = (m for q in mine for m in (q.speaker, *q.co_speakers, *q.addressees, *q.chain))
        read = [*reported, *(m.span for m in mentions if m), *(q.cue for q in mine if q.cue)]
        for before, token in itertools.pairwise(
            [_NO_TOKEN, *clause_tokens(self._text, clause.span)]
        ):
            if any(token.span in span for span in read):
                continue
            named = token.capital and not (is_opener(token) or is_date(token))
            if named or _reports(before, token):
                raise WrongRole

    def _shares(self, cue: Span, record: Record) -> bool:
        """Return whether "agreed" or "echoed" brings in somebody else's word that the passage has
        not."""
        verb = _verb_of_saying(cue.slice(self._text))
        follows = words(self._text[cue.end :])[:1]
        stands = verb in map(_verb_of_saying, words(record.passage))
        return verb in wording().sharing_verbs and follows not in (["that"], ["to"]) and not stands

    def _is_itself(self, mention: Mention) -> bool:
        """Return whether a mention is the article or report itself."""
        return not wording().source_nouns.isdisjoint(words(mention.span.slice(self._text))[-1:])

    def _goes_by(self, mention: Mention, people: Sequence[frozenset[str]]) -> bool:
        """Return whether a mention is of one of the people: its last word, and no word that is
        not."""
        table = language()
        beside = table.titles | table.role_nouns | {"the", "of", "and"}
        called = words(mention.span.slice(self._text).removesuffix("’s").removesuffix("'s"))
        return bool(called) and any(
            called[-1] in known and all(word in known or word in beside for word in called)
            for known in people
        )


_NO_TOKEN = ClauseToken(Span(0, 1), "", "-")
"""Stands before the first token of a stretch."""


def _start_of_name(found: Sequence[ClauseToken], end: int) -> int:
    """Return where the name that ends before a token begins; one word back if none does."""
    start = max(0, end - 1)
    while start > 0 and found[start].capital and found[start - 1].capital:
        start -= 1
    return start


def _verb_of_saying(word: str) -> str:
    """Return the verb of saying of which a word is a form; "" for any other word."""
    return reporting_forms().get(word.casefold(), "")


def _reports(before: ClauseToken, token: ClauseToken) -> bool:
    """Return whether a token is a verb of saying in another form than its base form, and no
    noun."""
    return (
        _verb_of_saying(token.folded) not in ("", token.folded)
        and before.folded not in wording().noun_markers
    )
