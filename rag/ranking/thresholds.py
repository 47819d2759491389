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

TOLD = 0.1
"""The same where the addressee was asked for and fits: that leaves few to confuse."""

BESIDE = 0.15
"""The same for one of several people, or days, asked for together, when it is their best."""

WHOSE = 0.5
"""The same where it is asked whose words these are, or to whom they were spoken."""

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

NOMINAL = 0.25
"""What a statement that is only named ("criticised the plan") stands behind spoken words."""

WORDS = 0.3
"""How much the words alone count beside the score where a plain fact is asked for."""

FIGURE = 0.1
"""What a figure in the sentence adds where the question asks for one."""

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
