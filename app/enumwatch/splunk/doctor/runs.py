"""What may be wrong with the runs of the rules: too long ago, rows that could not be read, memory that was cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .asking import RUNS_SEARCH
from .exported import Rows
from .measures import number, span
from .trouble import Trouble

_MOST_SILENT = 2 * 3600  # rules run once an hour
# What the KV store gives one search, unless limits.conf says otherwise: [kvstore] max_rows_per_query.
_MOST_ROWS = 50_000


def is_run(row: Mapping[str, str]) -> bool:
    """True for a row of the search that looks at the runs of the rules."""
    return {"detection", "runs", "silent"} <= row.keys()


def check_runs(rows: Rows) -> Iterator[Trouble]:
    """Yield what is wrong with the runs of each detection."""
    for row in rows:
        where = f"runs of {row['detection']}"
        silent = number(row, "silent")
        if silent > _MOST_SILENT:
            advice = "look at its schedule and at skipped searches (index=_internal source=*scheduler.log)"
            yield Trouble("doubtful", where, f"the last one ended {span(silent)} ago", advice)
        if number(row, "remembered") >= _MOST_ROWS:
            yield Trouble(
                "broken",
                where,
                f"memory has {number(row, 'remembered'):,.0f} rows, and the KV store gives one search {_MOST_ROWS:,}",
                "raise max_rows_per_query under [kvstore] in limits.conf, or what was known of some names is lost",
            )
        if number(row, "left_out"):
            advice = "shorten the time it looks back (dispatch.earliest_time), or enable fewer logs"
            yield Trouble("broken", where, f"{number(row, 'left_out'):,.0f} rows were too many for one run", advice)
        if number(row, "refused"):
            advice = "run its search by hand, the message names one of them and why"
            yield Trouble("doubtful", where, f"{number(row, 'refused'):,.0f} rows could not be read", advice)


def unseen(rows: Rows) -> Iterator[str]:
    """Yield that runs were not looked at, and how to have them looked at."""
    if not rows:
        yield f"runs were not looked at: run {RUNS_SEARCH!r} and export the result"
