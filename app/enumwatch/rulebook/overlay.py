"""Overlays: files of a user's rule folder that change limits of rules which are there, and nothing else.

    overlay: what these limits are for
    detections:
      email_enumeration:
        version: 3
        limits: {address_level: 11}

A finding made under changed limits says so: the rule keeps its version and is marked as tuned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .detection import Detection
from .document import Document, read_document
from .expression import describe
from .limit import Limit, spelled
from .problems import Problem, Trail, nearest, place
from .ranges import out_of_order, range_of
from .reader import Reader
from .vocabulary import FOLDERS


@dataclass
class Overlays:
    """What the overlays of a folder make of the detections: those they change, what is wrong and what to tell."""

    detections: dict[str, Detection] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def overlay_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are overlays: those that lie in it and not in a folder for rules."""
    return sorted(path for path in folder.glob("*.yml") if path.is_file())


def apply_overlays(
    folder: Path, prefix: str, detections: Mapping[str, Detection], others: Collection[str] = ()
) -> Overlays:
    """Return the detections with the limits that the overlays of a folder give them.

    `prefix` stands before file names in messages, `others` are ids of rules that cannot be tuned. Nothing is raised: what
    is wrong is in `problems`.
    """
    made = Overlays()
    for path in sorted(folder.glob("*.yaml")):
        made.problems.append(
            Problem(f"{prefix}{path.name}", 1, "", "the ending of the file is not read", ".yml", ".yaml")
        )
    for path in overlay_files(folder):
        document = read_document(path, f"{prefix}{path.name}")
        if document.value:
            _OverlayReader(document, detections, made, others).read()
        made.problems.extend(document.problems)
    return made


class _OverlayReader(Reader):
    def __init__(
        self, document: Document, detections: Mapping[str, Detection], made: Overlays, others: Collection[str]
    ) -> None:
        super().__init__(document)
        self.others = others
        self.detections = detections
        self.made = made
        self.add = self._add

    def _add(self, trail: Trail, what: str, expected: str = "", found: str = "") -> None:
        """Note a problem under the id of the rule it is about."""
        about = str(trail[1]) if len(trail) > 1 and trail[0] == "detections" else ""
        problem = Problem(self.document.file, self.document.line(trail), about, what, expected, found)
        self.document.problems.append(problem)

    def read(self) -> None:
        """Take the whole file in."""
        if "id" in self.document.value and "overlay" not in self.document.value:
            folders = ", ".join(f"{name}/" for name in FOLDERS)
            self.add(
                (), "a rule lies where overlays lie", f"it in one of {folders} or the keys overlay and detections", "id"
            )
            return
        content = self.mapping(self.document.value, (), ("overlay", "detections"), ())
        self.take(content, "overlay", self.text, "")
        for name, value in self.take(content, "detections", self.any_mapping, {}).items():
            trail: Trail = ("detections", name)
            if name not in self.detections:
                what = "no such rule exists" if name not in self.others else "only detections can be tuned"
                self.add(trail, what, nearest(name, self.detections), name)
                continue
            self._detection(self.made.detections.get(name, self.detections[name]), value, trail)

    def _detection(self, rule: Detection, value: Any, trail: Trail) -> None:
        before = len(self.document.problems)
        content = self.mapping(value, trail, ("version", "limits"), ())
        version = self.take(content, "version", self.whole_from_one, rule.version, trail)
        if version != rule.version and len(self.document.problems) == before:
            expected = f"version {rule.version}; tune again or set it after reading what changed"
            self.add((*trail, "version"), "the limits were tuned for another version", expected, str(version))
        limits = self.take(content, "limits", self.any_mapping, {}, trail)
        changed = dict(self._changed(rule, limits, (*trail, "limits")))
        tuned = with_limits(rule, changed, self.document.file)
        if len(self.document.problems) == before:
            self._check_order(tuned, changed, (*trail, "limits"))
        self.made.detections[rule.id] = tuned
        count = f"{len(changed)} limit{'' if len(changed) == 1 else 's'}"
        self.made.notes.append(f"{self.document.file} changes {count} of {rule.id}")

    def _changed(self, rule: Detection, limits: Mapping[str, Any], trail: Trail) -> Iterator[tuple[str, Any]]:
        for name, value in limits.items():
            where = (*trail, name)
            if name not in rule.limits:
                self._unknown_key(name, value, trail, list(rule.limits))
                continue
            limit = rule.limits[name]
            if limit.shipped is not None:
                what = f"{place(where)} is set by two overlays"
                self.add(where, what, "one of them", f"it in {rule.tuned_by} too")
                continue
            allowed = range_of(limit)
            number = allowed.number(value)
            if number is None:
                self.add(where, f"{place(where)} is of the wrong type", str(allowed), describe(value))
            elif not allowed.holds(number):
                self.add(where, f"{place(where)} is outside its range", str(allowed), str(value))
            else:
                yield name, value

    def _check_order(self, rule: Detection, changed: Mapping[str, Any], trail: Trail) -> None:
        numbers = {name: limit.number for name, limit in rule.limits.items()}
        for low, high in out_of_order(rule.id, numbers):
            name = high if high in changed else low
            what = f"{low} exceeds {high}, so one of them could never matter"
            found = f"{spelled(rule.limits[low])} and {spelled(rule.limits[high])}"
            self.add((*trail, name), what, f"{low} up to {high}", found)


def with_limits(rule: Detection, changed: Mapping[str, int | float | str], tuned_by: str) -> Detection:
    """Return a detection with other values for some of its limits; `tuned_by` names the file that says so."""
    if not changed:
        return rule
    limits: dict[str, Limit] = dict(rule.limits)
    content = dict(rule.content["limits"])
    for name, value in changed.items():
        number = range_of(limits[name]).number(value)
        assert number is not None, name
        limits[name] = replace(limits[name], value=value, number=number, shipped=limits[name])
        content[name] = {**content[name], "value": value}
    files = dict.fromkeys([*filter(None, [rule.tuned_by]), tuned_by])
    return replace(rule, limits=limits, content={**rule.content, "limits": content}, tuned_by=", ".join(files))
