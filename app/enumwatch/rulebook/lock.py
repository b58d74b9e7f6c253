"""Lock: which version of a rule has which content, so that no released rule changes in silence.

A rule may change freely while the release that first holds its version is not out; after that a change needs a new
version. Ids of rules that are gone stay reserved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .load import Rule, Rulebook
from .problems import Problem
from .vocabulary import FOLDERS

FORMAT = 1
LOCK_FILE = Path(__file__).resolve().parents[1] / "rulebook.lock"
_UPDATE = "python -m enumwatch.rulebook.build --lock"


class Locked(NamedTuple):
    """What is known of one rule: its version, the digest of its content, and the release that first held it."""

    version: int
    sha256: str
    since: str


class Lock(NamedTuple):
    """All locked rules by kind and id, and the ids that must not be used again."""

    rules: Mapping[str, Mapping[str, Locked]]
    retired: Mapping[str, tuple[str, ...]]


EMPTY = Lock({kind: {} for kind in FOLDERS}, {kind: () for kind in FOLDERS})


def digest(rule: Rule) -> str:
    """Return the digest of what a rule does: its content without version, change notes and cases, keys sorted."""
    content = {key: value for key, value in rule.content.items() if key not in ("version", "changes", "cases")}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def read_lock(path: Path = LOCK_FILE) -> Lock:
    """Return the lock in a file, an empty one where there is no file; raises ValueError for a file that is no lock."""
    if not path.is_file():
        return EMPTY
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f"{path.name} is not of format {FORMAT}")
    rules = {
        kind: {name: Locked(entry["version"], entry["sha256"], entry["since"]) for name, entry in content[kind].items()}
        for kind in FOLDERS
    }
    return Lock(rules, {kind: tuple(content["retired"][kind]) for kind in FOLDERS})


def lock_text(lock: Lock) -> str:
    """Return a lock as its file holds it."""
    content: dict[str, Any] = {
        kind: {name: entry._asdict() for name, entry in lock.rules[kind].items()} for kind in FOLDERS
    }
    content.update(format=FORMAT, retired={kind: sorted(lock.retired[kind]) for kind in FOLDERS})
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def updated(lock: Lock, rulebook: Rulebook, release: str) -> Lock:
    """Return the lock for a rulebook as it is now; `release` is the version of the release being worked on.

    Call it only where `forbidden` finds nothing.
    """
    rules: dict[str, dict[str, Locked]] = {}
    retired = {}
    for kind, current in _by_kind(rulebook).items():
        known = lock.rules[kind]
        rules[kind] = {name: _locked(rule, known.get(name), release) for name, rule in current.items()}
        retired[kind] = tuple(sorted({*lock.retired[kind], *(known.keys() - current.keys())}))
    return Lock(rules, retired)


def _locked(rule: Rule, known: Locked | None, release: str) -> Locked:
    is_same = known is not None and known.version == rule.version
    return Locked(rule.version, digest(rule), known.since if known is not None and is_same else release)


def forbidden(lock: Lock, rulebook: Rulebook, release: str) -> list[Problem]:
    """Return the changes that no update of the lock can make right."""
    problems = []
    for kind, rules in _by_kind(rulebook).items():
        for name, rule in rules.items():
            known = lock.rules[kind].get(name)
            if name in lock.retired[kind]:
                problems.append(_problem(rule, ("id",), "the id was used by a rule that is gone", "a new id", name))
            elif known is not None and rule.version < known.version:
                expected = f"{known.version} or more"
                problems.append(_problem(rule, ("version",), "the version went back", expected, str(rule.version)))
            elif known is not None and _is_changed(rule, known) and known.since != release:
                expected = f"version {known.version + 1}"
                found = f"version {rule.version} with other content than in release {known.since}"
                problems.append(_problem(rule, ("version",), "the rule changed without a new version", expected, found))
    return problems


def stale(lock: Lock, rulebook: Rulebook, release: str, file: str = LOCK_FILE.name) -> list[Problem]:
    """Return what the lock does not know yet, and every rule it knows that is gone."""
    problems = forbidden(lock, rulebook, release)
    named = {problem.id for problem in problems}
    for kind, rules in _by_kind(rulebook).items():
        for name in sorted(lock.rules[kind].keys() - rules.keys()):
            what = "the rule is gone; if that is meant, " + _UPDATE + " retires its id"
            problems.append(Problem(file, 1, name, what, f"{kind}/{name}.yml", "no such file"))
        for name, rule in rules.items():
            known = lock.rules[kind].get(name)
            is_current = known is not None and known.version == rule.version and not _is_changed(rule, known)
            if not is_current and name not in named:
                found = "it is not locked" if known is None else "other content"
                problems.append(
                    Problem(file, 1, name, f"the lock is stale; run {_UPDATE}", f"version {rule.version}", found)
                )
    return problems


def _is_changed(rule: Rule, known: Locked) -> bool:
    return rule.version == known.version and digest(rule) != known.sha256


def _by_kind(rulebook: Rulebook) -> Mapping[str, Mapping[str, Rule]]:
    return {"sources": rulebook.sources, "detections": rulebook.detections, "playbooks": rulebook.playbooks}


def _problem(rule: Rule, trail: tuple[str, ...], what: str, expected: str, found: str) -> Problem:
    document = rule.document
    return Problem(document.file, document.line(trail), rule.id, what, expected, found)
