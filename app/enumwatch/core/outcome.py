"""What an answer says about the name that was tried: one table from (provider, code, reason) to an outcome."""

from __future__ import annotations

import datetime
from typing import Dict, FrozenSet, Iterable, Iterator, Mapping, NamedTuple, Optional, Tuple

from .lookup_rows import ProblemList, numbered, text_of

OUTCOMES: Tuple[str, ...] = (
    "not_found",
    "exists_bad_secret",
    "exists_good_secret",
    "exists_blocked",
    "wrong_realm",
    "ambiguous",
    "noise",
    "throttled",
    "success",
)

# Attempts that did not end in a session. Noise is neither a failure nor a success: it is only counted.
FAILING: FrozenSet[str] = frozenset(OUTCOMES) - {"noise", "success"}
CONFIRMS_EXISTENCE: FrozenSet[str] = frozenset({"exists_bad_secret", "exists_good_secret", "exists_blocked", "success"})
CONFIRMS_SECRET: FrozenSet[str] = frozenset({"exists_good_secret", "success"})

# Two logs carry Entra's own numbers and differ in a few rows only, so their tables hold those rows and no more.
FALLBACKS: Mapping[str, str] = {"m365": "entra", "entra_b2c": "entra"}

_ACCOUNT_EXISTS = ("yes", "likely", "no", "unknown", "varies")
_PASSWORD_STATES = ("correct", "wrong", "unknown", "not_tested")
_CONFIDENCES = ("documented", "observed", "inferred", "tool source")


class OutcomeRow(NamedTuple):
    """One row of the table, columns as in enumwatch_outcomes.csv, all text."""

    provider: str
    code: str
    reason: str
    name: str
    outcome: str
    account_exists: str
    password_state: str
    category: str
    log_source: str
    field: str
    note: str
    reference: str
    confidence: str
    dated: str


class OutcomeTable:
    """Looks an answer up: exact reason first, then the code alone, then the code without its `:detail`.

    Each step is tried in the provider's own rows, then in those of its fallback provider.
    """

    def __init__(self, rows: Iterable[OutcomeRow], fallbacks: Mapping[str, str] = FALLBACKS) -> None:
        self._rows: Dict[Tuple[str, str, str], OutcomeRow] = {(r.provider, r.code, r.reason): r for r in rows}
        self._fallbacks = dict(fallbacks)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], path: str = "enumwatch_outcomes.csv") -> OutcomeTable:
        """Return the table of these rows; raises LookupProblems with every row that is wrong."""
        problems = ProblemList(path)
        kept: Dict[Tuple[str, str, str], OutcomeRow] = {}
        lines: Dict[Tuple[str, str, str], int] = {}
        for line, cells in numbered(rows):
            row = OutcomeRow(*(text_of(cells, column) for column in OutcomeRow._fields))
            _check(problems, line, row)
            key = (row.provider, row.code, row.reason)
            if key in kept:
                expected = f"one row for each provider, code and reason (first seen on line {lines[key]})"
                problems.add(line, "repeated row", expected, " ".join(key).strip())
            kept[key] = row
            lines[key] = line
        problems.raise_if_any()
        return cls(kept.values())

    def __iter__(self) -> Iterator[OutcomeRow]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, provider: str, code: str, reason: str = "") -> Optional[OutcomeRow]:
        """Return the row that answers, or None when the table has no word for this code."""
        exact = self._rows.get((provider, code, reason))
        if exact is not None:
            return exact
        general = code.partition(":")[0]
        keys = ((code, reason), (code, ""), (general, ""))
        for name in (provider, self._fallbacks.get(provider)):
            if name is None:
                continue
            for key_code, key_reason in keys:
                found = self._rows.get((name, key_code, key_reason))
                if found is not None:
                    return found
        return None

    def outcome(self, provider: str, code: str, reason: str = "") -> str:
        """Return one of OUTCOMES; a code outside the table is "ambiguous"."""
        found = self.row(provider, code, reason)
        return found.outcome if found is not None else "ambiguous"

    def is_known(self, provider: str, code: str, reason: str = "") -> bool:
        """Return whether some row answers for this code, its fallbacks included."""
        return self.row(provider, code, reason) is not None


def _check(problems: ProblemList, line: int, row: OutcomeRow) -> None:
    for column, value in (("provider", row.provider), ("code", row.code)):
        if not value:
            problems.add(line, f"{column} is empty", "a value", "")
    problems.add_choice(line, "outcome", row.outcome, OUTCOMES)
    problems.add_choice(line, "account_exists", row.account_exists, _ACCOUNT_EXISTS)
    problems.add_choice(line, "password_state", row.password_state, _PASSWORD_STATES)
    problems.add_choice(line, "confidence", row.confidence, _CONFIDENCES)
    try:
        datetime.date.fromisoformat(row.dated)
    except ValueError:
        problems.add(line, "bad date in dated", "YYYY-MM-DD", row.dated)
