"""A name at the top of a module means one thing in the whole program."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

ENTRANCES = {"main"}
"""What every module that is run by itself calls its entrance."""

LANGUAGES = ("index/lang", "rag/lang")
"""Where each language defines the names that every other language defines."""


def modules() -> list[Path]:
    """Return the modules whose names are counted: all but the tables of languages."""
    files = (p for d in ("index", "rag", "page") for p in (ROOT / d).rglob("*.py"))
    return sorted(
        p
        for p in files
        if p.name == "__init__.py" or p.parent.relative_to(ROOT).as_posix() not in LANGUAGES
    )


def defined(tree: ast.Module) -> Iterator[str]:
    """The functions, classes and constants that a module defines, not what it imports."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def shared() -> dict[str, list[str]]:
    """Every name that several modules define -> these modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for file in modules():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in sorted(set(defined(tree)) - ENTRANCES):
            if not name.startswith("__"):
                homes[name].append(file.relative_to(ROOT).as_posix())
    return {name: files for name, files in sorted(homes.items()) if len(files) > 1}


def test_no_name_has_two_meanings():
    found = shared()
    listing = "\n".join(f"{name}: {', '.join(files)}" for name, files in found.items())
    assert not found, f"each of these needs a name of its own:\n{listing}"
