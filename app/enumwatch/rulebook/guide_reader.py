"""Reads the guide of a detection, and the signs that tell its look-alikes apart."""

from __future__ import annotations

from typing import Any

from .guide import Closing, Guide, Rung, Tell
from .limit_reader import LimitReader
from .problems import Trail, place
from .vocabulary import EXPECTABLE, VERDICTS


class GuideReader(LimitReader):
    """A reader of files that say what people do with a finding."""

    def guide(self, value: Any, trail: Trail) -> Guide:
        """The guide of a detection."""
        content = self.mapping(value, trail, ("means", "verdicts", "first", "close", "tune"), ())
        return Guide(
            self.take(content, "means", self.text, "", trail),
            self.take(content, "verdicts", self._rungs, (), trail),
            self.take(content, "first", self.texts, (), trail),
            self.take(content, "close", lambda some, where: self.items(some, where, self._closing), (), trail),
            self.take(content, "tune", self.texts, (), trail),
        )

    def tells(self, value: Any, trail: Trail) -> tuple[Tell, ...]:
        """Fields of a finding that tell something harmless from an attack."""
        return self.items(value, trail, self._tell)

    def _tell(self, value: Any, trail: Trail) -> Tell:
        content = self.mapping(value, trail, ("field", "harmless", "attack"), ())
        field = self.take(content, "field", self.text, "", trail)
        if field and field not in EXPECTABLE:
            where = (*trail, "field")
            self.add(where, f"{place(where)} is no field of a finding", "a key of a verdict or of its evidence", field)
        return Tell(
            field,
            self.take(content, "harmless", self.text, "", trail),
            self.take(content, "attack", self.text, "", trail),
        )

    def _rungs(self, value: Any, trail: Trail) -> tuple[Rung, ...]:
        return tuple(self._rung(name, inner, (*trail, name)) for name, inner in self.any_mapping(value, trail).items())

    def _rung(self, verdict: str, value: Any, trail: Trail) -> Rung:
        self.choice(verdict, trail, VERDICTS)
        content = self.mapping(value, trail, ("means", "act", "wake", "next"), ("within",))
        if "within" in content:
            self.seconds(content["within"], (*trail, "within"))
        return Rung(
            verdict,
            self.take(content, "means", self.text, "", trail),
            self.take(content, "act", self.text, "", trail),
            self.take(content, "wake", self.text, "", trail),
            str(content.get("within", "")),
            self.take(content, "next", self.text, "", trail),
        )

    def _closing(self, value: Any, trail: Trail) -> Closing:
        content = self.mapping(value, trail, ("when", "act"), ())
        return Closing(
            self.take(content, "when", self.text, "", trail), self.take(content, "act", self.text, "", trail)
        )
