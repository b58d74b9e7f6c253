"""Events: the commands that turn what an add-on indexed into the events of one source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...rulebook.condition import parse_condition
from ...rulebook.expression import Expression, fields_of, parse_expression
from ...rulebook.vocabulary import EVENT_FIELDS
from ...splunk.content.names import SPLUNK_NAMES
from .expression import ALWAYS, NEVER, Steps, condition, expression
from .raw_fields import RawFields
from .words import is_one_of, text

Source = Mapping[str, Any]

# The time of an event is Splunk's own.
COLUMNS = tuple(SPLUNK_NAMES.get(name, name) for name in EVENT_FIELDS if name != "time")
RULE = "ew_rule"


def base_search(source: Source) -> str:
    """The search for the events of a source, as its macro says it until somebody names an index."""
    return f"index=* ({_any_of('sourcetype', source['splunk']['sourcetypes'])})"


def event_commands(source: Source) -> list[str]:
    """Commands that give `_time` and COLUMNS for each event of a source; what is empty is null. Other records are dropped."""
    rules = _Rules(source)
    raw = RawFields(source["splunk"]["fields"], rules.used)
    steps = Steps()
    columns = {name: rules.column(name, raw.known, steps) for name in EVENT_FIELDS if name != "time"}
    columns["source"] = columns["source"] or text(source["id"])
    visible = columns["target_visible"]
    columns["target_visible"] = f'if({visible}="false","false","true")' if visible else text("true")
    evals = [f"{SPLUNK_NAMES.get(name, name)}={sql or 'null()'}" for name, sql in columns.items()]
    return [
        *(f"search {_any_of(name, values)}" for name, values in source["splunk"]["select"].items()),
        *raw.commands,
        f"eval {RULE}={rules.holding(raw.known)}",
        f"where isnotnull({RULE})",
        *steps.commands,
        "eval " + ",\n    ".join(evals),
    ]


def _any_of(name: str, values: list[str]) -> str:
    return " OR ".join(f'{name}="{value}"' for value in values)


class _Rules:
    """The event rules of one source."""

    def __init__(self, source: Source) -> None:
        common = source["common"]
        self._set = [_parsed({**common, **rule["set"]}) for rule in source["event"]]
        self._when = [
            {name: parse_condition(value) for name, value in rule["when"].items()} for rule in source["event"]
        ]
        self.used = {name for when in self._when for name in when} | (set(EVENT_FIELDS) - {"time"})
        for assignments in self._set:
            self.used.update(*(fields_of(value) for name, value in assignments.items() if name != "time"))

    def holding(self, known: Mapping[str, str]) -> str:
        """Eval of the name of the first rule that holds, null where none does."""
        branches = []
        for number, when in enumerate(self._when):
            tests = [condition(name, value, known) for name, value in when.items()]
            if NEVER not in tests:
                holds = " AND ".join(test for test in tests if test != ALWAYS) or ALWAYS
                branches.append(f'{holds},"{_rule(number)}"')
        return f"case({', '.join(branches)})"

    def column(self, name: str, known: Mapping[str, str], steps: Steps) -> str | None:
        """Eval of one event field: as the rule that holds sets it, else the raw field of the same name."""
        texts = [
            expression(assignments[name], known, steps) if name in assignments else known.get(name)
            for assignments in self._set
        ]
        if len(set(texts)) == 1:
            return texts[0]
        groups: dict[str, list[int]] = {}
        for number, sql in enumerate(texts):
            if sql is not None:
                groups.setdefault(sql, []).append(number)
        branches = [f"{is_one_of(RULE, map(_rule, numbers))},{sql}" for sql, numbers in groups.items()]
        return f"case({', '.join(branches)})"


def _rule(number: int) -> str:
    return f"rule{number + 1}"


def _parsed(assignments: Mapping[str, Any]) -> dict[str, Expression]:
    return {name: parse_expression(value) for name, value in assignments.items()}
