"""Reads the file of the ways of attack, and checks that it fits the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .detection import Detection
from .document import Document
from .limit_reader import LimitReader
from .problems import Trail, place
from .source import Source
from .vocabulary import EVENT_FIELDS, KINDS, SHOWS, TECHNIQUES, WAY_LIMITS, WEIGHTS
from .ways import HistoryNeed, NeededField, Sight, Way, Ways

_REQUIRED = ("id", "title", "version", "limits", "fields", "arrival", "history", "logs", "ways")


def read_ways(document: Document) -> Ways:
    """Return the ways that a document describes; faults are noted in the document."""
    return _WaysReader(document).whole_file()


class _WaysReader(LimitReader):
    def whole_file(self) -> Ways:
        content = self.mapping(self.document.value, (), _REQUIRED, ())
        self.take(content, "title", self.text, "")
        read = Ways(
            id=self.take(content, "id", self.name, ""),
            version=self.take(content, "version", self.whole_from_one, 1),
            limits=self.take(content, "limits", self.limits, {}),
            fields=self.take(content, "fields", self._fields, {}),
            arrival=self.take(content, "arrival", self.texts, ()),
            history=self.take(content, "history", lambda value, trail: self.items(value, trail, self._need), ()),
            logs=self.take(content, "logs", self._told, {}),
            ways=self.take(content, "ways", lambda value, trail: self.items(value, trail, self._way), ()),
            content=content,
            document=self.document,
        )
        if set(read.limits) != set(WAY_LIMITS):
            self.add(("limits",), "the limits are others", ", ".join(WAY_LIMITS), ", ".join(read.limits))
        for name in read.fields:
            if name not in EVENT_FIELDS:
                self.add(("fields", name), "no event field", "one of " + ", ".join(EVENT_FIELDS), name)
        self._check_ids(read.ways)
        return read

    def _told(self, value: Any, trail: Trail) -> Mapping[str, str]:
        return {name: self.text(text, (*trail, name)) for name, text in self.any_mapping(value, trail).items()}

    def _fields(self, value: Any, trail: Trail) -> Mapping[str, NeededField]:
        return {name: self._field(field, (*trail, name)) for name, field in self.any_mapping(value, trail).items()}

    def _field(self, value: Any, trail: Trail) -> NeededField:
        content = self.mapping(value, trail, ("kinds", "lost"), ())
        kinds = self.take(content, "kinds", self.some_of(KINDS), (), trail)
        return NeededField(kinds, self.take(content, "lost", self.text, "", trail))

    def _need(self, value: Any, trail: Trail) -> HistoryNeed:
        content = self.mapping(value, trail, ("detection", "kinds", "limit", "because"), ())
        return HistoryNeed(
            self.take(content, "detection", self.name, "", trail),
            self.take(content, "kinds", self.some_of(KINDS), (), trail),
            self.take(content, "limit", self.name, "", trail),
            self.take(content, "because", self.text, "", trail),
        )

    def _way(self, value: Any, trail: Trail) -> Way:
        content = self.mapping(value, trail, ("id", "title", "techniques", "weight"), ("logs", "never"))
        if ("logs" in content) == ("never" in content):
            self.add(trail, f"{place(trail)} is neither visible nor invisible", "logs or never, one of them")
        weight = self.take(content, "weight", self.whole_from_one, 1, trail)
        if weight not in WEIGHTS:
            self.wrong(weight, (*trail, "weight"), f"a weight from {WEIGHTS[0]} to {WEIGHTS[-1]}")
        return Way(
            id=self.take(content, "id", self.name, "", trail),
            title=self.take(content, "title", self.text, "", trail),
            techniques=self.take(content, "techniques", self.some_of(tuple(TECHNIQUES)), (), trail),
            weight=weight,
            logs=self.take(content, "logs", lambda one, at: self.items(one, at, self._sight), (), trail),
            never=self.take(content, "never", self.text, "", trail),
        )

    def _sight(self, value: Any, trail: Trail) -> Sight:
        content = self.mapping(value, trail, ("log", "kind", "shows", "needs"), ("forms", "because"))
        sight = Sight(
            log=self.take(content, "log", self.name, "", trail),
            kind=self.take(content, "kind", self.one_of(KINDS), "", trail),
            forms=self.take(content, "forms", self.texts, (), trail),
            shows=self.take(content, "shows", self.one_of(SHOWS), "", trail),
            needs=self.take(content, "needs", self.some_of(EVENT_FIELDS), (), trail),
            because=self.take(content, "because", self.text, "", trail),
        )
        if (sight.shows == "partly") != bool(sight.because):
            self.add(
                trail, f"{place(trail)}: because says why a log shows a way only partly", "it there and only there"
            )
        return sight

    def _check_ids(self, ways: tuple[Way, ...]) -> None:
        for number, way in enumerate(ways):
            if way.id in [earlier.id for earlier in ways[:number]]:
                self.add(("ways", number, "id"), "two ways have one id", "every id once", way.id)


def check_ways(ways: Ways, sources: Mapping[str, Source], detections: Mapping[str, Detection]) -> None:
    """Note in the document what does not fit the rules: logs and limits that are not there, logs left out."""
    add = ways.document.add
    kinds = {log: set(source.kinds) for source in sources.values() for log in source.emits}
    for log in ways.logs:
        if log not in kinds:
            add(("logs", log), "no source writes it", "one of " + ", ".join(sorted(kinds)), log)
    shown = {sight.log for way in ways.ways for sight in way.logs}
    for log in sorted(kinds.keys() - ways.logs.keys()):
        add(("logs",), "a log has no title", log, "nothing of it")
    for log in sorted(kinds.keys() - shown):
        add(("ways",), "a log shows no way of attack", f"{log} at one of the ways", "it nowhere")
    for number, way in enumerate(ways.ways):
        for at, sight in enumerate(way.logs):
            _check_sight(ways, sight, kinds, ("ways", number, "logs", at))
    for number, need in enumerate(ways.history):
        rule = detections.get(need.detection)
        if rule is None or need.limit not in rule.limits:
            what = f"{place(('history', number))} is no limit"
            add(("history", number), what, "a limit of a detection", f"{need.detection}, {need.limit}")


def _check_sight(ways: Ways, sight: Sight, kinds: Mapping[str, set[str]], trail: Trail) -> None:
    add = ways.document.add
    if sight.log not in kinds:
        add(trail, f"{place(trail)} is no log", "one of " + ", ".join(sorted(kinds)), sight.log)
    elif sight.kind not in kinds[sight.log]:
        add(trail, f"{place(trail)} has another kind", "one of " + ", ".join(sorted(kinds[sight.log])), sight.kind)
    for name in sight.needs:
        if name not in ways.fields:
            add(trail, f"{place(trail)} needs a field", "one of " + ", ".join(ways.fields), name)
