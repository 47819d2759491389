"""Questions that an index answers are looked for once, however few there are."""

from __future__ import annotations

from rag.answering.examples import examples


def test_few_examples_are_not_looked_for_again(golden):
    tried: list[str] = []

    def answers(question: str) -> bool:
        tried.append(question)
        return len(tried) == 1

    class Catalogue:
        """A generation of its own, with the catalog of another."""

        catalog = golden.reader.generation.catalog

    generation = Catalogue()
    assert examples(generation, answers, 3) == (tried[0],)
    asked = len(tried)
    assert asked > 1
    assert examples(generation, answers, 3) == (tried[0],)
    assert examples(generation, answers, 1) == (tried[0],)
    assert len(tried) == asked
