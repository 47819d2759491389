"""English: the words that turn a claim into its reverse, and the words that are opposites."""

from __future__ import annotations

from rag.lang import Polarity

_OPPOSITES = """
safe | dangerous hazardous
open reopen | closed shut close
rise increase grow climb gain | fall decrease decline drop shrink sink
raise increase | lower cut reduce
win | lose
accept approve | reject refuse
agree | refuse disagree
support favour | oppose
guilty | innocent
convict | acquit
alive | dead
true | false
right | wrong
enough sufficient | insufficient
more | fewer less
higher | lower
better | worse
improve | worsen deteriorate
earlier sooner | later
early | late
present | absent
succeed | fail
strong | weak
stronger | weaker
cheap | expensive
cheaper | dearer
ready | unready
everybody everyone | nobody
faster quicker | slower
fast quick | slow
accelerate | slow
above | below
rare rarer seldom | frequent common often
start begin launch | stop end halt
continue | stop end halt
stay remain | leave quit
remain maintain | lift end scrap abolish
praise welcome | criticise condemn
short | long far
keep retain preserve | abolish scrap
buy purchase | sell
hire | fire dismiss
allow permit | ban forbid prohibit
public | secret
full | empty
majority | minority
expand extend | shorten
lengthen | shorten
longer | shorter
larger bigger | smaller
large big | small little
easy | difficult hard
easier | harder
rich | poor
richer | poorer
clean | dirty polluted
profit | loss
surplus | deficit
friend ally | enemy
victory | defeat
arrive | leave
include | exclude
attack | defend
optimistic | pessimistic
create build erect | destroy demolish
release free | arrest detain jail
impose | lift
unite | divide
minimum | maximum
good | bad
"""
"""Words of one meaning on each side of a line, and the reverse of it on the other side."""

_IRREGULAR = """
rise: rose risen
fall: fell fallen
grow: grew grown growth
shrink: shrank shrunk
sink: sank sunk
win: won
lose: lost
begin: began begun
keep: kept
leave: left
buy: bought
sell: sold
forbid: forbade forbidden
build: built
close: closure
cut: cutting
"""


def _opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    lines = (line.split(" | ") for line in _OPPOSITES.strip().split("\n"))
    return tuple((frozenset(one.split()), frozenset(other.split())) for one, other in lines)


def _irregular() -> dict[str, str]:
    lines = (line.split(": ") for line in _IRREGULAR.strip().split("\n"))
    return {form: word for word, forms in lines for form in forms.split()}


_EXCLUSIVE = """
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
spring summer autumn winter easter christmas
north south east west
northern southern eastern western
morning afternoon evening night
day week month year
half third quarter fifth sixth eighth tenth
double triple
yesterday today tomorrow
"""
"""In each line, words of which mostly one alone is true: who says June does not say July."""

POLARITY = Polarity(
    opposites=_opposites(),
    irregular=_irregular(),
    prefixes=("un", "in", "im", "il", "ir", "dis", "non"),
    denying_verbs=frozenset("deny doubt dispute reject refuse lack prevent".split()),
    denying_words=frozenset(
        "without cannot nowhere nothing hardly barely scarcely cant dont doesnt didnt wont".split()
    ),
    denying_phrases=r"\brul(?:e|es|ed|ing)\s+out\b|\bturn(?:s|ed|ing)?\s+down\b|\bfar\s+from\b",
    denying_nothing=(
        r"\bno,|\bno\s+(?:doubt|wonder|sooner|matter)\b|\bnot\s+(?:only|just|merely|least)\b"
        r"|\bnothing\s+(?:but|short)\b|\bnever\s+mind\b|\b(?:nobody|no\s+one|nothing)\s+else\b"
        r"|\b(?:no|not)\s+(?:later|earlier|sooner|fewer|less|more)\s+than\b"
    ),
    limits=frozenset(
        """before until till yet all every always necessarily only almost nearly enough sure whether
        if unless when why how""".split()
    ),
    durations=(
        (r"\b(?:three|3)\s+months\b", "quarter"),
        (r"\b(?:six|6)\s+months\b", "half-year"),
        (r"\b(?:twelve|12)\s+months\b", "year"),
        (r"\bfortnight\b", "two weeks"),
        (r"\b(?:seven|7)\s+days\b", "week"),
        (r"\b(?:twenty-four|24)\s+hours\b", "day"),
    ),
    quantities=frozenset("all every always until till".split()),
    contrast=r"^\W*(?:(?:and|but)\s+)?not\s+",
    empty=frozenset("still already also again even just now too very really any anymore".split()),
    prepositions=frozenset(
        """about of on for against over regarding concerning with at by from to""".split()
    ),
    finite=frozenset("shall may ll d ve re ca am".split()),
    possible=(
        # not the month
        r"\b(?-i:may)\b|\b(?:might|perhaps|maybe|possibly|probably|likely)\b"
    ),
    hedging=(
        r"\b(?:possib\w+|chances?|risk\w*|threat\w*|expect\w*|hop(?:e|es|ed|ing)|fear\w*|seem\w*"
        r"|appear\w*|suspect\w*|believ\w*|thought|unlikely|potential\w*|apparently)\b"
    ),
    able=r"\b(?:can|could|able|allowed|permitted|free\s+to)\b(?!\s+not\b)",
    certain=r"\b(?:will|would|shall|going\s+to)\b|\w['’](?:ll|d)\b",
    exclusive=tuple(frozenset(line.split()) for line in _EXCLUSIVE.strip().split("\n")),
)
