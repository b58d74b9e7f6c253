"""The core is standard library only, without input, output or clock, in the syntax of Python 3.9."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import enumwatch.core

CORE = Path(enumwatch.core.__file__).parent
MODULES = sorted(CORE.rglob("*.py"))

# Modules that compute and nothing else; `datetime` is watched for its clock below.
ALLOWED = {
    *(
        "__future__",
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "functools",
        "hashlib",
        "ipaddress",
        "itertools",
    ),
    *("json", "math", "operator", "re", "typing", "unicodedata"),
}
FORBIDDEN_NAMES = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
FORBIDDEN_ATTRIBUTES = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter", "urandom", "environ"}


def faults(source: str, depth: int = 1) -> list[str]:
    """Everything in a module that the core must not do; `depth` is how many packages deep in the core it lies."""
    found = []
    for node in ast.walk(ast.parse(source, feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            found += [f"imports {one.name}" for one in node.names if one.name not in ALLOWED]
        elif isinstance(node, ast.ImportFrom):
            if node.level > depth or (node.level == 0 and node.module not in ALLOWED):
                found.append(f"imports {'.' * node.level}{node.module}")
        elif isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
            found.append(f"uses {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            found.append(f"uses .{node.attr}")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(CORE).as_posix())
def test_module_is_pure(module: Path) -> None:
    assert faults(module.read_text(encoding="utf-8"), len(module.relative_to(CORE).parts)) == []


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 25


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import os", "imports os"),
        ("import time", "imports time"),
        ("import collections.abc, yaml", "imports collections.abc"),
        ("from duckdb import connect", "imports duckdb"),
        ("from ..lookups import load_lookups", "imports ..lookups"),
        ("from enumwatch.lookups import load_lookups", "imports enumwatch.lookups"),
        ("from datetime import datetime\ndatetime.now()", "uses .now"),
        ("with open('x') as file:\n    pass", "uses open"),
        ("print(1)", "uses print"),
    ],
)
def test_what_is_not_pure_is_seen(source: str, fault: str) -> None:
    assert fault in faults(source)


@pytest.mark.parametrize(
    "source",
    [
        "match 1:\n    case 1:\n        pass",
        "with (open('x') as a, open('y') as b):\n    pass\ntry:\n    pass\nexcept* ValueError:\n    pass",
    ],
)
def test_newer_syntax_is_refused(source: str) -> None:
    with pytest.raises(SyntaxError):
        faults(source)
