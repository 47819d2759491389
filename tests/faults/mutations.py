"""Files whose bytes are no longer what they were."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from index.__main__ import FAILED
from index.errors import IndexUnusable, OnRecordError
from index.settings import Settings
from index.storage.health import status, verify
from index.storage.store import TRUTH, Store
from index.storage.store import examined as examined_truth
from tests.faults.children import SEED, Measure, forked, judged
from tests.faults.editions import ARTICLES, indexed


def mutations(whole: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Sixteen ways in which a file goes bad; None is a file that is gone."""
    size, middle = len(whole), len(whole) // 2
    flip = random.Random(SEED)

    def flipped(*places: int) -> bytes:
        data = bytearray(whole)
        for place in places:
            data[place] ^= 1 << flip.randrange(8)
        return bytes(data)

    yield "deleted", None
    yield "empty", b""
    yield "one byte more", whole + b"\0"
    yield "a page more", whole + bytes(4096)
    yield "doubled", whole + whole
    yield "random bytes", flip.randbytes(max(size, 64))
    yield "text", b"not what was here\n" * max(1, size // 18)
    if size < 2:
        return
    yield "half", whole[:middle]
    yield "last byte cut", whole[:-1]
    yield "first bit", flipped(0)
    yield "middle bit", flipped(middle)
    yield "last bit", flipped(size - 1)
    yield "200 bits", flipped(*(flip.randrange(size) for _ in range(200)))
    yield "start zeroed", bytes(min(100, size)) + whole[100:]
    yield "middle zeroed", whole[:middle] + bytes(min(512, size - middle)) + whole[middle + 512 :]
    yield "halves swapped", whole[middle:] + whole[:middle]


def mutated_files(step: int) -> Measure:
    """Every file of an index, mutated in every way (or every ``step``-th), and then opened."""
    with indexed() as (_source, index):
        content = forked(lambda: print(status(Settings(index)).manifest.content)).out.strip()
        passing = ("writer", "-shm", "-wal", "checked")  # notes, on which nothing depends
        files = [f for f in sorted(index.rglob("*")) if f.is_file()]
        files = [f for f in files if not any(word in f.name for word in passing)]
        tried = harmless = 0
        wrong: list[str] = []
        for turn, file in enumerate(files):
            whole = file.read_bytes()
            for name, data in list(mutations(whole))[turn % step :: step]:
                if data == whole:
                    continue
                tried += 1
                if data is None:
                    file.unlink()
                else:
                    file.write_bytes(data)
                ended = forked(lambda: opened(index))
                if ended.code == 0 and ended.out.strip().endswith(content):
                    harmless += 1  # bytes that hold nothing: all articles read as before
                    if file.name != TRUTH:
                        wrong.append(f"{file.name}, {name}: not noticed")
                elif ended.code != FAILED or "REFUSED" not in ended.out:
                    wrong.append(f"{file.name}, {name}: {ended.code} {ended.out[-200:]}")
                file.write_bytes(whole)
                file.chmod(0o600)
                for extra in index.glob(f"{TRUTH}-*"):
                    extra.unlink()
    refused = tried - harmless - len(wrong)
    found = (
        f"{tried} mutations of {len(files)} files ({refused} refused, {harmless} without effect)"
    )
    return judged(found, wrong)


def opened(index: Path) -> int:
    """Open an index for reading and for writing, and compare all of it."""
    try:
        findings = [line for f in verify(Settings(index)) for line in f.wrong]
        with Store(index) as store:
            if store.count() != ARTICLES:
                raise IndexUnusable(f"{store.count()} articles")
        content = examined_truth(index)[2]
    except OnRecordError as error:
        print("REFUSED", error)
        return FAILED
    if findings:
        print("REFUSED", findings)
        return FAILED
    print(content)
    return 0
