"""A generation is published: what changed becomes a segment, what it replaces is marked dead.

Everything is written where nobody reads yet, synced, and renamed: segments first, then the
folder of the generation, then the pointer.  Killed at any moment, the former generation is
there whole.

Small segments are written together with what is new, so that there are never many: a publish
writes as much again as it adds, or up to OPEN passages.  What more there is to merge, and what
removed articles leave in large segments, is for `merge`.
"""

from __future__ import annotations

import datetime
import json
import math
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import LOG, IndexUnusable, ServerUnusable
from index.people.regroup import PersonChange
from index.search import chroma_server, graph
from index.search.bm25 import POSTINGS_FOLDER as WORDS
from index.search.chroma import build
from index.search.vectors import VECTORS_FOLDER as VECTORS
from index.search.vectors import Vectors
from index.settings import NONE, Fingerprint, is_server
from index.storage import corrections
from index.storage.derive import BANDS, SKETCHES, Mentions, SegmentWriter, mentions_in
from index.storage.disk import disk_errors, files, require, settle, sha256, sync, write_private
from index.storage.held import Embed, EncodedArticles, with_same_model
from index.storage.registry import REGISTRY_FILE as REGISTRY
from index.storage.registry import Registry
from index.storage.segments import (
    CHROMA,
    LISTING,
    REBUILD,
    SEGMENTS,
    Checked,
    Opened,
    SegmentEntry,
)
from index.storage.snapshot import (
    CURRENT,
    GENERATIONS,
    MANIFEST,
    Generation,
    Manifest,
    current,
    place,
    read_manifest,
    remove_stale,
)
from index.storage.store import Store
from index.storage.suggestions import person_changes_of
from index.storage.tables import sum_of_digests

SEALED = 50_000
"""Passages of a segment at most, but for an article that has more."""

OPEN = 500
"""Passages that are written again for whatever small change."""

FORGET = datetime.timedelta(hours=24)
"""After so long the first publish writes a segment without its dead articles."""

FEW = 8
"""Segments of about one size; when there are as many, the next change writes them together."""

_ROOM = 30_000
"""Bytes on the disk that a passage takes, at most, while a segment is made."""


