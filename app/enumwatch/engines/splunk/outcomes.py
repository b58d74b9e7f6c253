"""Outcomes: the table that says what an answer means, keyed so that Splunk's exact look-ups find what the core finds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ...core.outcome import FALLBACKS, OutcomeTable

LOOKUP = "enumwatch_outcome_keys"
COLUMNS = ("provider", "code", "reason", "outcome")
# Stands for an empty key: Splunk matches no empty cell.
EMPTY = "-"


def outcome_keys(table: OutcomeTable, providers: list[str]) -> str:
    """The CSV text of the keys of these providers, rows of their fallback providers included."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(set(_rows(table, providers))))
    return out.getvalue()


def _rows(table: OutcomeTable, providers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    for provider in providers:
        for row in table:
            if row.provider in (provider, FALLBACKS.get(provider)):
                yield provider, row.code, row.reason or EMPTY, table.outcome(provider, row.code, row.reason)


def outcome_commands(provider: str, otherwise: str = '"ambiguous"') -> list[str]:
    """Commands that add `outcome`: by code and reason, by the code, by the code before its colon, else `otherwise`.

    `provider` and `otherwise` are eval expressions.
    """
    keys = [
        f"ew_provider={provider}",
        f'ew_code=coalesce(code,"{EMPTY}")',
        'ew_general=replace(ew_code,":.*$","")',
        f'ew_reason=coalesce(reason,"{EMPTY}")',
        f'ew_none="{EMPTY}"',
    ]
    asked = (("ew_code", "ew_reason"), ("ew_code", "ew_none"), ("ew_general", "ew_none"))
    lookups = [
        f"lookup {LOOKUP} provider AS ew_provider code AS {code} reason AS {reason} OUTPUT outcome AS ew_outcome{number}"
        for number, (code, reason) in enumerate(asked, start=1)
    ]
    return [
        "eval " + ", ".join(keys),
        *lookups,
        f"eval outcome=coalesce(ew_outcome1,ew_outcome2,ew_outcome3,{otherwise})",
    ]
