"""The house rules: sizes, names, docstrings, places of tests, and what no file may hold. Each lists its offenders."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "app/enumwatch"

LONGEST_FILE, LONGEST_FUNCTION, LARGEST_FILE = 300, 40, 1_000_000

# Exceptions, each with its reason; one that is no longer needed is an offender too.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {"app/enumwatch/simulate/shapes/ecs.py okta": "one record of that log, written out in one piece"}
UNDOCUMENTED = {
    "app/enumwatch/simulate/shapes": "functions that each write the record they are named after; the module says of what",
    "app/enumwatch/simulate/scenarios": "functions that each play the scenario they are named after, told in its table",
}
TESTED_ELSEWHERE = {
    "simulate/scenarios": ("tests/simulate/test_scenarios.py", "every scenario is put to the same tests"),
    "simulate/shapes": ("tests/simulate/test_shapes.py", "every shape is put to the same tests"),
}
MAIL_DOMAINS = {
    "contoso.com": "the made-up organisation of Microsoft's own documentation",
    "example.evil": "no such domain; shows that a pattern ends where it says",
    "okta.com": "what Okta writes as the actor of its own events",
}

VAGUE_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "data", "misc", "common"}
# Written so that they do not find themselves.
ANY_MACHINE = re.compile(r"(?<![\w.~-])/(?:home|root|work)/")
SCRATCH = re.compile(r"(?<![\w.~-])/(?:tmp)/")
REGISTRY = re.compile(
    r"pypi\.(?:org|python)|python[h]osted\.org|npm[j]s\.(?:org|com)|yarn[p]kg\.com|crates[.]io|ruby[g]ems\.org|"
    r"proxy\.golang[.]org|repo1?\.maven[.]|conda\.anaconda[.]|(?:index-|index_)url|find[-]links|/simple[/]"
)
LEFT_TO_DO = re.compile(r"\b(?:TO(?:DO)|FIX(?:ME)|X{3})\b")
MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)\b", re.IGNORECASE)
NOBODYS = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net")


@lru_cache
def files() -> tuple[str, ...]:
    """Paths of everything that belongs to the project, relative to its root."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        return tuple(path for path in listed.decode().split("\0") if path and (ROOT / path).is_file())
    made = {".venv", "build", "dist", "__pycache__"}
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(name for name in below if name not in made and not name.endswith(("_cache", ".egg-info")))
        found += [(Path(folder) / name).relative_to(ROOT).as_posix() for name in names]
    return tuple(path for path in sorted(found) if not path.startswith(".hypothesis/"))


def python_files(*folders: str) -> list[str]:
    return [path for path in files() if path.endswith(".py") and path.startswith(folders)]


