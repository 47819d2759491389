"""A draft is checked: each of its claims gets a verdict, with the passages it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.attribution.quotation_marks import quotations
from index.types import Quote, hull
from rag.answering.excerpts import excerpt
from rag.answering.verify import citation_of
from rag.check.diff import Quoted, diff
from rag.check.draft import Claim, read_draft
from rag.check.match import RUN, Archive, ArchiveMatches, Match
from rag.check.people import Company
from rag.check.reported import Paraphrases
from rag.check.tokens import tokens
from rag.check.types import Check, DiffPart, Finding, Unchecked, Verdict
from rag.check.verdict import Facts, Marks, judged
from rag.types import Citation, Evidence, listed

if TYPE_CHECKING:
    from rag.pipeline import Reader

ALTERED_LIKENESS = 0.6
"""Likeness from which words are taken for a speaker's own that were altered."""

OTHER_SPEAKER_LIKENESS = 0.75
"""Likeness from which words are taken for those that are on record from somebody else."""

SHOWN = 5
"""Passages that are shown for one claim, at most."""

COMMON, COMMON_WORDS = 3, 4
"""Speakers who have all said something of so few words, for it to be anybody's."""

ClaimProgress = Callable[[int, int], object]
"""A function that is called with the number of claims that are done, and of all claims."""


