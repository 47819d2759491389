"""Evidence becomes a draft in plain English, with no language model.

Code writes who spoke, to whom and according to whom; the words themselves are slices of
the article.  Reported speech is never put inside quotation marks of ours.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from index.lang import language
from index.scripts import oddity
from index.types import Mention, Quote
from rag.lang import asking
from rag.types import Draft, Evidence, Question, Ranking

LENGTH = 45
"""Words of an answer's text after which further statements are only numbered."""

_NO_GLUE = re.compile(
    r"^[\"'“”‘’«»„]*(?:that|to|if|whether|how|what|why|when|where|who|of|for|as|against|not)\b",
    re.IGNORECASE,
)


def compose(question: Question, ranking: Ranking) -> Draft:
    """A draft whose claims are numbered [1..n] in the order of the evidence."""
    text = _answer(question, ranking.evidence) if ranking.evidence else _refusal(question, ranking)
    return Draft(text=text, ranking=ranking, question=question)


def _answer(question: Question, evidence: Sequence[Evidence]) -> str:
    dated = _several_days(evidence)
    sentences: list[str] = []
    first = evidence[0].quote
    if question.closed and question.act and first and first.act != question.act:
        sentences.append("Not in so many words, but:")
    met: set[str] = set()
    told_of: set[str] = set()
    left: list[int] = []
    for number, item in enumerate(evidence, 1):
        speaker = _speaker(item)
        sentence = f"{_claim(question, item, speaker in met)} [{number}]{_copies(item)}"
        if dated:
            sentence = f"{_when(item)}: {sentence}"
        length = len(" ".join([*sentences, sentence]).split())
        crowded = length > LENGTH and speaker in told_of and not question.also
        if sentences and crowded:
            left.append(number)
            continue
        sentences.append(sentence)
        met.add(speaker)
        told_of.add(speaker)
    if left:
        sentences.append("Also on record: " + ", ".join(f"[{n}]" for n in left))
    sentences += _odd_names(evidence)
    return " ".join(s if s.endswith((".", "!", "?", ":")) else f"{s}." for s in sentences)


def _several_days(evidence: Sequence[Evidence]) -> bool:
    """Whether the statements are of different days, all of them known."""
    days = [e.article.published for e in evidence]
    return all(days) and len(set(days)) > 1


def _when(item: Evidence) -> str:
    return ", ".join(filter(None, (item.article.published[:10], item.article.outlet)))


def _copies(item: Evidence) -> str:
    """In how many other articles the same words stand."""
    n = len(item.copies)
    return f" (also in {n} other{'s' if n > 1 else ''})" if n else ""


def _odd_names(evidence: Sequence[Evidence]) -> list[str]:
    """A warning for each name, or word of a bare sentence, that only looks like another."""
    names: list[str | None] = []
    for item in evidence:
        if quote := item.quote:
            people = (quote.speaker, *quote.co_speakers, *quote.addressees, *quote.chain)
            names += [m.name for m in people if m]
        else:
            names += [item.speaker, *re.findall(r"\w+", item.span.slice(item.article.text))]
    found = ((name, oddity(name)) for name in dict.fromkeys(names) if name)
    return [f"Note the name {name}: {odd}" for name, odd in found if odd]


def _claim(question: Question, item: Evidence, met: bool) -> str:
    text = item.article.text
    quote = item.quote
    outlet = item.article.outlet or "the article"
    if quote is None or not quote.speaker:
        return f"{outlet[:1].upper()}{outlet[1:]} reports: {item.span.slice(text)}"
    if question.kind in ("when", "where", "fact"):
        return f"{_speaker(item)}, as {outlet} reports: {item.span.slice(text)}"
    statement = _statement(item, quote, met)
    if question.kind == "according_to":
        source = _names(quote.chain, text) or item.article.outlet or "the article itself"
        return f"According to {source}: {statement}"
    relayed = _names(quote.chain, text)
    if not relayed:
        return statement
    pause = "" if statement.rstrip("\"”’'").endswith((",", ".", "!", "?")) else ","
    return f"{statement}{pause} according to {relayed}"


def _statement(item: Evidence, quote: Quote, met: bool) -> str:
    text = item.article.text
    speaker = _speaker(item)
    name = _surname(speaker) if met else speaker
    words = " … ".join(span.slice(text) for span in quote.content).strip()
    verb = _verb(quote, text)
    if quote.kind == "direct" and not words.strip("\"“”'‘’«»„ ")[:1].islower():
        glue = ": "
    elif quote.tier == "nominal":
        glue = _preposition(quote, text)
    elif _NO_GLUE.match(words) or quote.act == "call":  # "called the vote a farce"
        glue = " "
    else:
        glue = " that "
    to = _to(quote, verb, text)
    if quote.act == "call":
        to = ""
    if any(m.span in quote.span for m in quote.addressees):  # "urged the towns to share"
        glue, to = " ", ""
    if glue != ": ":
        words = words.rstrip(".,;")
    if glue == " that ":
        words = _inside_sentence(words)
    return f"{name[:1].upper()}{name[1:]} {verb}{to}{glue}{words}"


