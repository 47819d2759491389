"""How good is good enough: every number by which the ranking decides.

Scores run from 0 to about 1.  The numbers were chosen on the development questions;
`make eval` shows what they cost.
"""

from __future__ import annotations

MOST = 4
"""Citations of an answer about one person."""

GROUP = 3
"""People of a group ("US officials") who are heard."""

ABOUT = 0.44
"""Score below which a statement is not about the topic."""

FOREMOST, AHEAD = 0.3, 2
"""The score from which a statement is about the topic after all, if at most so many sentences
of the whole corpus have a better one: the topic was only put in other words."""

ALIKE = 0.3
"""Cosine to the topic that such a statement needs; with less, nothing may be before it."""

HALF = 0.5
"""Share of the words that describe a speaker that has to be said of who is taken for them."""

TOLD = 0.1
"""The same where the addressee was asked for and fits: that leaves few to confuse."""

BESIDE = 0.15
"""The same for one of several people, or days, asked for together, when it is their best."""

WHOSE = 0.5
"""The same where it is asked whose words these are, or to whom they were spoken."""

WHOSE_FOREMOST = 0.36
"""The same where no other sentence of the corpus is more on the topic."""

OF_THE_ROLE = 0.15
"""What it adds that a speaker is called by the role asked for ("which senator")."""

FACT = 0.5
"""The same for a sentence that tells a fact, a time or a place, whoever says it."""

SENTENCE = 0.55
"""The same for a sentence from which no quote was taken, but that names the speaker."""

CONFIRMED = 0.6
"""Share of the words that has to stand in a statement itself where a question for yes or
no says what was said: otherwise it was something else."""

ACTED = 0.15
"""What the act that was asked for adds to a score."""

NAMED = 0.25
"""What is taken from a speaker whom the question itself names ("who agreed with Arbel")."""

NEARBY = 0.15
"""What a follow-up adds for a statement in the article of the answer before."""

NOMINAL = 0.45
"""What a statement that is only named ("criticised the plan") stands behind spoken words."""

WORDS = 0.3
"""How much the words alone count beside the score where a plain fact is asked for."""

FIGURE = 0.1
"""What a figure in the sentence adds where the question asks for one."""

THEIRS = 0.15
"""What it adds to a fact about somebody that they say it, and takes that they are not in it."""

PLAINER = 0.1
"""By how much a sentence has to be more on the topic than any quote to be taken for it."""

KEYWORDS = 0.75
"""Share of the words that a sentence has to hold if they do not even form a question."""

CLOSE = 0.95
"""Share of the best score that a further statement of the same article needs; other
articles need OTHER_DAY of it: those are statements over time."""

OTHER_DAY = 0.85
"""The same share for a statement in another article."""

REMEMBERED = 88
"""Of 100, likeness of half-remembered words to a stretch of a statement."""

NEXT = 3
"""Characters between a sentence and the one that continues it."""

LONG = 600
"""Characters over which a citation is narrowed to its best sentence."""

SAME = 85
"""Of 100, likeness of two statements of near-identical articles that count as one."""
