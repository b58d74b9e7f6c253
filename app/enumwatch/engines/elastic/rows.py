"""Rows: what the rules of a source make of the raw texts of one record, or of one group of equal records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ...core.contact import DROPPED_FOR_SUCCESS, is_plain_success
from ...core.network import canonical_ip
from ...core.outcome import OutcomeTable
from ...rulebook.expression import Expression, fields_of
from ..local.shape import EVENT_FIELDS, EventRule, Shape
from .evaluate import Reading, Test, Texts, checking, reading

# What tells whether a record is an event and what it says about the name.
DECIDING = ("kind", "code", "reason")
OF_ONE_RECORD = ("time", "event_id")
# What the local engine takes for a space around a text: all that Unicode calls one.
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
TEXT_KEYS = ("asn", "country", "user_agent", "app", "app_id", "client_app", "actor", "host", "target")


class Row(NamedTuple):
    """The keys of a contact without its hour, in the order of a contact."""

    kind: str
    source: str
    tenant: str
    src_ip: str
    asn: str
    country: str
    user_agent: str
    app: str
    app_id: str
    client_app: str
    actor: str
    host: str
    target: str
    target_visible: bool
    code: str
    outcome: str

    @property
    def is_success(self) -> bool:
        """True for what is kept per day."""
        return is_plain_success(self.kind, self.outcome)


_KIND, _OUTCOME = Row._fields.index("kind"), Row._fields.index("outcome")
_DROPPED = tuple(Row._fields.index(name) for name in DROPPED_FOR_SUCCESS)
# Groups repeat the same few texts in most columns, so what became of a text is remembered, of so many at a time.
_MOST_REMEMBERED = 50_000


class Rows:
    """Applies the rules of one source to raw texts by field name."""

    def __init__(self, shape: Shape, outcomes: OutcomeTable) -> None:
        self._shape = shape
        self._outcomes = outcomes
        self._answers: dict[tuple[str, str], str] = {}
        self._rules = [_Rule(rule, shape, self._outcome) for rule in shape.rules]
        self._holding: dict[tuple[str | None, ...], _Rule | None] = {}
        self._conditions = sorted({field for rule in shape.rules for field, _ in rule.when})

    @property
    def time_fields(self) -> frozenset[str]:
        """Raw fields that hold the time."""
        return self.fields_for(("time",))

    @property
    def deciding_fields(self) -> frozenset[str]:
        """Raw fields that tell which rule holds, and what it says about the name."""
        return frozenset(self._conditions) | self.fields_for(DECIDING)

    def fields_for(self, event_fields: tuple[str, ...]) -> frozenset[str]:
        """Raw fields that some rule needs for these event fields."""
        found: set[str] = set()
        for rule in self._shape.rules:
            for name in event_fields:
                value = rule.set.get(name)
                found |= fields_of(value) if value is not None else {name}
        return frozenset(found & set(self._shape.fields))

    @property
    def failing_fields(self) -> frozenset[str]:
        """Raw fields that a contact needs, without those that only one record has."""
        kept = tuple(name for name in EVENT_FIELDS if name not in OF_ONE_RECORD)
        return frozenset(self._conditions) | self.fields_for(kept)

    @property
    def success_fields(self) -> frozenset[str]:
        """Raw fields that a contact of a success needs."""
        left_out = {*OF_ONE_RECORD, *DROPPED_FOR_SUCCESS} - {*DECIDING}
        kept = tuple(name for name in EVENT_FIELDS if name not in left_out)
        return frozenset(self._conditions) | self.fields_for(kept)

    def identity(self, texts: Texts) -> str | None:
        """The id of a record, None where it has none."""
        rule = self._rule(texts)
        return None if rule is None else rule.get("event_id", texts)

    def may_be_identified(self, texts: Texts) -> bool:
        """True where some rule would find an id in these texts."""
        return any(rule.get("event_id", texts) is not None for rule in self._rules)

    def decided(self, texts: Texts) -> tuple[str, str, str] | None:
        """Kind, code and outcome of a record; None where no rule holds."""
        rule = self._rule(texts)
        if rule is None:
            return None
        code = rule.get("code", texts) or ""
        return rule.get("kind", texts) or "", code, self._outcome(code, rule.get("reason", texts) or "")

    def row(self, texts: Texts) -> Row | None:
        """The keys of a contact; None where no rule holds. Noise has its outcome and makes no contact."""
        rule = self._rule(texts)
        if rule is None:
            return None
        made = rule.columns(texts)
        if is_plain_success(made[_KIND], made[_OUTCOME]):
            for position in _DROPPED:
                made[position] = ""
        return Row._make(made)

    def _rule(self, texts: Texts) -> _Rule | None:
        key = tuple([texts.get(name) for name in self._conditions])
        if key not in self._holding:
            if len(self._holding) >= _MOST_REMEMBERED:
                self._holding.clear()
            self._holding[key] = next((rule for rule in self._rules if rule.holds(texts)), None)
        return self._holding[key]

    def _outcome(self, code: str, reason: str) -> str:
        found = self._answers.get((code, reason))
        if found is None:
            found = self._answers[code, reason] = self._outcomes.outcome(self._shape.provider, code, reason)
        return found


class _Rule:
    """One event rule as functions."""

    def __init__(self, rule: EventRule, shape: Shape, outcome: Callable[[str, str], str]) -> None:
        self._tests: list[tuple[str, Test]] = [(field, checking(condition)) for field, condition in rule.when]
        self._readings: dict[str, Reading] = {}
        self._source, self._outcome = shape.source, outcome
        read: dict[str, frozenset[str]] = {}
        for name in EVENT_FIELDS:
            value: Expression | None = rule.set.get(name)
            if value is not None:
                self._readings[name], read[name] = reading(value), frozenset(fields_of(value))
            elif name in shape.fields:
                self._readings[name], read[name] = _raw(name), frozenset((name,))
        read["outcome"] = read.get("code", frozenset()) | read.get("reason", frozenset())
        # Columns that are made of the same raw fields are made together.
        together: dict[tuple[str, ...], list[str]] = {}
        for name in Row._fields:
            together.setdefault(tuple(sorted(read.get(name, ()))), []).append(name)
        self._parts = [_part(raw, names) for raw, names in together.items()]

    def holds(self, texts: Texts) -> bool:
        return all(test(texts.get(field)) for field, test in self._tests)

    def get(self, name: str, texts: Texts) -> str | None:
        found = self._readings.get(name)
        return None if found is None else found(texts)

    def columns(self, texts: Texts) -> list[Any]:
        """The fields of a row in their order."""
        made: list[Any] = [None] * len(Row._fields)
        get = texts.get
        for raw, positions, known, names in self._parts:
            key = tuple([get(name) for name in raw])
            values = known.get(key)
            if values is None:
                if len(known) >= _MOST_REMEMBERED:
                    known.clear()
                values = known[key] = [self._column(name, texts) for name in names]
            for position, value in zip(positions, values, strict=True):
                made[position] = value
        return made

    def _column(self, name: str, texts: Texts) -> str | bool:
        if name == "outcome":
            return self._outcome(self.get("code", texts) or "", self.get("reason", texts) or "")
        text = self.get(name, texts) or ""
        if name == "target_visible":
            return text != "false"
        if name == "src_ip":
            return canonical_ip(text) if text else ""
        if name == "code":
            return text
        return (text or self._source if name == "source" else text).strip(SPACES)


class _Part(NamedTuple):
    """Columns of a row that are made of the same raw fields, and what some texts of these became."""

    raw: tuple[str, ...]
    positions: tuple[int, ...]
    known: dict[tuple[str | None, ...], list[str | bool]]
    names: tuple[str, ...]


def _part(raw: tuple[str, ...], names: list[str]) -> _Part:
    return _Part(raw, tuple(Row._fields.index(name) for name in names), {}, tuple(names))


def _raw(name: str) -> Callable[[Texts], str | None]:
    return lambda texts: texts.get(name)
