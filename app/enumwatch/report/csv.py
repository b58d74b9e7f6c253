r"""Findings as CSV: constant columns, one finding a row, safe to open in a spreadsheet.

Lists are joined by `|`; a `|` inside a name is written `\x7c`. A cell that a spreadsheet would run as a formula
gets a leading apostrophe (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from enumwatch.report.phrases import plain, tool_text
from enumwatch.report.ranking import Verdict, worst_first
from enumwatch.report.visible import visible

_FINDING = ("finding_id", "detection", "version", "verdict", "score", "confidence", "tenant")
_ACTOR = ("ip", "cidr", "asn", "user_agent", "app", "app_id", "client_app", "account", "host")
_RESULT = ("window_start", "window_end", "detected_at", "names_found", "compromised_accounts", "accounts_created")
_EVIDENCE = (
    *("attempts", "names_tried", "names_absent", "names_existing", "names_wrong_realm", "names_hidden"),
    *("absent_ratio", "attempts_per_name", "names_per_minute", "minutes"),
    *("addresses", "networks", "countries", "user_agents", "apps"),
    *("unseen_share", "order_share", "name_pattern", "gap_variation", "tools", "intelligence", "actors_consistent"),
    *("sensitive_names", "decoy_names", "success_share", "sources", "gaps"),
)
_SUPPRESSION = ("entry", "reason")
_ENDING = ("reasons", "mitre")

COLUMNS = (
    *_FINDING,
    *(f"actor_{key}" for key in _ACTOR),
    *_RESULT,
    *_EVIDENCE,
    *(f"suppressed_{key}" for key in _SUPPRESSION),
    *_ENDING,
)
"""Column names, in the order written; later versions only append."""

_CELL_LIMIT = 32_000  # spreadsheets cut cells at 32,767 characters, without a word
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def findings_csv(verdicts: Iterable[Verdict]) -> str:
    r"""Returns the header and one row per finding, worst first, lines ended by `\r\n` (RFC 4180)."""
    return "".join(csv_lines(worst_first(verdicts)))


def csv_lines(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yields the header line, then one line per verdict in the order given."""
    yield _line(COLUMNS)
    for verdict in verdicts:
        yield _line(map(_cell, _values(verdict)))


def rows_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yields a header line and one line a row of any table, cells as safe as those of findings."""
    yield _line(columns)
    for row in rows:
        yield _line(map(_cell, row))


def _values(verdict: Verdict) -> Iterator[Any]:
    parts = (
        (verdict, _FINDING),
        (verdict.get("actor"), _ACTOR),
        (verdict, _RESULT),
        (verdict.get("evidence"), _EVIDENCE),
        (verdict.get("suppressed_by"), _SUPPRESSION),
        (verdict, _ENDING),
    )
    for record, keys in parts:
        for key in keys:
            yield (record or {}).get(key)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _guarded(_text(value))
    return str(value)  # without the thousands separators of prose


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "|".join(tool_text(item).replace("|", "\\x7c") for item in value)
    return plain(value)


def is_formula(text: str) -> bool:
    """True where a spreadsheet would run a cell of this text."""
    return text[:1] in _FORMULA_STARTS


def _guarded(text: str) -> str:
    shown = visible(text, _CELL_LIMIT)
    return f"'{shown}" if is_formula(text) else shown


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue()
