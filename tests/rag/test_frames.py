"""Every form that a question can have is read as its example says."""

from __future__ import annotations

import pytest

from rag.lang import frames
from rag.question import read


def directory(golden):
    return golden.reader.directory


@pytest.mark.parametrize("frame", frames("en"), ids=lambda frame: frame.example)
def test_a_form_is_read_as_its_example_says(frame, golden):
    question = read(frame.example, None, directory(golden))
    assert {name: getattr(question, name) for name in frame.reads} == frame.reads


@pytest.mark.parametrize("frame", frames("en"), ids=lambda frame: frame.example)
def test_no_form_is_hidden_by_one_before_it(frame, golden):
    """Each example is matched by its own form first, but for a name alone, which no question is."""
    from rag.slots import SlotReader
    from rag.wording import led_in, unwrap

    slots = SlotReader(directory(golden), follows=frame.kind == "alone").read(
        led_in(unwrap(frame.example)), ""
    )
    assert slots.frame is frame
