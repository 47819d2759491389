"""The wording of a question, before and beside its grammar: quotation marks, politeness,
slips of the pen, and several questions in one.
"""

from __future__ import annotations

import functools
import re

from rapidfuzz.distance import OSA

from rag.lang import asking, comparisons, reporting_forms
from rag.people import content_stems, words

FLAGS = re.IGNORECASE | re.VERBOSE
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]|(?:(?<=\s)|^)['‘]([^'‘’]{3,})['’](?!\w)")

_OF_TWO = re.compile(r"\bor\b.*[,:]\s+(?:who|which)\b", re.IGNORECASE)
LONGEST_LEAD = 14
"""Words of a phrase before a question that may be a name or a description."""


def cut_quotation(asked: str) -> tuple[str, str]:
    """Return the longest words inside quotation marks, and the question without them."""
    found = list(_QUOTED.finditer(asked))
    if not found:
        return "", asked
    longest = max(found, key=lambda m: len(m[0]))
    quoted = (longest[1] or longest[2]).strip()
    return quoted, " ".join((asked[: longest.start()] + " " + asked[longest.end() :]).split())


def without_politeness(text: str) -> str:
    """Return the question without politeness, punctuation and a leading "and"."""
    bare = _spelt(text.strip(" ?!.,:;–—-…"))
    for _ in range(3):
        before = bare
        for pattern in asking().wrapping:
            bare = re.sub(pattern, "", bare, flags=FLAGS).strip(" ?!.,:;–—-…")
        if bare == before:
            break
    return bare


def question_first(bare: str) -> str:
    """Return the question first where a phrase leads up to it ("After the vote, what did A say?").

    A name with a pronoun for it in the question takes the pronoun's place ("Reed in May: what
    did he say?").
    """
    table, asks = asking(), _begins(asking().question_words)
    told = re.match(
        rf"^(?P<lead>.+[^.!\s])[.!]+\s+(?P<asked>(?:{table.question_words})\b.+)$", bare, FLAGS
    )
    if told and "?" not in told["lead"]:  # "My son was there. What did Reed say?"
        return f"{question_first(without_politeness(told['asked']))} {told['lead']}"
    match = re.match(r"^(?P<lead>[^,:?]+?)(?P<mark>[,:]|\s[–—-])\s+(?P<asked>.+)$", bare)
    if match is None or asks.match(match["lead"]) or not asks.match(match["asked"]):
        return bare
    lead, asked = match["lead"], match["asked"]
    if re.match(table.source_before, bare, re.IGNORECASE) or _OF_TWO.search(bare):
        return bare
    verb = "|".join(map(re.escape, table.auxiliaries))
    whose = re.search(
        rf"\b(?:{verb}|what|why|how) (he|she|they|his|her|their)\b", asked, re.IGNORECASE
    )
    if whose is None and match["mark"] not in (",", ":"):
        return bare  # "a cracked gate is no weapon - who said that"
    if (
        whose is None
        or _begins(table.leading_words).match(lead)
        or len(lead.split()) > LONGEST_LEAD
    ):
        return f"{asked} {lead}"
    name, *when = re.split(rf"\s(?=(?:{table.leading_words})\b)", lead, maxsplit=1)
    name = f"{name}'s" if whose[1].casefold() in ("his", "her", "their") else name
    return " ".join((f"{asked[: whose.start(1)]}{name}{asked[whose.end(1) :]}", *when))


def separate_questions(asked: str) -> list[str]:
    """Return the questions that are put in one breath ("What did A say about B, and how did C
    answer?").

    A part is a question of its own if it begins as one and has three words or more.
    """
    table = asking()
    whole = re.split(r"\?\s+(?=\w)", asked)
    found = [p for one in whole for p in re.split(table.second_question, one, flags=re.IGNORECASE)]
    asks = _begins(table.question_words)
    questions = all(len(words(p)) > 2 for p in found) and all(asks.match(p) for p in found[1:])
    return found if questions else [asked]


def cut_comparison(bare: str) -> tuple[frozenset[str], str]:
    """Return the sorts of comparison that a question asks for ("times", "sides"), and the rest."""
    sorts = set()
    for form in comparisons():
        left, found = re.subn(form.pattern, form.left, bare, count=1, flags=re.IGNORECASE)
        if found and content_stems(left):
            sorts.add(form.sort)
            bare = " ".join(left.split()).strip(" ,;:–—-")
    return frozenset(sorts), bare


def _begins(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives})\b", re.IGNORECASE)


