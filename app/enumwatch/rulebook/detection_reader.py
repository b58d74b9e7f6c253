"""Reads a detection file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from ..core.event import Event
from ..core.times import from_iso
from ..lookups import COLUMNS
from .detection import Case, Detection, FalsePositive
from .document import Document
from .expression import describe
from .guide_reader import GuideReader
from .problems import VERY_ALIKE, Trail, place
from .vocabulary import EXPECTABLE, KINDS, STATUSES, TECHNIQUES, VERDICTS

_REQUIRED = (
    *("id", "title", "version", "status", "enabled", "techniques", "playbook", "kinds", "description", "limits"),
    *("known_gaps", "false_positives", "references", "cases"),
)
_EVENT_KEYS = (*(name for name in Event._fields if name not in ("time", "outcome")), "reason")
_TELLING = ("description", "known_gaps", "false_positives", "limits", "guide")  # texts that may name a limit


def read_detection(document: Document) -> Detection:
    """Return the detection a document describes; faults are noted in the document."""
    return _DetectionReader(document).detection()


class _DetectionReader(GuideReader):
    def detection(self) -> Detection:
        """The whole file."""
        content = self.mapping(self.document.value, (), _REQUIRED, ("sources", "codes", "changes", "guide"))
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
            limits=self.take(content, "limits", self.limits, {}),
            known_gaps=self.take(content, "known_gaps", self.some_texts, ()),
            false_positives=self.take(content, "false_positives", self._false_positives, ()),
            references=self.take(content, "references", self.texts, ()),
            changes=self.take(content, "changes", self.some_texts, ()),
            cases=self.take(content, "cases", self._cases, ()),
            content=content,
            document=self.document,
            guide=self.take(content, "guide", self.guide, None),
        )
        self.check_named_limits(content, _TELLING, detection.limits, "next")
        return detection

    def _false_positives(self, value: Any, trail: Trail) -> tuple[FalsePositive, ...]:
        return self.items(value, trail, self._false_positive, is_empty_fine=True)

    def _false_positive(self, value: Any, trail: Trail) -> FalsePositive:
        content = self.mapping(value, trail, ("name", "treatment"), ("tell",))
        return FalsePositive(
            self.take(content, "name", self.text, "", trail),
            self.take(content, "treatment", self.text, "", trail),
            self.take(content, "tell", self.tells, (), trail),
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
                near = get_close_matches(key, EXPECTABLE, 1, VERY_ALIKE)
                meant = near[0] if near else "a key of a verdict or of its evidence"
                self.add(where, f'unknown key "{place(where)}"', meant, key)
        if "verdict" in expected:
            self._expected_verdict(expected, trail)
        elif not get_close_matches("verdict", expected, 1):  # told as unknown
            self.add(trail, f'the key "{place((*trail, "verdict"))}" is missing')
        return expected

    def _expected_verdict(self, expected: Mapping[str, Any], trail: Trail) -> None:
        if self.choice(expected["verdict"], (*trail, "verdict"), VERDICTS) == "No Finding" and len(expected) > 1:
            others = ", ".join(key for key in expected if key != "verdict")
            self.add(trail, f"{place(trail)} asks for measures of no finding", "verdict alone", others)

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