@dataclass(slots=True)
class _Plan:
    """What `publish` is going to do: which segments stay, which articles are written anew.

    kept       the segments that stay, with their new entries for the manifest
    dissolved  the segments whose living articles are written into new ones
    dead       by segment, the numbers of the articles that this publish takes away
    ids        the ids of the articles that are written
    """

    kept: list[tuple[Opened, SegmentEntry]] = field(default_factory=list)
    dissolved: list[Opened] = field(default_factory=list)
    dead: dict[str, list[int]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def publish(
    folder: Path,
    store: Store,
    fingerprint: Fingerprint,
    chroma: str = "",
    *,
    whole: bool = False,
    dissolve: Iterable[str] = (),
    embed: Embed | None = None,
) -> Manifest:
    """Make a generation of the truth as it is now, and make it the current one.

    ``chroma`` is as in Settings; ``whole``: write every article again; ``dissolve``: names of
    segments whose articles are written again; ``embed`` makes vectors that are lost.  Raises
    IndexUnusable if what is written is not as it was stored; DiskError.  The generation before
    stays current then.
    """
    server = place(folder, chroma)
    with ExitStack() as stack:
        before = (
            None
            if whole
            else _generation_to_extend(
                folder, fingerprint, server, _prefix(store) if is_server(server) else ""
            )
        )
        if before is not None:
            stack.callback(before.close)
        changed = _changed_articles(store, before)
        if changed is None:
            before, changed = None, list(store.passages_of())
        with disk_errors(folder):
            corrections.drop_orphans(store.file)
        plan = _planned(store, before, changed, set(dissolve))
        parts = before.parts if before is not None else ()
        if before is None:
            former = with_same_model(folder, fingerprint, anew=True)
            if former is not None:
                stack.callback(former.close)
                parts = former.parts
        held = EncodedArticles(store, parts)
        sizes = store.passages_of(sorted(plan.ids))
        needed = 2_000_000 + _ROOM * sum(sizes.values())
        with disk_errors(folder, needed):
            require(folder, needed)
            contents = store.contents(sorted(plan.ids))
            _make_again(store, held.find(contents), fingerprint, embed)
            manifest = _write_generation(
                folder, store, fingerprint, server, before, changed, plan, sizes, contents, held
            )
    remove_stale(folder)
    _sweep_servers(folder, store)
    store.forget_changes(manifest.revision)
    store.forget_made()
    return manifest


def _make_again(
    store: Store, lost: Sequence[str], fingerprint: Fingerprint, embed: Embed | None
) -> None:
    """Embed the articles whose vectors are lost, and keep what the model makes of them."""
    for article_id in lost:
        if embed is None or not store.is_made_with(article_id, fingerprint):
            raise IndexUnusable(f"the vectors of article {article_id!r} are lost; {REBUILD}")
        store.keep_made(article_id, embed(*store.spans_of(article_id)))


def _manifest(folder: Path) -> Manifest | None:
    name = current(folder)
    return read_manifest(folder / GENERATIONS / name) if name else None


def count_segments(folder: Path) -> int:
    """Return how many segments the current generation has; 0 without one."""
    manifest = _manifest(folder)
    return len(manifest.segments) if manifest else 0


def count_removed(folder: Path) -> int:
    """Return how many removed or replaced articles the segments still hold."""
    manifest = _manifest(folder)
    return sum(len(one.dead) for one in manifest.segments) if manifest else 0


def segments_to_merge(folder: Path, fewest: int = 2) -> list[list[str]]:
    """Return the names of the segments that `merge` writes anew, in groups that become one each.

    Segments with removed articles are among them, and small segments if there are at least
    ``fewest``.  A group has at most SEALED passages.
    """
    generation = Generation(folder)
    try:
        left = {part.segment.name: _passages_left(part, ()) for part in generation.parts}
        stale = {part.segment.name for part in generation.parts if part.dead}
    finally:
        generation.close()
    small = {name for name, passages in left.items() if passages <= SEALED // 2}
    wanted = stale | (small if len(small) >= fewest else set())
    groups: list[list[str]] = []
    passages = SEALED
    for name in sorted(wanted, key=lambda name: (left[name], name)):
        if passages + left[name] > SEALED:
            groups.append([])
            passages = 0
        groups[-1].append(name)
        passages += left[name]
    return [group for group in groups if len(group) > 1 or stale & {*group}]


def _generation_to_extend(
    folder: Path, fingerprint: Fingerprint, server: str, collections: str
) -> Generation | None:
    """The current generation, if what is new can be put beside it."""
    with suppress(IndexUnusable):  # absent or damaged: to make all anew is the cure
        generation = Generation(folder)
        made = generation.manifest
        if (made.fingerprint, made.chroma, made.collections) == (fingerprint, server, collections):
            return generation
        generation.close()
    return None


def _changed_articles(store: Store, before: Generation | None) -> list[str] | None:
    """The articles that are not as the generation before has them; None: all of them."""
    if before is None or (changed := store.changed_since(before.manifest.revision)) is None:
        return None
    if before.lost:  # what was in a segment that is lost is written again
        changed += sorted(store.passages_of().keys() - set(before.catalog.article_ids()))
    return list(dict.fromkeys(changed))


def _planned(
    store: Store, before: Generation | None, changed: Sequence[str], dissolve: set[str]
) -> _Plan:
    """Return the plan of a publish.

    Segments are written anew that are named in ``dissolve``, that have held removed articles for
    longer than FORGET, of whose size there are too many, or that are small beside what is new.
    """
    plan, new = _Plan(), store.passages_of(changed)
    plan.ids |= new.keys()
    if before is None:
        return plan
    listed = {segment.name: segment for segment in before.manifest.segments}
    parts = {part.segment.name: part for part in before.parts}
    for name, part in parts.items():
        found = part.rows(
            "SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(changed),),
        )
        plan.dead[name] = [number for (number,) in found]
    left = {name: _passages_left(part, plan.dead[name]) for name, part in parts.items()}
    late = _now() - FORGET
    dissolve |= {
        name
        for name, segment in listed.items()
        if segment.since and datetime.datetime.fromisoformat(segment.since) < late
    }
    if changed:
        dissolve |= _segments_to_join(left)
    written = sum(new.values())
    most = max(OPEN, written)
    for name in sorted(parts, key=lambda name: (left[name], name)):
        small = left[name] <= most and written + left[name] <= max(OPEN, 2 * sum(new.values()))
        touched = bool(changed) and (small or not left[name])
        if name in dissolve or touched:
            written += left[name]
            plan.dissolved.append(parts[name])
            rows = parts[name].rows("SELECT number, id FROM articles")
            gone = set(plan.dead[name])
            plan.ids |= {i for number, i in rows if number not in gone}
        else:
            dead = tuple(sorted({*listed[name].dead, *plan.dead[name]}))
            since = listed[name].since or (_now().isoformat(timespec="seconds") if dead else "")
            plan.kept.append((parts[name], replace(listed[name], dead=dead, since=since)))
    return plan


def _segments_to_join(left: Mapping[str, int]) -> set[str]:
    """The segments that are written together because there are FEW of about their size.

    ``left`` are the passages of each.  A tier has segments of up to FEW times the size of those
    in the tier below, so that a passage is written once more for each of a few tiers, and of an
    archive that grew article by article there are some FEW segments a tier (Lucene's policy).
    """
    tiers: dict[int, list[str]] = {}
    for name, passages in left.items():
        tiers.setdefault(int(math.log(max(passages / max(OPEN, 1), 1), FEW)), []).append(name)
    for _, names in sorted(tiers.items()):
        if len(names) >= FEW and sum(left[name] for name in names) <= SEALED:
            return set(names)
    return set()


def _now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


def _passages_left(part: Opened, dead: Sequence[int]) -> int:
    """How many passages a segment has without these articles."""
    gone = np.isin(part.words.passage_articles, [*part.dead, *dead])
    return int(len(gone) - gone.sum())


def _write_generation(
    folder: Path,
    store: Store,
    fingerprint: Fingerprint,
    server: str,
    before: Generation | None,
    changed: Sequence[str],
    plan: _Plan,
    sizes: Mapping[str, int],
    contents: Mapping[str, str],
    held: EncodedArticles,
) -> Manifest:
    for name in (GENERATIONS, SEGMENTS):
        (folder / name).mkdir(exist_ok=True, mode=0o700)
    aside = [Path(tempfile.mkdtemp(prefix="tmp-", dir=folder / GENERATIONS))]
    try:
        with ExitStack() as stack:
            making = list[SegmentWriter]()
            for ids in _articles_by_segment(sizes):
                aside.append(Path(tempfile.mkdtemp(prefix="tmp-", dir=folder / SEGMENTS)))
                own = {i: contents[i] for i in ids}
                making.append(SegmentWriter(aside[-1], store.file, own))
                stack.callback(making[-1].close)
            registry = aside[0] / REGISTRY
            said = person_changes_of(store.file)
            content = _register(registry, before, changed, plan, making, said)
            for one in making:
                one.finish(registry, fingerprint.dimension, held.of)
        segments = [listed for _, listed in plan.kept]
        for making_ in aside[1:]:
            _index_vectors(making_, store, server, segment := _new_name(store))
            segments.append(_sealed(making_, segment))
        manifest = Manifest(
            revision=store.revision,
            fingerprint=fingerprint,
            counts=_counts(registry, store),
            content=content,
            segments=tuple(segments),
            files={name: sha256(aside[0] / name) for name in files(aside[0])},
            made=(now := _now().isoformat(timespec="seconds")),
            taken=now if changed or before is None else before.manifest.taken,
            chroma=server,
            collections=_prefix(store) if is_server(server) else "",
        )
        write_private(aside[0] / MANIFEST, json.dumps(asdict(manifest)))
        name = _new_name(store)
        for making_, listed in zip(aside[1:], segments[len(plan.kept) :], strict=True):
            settle(making_)
            making_.rename(folder / SEGMENTS / listed.name)
        sync(folder / SEGMENTS)
        settle(aside[0])
        aside[0].rename(folder / GENERATIONS / name)
        sync(folder / GENERATIONS)
    except BaseException:
        for making_ in aside:
            shutil.rmtree(making_, ignore_errors=True)
        _sweep_servers(folder, store, tell=False)
        raise
    write_private(folder / f"{CURRENT}.new", name)
    (folder / f"{CURRENT}.new").replace(folder / CURRENT)
    sync(folder)
    _note_checked(folder, name, {one.name for one in segments[len(plan.kept) :]})
    return manifest


def _new_name(store: Store) -> str:
    return f"{store.revision:08d}-{uuid.uuid4().hex[:8]}"


def _prefix(store: Store) -> str:
    """What this index's collections are called on a server, but for the segment and the kind."""
    return f"onrecord-{store.identity}"


def _index_vectors(making: Path, store: Store, server: str, segment: str) -> None:
    """Make a graph of the vectors of a segment, put them into Chroma, and compare what it has."""
    vectors = Vectors(making / VECTORS)
    try:
        matrices = vectors.matrices
        for name, matrix in matrices.items():
            graph.write_graph(making, name, matrix)
        if server == NONE:
            return
        if not server:
            build(making / CHROMA, matrices)
            return
        prefix = f"{_prefix(store)}-{segment}"
        # Noted first: what a killed publish leaves there is deleted by the next.
        store.note_collections([*store.collections, (server, prefix)])
        chroma_server.put(server, prefix, matrices)
    except ServerUnusable as error:
        raise ServerUnusable(
            f"{error}; the index is as it was, and what was stored is kept: try again, or "
            "run: python -m index rebuild --chroma local"
        ) from error
    finally:
        vectors.close()


def _sweep_servers(folder: Path, store: Store, tell: bool = True) -> None:
    """Delete the collections that this index made, but not those of the current generation.

    What cannot be deleted stays noted, for the next publish.
    """
    if not (made := store.collections):
        return
    try:
        name = current(folder)
        listed = read_manifest(folder / GENERATIONS / name).segments if name else ()
    except IndexUnusable:
        return
    read = {f"{_prefix(store)}-{segment.name}" for segment in listed}
    kept, silent = list[tuple[str, str]](), set[str]()
    for server, prefix in made:
        if not prefix.startswith(f"{_prefix(store)}-"):  # who made it may still be read
            LOG.warning(
                "onrecord: %s has %s-* of the index that this one is a copy of; delete them there "
                "if that one is gone",
                *(chroma_server.server_name(server), prefix),
            )
            continue
        if prefix in read or server in silent:
            kept.append((server, prefix))
            continue
        try:
            chroma_server.delete(server, prefix)
        except ServerUnusable as error:
            kept.append((server, prefix))
            silent.add(server)
            if tell:
                LOG.warning(
                    "onrecord: %s; what it has of replaced states is left for the next publish",
                    error,
                )
    store.note_collections(kept)


def _articles_by_segment(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Articles by the segments that they are written to, as few as there need be, alike in size."""
    total = sum(sizes.values())
    share = total / max(1, -(-total // SEALED))
    chosen, passages = list[str](), 0
    for article_id in sorted(sizes):
        if chosen and passages + sizes[article_id] / 2 > share:
            yield chosen
            chosen, passages = [], 0
        chosen.append(article_id)
        passages += sizes[article_id]
    if chosen:
        yield chosen


def _sealed(folder: Path, name: str) -> SegmentEntry:
    """Give a segment its list of files."""
    listing = {file: sha256(folder / file) for file in files(folder)}
    write_private(folder / LISTING, json.dumps(listing))
    articles, passages, quotes = (
        len(np.load(folder / WORDS / f"{of}.npy", mmap_mode="r"))
        for of in ("articles", "passages", "quotes")
    )
    return SegmentEntry(name, sha256(folder / LISTING), articles, passages, quotes)


def _note_checked(folder: Path, name: str, new: set[str]) -> None:
    """Note the files that were just written as compared: a reader need not read them for that."""
    checked = Checked(folder)
    for place_ in (f"{GENERATIONS}/{name}", *(f"{SEGMENTS}/{segment}" for segment in sorted(new))):
        for file in files(folder / place_):
            checked.sha256(f"{place_}/{file}")
    checked.save()


def _counts(registry: Path, store: Store) -> dict[str, int]:
    with Registry(registry) as opened:
        return {**store.counts(), "speakers": opened.speakers()}


def _register(
    registry: Path,
    before: Generation | None,
    changed: Sequence[str],
    plan: _Plan,
    making: Sequence[SegmentWriter],
    said: Sequence[PersonChange],
) -> str:
    """Bring the registry up to date; gives the digest of all articles.

    ``said`` is what is accepted about whose the names are.
    """
    again = before is None or bool(before.lost)
    if before is not None and not again:
        shutil.copyfile(before.registry, registry)
    mentions, outlets = Mentions(), Counter[str]()
    contents = [] if before is None or again else [before.manifest.content]
    gone: dict[str, NDArray[np.uint32]] = {}
    for part in () if before is None else before.parts:
        dead = plan.dead[part.segment.name]
        wholly = part in plan.dissolved
        ids = _ids_of(part, None if wholly else dead)
        if again:  # what stays is counted in, instead of what goes being counted out
            if not wholly:
                kept = {i: n for i, n in _ids_of(part, None).items() if n not in set(dead)}
                _count_articles(part, kept, mentions, outlets, contents, 1)
        else:
            _count_articles(part, ids, mentions, outlets, contents, -1)
        gone |= {i: part.sketches[n] for i, n in _ids_of(part, dead).items()}
    for one in making:
        one.sketch()
        mentions.update(one.mentions())
        outlets.update(one.outlets())
        contents += one.contents()
    with Registry(registry) as opened:
        opened.count_mentions(mentions, said)
        opened.count_outlets(outlets)
        sketches = _Sketches(plan, making)
        if again:
            opened.find_copies(sketches.ids(), {}, sketches)
        else:
            opened.find_copies([i for i in changed if i in plan.ids], gone, sketches)
    return sum_of_digests(contents)


def _ids_of(part: Opened, numbers: Sequence[int] | None) -> dict[str, int]:
    """The numbers of the articles of a segment by their ids: of these, or of all that live."""
    if numbers is not None and not numbers:
        return {}
    rows = part.rows("SELECT id, number FROM articles")
    wanted = None if numbers is None else set(numbers)
    return {i: n for i, n in rows if wanted is None or n in wanted}


def _count_articles(
    part: Opened,
    ids: Mapping[str, int],
    mentions: Mentions,
    outlets: Counter[str],
    contents: list[str],
    sign: int,
) -> None:
    """Count these articles of a segment in or out."""
    if not ids:
        return
    wanted = json.dumps([*ids])
    for key, count in mentions_in(part.rows, ids).items():
        mentions[key] += sign * count
    for outlet, content in part.rows(
        "SELECT outlet, digest FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ):
        outlets[outlet] += sign
        contents.append(content if sign > 0 else f"-{content}")


class _Sketches:
    """The sketches of the articles that a generation has, in the segments that stay and in
    those that are being made."""

    def __init__(self, plan: _Plan, making: Sequence[SegmentWriter]) -> None:
        self._held: list[tuple[dict[int, tuple[str, str]], NDArray[np.uint32], NDArray[np.void]]]
        self._held = []
        for part, listed in plan.kept:
            rows = part.rows("SELECT number, id, published FROM articles")
            dead = set(listed.dead)
            live = {n: (i, published) for n, i, published in rows if n not in dead}
            self._held.append((live, part.sketches, part.bands))
        for one in making:
            live = {n: (i, published) for n, i, published in one.dated()}
            self._held.append((live, np.load(one.folder / SKETCHES), np.load(one.folder / BANDS)))
        self._place = {
            i: (at, n) for at, (live, *_) in enumerate(self._held) for n, (i, _) in live.items()
        }

    def ids(self) -> list[str]:
        return sorted(self._place)

    def sharing(self, wanted: NDArray[np.uint64]) -> dict[int, list[str]]:
        """The articles that have each of these bands."""
        found: dict[int, list[str]] = {int(band): [] for band in wanted}
        for live, _, held in self._held:
            first, beyond = (
                np.searchsorted(held["band"], wanted, side) for side in ("left", "right")
            )
            for at in np.flatnonzero(beyond > first).tolist():
                articles = held["article"][first[at] : beyond[at]].tolist()
                found[int(wanted[at])] += [live[n][0] for n in articles if n in live]
        return found

    def of(self, ids: Sequence[str]) -> dict[str, tuple[str, NDArray[np.uint32]]]:
        """The publication date and the sketch of each of these articles."""
        found = {}
        for i in ids:
            if i in self._place:
                at, n = self._place[i]
                live, sketches, _ = self._held[at]
                found[i] = (live[n][1], sketches[n])
        return found