@lru_cache
def text_of(path: str) -> str:
    """The text of a file; empty where it is none."""
    content = (ROOT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


@lru_cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(text_of(path), path)


def packages() -> list[str]:
    """Folders with code below the package, relative to it."""
    folders = {str(PurePosixPath(path).parent.relative_to(PACKAGE)) for path in python_files(f"{PACKAGE}/")}
    return sorted(folders - {"."})


def long_functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Name and length of each function that is too long, from `def` to its last line."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield node.name, length


def undocumented(tree: ast.Module) -> Iterator[str]:
    """The module, or its public functions and classes, where they say nothing about themselves."""
    if not ast.get_docstring(tree):
        yield "module"
    for node in tree.body:
        is_named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if is_named and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.name


def vague_words(path: str) -> list[str]:
    """Words in the names of a module and its packages that say nothing about what is in it."""
    parts = PurePosixPath(path).with_suffix("").parts
    return [word for part in parts for word in re.split(r"[_-]", part.lower()) if word in VAGUE_WORDS]


def zone_of_the_machine(tree: ast.Module) -> Iterator[int]:
    """Lines that turn a time into the time zone of the machine, which is another one elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = len(node.args) + len(node.keywords)
            if given < {"fromtimestamp": 2, "astimezone": 1}.get(node.func.attr, 0):
                yield node.lineno


def found_in(path: str, pattern: re.Pattern[str]) -> list[str]:
    """Every place of a file where the pattern is, as file:line: what was found."""
    lines = enumerate(text_of(path).split("\n"), start=1)
    return [f"{path}:{number}: {found[0]}" for number, line in lines for found in pattern.finditer(line)]


def is_nobodys(domain: str, known: frozenset[str]) -> bool:
    """True for a domain that is reserved or known, or below such a one."""
    parts = domain.lower().split(".")
    return any(".".join(parts[place:]) in known for place in range(len(parts)))


@lru_cache
def known_domains() -> frozenset[str]:
    """Domains that may follow an at-sign: reserved ones, and those of mail providers in the lookup tables."""
    listed = {*NOBODYS, *MAIL_DOMAINS}
    for path in files():
        if path.startswith("lookups/") and path.endswith(".csv"):
            listed |= {row["domain"].lower() for row in csv.DictReader(text_of(path).splitlines()) if row.get("domain")}
    return frozenset(listed)


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", makefile, re.MULTILINE))


def targets_named(text: str) -> list[str]:
    """Targets a text tells to make: `make x` in backticks, or at the begin of a line."""
    return re.findall(r"(?:^|`)[ \t]*make ([a-z][\w-]*)", text, re.MULTILINE)


def test_there_are_files_to_look_at() -> None:
    assert len(python_files("app/")) > 100
    assert len(python_files("tests/")) > 80
    assert {"README.md", "Makefile", "pyproject.toml"} <= set(files())


def test_files_are_short() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in python_files("app/", "tests/")}
    long = {path for path, length in lengths.items() if length > LONGEST_FILE}
    assert sorted(f"{path}: {lengths[path]} lines" for path in long - LONG_FILES.keys()) == []
    assert sorted(LONG_FILES.keys() - long) == [], "these exceptions are not needed any more"


def test_functions_are_short() -> None:
    long = {
        f"{path} {name}": length
        for path in python_files("app/", "tests/")
        for name, length in long_functions(tree_of(path))
    }
    assert [f"{key}: {length} lines" for key, length in long.items() if key not in LONG_FUNCTIONS] == []
    assert sorted(LONG_FUNCTIONS.keys() - long.keys()) == [], "these exceptions are not needed any more"


def test_everything_public_says_what_it_is() -> None:
    silent = [(path, name) for path in python_files("app/") for name in undocumented(tree_of(path))]
    excused = {path for path, name in silent if name != "module" and path.startswith(tuple(UNDOCUMENTED))}
    assert [f"{path}: {name}" for path, name in silent if name == "module" or path not in excused] == []
    assert [path for path in UNDOCUMENTED if not any(one.startswith(path) for one in excused)] == []


def test_names_say_what_is_inside() -> None:
    assert [path for path in python_files("") if vague_words(path)] == []


def test_no_code_depends_on_the_time_zone_of_the_machine() -> None:
    assert [f"{path}:{line}" for path in python_files("app/") for line in zone_of_the_machine(tree_of(path))] == []


def test_every_package_has_its_folder_of_tests() -> None:
    folders = {str(PurePosixPath(path).parent) for path in python_files("tests/")}
    without = {name for name in packages() if f"tests/{name}" not in folders}
    assert sorted(without - TESTED_ELSEWHERE.keys()) == []
    assert sorted(TESTED_ELSEWHERE.keys() - without) == [], "these exceptions are not needed any more"
    assert [place for place, _ in TESTED_ELSEWHERE.values() if place not in folders | set(files())] == []


def test_no_file_names_a_place_on_some_machine() -> None:
    found = [line for path in files() for line in found_in(path, ANY_MACHINE)]
    found += [line for path in files() if not path.startswith("tests/") for line in found_in(path, SCRATCH)]
    assert found == []


def test_no_file_names_a_package_registry() -> None:
    assert [line for path in files() for line in found_in(path, REGISTRY)] == []


def test_nothing_is_left_to_do() -> None:
    assert [line for path in files() for line in found_in(path, LEFT_TO_DO)] == []


def test_no_mail_address_is_somebodys() -> None:
    written = [(path, line) for path in files() if not path.startswith("lookups/") for line in found_in(path, MAIL)]
    known = known_domains()
    assert [line for _, line in written if not is_nobodys(line.rpartition("@")[2], known)] == []
    used = {line.rpartition("@")[2].lower() for _, line in written}
    unused = {domain for domain in MAIL_DOMAINS if not any(is_nobodys(one, frozenset({domain})) for one in used)}
    assert sorted(unused) == [], "these exceptions are not needed any more"


def test_every_make_target_that_is_named_exists() -> None:
    targets = make_targets(text_of("Makefile"))
    documents = [path for path in files() if path.endswith(".md") or path == ".ci/run"]
    named = {(path, target) for path in documents for target in targets_named(text_of(path))}
    assert {("README.md", "demo"), ("README.md", "test")} <= named
    assert sorted(f"{path}: make {target}" for path, target in named if target not in targets) == []


def test_no_file_is_large() -> None:
    assert [path for path in files() if (ROOT / path).stat().st_size > LARGEST_FILE] == []


def test_the_rules_for_code_see_an_offender() -> None:
    assert list(long_functions(ast.parse("def long():\n" + "    pass\n" * 40))) == [("long", 41)]
    assert list(long_functions(ast.parse("def just():\n" + "    pass\n" * 39))) == []
    assert list(undocumented(ast.parse("def a(): 1\nclass B: 1\ndef _c(): 1"))) == ["module", "a", "B"]
    assert list(zone_of_the_machine(ast.parse("d.fromtimestamp(1)\nd.astimezone()\nd.fromtimestamp(1, utc)"))) == [1, 2]
    assert vague_words("app/enumwatch/common/name_utils.py") == ["common", "utils"]
    assert vague_words("app/enumwatch/metadata.py") == []


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        (ANY_MACHINE, ("see /ho", "me/anna/logs")),
        (ANY_MACHINE, ('"/wo', 'rk/main"')),
        (SCRATCH, ("in /t", "mp/x")),
        (REGISTRY, ("https://py", "pi.org/simple")),
        (REGISTRY, ("--extra-in", "dex-url x")),
        (LEFT_TO_DO, ("# TO", "DO: later")),
        (LEFT_TO_DO, ("# XX", "X")),
    ],
)
def test_the_rules_for_text_see_an_offender(pattern: re.Pattern[str], parts: tuple[str, str]) -> None:
    assert pattern.search("".join(parts))
    assert not pattern.search(" ".join(parts))


def test_a_real_mail_address_is_told_from_one_that_is_nobodys() -> None:
    known = frozenset({*NOBODYS, "gmail.com"})
    written = ", ".join(f"<a@{domain}>" for domain in ("b.example", "x.gmail.com", "notgmail.com", "b.test", "b.org"))
    domains = [found[1] for found in MAIL.finditer(written)]
    assert [domain for domain in domains if not is_nobodys(domain, known)] == ["notgmail.com", "b.org"]


def test_targets_are_read_from_make_and_from_texts() -> None:
    assert make_targets("a: b\n\t@c: d\nE := f\ng := h\n.PHONY: i\n") == {"a"}
    assert targets_named("run `make one`\nmake two # x\nnames that make three") == ["one", "two"]
