"""Archives of 1,000, 10,000 and 100,000 passages: what questions and changes cost as they grow."""

from __future__ import annotations

import sys
from pathlib import Path

from archive import Asked, archive, asked
from measure import HERE, Figures, medians, timed, told

ASKED = 96
"""Questions a round and size."""


class Size:
    """An archive of so many passages, with the peer's store of the same ones beside it."""

    def __init__(self, kept: Path, passages: int, *, peer: bool) -> None:
        print(f"archive of {passages:,} passages ...", file=sys.stderr)
        self.passages = passages
        self.index = archive(kept, passages)
        self.store = kept / f"peer-{passages}"
        self.peer = peer
        if peer and not (self.store / "whole").exists():
            told(str(HERE / "peer.py"), "build", str(self.index), str(self.store))
            (self.store / "whole").touch()
        self.asked: Asked = asked(self.index, ASKED)
        self.questions = kept / f"questions-{passages}.txt"
        self.questions.write_text("\n".join(self.asked.questions), encoding="utf-8")
        self.rounds: dict[str, list[Figures]] = {"onrecord": [], "peer": []}

    def round(self) -> None:
        """One turn of each: a cold question, all of them in one warm process, and changes."""
        first = self.asked.questions[0]
        cold = timed("-m", "rag", "--index", str(self.index), "--", first, allowed=(0, 1))
        warm = told(str(HERE / "asking.py"), str(self.index), str(self.questions))
        changed = told(str(HERE / "changes.py"), str(self.index))
        self.rounds["onrecord"].append({**warm, "cold s": cold[0], **changed})
        if self.peer:
            peer = str(HERE / "peer.py")
            cold = timed(peer, "cold", str(self.store), first)
            warm = told(peer, "ask", str(self.store), str(self.questions))
            self.rounds["peer"].append({**warm, "cold s": cold[0]})

    def medians(self) -> dict[str, Figures]:
        return {who: medians(runs) for who, runs in self.rounds.items() if runs}

    def one_speaker(self, rounds: int) -> Figures:
        """The most quoted one, and one quoted as often as that of the middle quote is."""
        script = str(HERE / "one_speaker.py")
        return told(script, str(self.index), str(self.store), str(rounds), *self.asked.speakers)
