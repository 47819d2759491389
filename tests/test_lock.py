"""What is installed is pinned, is what pyproject.toml asks for, and has no known holes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent

FLOORS = {
    # name: (lowest version allowed, what lower ones have)
    "gradio": ("6.16.0", "CVE-2026-28414, -28415, -28416, -27167, -48545, GHSA-j36p-7w88-g82j"),
    "langchain-core": ("1.2.22", "CVE-2025-65106, CVE-2025-68664, CVE-2026-26013, CVE-2026-34070"),
    "langchain-openai": ("1.1.14", "CVE-2026-41488"),
    "langchain-text-splitters": ("1.1.2", "GHSA-fv5p-p927-qmxr"),
    "langgraph": ("1.0.10", "CVE-2026-28277"),
    "langgraph-checkpoint": ("4.1.1", "CVE-2026-48775"),
    "python-dotenv": ("1.2.2", "CVE-2026-28684"),
    "python-multipart": ("0.0.30", "CVE-2026-40347, CVE-2026-42561, CVE-2026-53539"),
    "sentence-transformers": ("6.0", "a local modules.json runs code without being trusted"),
    "starlette": ("1.3.1", "CVE-2025-62727, CVE-2025-54121, CVE-2026-54283"),
    "torch": ("2.10.0", "CVE-2025-32434, CVE-2026-24747"),
    "transformers": ("5.3.0", "CVE-2026-4372"),
}

NEVER = {
    "stanza": "falls back to unpickling weights",
    "optimum-onnx": "does not go with sentence-transformers 6",
}


def lines() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pinned() -> dict[str, str]:
    pairs = (line.split("==") for line in lines())
    return {canonicalize_name(name): version for name, version in pairs}


def hashed() -> dict[str, str]:
    """The pins of requirements.hashed; every one of them has a hash."""
    text = (ROOT / "requirements.hashed").read_text(encoding="utf-8")
    found = re.findall(
        r"^([\w.-]+)==(\S+) \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M
    )
    return {canonicalize_name(name): version for name, version in found}


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [Requirement(r) for r in [*project["dependencies"], *extras["dev"]]]


def test_every_line_pins_one_version():
    """One name and one public version a line: no range, address, option or local build."""
    pin = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][0-9A-Za-z.!]*")
    assert [line for line in lines() if not pin.fullmatch(line)] == []


def test_no_name_is_pinned_twice():
    assert len(pinned()) == len(lines())


def test_the_lock_is_in_order():
    """Sorted as `sort -f` does, so that a change shows as the lines that changed."""
    assert lines() == sorted(lines(), key=lambda line: line.upper())


def test_the_lock_holds_what_the_project_asks_for():
    """A version changed in one file and forgotten in the other is found here."""
    lock = pinned()
    for requirement in asked_for():
        name = canonicalize_name(requirement.name)
        assert name in lock, f"{name} is not in requirements.lock"
        assert str(requirement.specifier) == f"=={lock[name]}"


def test_everything_but_pytorch_is_known_by_its_hash():
    """PyTorch's CPU build comes from elsewhere than the index that the hashes are of."""
    pins = pinned()
    del pins["torch"]
    assert hashed() == pins


def test_the_model_of_the_tests_is_known_by_its_hash_and_nobody_needs_it():
    text = (ROOT / "requirements.model").read_text(encoding="utf-8")
    (name,) = re.findall(
        r"^([\w.-]+)==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M
    )
    assert canonicalize_name(name) not in {*pinned(), *(r.name for r in asked_for())}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_pinned_version_has_a_known_hole(name):
    floor, holes = FLOORS[name]
    version = pinned().get(name)
    if version is not None:
        assert Version(version) >= Version(floor), f"{name} {version} has {holes}"


def test_what_must_not_be_installed_is_not():
    assert {name: why for name, why in NEVER.items() if name in pinned()} == {}
