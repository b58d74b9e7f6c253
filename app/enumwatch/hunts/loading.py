"""Loading: every hunt that comes with the package, checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..rulebook.compiled import compiled
from ..rulebook.document import read_document
from ..rulebook.problems import Problem, RuleProblems
from .hunt import Hunt
from .reader import read_hunt

FOLDER = Path(__file__).parent
LEAST = 10  # hunts for each technique that has a playbook


@lru_cache(maxsize=1)
def shipped_hunts() -> Mapping[str, Hunt]:
    """Every shipped hunt by its id; raises RuleProblems."""
    return load_hunts(FOLDER)


def load_hunts(folder: Path, least: int = LEAST) -> dict[str, Hunt]:
    """The hunts in a folder, which has a folder for each technique; raises RuleProblems with all that is wrong.

    Each technique that has a playbook must have at least so many.
    """
    problems: list[Problem] = []
    hunts: dict[str, Hunt] = {}
    for path in sorted(folder.glob("*/*.y*ml")):
        file = f"hunts/{path.parent.name}/{path.name}"
        if path.suffix != ".yml":
            problems.append(Problem(file, 1, "", "the ending of the file is not read", ".yml", path.suffix))
            continue
        document = read_document(path, file)
        hunt = read_hunt(document) if document.value else None
        if hunt is not None:
            _check_place(hunt, path, hunts)
            hunts[path.stem] = hunt
        problems += document.problems
    for technique in compiled()["playbooks"]:
        found = sum(hunt.technique == technique for hunt in hunts.values())
        if found < least:
            what = "too few hunts of a technique"
            problems.append(Problem(f"hunts/{technique}", 1, "", what, f"{least} or more", str(found)))
    if problems:
        raise RuleProblems(problems)
    return hunts


def _check_place(hunt: Hunt, path: Path, known: Mapping[str, Hunt]) -> None:
    add = hunt.document.add
    if hunt.id != path.stem:
        add(("id",), "the id is not the name of the file", path.stem, hunt.id)
    if hunt.technique != path.parent.name:
        add(("technique",), "the technique is not the name of the folder", path.parent.name, hunt.technique)
    if path.stem in known:
        add(("id",), "two hunts have one id", "another id", f"it in {known[path.stem].document.file} too")