class DraftChecker:
    """Checks drafts against one state of an index; made once for all of them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._catalog = reader.generation.catalog
        self._archive = Archive(self._catalog)
        names = [person.name for person in self._catalog.people]
        self._company = Company(reader.directory, reader.people, names)
        self._paraphrases = Paraphrases(reader, self._company)

    def check(
        self, text: str, name: str = "", progress: ClaimProgress = lambda _done, _all: None
    ) -> Check:
        """The verdicts on a draft.  Raises InputError for no text, and for too much."""
        draft = read_draft(text)
        even = draft.even
        findings, unchecked = list[Finding](), list(draft.unchecked)
        for number, claim in enumerate(draft.claims):
            progress(number, len(draft.claims))
            found = self.quotation(claim, even) if claim.quoted else [self._reported(claim, even)]
            for item in found:
                if isinstance(item, Unchecked):
                    unchecked.append(item)
                else:
                    findings.append(replace(item, words=item.span.slice(text)))
        progress(len(draft.claims), len(draft.claims))
        return Check(
            text,
            tuple(sorted(findings, key=lambda f: (f.span, f.quoted))),
            tuple(sorted(unchecked, key=lambda u: u.span)),
            name,
            self._catalog.counts()["articles"],
        )

    # -- quotations ------------------------------------------------------------------------

    def quotation(self, claim: Claim, text: str) -> list[Finding | Unchecked]:
        """The verdict on a quotation; on each of its pieces where these fare better alone."""
        whole = self._judged(claim, text)
        if len(claim.pieces) == 1 or isinstance(whole, Unchecked) or whole.verdict.passes:
            return [whole]
        apart = [self._judged(replace(claim, pieces=(p,), span=p), text) for p in claim.pieces]
        findings = [f for f in apart if isinstance(f, Finding)]
        better = all(f.verdict.passes for f in findings) or (
            whole.verdict in (Verdict.STITCHED, Verdict.NOT_ON_RECORD)
            and any(f.verdict.passes for f in findings)
        )
        return list(apart) if better else [whole]

    def _judged(self, claim: Claim, text: str) -> Finding | Unchecked:
        quoted = Quoted(
            tuple(tokens(text, claim.pieces, edited=True)),
            text,
            fragment=claim.fragment,
            denies=claim.denies,
            lead=claim.lead,
        )
        found = self._archive.find(quoted.tokens, text)
        best = self._best(claim, found)
        if self._is_common(quoted, claim, found):
            return Unchecked(claim.span, "", "common phrase")
        stitched = bool(found.pieces) and (best is None or _is_pieced(best))
        if best is None or stitched:
            return self._without_match(claim, found, stitched)
        parts = diff(quoted, best, self._company.is_name, _outer(best, found))
        correction = self._correction(found, best)
        missing = self._company.missing_sources(claim, best.quote, _own_words(claim, text))
        facts = self._facts(claim, best, parts, corrected=correction is not None, missing=missing)
        verdict = judged(facts)
        first = [best]
        if verdict is Verdict.OTHER_SPEAKER:
            others = [m for m in found.matches if m is not best and m.exact == best.exact]
            near = [m for m in others if self._is_near(claim, m)]
            first += list({_speaker_of(m): m for m in reversed(near)}.values())[::-1]
        elif correction:
            first.append(correction)
        passages = self._passages(first)
        return claim.finding(
            verdict,
            passages=passages,
            diff=parts,
            corrected=as_printed(passages[0]) if verdict is not Verdict.EXACT else "",
            notes=tuple(self._notes(claim, best, passages, facts, missing)),
            turned=not facts.asserted or verdict is Verdict.OTHER_SPEAKER,
        )

    def _best(self, claim: Claim, found: ArchiveMatches) -> Match | None:
        """Return the match that the verdict rests on; None if no match is near enough.

        Of exact matches, and of those that are not, one of the draft's speaker is taken before
        a nearer one of somebody else.
        """

        def order(match: Match) -> tuple[bool, bool, bool, float, bool, int]:
            rank = ("same", "unnamed", "unknown", "other").index(
                self._company.speaker(claim, match.quote)
            )
            denied = match.quote is not None and match.quote.modality != "asserted"
            theirs = rank < 2
            distance = match.alignment.distance
            return (denied, not match.exact, not theirs, distance, match.marked < 1, rank)

        near = [m for m in found.matches if self._is_near(claim, m)]
        inner = [m for m in near if not any(_is_within(other, m) for other in near)]
        return min(inner, key=order, default=None)

    def _is_near(self, claim: Claim, match: Match) -> bool:
        """Whether a match is the quotation with some changes, and not another statement."""
        alignment = match.alignment
        if not alignment.distance:
            return alignment.same > 0
        if alignment.same < 2:
            return False
        theirs = self._company.speaker(claim, match.quote) in ("same", "unnamed")
        return alignment.likeness >= (ALTERED_LIKENESS if theirs else OTHER_SPEAKER_LIKENESS)

    def _is_common(self, quoted: Quoted, claim: Claim, found: ArchiveMatches) -> bool:
        """Whether a few words are on record from many people, and not from the draft's speaker."""
        if len(quoted.tokens) > COMMON_WORDS:
            return False
        exact = [m for m in found.matches if m.exact]
        if any(self._company.speaker(claim, m.quote) == "same" for m in exact):
            return False
        return len({_speaker_of(m) for m in exact} - {None}) >= COMMON

    def _facts(
        self,
        claim: Claim,
        best: Match,
        parts: Sequence[DiffPart],
        *,
        corrected: bool,
        missing: Sequence[str],
    ) -> Facts:
        quote = best.quote
        return Facts(
            near=True,
            same_words=all(p.change in ("same", "left out") for p in parts),
            cut=any(p.change == "left out" for p in parts),
            marks=_marks(best.marked),
            asserted=_is_asserted(claim, quote),
            speaker=self._company.speaker(claim, quote),
            addressee=self._company.addressee(claim, quote),
            source="other" if missing else "same",
            corrected=corrected,
            english=claim.english,
        )

    def _without_match(self, claim: Claim, found: ArchiveMatches, stitched: bool) -> Finding:
        verdict = judged(Facts(near=False, stitched=stitched, english=claim.english))
        matches = list(found.pieces) if stitched else list(found.matches[:1])
        notes = []
        if verdict is Verdict.UNCLEAR:
            notes.append("The draft is not in English here, and was not compared.")
        if not claim.closed:
            notes.append("The quotation has no closing mark.")
        if stitched:
            speakers = {_speaker_of(m) for m in matches}
            notes.insert(0, f"Made of {len(matches)} statements, each of them shown.")
            if any(self._company.speaker(claim, m.quote) == "other" for m in matches):
                notes.insert(1, f"By {listed(sorted(s or 'somebody unnamed' for s in speakers))}.")
        passages = self._passages(matches) if verdict is not Verdict.UNCLEAR else ()
        return claim.finding(verdict, passages=passages, notes=tuple(notes))

    def _notes(
        self,
        claim: Claim,
        best: Match,
        passages: Sequence[Citation],
        facts: Facts,
        missing: Sequence[str],
    ) -> Iterable[str]:
        """What is to be said beside the verdict, in whole sentences."""
        quote = best.quote
        if not facts.asserted:
            yield "The article says that this was not said, or only might be."
        if judged(facts) is Verdict.OTHER_SPEAKER:
            names = tuple(dict.fromkeys(p.speaker or "somebody unnamed" for p in passages))
            yield f"On record from {listed(names)}."
        elif facts.speaker == "unnamed":
            by = f"; on record from {passages[0].speaker}" if passages[0].speaker else ""
            yield f"The draft does not say who speaks{by}."
        elif facts.speaker == "unknown":
            yield "The archive does not say for certain who spoke these words."
        if facts.addressee == "other":
            told = listed(passages[0].addressees) or "nobody in particular"
            yield f"On record as said to {told}."
        if missing:
            yield f"Passed on by {listed(missing)}, whom the draft does not name."
        outlet = best.source.article.outlet
        if added := [s for s in claim.sources if not self._company.passes_on(s, quote, outlet)]:
            yield f"The archive does not say that {listed(added)} passed it on."
        if facts.marks == "partly" and best.quote:
            yield "Only a part of these words stands in quotation marks in the archive."
        elif facts.marks == "outside":
            own = "reported speech" if quote else "the article's own words"
            yield f"In the archive this is {own}, without quotation marks."
        if not claim.closed:
            yield "The quotation has no closing mark."

    def _passages(self, matches: Iterable[Match]) -> tuple[Citation, ...]:
        """The places of the archive, read again from it, each once."""
        found: dict[tuple[str, int, int], Evidence] = {}
        for match in matches:
            item = _evidence(match)
            found.setdefault((item.article.id, item.span.start, item.span.end), item)
        kept = list(found.values())[:SHOWN]
        return tuple(citation_of(n, item, self._catalog) for n, item in enumerate(kept, 1))

    def _correction(self, found: ArchiveMatches, best: Match) -> Match | None:
        """Return the match in which the archive corrects these words; None if it does not.

        That is a note of correction, or a statement of a later edition of the article in which the
        speaker of these words says nearly the same thing.
        """
        if not best.exact:
            return None
        if found.notes:
            return found.notes[0]
        article, originals = best.source.article, self._catalog.original_of
        if article.id not in originals:
            return None
        kept = {m.source.article.id for m in found.matches if m.exact}
        for match in found.matches:
            other = match.source.article
            edition = originals.get(other.id) == originals[article.id] and other.id not in kept
            if edition and other.published > article.published and self._is_rewritten(match, best):
                return match
        return None

    def _is_rewritten(self, match: Match, best: Match) -> bool:
        """Whether two statements are by one speaker, and one of them is the other altered."""
        near = match.alignment.likeness >= OTHER_SPEAKER_LIKENESS and match.quote is not None
        return near and _speaker_of(match) == _speaker_of(best)

    # -- reported speech -------------------------------------------------------------------

    def _reported(self, claim: Claim, text: str) -> Finding:
        return self._paraphrases.finding(claim, text)


