"""Reads a detection file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..core.event import Event
from ..core.times import from_iso
from ..lookups import COLUMNS
from .detection import Case, Detection, FalsePositive, Limit
from .document import Document, walk
from .duration import parse_duration
from .expression import describe
from .problems import Trail, place
from .reader import Reader
from .vocabulary import EXPECTABLE, KINDS, STATUSES, TECHNIQUES, VERDICTS

_REQUIRED = (
    *("id", "title", "version", "status", "enabled", "techniques", "playbook", "kinds", "description", "limits"),
    *("known_gaps", "false_positives", "references", "cases"),
)
_EVENT_KEYS = (*(name for name in Event._fields if name not in ("time", "outcome")), "reason")
_LIMIT_NAMED = re.compile(r"\{([^{}]*)\}")


def read_detection(document: Document) -> Detection:
    """Return the detection a document describes; faults are noted in the document."""
    return _DetectionReader(document).detection()


class _DetectionReader(Reader):
    def detection(self) -> Detection:
        """The whole file."""
        content = self.mapping(self.document.value, (), _REQUIRED, ("sources", "codes", "changes"))
        detection = Detection(
            id=self.take(content, "id", self.name, ""),
            title=self.take(content, "title", self.text, ""),
            version=self.take(content, "version", self.whole_from_one, 1),
            status=self.take(content, "status", self.one_of(STATUSES), ""),
            is_enabled=self.take(content, "enabled", self.truth, False),
            techniques=self.take(content, "techniques", self.some_of(tuple(TECHNIQUES)), ()),
            playbook=self.take(content, "playbook", self.text, ""),
            kinds=self.take(content, "kinds", self.some_of(KINDS), ()),
            sources=self.take(content, "sources", self.texts, ()),
            codes=self.take(content, "codes", self.texts, ()),
            description=self.take(content, "description", self.text, ""),
            limits=self.take(content, "limits", self._limits, {}),
            known_gaps=self.take(content, "known_gaps", self.some_texts, ()),
            false_positives=self.take(content, "false_positives", self._false_positives, ()),
            references=self.take(content, "references", self.texts, ()),
            changes=self.take(content, "changes", self.some_texts, ()),
            cases=self.take(content, "cases", self._cases, ()),
            content=content,
            document=self.document,
        )
        self._check_named_limits(detection)
        return detection

    def _limits(self, value: Any, trail: Trail) -> Mapping[str, Limit]:
        limits = self.any_mapping(value, trail, is_empty_fine=True)
        return {name: self._limit(limit, (*trail, name)) for name, limit in limits.items()}

    def _limit(self, value: Any, trail: Trail) -> Limit:
        name = self.name(trail[-1], trail)
        content = self.mapping(value, trail, ("value", "means"), ("unit", "origin"))
        amount = content.get("value", 0)
        number = parse_duration(amount) if isinstance(amount, str) else amount
        if isinstance(number, bool) or not isinstance(number, (int, float)) or number < 0:
            self.wrong(amount, (*trail, "value"), "a number from 0 or a duration such as 90s, 10m, 1h or 7d")
            amount = number = 0
        unit = self.take(content, "unit", self.text, "", trail)
        if unit and isinstance(amount, str):
            what = f"{place((*trail, 'unit'))} beside a duration"
            self.add((*trail, "unit"), what, "no unit, a duration has its own", unit)
        means = self.take(content, "means", self.text, "", trail)
        return Limit(name, amount, number, means, unit, self.take(content, "origin", self.text, "", trail))

    def _false_positives(self, value: Any, trail: Trail) -> tuple[FalsePositive, ...]:
        return self.items(value, trail, self._false_positive, is_empty_fine=True)

    def _false_positive(self, value: Any, trail: Trail) -> FalsePositive:
        content = self.mapping(value, trail, ("name", "treatment"), ())
        return FalsePositive(
            self.take(content, "name", self.text, "", trail), self.take(content, "treatment", self.text, "", trail)
        )

    def _cases(self, value: Any, trail: Trail) -> tuple[Case, ...]:
        cases = self.items(value, trail, self._case, is_empty_fine=True)
        for number, case in enumerate(cases):
            if case.name and case.name in [earlier.name for earlier in cases[:number]]:
                self.add((*trail, number, "name"), "two cases have one name", "every name once", describe(case.name))
        return cases

    def _case(self, value: Any, trail: Trail) -> Case:
        content = self.mapping(value, trail, ("name", "events", "expect"), ("lookups",))
        return Case(
            self.take(content, "name", self.text, "", trail),
            self.take(content, "events", lambda value, place_: self.items(value, place_, self._group), (), trail),
            self.take(content, "expect", self._expect, {}, trail),
            self.take(content, "lookups", self._lookups, {}, trail),
        )

    def _group(self, value: Any, trail: Trail) -> Mapping[str, Any]:
        content = self.mapping(value, trail, ("at",), ("times", "every", *_EVENT_KEYS))
        for key, inner in content.items():
            where = (*trail, key)
            if key == "times":
                self.whole_from_one(inner, where)
            elif key == "every":
                self.seconds(inner, where)
            elif key == "at":
                self._time(inner, where)
            elif key == "kind":
                self.choice(inner, where, KINDS)
            elif key == "target_visible":
                self.truth(inner, where)
            elif isinstance(inner, list):
                self.items(inner, where, self._event_text)
            else:
                self._event_text(inner, where)
        return content

    def _event_text(self, value: Any, trail: Trail) -> str:
        if isinstance(value, str):
            return value
        self.wrong(value, trail, "text (put it in quotes) or a list of texts")
        return ""

    def _time(self, value: Any, trail: Trail) -> None:
        try:
            from_iso(self.text(value, trail) or "1970-01-01")
        except ValueError:
            self.wrong(value, trail, "an ISO time such as 2026-03-02T09:00:00Z")

    def _expect(self, value: Any, trail: Trail) -> Mapping[str, Any]:
        expected = self.any_mapping(value, trail)
        for key in expected:
            where = (*trail, key)
            if key not in EXPECTABLE:
                self.add(where, f'unknown key "{place(where)}"', "a key of a verdict or of its evidence", key)
        if "verdict" not in expected:
            self.add(trail, f'the key "{place((*trail, "verdict"))}" is missing')
        elif self.choice(expected["verdict"], (*trail, "verdict"), VERDICTS) == "No Finding" and len(expected) > 1:
            others = ", ".join(key for key in expected if key != "verdict")
            self.add(trail, f"{place(trail)} asks for measures of no finding", "verdict alone", others)
        return expected

    def _lookups(self, value: Any, trail: Trail) -> Mapping[str, tuple[Mapping[str, str], ...]]:
        tables = {}
        for table, rows in self.any_mapping(value, trail).items():
            where = (*trail, table)
            if table not in COLUMNS:
                self.add(where, f'no lookup table "{table}"', "one of " + ", ".join(sorted(COLUMNS)), table)
                continue
            tables[table] = self.items(rows, where, self._row_reader(COLUMNS[table]))
        return tables

    def _row_reader(self, columns: tuple[str, ...]) -> Callable[[Any, Trail], Mapping[str, str]]:
        def read(value: Any, trail: Trail) -> Mapping[str, str]:
            row = self.mapping(value, trail, (), columns)
            return {column: self._event_text(cell, (*trail, column)) for column, cell in row.items()}

        return read

    def _check_named_limits(self, detection: Detection) -> None:
        """Texts may name a limit in braces instead of repeating its number; the name must be one."""
        for key in ("description", "known_gaps", "false_positives", "limits"):
            for trail, text in walk(detection.content.get(key), (key,)):
                for name in _LIMIT_NAMED.findall(text) if isinstance(text, str) else ():
                    if name not in detection.limits:
                        expected = "one of its limits: " + (", ".join(detection.limits) or "it has none")
                        self.add(trail, f"{place(trail)} names the limit {{{name}}}", expected, name)
