"""outcome: what a code says about the account and its password, added to every row."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from .columns import field, text_of
from .knowledge import lookups, rulebook
from .meanings import Meanings
from .options import names
from .row_by_row import BadRowError, RowByRow
from .speech import shown


class OutcomeRows(RowByRow):
    """Put before StreamingCommand."""

    about = 'write it as | outcome, or | outcome source="okta_system" code="my_code_field"'
    adds = ("outcome", "account_exists", "password_state", "category", "outcome_name")

    def check(self) -> None:
        """Reads the options."""
        if self.source is not None:
            tables = [table for one in rulebook()["sources"].values() for table in one["emits"]]
            (self._source,) = names("source", self.source, tables, "source")[:1]
        else:
            self._source = ""

    def answer(self, record: dict[str, Any]) -> dict[str, Any]:
        """The row of the outcome table that answers, "ambiguous" where none does."""
        source = self._source or self._meanings.source_of(record)
        if not source:
            given = text_of(record.get("sourcetype"))
            raise BadRowError(
                f"the log it is from is not known ({shown(given)}): write | outcome source=... with the log's name"
            )
        code = text_of(record.get(self.code)) if self.code else field(record, "code")
        found = self._tables.outcomes.row(self._meanings.provider[source], code, field(record, "reason"))
        if found is None:
            given = self._meanings.outcome_of({**record, "outcome": "", "code": code}, source)
            return {"outcome": given, "account_exists": "unknown", "password_state": "unknown"}
        return {
            "outcome": found.outcome,
            "account_exists": found.account_exists,
            "password_state": found.password_state,
            "category": found.category,
            "outcome_name": found.name,
        }

    @cached_property
    def _tables(self) -> Any:
        return lookups()

    @cached_property
    def _meanings(self) -> Meanings:
        return Meanings(rulebook(), self._tables.outcomes)
