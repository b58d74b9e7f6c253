"""Which modules a script needs: its imports are followed through the source text, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_PACKAGE = "enumwatch"


class Imports(NamedTuple):
    """Files of the package that are needed, relative to the folder that holds it, and what else is imported when."""

    files: list[str]
    others: dict[str, set[str]]


def imports_of(scripts: Iterable[Path], app: Path) -> Imports:
    """Return what the scripts import from the package below `app`, directly or through others.

    Imports inside functions count; those for type checkers only do not. `others` maps each top-level module that is
    not ours to the files that import it as soon as they are imported themselves.
    """
    files: set[str] = set()
    others: dict[str, set[str]] = {}
    waiting = [(script, "") for script in scripts]
    while waiting:
        path, package = waiting.pop()
        for name, is_at_once in _imported(path, package):
            if name.partition(".")[0] != _PACKAGE:
                if is_at_once:
                    others.setdefault(name.partition(".")[0], set()).add(path.name)
                continue
            for found, its_package in _files_of(name, app):
                relative = found.relative_to(app).as_posix()
                if relative not in files:
                    files.add(relative)
                    waiting.append((found, its_package))
    return Imports(sorted(files), others)


def _imported(path: Path, package: str) -> Iterator[tuple[str, bool]]:
    """Yield every dotted name that a file may import, and whether it does so when it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"), path.name)
    at_once = {id(node) for node in _outside_functions(tree)}
    skipped = {id(below) for node in ast.walk(tree) if _is_for_type_checkers(node) for below in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in at_once
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            yield base, id(node) in at_once
            # What is imported from a package may be one of its modules.
            if base.partition(".")[0] == _PACKAGE:
                yield from ((f"{base}.{alias.name}", id(node) in at_once) for alias in node.names)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for below in ast.iter_child_nodes(node):
        if not isinstance(below, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield below
            yield from _outside_functions(below)


def _is_for_type_checkers(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def _files_of(name: str, app: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that an import of a dotted name reads: the packages on the way to it and the module itself."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        place = app.joinpath(*parts[:length])
        if (place / "__init__.py").is_file():
            yield place / "__init__.py", ".".join(parts[:length])
        elif place.with_suffix(".py").is_file():
            yield place.with_suffix(".py"), ".".join(parts[: length - 1])
            return
        else:
            return