def cut_source(bare: str) -> tuple[str, str]:
    """Return whom a question names as its source ("according to X", "in X's words"), and the
    rest."""
    table = asking()
    for pattern in (
        rf"^(?:{table.source_before})[,:]\s+(?P<rest>.+)$",
        rf"^(?P<rest>.+?)[,\s]+(?:{table.source_behind})$",
        rf"^(?P<rest>.+?),\s+(?:{table.source_behind})(?P<more>,\s+.+)$",
        rf"^(?P<a>[^:?]+):\s+(?P<rest>(?!who|which)(?:{table.question_words})\b.+)$",
        r"^(?P<rest>.+?),\s+(?:says?|said)\s+(?P<a>(?!who|which|what)[^,]+)$",
    ):
        if found := re.match(pattern, bare, re.IGNORECASE):
            parts = found.groupdict()
            rest = f"{parts.pop('rest')}{(parts.pop('more', '') or '').replace(', ', ' ', 1)}"
            source = next(filter(None, parts.values()))
            return source.strip(" ,"), rest.strip(" ,")
    return "", bare


def _spelt(text: str) -> str:
    """Return the question with slips in its question word and in "about" put right.

    What begins with a capital behind the first word is a name: "Was Abt heard?" asks of Abt.
    """
    table, known = asking(), _known_words()
    out = []
    typed = (
        word
        if _is_written_as_name(number, word)
        else table.spellings.get(_plain_apostrophe(word), word)
        for number, word in enumerate(text.split())
    )
    for number, word in enumerate(" ".join(typed).split()):
        plain, near = word.casefold(), ""
        slip = plain.isalpha() and len(plain) > 2 and plain not in known
        if slip and not _is_written_as_name(number, word):
            choices = table.asker_words if number == 0 else ("about",)
            close = (c for c in choices if OSA.distance(plain, c) <= 1 + (c == "about"))
            near = next((c for c in close if len(c) > 2 and c[0] == plain[0]), "")
        out.append(near or word)
    return " ".join(out)


@functools.cache
def _known_words() -> frozenset[str]:
    """Return the folded words that are no slips, whatever they are like."""
    table = asking()
    return frozenset({*table.asker_words, *table.stop_words, *reporting_forms()})


def _is_written_as_name(number: int, word: str) -> bool:
    """Return whether the word of this number in a question is written as a name is."""
    return number > 0 and word[:1].isupper() and not word.isupper()


def _plain_apostrophe(word: str) -> str:
    """Return a word in small letters, with the apostrophe of a typewriter."""
    return word.replace("’", "'").casefold()


def bare_topic(raw: str) -> str:
    """Return a topic without the words that only introduce it, or tell on which occasion."""
    bare = re.sub(asking().occasions, " ", f" {raw} ", flags=FLAGS)
    bare = " ".join(bare.split()).strip(" ,?")
    lead = (
        r"^(?:to\s+do|to\s+be|do|about|on|regarding|concerning|towards?|that|of|if|for|to|did|it)"
        r"\b\s*"
    )
    tail = r"(?:^|\s+)(?:about|on|of|for|to|with|in|at|and)$"
    bare = re.sub(lead, "", bare, flags=re.IGNORECASE)
    bare = re.sub(tail, "", bare, flags=re.IGNORECASE).strip(" ,?")
    return bare if content_stems(bare) else ""
