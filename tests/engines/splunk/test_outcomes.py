"""Splunk's exact look-ups find what the core's outcome table finds."""

from __future__ import annotations

import csv

import pytest

from enumwatch.engines.splunk.macros import sources_in_splunk
from enumwatch.engines.splunk.outcomes import EMPTY, outcome_keys
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

TABLE = load_lookups().outcomes
PROVIDERS = sorted({source["provider"] for source in sources_in_splunk(compiled()).values()})
ROWS = list(csv.DictReader(outcome_keys(TABLE, PROVIDERS).splitlines()))
KEYS = {(row["provider"], row["code"], row["reason"]): row["outcome"] for row in ROWS}


def looked_up(provider: str, code: str, reason: str) -> str:
    """What the three look-ups of the searches give."""
    asked = ((code or EMPTY, reason or EMPTY), (code or EMPTY, EMPTY), (code.partition(":")[0] or EMPTY, EMPTY))
    return next((found for key in asked if (found := KEYS.get((provider, *key)))), "ambiguous")


def test_no_key_is_there_twice() -> None:
    assert len(KEYS) == len(ROWS) > 300


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_answer_of_a_log_is_looked_up_as_the_core_does(provider: str) -> None:
    codes = {row.code for row in TABLE} | {"", "nope", "nope:x", "4625:0xffff"}
    codes |= {f"{code}:detail" for code in codes}
    reasons = {row.reason for row in TABLE} | {"", "nope"}
    wrong = [
        (code, reason)
        for code in sorted(codes)
        for reason in sorted(reasons)
        if looked_up(provider, code, reason) != TABLE.outcome(provider, code, reason)
    ]
    assert wrong == []