def _inside_sentence(words: str) -> str:
    """Reported words behind "that": a small word at their beginning loses its capital."""
    first, blank, rest = words.partition(" ")
    small = first.casefold() in language("en").sentence_openers | asking("en").stop_words
    return f"{first.lower()}{blank}{rest}" if small and first != "I" else words


def _preposition(quote: Quote, text: str) -> str:
    """What the article has between the verb and what it is about ("informed about")."""
    between = text[quote.cue.end : quote.span.start] if quote.cue else " "
    return between if re.fullmatch(r" (?:[a-z]+ ){0,2}", between) else " "


def _called(mention: Mention, text: str) -> str:
    """A name, or the article's own words for somebody who has none ("the board")."""
    if mention.name and mention.name[:1].isupper():
        return mention.name
    return _within(mention.span.slice(text))


def _to(quote: Quote, verb: str, text: str) -> str:
    """The addressees behind the verb, and whether the article says so or it is inferred."""
    names = [_called(m, text) for m in quote.addressees if m.name]
    if not names:
        return ""
    inferred = all(m.basis == "inferred" for m in quote.addressees)
    takes = any(_past(v) == verb for v in language("en").addressing_verbs)
    to = " " if takes else " to "
    return f"{to}{_list(names)}" + (" (inferred)" if inferred else "")


def _speaker(item: Evidence) -> str:
    speaker = item.quote.speaker if item.quote else None
    if speaker is None:
        return item.speaker
    together = item.quote.co_speakers if item.quote else ()
    return _list([_called(m, item.article.text) for m in (speaker, *together)])


def _surname(name: str) -> str:
    """The last word of a person's name; other names stay whole."""
    parts = name.split()
    person = "and" not in parts and 1 < len(parts) <= 3 and all(p[:1].isupper() for p in parts)
    known = language("en").organisation_nouns
    return parts[-1] if person and parts[-1].casefold() not in known else name


def _names(mentions: Sequence[Mention], text: str) -> str:
    return _list([_within(m.span.slice(text)) for m in mentions])


def _within(phrase: str) -> str:
    """A phrase as it stands within a sentence: its article loses the capital."""
    article, _, rest = phrase.partition(" ")
    return f"{article.lower()} {rest}" if article in ("A", "An", "The") else phrase


def _list(names: Sequence[str], word: str = "and") -> str:
    """ "A", "A and B", "A, B and C"; nothing for no names."""
    head, last = names[:-1], names[-1:]
    return f" {word} ".join(filter(None, (", ".join(head), *last)))


def _verb(quote: Quote, text: str) -> str:
    """The reporting verb in the past tense, as the article has it where it can stay."""
    cue = quote.cue.slice(text).split() if quote.cue else []
    for word in reversed(cue):
        lemma = _lemmas().get(word.casefold())
        if lemma:
            return _past(lemma)
    return "said"


@functools.cache
def _lemmas() -> dict[str, str]:
    table = language("en")
    forms: dict[str, str] = {}
    for lemma in sorted(table.verb_acts.keys() | table.stance_verbs):
        soft = lemma.removesuffix("e")
        for form in (lemma, f"{lemma}s", f"{soft}ing", _past(lemma), f"{lemma}{lemma[-1]}ing"):
            forms.setdefault(form, lemma)
    return forms


@functools.cache
def _past(lemma: str) -> str:
    table = asking("en")
    if lemma in table.past:
        return table.past[lemma]
    for form, of in table.irregular.items():
        if of == lemma and not form.endswith("s"):
            return form
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return f"{lemma[:-1]}ied"
    return f"{lemma}d" if lemma.endswith("e") else f"{lemma}ed"


def _refusal(question: Question, ranking: Ranking) -> str:
    """Why there is nothing, in one sentence that repeats who and what was looked for."""
    if question.either:
        return f"Whom do you mean: {_list(question.either, 'or')}?"
    speakers = _list(question.speakers) or "anybody"
    addressees = _list(question.addressees)
    about = question.topic or question.words
    said = {
        "no articles": "The index holds no articles yet.",
        "question not understood": (
            "I could not tell who or what this asks about. Ask, for instance: "
            "what did A tell B about C?"
        ),
        "person not in the corpus": (
            f"{_list(question.unknown) or speakers} does not appear in these articles."
        ),
        "never quoted": f"These articles report no words of {speakers}.",
        "never to that addressee": (
            f"These articles report words of {speakers}, but none said to {addressees}."
        ),
        "not about that": (
            "These articles do not say."
            if question.kind != "said"
            else f"These articles report nothing that {speakers} said about “{about}”."
            if about
            else f"These articles report words of {speakers}, but none of that kind."
        ),
        "words not found": "These articles report nobody saying that.",
    }[ranking.reason or "question not understood"]
    return f"Nothing on record. {said}"
