"""In what a statement in a draft's own words differs from the passage near it, as a table."""

from __future__ import annotations

import pytest

from rag.check.difference import difference, names_beyond

TABLE = (
    # (the draft's words, the passage's words, why they differ, "" if they do not)
    ("the quay would close in May", "the quay would close in May", ""),
    # figures
    ("the crane cost 4 million", "the crane cost 3 million", "number"),
    ("the crane cost four million", "the crane cost 4 million", ""),
    ("both cranes were sold", "two cranes were sold", ""),
    ("nobody wanted the crane", "not one wanted the crane", ""),
    ("sales grew in the first three months", "sales grew in the first quarter", ""),
    ("the budget would rise by a fifth", "the budget would rise by a tenth", "number"),
    # dates, and other words of which only one is true
    ("the quay would close in June", "the quay would close in May", "number"),
    ("the quay may close", "the quay might close", ""),
    ("the crane would go before Christmas", "the crane would go before Easter", "number"),
    ("the southern quay was empty", "the northern quay was empty", "number"),
    ("200 ships called a week", "200 ships called a month", "number"),
    # the reverse
    ("the quay would be sold", "the quay would not be sold", "negation"),
    ("the quay had a roof", "the quay had no roof", "negation"),
    ("the quay lacked a roof", "the quay had no roof", ""),
    ("the fees would fall by a tenth", "the fees would rise by a tenth", "negation"),
    ("the fees had risen by a tenth", "the fees rose by a tenth", ""),
    ("profit rose", "sales rose by a tenth while profit fell", "negation"),
    ("profit fell", "sales rose by a tenth while profit fell", ""),
    ("accidents had become more frequent", "accidents had become rarer", "negation"),
    ("the board accepted the offer", "the board rejected the offer", "negation"),
    ("the board turned down the offer", "the board rejected the offer", ""),
    ("the board ruled out a strike", "the board did not rule out a strike", "negation"),
    ("the crane was found unsuitable", "experts saw the crane and found it suitable", "negation"),
    ("he was still angry", "I am not angry any more. I am only tired.", "negation"),
    ("pupils had nowhere to swim", "“Pupils have nowhere to swim,” “A bus is not a pool.”", ""),
    ("the town alone would pay", "the bill would be paid by the town and by nobody else", ""),
    ("no fewer than five ships sank", "five ships sank", ""),
    ("the call lasted an hour", "the call lasted an hour and that money was not discussed", ""),
    ("the firm saw grounds for a recall", "the firm would read it but saw no grounds for a recall", "negation"),
    ("the horse would be shown first in the capital", "the horse would be shown first in Kala, and not in the capital", "negation"),
    ("the horse would be shown first in Kala", "the horse would be shown first in Kala, and not in the capital", ""),
    ("they had seen more cod", "they had seen fewer cod in the bays, not more", "negation"),
    ("the strait would be closed to ships", "the strait would be kept open to all ships", "negation"),
    ("the ban would be lifted", "the ban would remain in force until May", "negation"),
    ("the ships would sail", "not all ships would sail", ""),
    # how certain it is
    ("pupils could use the baths in May", "pupils would be let into the baths in May", ""),
    ("the quay will close", "the quay might close", "condition"),
    ("the quay might close", "the quay will close", "condition"),
    ("the quay could close", "the quay might close", ""),
    ("visitors could see the quay", "visitors would be able to see the quay", ""),
    ("more closures would follow", "more closures could follow", "condition"),
    ("the rope had helped", "the rope had probably helped", "condition"),
)  # fmt: skip


@pytest.mark.parametrize(("claim", "said", "weight"), TABLE)
def test_what_differs_is_told_by_its_weight(claim, said, weight):
    found = difference(claim, False, said, False, said, ())
    assert (found[0].weight if found else "") == weight


@pytest.mark.parametrize(
    ("denies", "denied", "differs"),
    [(False, True, True), (True, True, False), (True, False, True), (False, False, False)],
)
def test_a_verb_that_denies_turns_what_follows(denies, denied, differs):
    words = "the board had kept a second report"
    found = difference(words, denies, f"that {words}", denied, words, ())
    assert (found is not None) is differs


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("the horse would go to Lagos", ["Lagos"]),
        ("the horse would go to Kala", []),
        ("the Sabarian minister would come", []),
        ("The horse would go", []),
        ("I would go to the Town Hall", ["Town", "Hall"]),
    ],
)
def test_names_that_the_article_nowhere_has(claim, names):
    found = names_beyond(claim, "The Sabarian minister said the horse would go to Kala.")
    assert [claim[t.start : t.end] for t in found] == names


def test_a_name_that_the_article_nowhere_has_is_told():
    claim = "the horse would go to Lagos"
    beyond = names_beyond(claim, "The horse would go.")
    part, note = difference(claim, False, "the horse would go", False, "", beyond)
    assert (part.draft, part.weight) == ("Lagos", "name")
    assert note == "The draft names Lagos, which the article does not."
