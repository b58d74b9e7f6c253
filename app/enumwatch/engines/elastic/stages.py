"""Stages: the expressions of a source's rules cut into what one script after the other works out.

Patterns are matched by a script of their own, which hands over what they found as if it were raw fields. A pattern that
reads more than a field waits for what it reads, so patterns inside of patterns take another turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...rulebook.expression import Case, Expression, Field, First, Map, Match, Template
from ..local.shape import EventRule
from .evaluate import upper
from .program import program_of

Code = list[Any]
Turn = tuple[str, dict[str, Any]]  # a script and its parameters

# Characters that keep their form in upper case although the cluster knows another.
_SAME = "".join(one for one in map(chr, range(0x80, 0x10000)) if len(one.upper()) > 1 and upper(one) == one)


class Stages:
    """Cuts rules; `fields` are the raw fields of the source, `wanted` the event fields to be made."""

    def __init__(self, fields: Collection[str], wanted: Sequence[str]) -> None:
        self._fields, self._wanted = frozenset(fields), tuple(wanted)

    def of(self, rules: Iterable[EventRule]) -> list[Turn]:
        """The scripts in their order."""
        cuts = [self._cut(rule) for rule in rules]
        turns: list[Turn] = []
        for depth in range(max((len(cut.turns) for cut in cuts), default=0)):
            here = [cut.turns[depth] if depth < len(cut.turns) else _Patterns() for cut in cuts]
            if any(one.inputs for one in here):
                turns.append(("fields", {"rules": [one.inputs for one in here], "last": False}))
            turns.append(("found", {"rules": [one.found for one in here]}))
        turns.append(("fields", {"rules": [cut.codes for cut in cuts], "last": True}))
        return turns

    def _cut(self, rule: EventRule) -> _Cut:
        cut = _Cut()
        for name in self._wanted:
            if name in rule.set:
                cut.codes.append([name, cut.code(rule.set[name])])
            elif name in self._fields:
                cut.codes.append([name, _field(Field(name))])
        return cut


@dataclass
class _Patterns:
    """The patterns of one turn, and what has to be worked out for them before."""

    inputs: list[Code] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Cut:
    """One rule: its expressions, which read what patterns found, and the patterns by turn."""

    codes: list[Code] = field(default_factory=list)
    turns: list[_Patterns] = field(default_factory=list)
    _names: dict[Match, tuple[str, int]] = field(default_factory=dict)

    def code(self, value: Expression) -> Code:
        return self._code(value)[0]

    def _code(self, value: Expression) -> tuple[Code, int]:
        """The expression as the script reads it, and how many turns of patterns have to come before."""
        if isinstance(value, Template):
            parts = [_field(part) if isinstance(part, Field) else ["text", part] for part in value.parts]
            return (parts[0] if len(parts) == 1 else ["joined", parts] if parts else ["first", []]), 0
        if isinstance(value, First):
            options = [self._code(option) for option in value.options]
            return ["first", [code for code, _ in options]], max((depth for _, depth in options), default=0)
        if isinstance(value, Map):
            return self._map(value)
        if isinstance(value, Match):
            name, depth = self._match(value)
            code = ["field", name, []]
            return ([value.decode, code] if value.decode and value.becomes is None else code), depth
        assert isinstance(value, Case)
        inner, depth = self._code(value.value)
        return ["upper" if value.is_upper else "lower", inner, _SAME if value.is_upper else ""], depth

    def _map(self, value: Map) -> tuple[Code, int]:
        inner, depth = self._code(value.value)
        # Of two entries for one value the first counts.
        to = {key: self._code(result) for key, result in reversed(value.to)}
        otherwise = None if value.otherwise is None else self._code(value.otherwise)
        depths = [depth, *(one for _, one in to.values()), otherwise[1] if otherwise else 0]
        codes = {key: code for key, (code, _) in sorted(to.items())}
        return ["map", inner, codes, otherwise[0] if otherwise else None], max(depths)

    def _match(self, value: Match) -> tuple[str, int]:
        known = self._names.get(value)
        if known is not None:
            return known
        inner, depth = self._code(value.value)
        while len(self.turns) <= depth:
            self.turns.append(_Patterns())
        name = f"found {len(self._names) + 1}"
        if inner[0] == "field" and not inner[2]:
            read = inner[1]
        else:
            read = f"read {len(self._names) + 1}"
            self.turns[depth].inputs.append([read, inner])
        program = program_of(value.pattern).as_params()
        self.turns[depth].found.append({"name": name, "read": read, "program": program, "becomes": value.becomes})
        self._names[value] = (name, depth + 1)
        return name, depth + 1


def _field(part: Field) -> Code:
    return ["field", part.name, list(part.empties)]
