"""Who says what to whom in a clause of a model, against who did by the record."""

from __future__ import annotations

from collections.abc import Sequence

from index.lang import language
from rag.lang import reporting_forms
from rag.lang.prose import (
    AUXILIARIES,
    BEING,
    HEARING,
    NEGATIONS,
    NOUN_BEFORE,
    RELATIVES,
    SELF,
    SHARING,
    SUBJECT_PRONOUNS,
)
from rag.llm.clauses import ClauseName, Token, reporting_lemma
from rag.llm.records import Record
from rag.people import words

MAX_WORDS_TO_VERB = 4
"""Words after a name in the passage within which a verb counts as its own."""


class WrongRole(Exception):
    """A clause makes somebody speak, or be spoken to, whom the record does not."""


class ClauseRoles:
    """The participants of one clause, held against one record."""

    def __init__(self, record: Record, found: list[Token], named: Sequence[ClauseName]) -> None:
        self._record, self._found, self._named = record, found, named

    def check(self, before: Record | None, elided: Record | None) -> None:
        """Raises WrongRole.

        ``before`` is the record of the clause before, in this sentence or the last, for
        pronouns; ``elided`` that of the clause before in this sentence, for a subject that is
        left out ("... and reiterated").
        """
        if self._record.speakers:
            self._subject(before, elided)
        for naming in self._named:
            self._behind_preposition(naming)
        for at, token in enumerate(self._found):
            verb = reporting_forms("en").get(token.folded, "")
            if verb and (reporting_lemma(token) or self._beside_name(at)):
                self._speaks(at, verb, before)
            if verb and self._shares(at, verb):
                raise WrongRole
            if verb:
                self._is_told(at, verb, before)
                self._is_not_told(at, verb)
            elif token.folded in HEARING:
                self._hears(at)

    def _subject(self, before: Record | None, elided: Record | None) -> None:
        """The first who is named speaks or passes on; the speaker is named, or just was."""
        first = self._named[0] if self._named else None
        if first is None or self._is_elided(first):
            if elided is None or elided.speakers != self._record.speakers:
                raise WrongRole
            return
        if first.pronoun:
            if not self._same_speaker(first, before):
                raise WrongRole
            return
        if first.possessive or not (self._is_speaker(first) or self._passes_on(first)):
            raise WrongRole
        if not any(self._is_speaker(n) and not n.possessive for n in self._named):
            raise WrongRole

    def _behind_preposition(self, naming: ClauseName) -> None:
        """Somebody behind "according to", "from" or "by" is one of the record."""
        leading = [token.folded for token in self._found[: naming.start] if token.folded != "the"]
        if leading[-2:] == ["according", "to"]:
            if not (self._is_speaker(naming) or self._passes_on(naming)):
                raise WrongRole
        elif leading[-1:] in (["from"], ["by"]) and not self._stands_so(leading[-1], naming):
            raise WrongRole

    def _stands_so(self, preposition: str, naming: ClauseName) -> bool:
        """Whether the passage has the preposition soon before the name."""
        text = words(self._record.passage)
        return any(
            preposition in text[max(0, i - MAX_WORDS_TO_VERB) : i]
            for i, word in enumerate(text)
            if word == naming.head
        )

    def _beside_name(self, at: int) -> bool:
        """Whether a verb in any form has a name right before it ("Putin was saying")."""
        earlier = [n for n in self._named if n.end <= at]
        if not earlier:
            return False
        between = {token.folded for token in self._found[earlier[-1].end : at]}
        return between <= AUXILIARIES

    def _is_not_told(self, at: int, verb: str) -> None:
        """Neither is the speaker told, in the passive, nor did they never say it."""
        table = language("en")
        leading = {t.folded for t in self._found[max(0, at - 2) : at]}
        told = leading & BEING and verb in table.addressing_verbs | table.infinitive_verbs
        if told or leading & NEGATIONS:
            self._hears(at)

    def _hears(self, at: int) -> None:
        """Whoever is nearest before a word only hears, or does not speak: not the speaker."""
        earlier = [n for n in self._named if n.end <= at]
        if earlier and self._record.speakers and self._is_speaker(earlier[-1]):
            raise WrongRole

    def _is_elided(self, first: ClauseName) -> bool:
        """Whether a verb of the clause stands before anybody is named."""
        return any(reporting_lemma(token) for token in self._found[: first.start])

    def _speaks(self, at: int, verb: str, before: Record | None) -> None:
        """Whoever stands nearest before a reporting verb is one who did report."""
        leading = [token.folded for token in self._found[max(0, at - 2) : at]]
        passive = set(leading) & BEING and not self._found[at].folded.endswith("ing")
        earlier = [n for n in self._named if n.end <= at]
        if not earlier or passive or leading[-1] in NOUN_BEFORE:
            return
        who = earlier[-1]
        behind = [token.folded for token in self._found[who.end : at]]
        if set(behind) & RELATIVES:  # "A called B, who said": of B, if it is B's word
            if behind[0] not in RELATIVES or not self._is_speaker(who):
                raise WrongRole
        elif behind and behind[-1] == "and":
            return  # "and added": the subject goes on
        elif "and" in behind and not set(behind[behind.index("and") + 1 :]) <= AUXILIARIES:
            raise WrongRole  # somebody behind "and" whom we do not know for one
        if who.pronoun:
            sound = self._same_speaker(who, before) or self._spoken_of(who, verb)
        else:
            sound = (
                self._is_speaker(who)
                or (len(earlier) == 1 and self._passes_on(who))
                or self._spoken_of(who, verb)
            )
        if not sound:
            raise WrongRole

    def _is_told(self, at: int, verb: str, before: Record | None) -> None:
        """Whoever a verb of telling has as its object, or behind "to", was told."""
        table = language("en")
        after = next((n for n in self._named if n.start > at), None)
        if after is None:
            return
        between = [token.folded for token in self._found[at + 1 : after.start]]
        if verb in table.quoting_verbs and len(between) <= 2:
            if not (self._is_speaker(after) or (verb == "cite" and self._passes_on(after))):
                raise WrongRole
            return
        direct = verb in table.addressing_verbs and set(between) <= {"the", "a", "an"}
        to = len(between) <= 2 and between[:1] in (["to"], ["with"])
        if not (direct or (to and verb in table.to_addressing_verbs | {"talk", "speak"})):
            return
        if after.pronoun:
            same = before is not None and before.addressees == self._record.addressees
            if not (same and self._record.addressees):
                raise WrongRole
        elif after.possessive or not self._is_addressee(after):
            raise WrongRole

    def _shares(self, at: int, verb: str) -> bool:
        """Whether "agreed" or "echoed" brings in somebody else's word that the passage has not."""
        after = self._found[at + 1].folded if at + 1 < len(self._found) else ""
        forms = reporting_forms("en")
        stands = verb in {forms.get(word) for word in words(self._record.passage)}
        return verb in SHARING and after not in ("that", "to") and not stands

    def _same_speaker(self, pronoun: ClauseName, before: Record | None) -> bool:
        return (
            pronoun.head in SUBJECT_PRONOUNS
            and before is not None
            and before.speakers == self._record.speakers
        )

    def _is_speaker(self, naming: ClauseName) -> bool:
        if not self._record.speakers:
            return naming.head in SELF
        return any(_goes_by(naming, known) for known in self._record.speakers)

    def _is_addressee(self, naming: ClauseName) -> bool:
        return any(_goes_by(naming, known) for known in self._record.addressees)

    def _passes_on(self, naming: ClauseName) -> bool:
        return naming.head in SELF or any(_goes_by(naming, r) for r in self._record.relayers)

    def _spoken_of(self, naming: ClauseName, verb: str) -> bool:
        """Whether the passage itself has this name and soon after it this verb."""
        forms = reporting_forms("en")
        text = words(self._record.passage)
        return any(
            verb in {forms.get(word) for word in text[i + 1 : i + 1 + MAX_WORDS_TO_VERB]}
            for i, word in enumerate(text)
            if word == naming.head
        )


def _goes_by(naming: ClauseName, known: frozenset[str]) -> bool:
    """Whether a name or description is one of somebody's: its head, and no word that is not."""
    table = language("en")
    beside = table.titles | table.role_nouns | {"the", "of", "and"}
    return naming.head in known and all(w in known or w in beside for w in naming.words)
