"""Decoys look like the organisation's own names, are nobody's, and stand where a list in order comes by early."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.name_pattern import pattern_of
from enumwatch.core.organisation import Organisation
from enumwatch.exports.decoys import Decoys, csv_lines, decoys_of
from enumwatch.simulate.names import FAMILY, GIVEN

PEOPLE = [f"{first}.{last}" for first, last in zip(GIVEN, FAMILY, strict=False)]
FORMS = {
    "first.last": PEOPLE,
    "f.last": [f"{name[0]}.{name.partition('.')[2]}" for name in PEOPLE],
    "first_last": [name.replace(".", "_") for name in PEOPLE],
    "flast": [f"{letter}{last}" for last in FAMILY[:40] for letter in "abm"],
}


def made(names: list[str], number: int = 6, own: frozenset[str] = frozenset(), seen: tuple[str, ...] = ()) -> Decoys:
    return decoys_of([f"{name}@contoso.example" for name in names], seen, own, number, 0.5)


@pytest.mark.parametrize("form", FORMS)
def test_decoys_are_made_as_the_known_names_are(form: str) -> None:
    found = made(FORMS[form])
    assert found.form == form
    names = [account for account, _ in found.accounts]
    assert len(names) >= 3
    own = pattern_of(FORMS[form] + [name.partition("@")[0] for name in names])
    assert own is not None
    assert own.form == form


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PEOPLE), min_size=2, unique=True), st.integers(1, 8))
def test_no_decoy_is_a_name_that_the_logs_hold(names: list[str], number: int) -> None:
    tried = (*(f"{name}@contoso.example" for name in PEOPLE[:20]), "aaron.adler@contoso.example")
    found = made(names, number, seen=tried)
    accounts = [account for account, _ in found.accounts]
    assert len(accounts) == len(set(accounts)) <= number
    assert not {*accounts} & {*tried, *(f"{name}@contoso.example" for name in names)}


def test_each_begins_with_another_letter_and_comes_before_the_names_of_it() -> None:
    found = made(PEOPLE)
    letters = [account[0] for account, _ in found.accounts]
    assert len(letters) == len(set(letters)) == 6
    for account, before in found.accounts:
        assert before == sum(1 for name in PEOPLE if name < account.partition("@")[0])
    early = [
        account for account, _ in found.accounts if all(name > account for name in PEOPLE if name[0] == account[0])
    ]
    assert len(early) >= 4


def test_the_own_domain_is_taken_even_where_guests_are_many() -> None:
    names = [f"{name}@fabrikam.example" for name in PEOPLE] + [f"{name}@contoso.example" for name in PEOPLE[:9]]
    found = decoys_of(names, (), frozenset({"contoso.example"}), 3, 0.5)
    assert found.domain == "contoso.example"
    assert all(account.endswith("@contoso.example") for account, _ in found.accounts)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([], "nobody is known to sign in with an address at an own domain"),
        (["x1", "root", "q-q-q", "00", "7up"], "the known names are not made in one way"),
    ],
)
def test_where_nothing_can_be_learnt_nothing_is_suggested(names: list[str], why: str) -> None:
    found = made(names)
    assert (found.accounts, found.why) == ((), why)


def test_the_rows_are_rows_of_the_table_of_sensitive_accounts() -> None:
    found = made(PEOPLE)
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(found)))))
    organisation = Organisation.from_rows(sensitive_accounts=rows)
    assert {organisation.account_kind(account, "any") for account, _ in found.accounts} == {"decoy"}
