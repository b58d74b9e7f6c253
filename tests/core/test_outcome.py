from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.core.outcome import CONFIRMS_EXISTENCE, CONFIRMS_SECRET, FAILING, OUTCOMES, OutcomeTable

BASE = {
    "name": "x",
    "account_exists": "unknown",
    "password_state": "unknown",
    "confidence": "documented",
    "dated": "2024-04-24",
}


def table(rows: Iterable[str]) -> OutcomeTable:
    return OutcomeTable.from_rows(map(row, rows))


def row(text: str) -> dict[str, str]:
    provider, code, reason, outcome = text.split(",")
    return {**BASE, "provider": provider, "code": code, "reason": reason, "outcome": outcome}


TABLE = table(
    [
        "entra,50034,,not_found",
        "entra,50053,,ambiguous",
        "entra,50053,locked,exists_blocked",
        "m365,UserAccountNotFound,,not_found",
        "entra_b2c,50126,,ambiguous",
        "entra,50126,,exists_bad_secret",
        "google_workspace,login_failure,,exists_bad_secret",
        "google_workspace,login_failure:disabled,,exists_blocked",
        "okta,INVALID_CREDENTIALS,actor_known,exists_bad_secret",
    ]
)


@pytest.mark.parametrize(
    ("provider", "code", "reason", "outcome"),
    [
        ("entra", "50034", "", "not_found"),
        ("entra", "50034", "any reason", "not_found"),
        ("entra", "50053", "", "ambiguous"),
        ("entra", "50053", "locked", "exists_blocked"),
        ("entra", "50053", "something else", "ambiguous"),
        ("m365", "50053", "locked", "exists_blocked"),
        ("m365", "UserAccountNotFound", "", "not_found"),
        ("entra", "UserAccountNotFound", "", "ambiguous"),
        ("entra_b2c", "50126", "", "ambiguous"),
        ("entra_b2c", "50034", "", "not_found"),
        ("m365", "50126", "", "exists_bad_secret"),
        ("google_workspace", "login_failure:disabled", "", "exists_blocked"),
        ("google_workspace", "login_failure:never seen", "", "exists_bad_secret"),
        ("okta", "INVALID_CREDENTIALS", "actor_known", "exists_bad_secret"),
        ("okta", "INVALID_CREDENTIALS", "", "ambiguous"),
        ("okta", "50034", "", "ambiguous"),
        ("nobody", "", "", "ambiguous"),
    ],
)
def test_the_most_exact_row_answers(provider: str, code: str, reason: str, outcome: str) -> None:
    assert TABLE.outcome(provider, code, reason) == outcome


def test_a_code_is_known_when_any_row_answers_for_it() -> None:
    assert TABLE.is_known("m365", "50034")
    assert TABLE.is_known("google_workspace", "login_failure:never seen")
    assert not TABLE.is_known("entra", "999999")
    assert not TABLE.is_known("okta", "INVALID_CREDENTIALS")
    assert TABLE.row("entra", "999999") is None
    found = TABLE.row("m365", "50034")
    assert found is not None
    assert (found.provider, found.outcome, found.dated) == ("entra", "not_found", "2024-04-24")


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_text_has_an_outcome(provider: str, code: str, reason: str) -> None:
    assert TABLE.outcome(provider, code, reason) in OUTCOMES


def test_every_bad_row_is_named() -> None:
    rows = [
        row("entra,50034,,not_found"),
        row("entra,50034,,noise"),
        row("entra,,,missing"),
        {**row("okta,X,,noise"), "dated": "2024-13-01", "confidence": "sure"},
    ]
    with pytest.raises(LookupProblems) as caught:
        OutcomeTable.from_rows(rows, "own/enumwatch_outcomes.csv")
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        "own/enumwatch_outcomes.csv:3: repeated row",
        "own/enumwatch_outcomes.csv:4: code is empty",
        "own/enumwatch_outcomes.csv:4: unknown outcome",
        "own/enumwatch_outcomes.csv:5: unknown confidence",
        "own/enumwatch_outcomes.csv:5: bad date in dated",
    ]
    assert "first seen on line 2" in str(caught.value)


def test_the_classes_of_outcomes_do_not_contradict_each_other() -> None:
    assert frozenset(OUTCOMES) - FAILING == {"noise", "success"}
    assert CONFIRMS_SECRET < CONFIRMS_EXISTENCE < set(OUTCOMES)
    assert not CONFIRMS_EXISTENCE & {"not_found", "wrong_realm", "ambiguous", "noise", "throttled"}
