"""Meanings: what kind of event a row is, of which log, and what its answer says about the name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...core.contact import is_plain_success
from ...core.event import KINDS
from ...core.outcome import OUTCOMES, OutcomeTable
from .columns import COLUMNS, text_of
from .speech import shown

# What the Authentication data set says where a log gives no code of its own.
_ACTIONS: Mapping[str, str] = {"success": "success", "failure": "ambiguous", "error": "noise", "pending": "noise"}

BAD, NOISE, SUCCESS, TRY = range(4)


class Meaning(NamedTuple):
    """What a row is: `sort` is TRY, SUCCESS (of a sign-in), NOISE, or BAD with what is wrong and what to do."""

    sort: int
    kind: str = ""
    source: str = ""
    outcome: str = ""
    problem: str = ""


class Meanings:
    """Tells what rows are, from the columns that say so."""

    def __init__(self, rulebook: Mapping[str, Any], outcomes: OutcomeTable) -> None:
        self._outcomes = outcomes
        sources = rulebook["sources"].values()
        self.provider = {table: one["provider"] for one in sources for table in one["emits"]}
        self._kinds = {table: one["kinds"] for one in sources for table in one["emits"]}
        self._by_sourcetype: dict[str, list[Mapping[str, Any]]] = {}
        for one in sources:
            for sourcetype in one.get("splunk", {}).get("sourcetypes", ()):
                self._by_sourcetype.setdefault(sourcetype.lower(), []).append(one)

    def of(self, row: Mapping[str, Any]) -> Meaning:
        """The meaning of a row of Splunk."""
        source = self.source_of(row)
        if not source:
            given = next(
                (text for name in ("log_source", "sourcetype", "source") if (text := text_of(row.get(name)))), ""
            )
            return Meaning(
                BAD,
                problem=f"the log it is from is not known ({shown(given)}): use the macro of its source, or add "
                f'log_source with eval, such as log_source="{min(self.provider)}"',
            )
        kind = text_of(row.get("kind")) or self._usual_kind(source)
        if kind not in KINDS:
            return Meaning(BAD, problem=f"kind is {shown(kind)}: add kind with eval, one of {', '.join(KINDS)}")
        outcome = self.outcome_of(row, source)
        if outcome not in OUTCOMES:
            return Meaning(
                BAD, problem=f"outcome is {shown(outcome)}: use one of {', '.join(OUTCOMES)}, or leave it out"
            )
        sort = NOISE if outcome == "noise" else SUCCESS if is_plain_success(kind, outcome) else TRY
        return Meaning(sort, kind, source, outcome)

    def source_of(self, row: Mapping[str, Any]) -> str:
        """The log's table that a row is from, "" where none can be told."""
        for name in COLUMNS["source"]:
            named = text_of(row.get(name))
            if named in self.provider:
                return named
        category = text_of(row.get("category"))
        for source in self._by_sourcetype.get(text_of(row.get("sourcetype")).lower(), ()):
            wanted = source["splunk"]["select"].get("category", ())
            if category in wanted or (not category and "sign_in" in source["kinds"]) or not wanted:
                return _table(source, category)
        return ""

    def _usual_kind(self, source: str) -> str:
        kinds = self._kinds[source]
        return "sign_in" if "sign_in" in kinds else kinds[0] if len(kinds) == 1 else ""

    def outcome_of(self, row: Mapping[str, Any], source: str) -> str:
        """The outcome a row brings along, else what its code says, else what its action says."""
        given = text_of(row.get("outcome"))
        if given:
            return given
        code = text_of(row.get("code")) or text_of(row.get("signature_id"))
        if not code:
            action = _ACTIONS.get(text_of(row.get("action")).lower())
            if action is not None:
                return action
        return self._outcomes.outcome(self.provider[source], code, text_of(row.get("reason")))


def _table(source: Mapping[str, Any], category: str) -> str:
    """The table of a log that a category names, else the log's own."""
    for rule in source["event"]:
        named = rule["set"].get("source")
        if isinstance(named, dict) and category in named.get("to", ()):
            return str(named["to"][category])
    return str(source["id"] if source["id"] in source["emits"] else source["emits"][0])
