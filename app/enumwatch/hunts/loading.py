"""Loading: every hunt that comes with the package, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..rulebook.compiled import compiled
from ..rulebook.document import Document, read_document
from ..rulebook.limit import Limit
from ..rulebook.problems import Problem, RuleProblems
from .hunt import Hunt
from .reader import read_hunt, read_shared

FOLDER = Path(__file__).parent
SHARED = "shared"  # the file of the limits that several hunts have
LEAST = 10  # hunts for each technique that has a playbook


@lru_cache(maxsize=1)
def shipped_hunts() -> Mapping[str, Hunt]:
    """Every shipped hunt by its id; raises RuleProblems."""
    return load_hunts(FOLDER)


def load_hunts(folder: Path, least: int = LEAST, rules: Mapping[str, Any] | None = None) -> dict[str, Hunt]:
    """The hunts in a folder, which has a folder for each technique; raises RuleProblems with all that is wrong.

    Each technique that has a playbook must have at least so many. Limits that hunts take from rules come from the compiled
    rulebook `rules`, the shipped one where none is given.
    """
    problems: list[Problem] = []
    hunts: dict[str, Hunt] = {}
    known = {**dict(_limits_of(compiled() if rules is None else rules)), **_shared(folder, problems)}
    for path in sorted(folder.glob("*/*.y*ml")):
        file = f"hunts/{path.parent.name}/{path.name}"
        if path.suffix != ".yml":
            problems.append(Problem(file, 1, "", "the ending of the file is not read", ".yml", path.suffix))
            continue
        document = read_document(path, file)
        hunt = read_hunt(document, known) if document.value else None
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


def _limits_of(rules: Mapping[str, Any]) -> Iterator[tuple[str, Limit]]:
    """Every limit of a detection or playbook, as `rule.limit`."""
    for rule in (*rules["detections"].values(), *rules["playbooks"].values()):
        for name, told in rule["limits_text"].items():
            made = Limit(name, told["value"], rule["limits"][name], told["means"], told["unit"])
            yield f"{rule['id']}.{name}", made


def _shared(folder: Path, problems: list[Problem]) -> dict[str, Limit]:
    """The limits that several hunts have, as `shared.limit`."""
    path = folder / f"{SHARED}.yml"
    document = read_document(path, f"hunts/{path.name}") if path.is_file() else Document("")
    limits = read_shared(document) if document.value else {}
    problems += document.problems
    return {f"{SHARED}.{name}": limit for name, limit in limits.items()}


def _check_place(hunt: Hunt, path: Path, known: Mapping[str, Hunt]) -> None:
    add = hunt.document.add
    if hunt.id != path.stem:
        add(("id",), "the id is not the name of the file", path.stem, hunt.id)
    if hunt.technique != path.parent.name:
        add(("technique",), "the technique is not the name of the folder", path.parent.name, hunt.technique)
    if path.stem in known:
        add(("id",), "two hunts have one id", "another id", f"it in {known[path.stem].document.file} too")