def as_printed(passage: Citation) -> str:
    """A passage as it can be printed: its words, its speaker, and who passed them on."""
    words = " ".join(passage.quote.split())
    by = passage.speaker or "somebody whom the article does not name"
    to = f" to {listed(passage.addressees)}" if passage.addressees else ""
    via = f", according to {listed(passage.chain)}" if passage.chain else ""
    if passage.kind == "indirect":
        words = f"that {words.removeprefix('that ')}"
    return f"{words} — {by}{to}{via}"


def _is_asserted(claim: Claim, quote: Quote | None) -> bool:
    """Return whether an article has a statement as made; or as not made, and the draft too."""
    negated = quote is not None and quote.modality == "negated" and claim.denies
    return quote is None or quote.modality == "asserted" or negated


def _marks(share: float) -> Marks:
    if share == 1:
        return "inside"
    return "partly" if share else "outside"


def _is_pieced(best: Match) -> bool:
    """Return whether a quotation is put together from pieces, rather than one statement altered.

    It is if the best match lacks as many of its words as make a piece, or is no statement.
    """
    return best.alignment.distance >= RUN or best.quote is None


def _is_within(other: Match, match: Match) -> bool:
    """Return whether another match, in this place, is of a statement inside the statement of this
    one."""
    if other is match or other.source.article.id != match.source.article.id:
        return False
    same = other.exact == match.exact and other.span.overlaps(match.span)
    mine, theirs = hull(match.source.spans), hull(other.source.spans)
    stated = match.quote is not None and other.quote is not None
    return same and stated and theirs in mine and theirs != mine


def _outer(match: Match, found: ArchiveMatches) -> Quote | None:
    """Return the statement in which that of a match is quoted; None if it is in none."""
    inner = hull(match.source.spans)
    for other in found.matches:
        span = hull(other.source.spans)
        here = other.quote is not None and other.source.article.id == match.source.article.id
        if here and inner in span and inner != span:
            return other.quote
    return None


def _speaker_of(match: Match) -> str | None:
    quote = match.quote
    return quote.speaker.name if quote and quote.speaker else None


def _evidence(match: Match) -> Evidence:
    """A match as evidence: the words that are met, with the sentences that carry them."""
    article, quote, span = match.source.article, match.quote, match.span
    if quote is not None:
        met = [piece for piece in quote.content if piece.overlaps(span)]
        whole = hull((*met, span))
        return Evidence(article, whole, hull((quote.sentence, whole)), quote)
    item = Evidence(article, span, span, None)
    return replace(item, sentence=excerpt(item))


def _own_words(claim: Claim, text: str) -> str:
    """The sentences around a quotation without what stands in quotation marks."""
    around = claim.around.slice(text)
    inside = [q.span for q in quotations(around) if q.depth == 0]
    own, at = list[str](), 0
    for span in inside:
        own.append(around[at : span.start])
        at = span.end
    return " ".join([*own, around[at:]])
