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
_DROPPED: dict[str, Any] = dict.fromkeys(DROPPED_FOR_SUCCESS, "")
_TEXT_KEYS = ("asn", "country", "user_agent", "app", "app_id", "client_app", "actor", "host", "target")


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


class Rows:
    """Applies the rules of one source to raw texts by field name."""

    def __init__(self, shape: Shape, outcomes: OutcomeTable) -> None:
        self._shape = shape
        self._outcomes = outcomes
        self._rules = [_Rule(rule, shape) for rule in shape.rules]
        self._answers: dict[tuple[str, str], str] = {}
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
        get = rule.get
        code = get("code", texts) or ""
        outcome = self._outcome(code, get("reason", texts) or "")
        written = get("src_ip", texts) or ""
        rest = {name: (get(name, texts) or "").strip(" ") for name in _TEXT_KEYS}
        made = Row(
            kind=(get("kind", texts) or "").strip(" "),
            source=(get("source", texts) or self._shape.source).strip(" "),
            tenant=(get("tenant", texts) or "").strip(" "),
            src_ip=canonical_ip(written) if written else "",
            target_visible=(get("target_visible", texts) or "true") != "false",
            code=code,
            outcome=outcome,
            **rest,
        )
        return made._replace(**_DROPPED) if made.is_success else made

    def _rule(self, texts: Texts) -> _Rule | None:
        return next((rule for rule in self._rules if rule.holds(texts)), None)

    def _outcome(self, code: str, reason: str) -> str:
        found = self._answers.get((code, reason))
        if found is None:
            found = self._answers[code, reason] = self._outcomes.outcome(self._shape.provider, code, reason)
        return found


class _Rule:
    """One event rule as functions."""

    def __init__(self, rule: EventRule, shape: Shape) -> None:
        self._tests: list[tuple[str, Test]] = [(field, checking(condition)) for field, condition in rule.when]
        self._readings: dict[str, Reading] = {}
        for name in EVENT_FIELDS:
            value: Expression | None = rule.set.get(name)
            if value is not None:
                self._readings[name] = reading(value)
            elif name in shape.fields:
                self._readings[name] = _raw(name)

    def holds(self, texts: Texts) -> bool:
        return all(test(texts.get(field)) for field, test in self._tests)

    def get(self, name: str, texts: Texts) -> str | None:
        found = self._readings.get(name)
        return None if found is None else found(texts)


def _raw(name: str) -> Callable[[Texts], str | None]:
    return lambda texts: texts.get(name)
