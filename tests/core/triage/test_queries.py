"""Ready queries: in every language the same question, and no value ever more than a value."""

from __future__ import annotations

import re

from hypothesis import given as drawn
from hypothesis import strategies as st

from enumwatch.core.triage import LANGUAGES, triage

from .making import ADDRESS, finding, given

FOUND = {"names_found": ["o'brien@contoso.example"]}
HARMLESS = re.compile(r"[^`\"\\*$|]*")


def test_every_query_is_there_in_every_language() -> None:
    told = triage(
        finding(**FOUND, evidence={"user_agents_sample": ["curl/8"], "names_sample": {"not_found": ["x"]}}), given()
    )
    assert set(told["queries"]) == {"attempts", "same_agents", "later_successes", "same_names"}
    assert all({"about", *LANGUAGES} == set(one) for one in told["queries"].values())
    assert all(ADDRESS in one[language] for one in [told["queries"]["attempts"]] for language in LANGUAGES)


def test_without_something_to_look_for_there_is_no_query() -> None:
    assert set(triage(finding(), given())["queries"]) == {"attempts"}
    assert triage(finding(actor={"ip": None}), given())["queries"] == {}


def test_quotes_are_doubled_where_a_language_needs_it() -> None:
    query = triage(finding(**FOUND), given())["queries"]["later_successes"]
    assert "'o''brien@contoso.example'" in query["sql"]
    assert '"o\'brien@contoso.example"' in query["esql"]


def test_what_is_left_out_is_said() -> None:
    names = ['a"b@contoso.example', *(f"n{turn}@contoso.example" for turn in range(310))]
    query = triage(finding(names_found=names), given())["queries"]["later_successes"]
    assert "11 values left out" in query["about"]
    assert 'a"b' not in query["esql"]


@drawn(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_no_value_ends_its_quotes(values: list[str]) -> None:
    told = triage(finding(names_found=values, accounts_created=values), given())
    plain = triage(finding(names_found=["x"], accounts_created=["x"]), given())
    for name, query in told["queries"].items():
        for language in LANGUAGES:
            assert _shape(query[language]) == _shape(plain["queries"][name][language])


def _shape(query: str) -> str:
    """A query without its values."""
    outside = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", "V", query)
    return re.sub(r"V(, V)+", "V", re.sub(r"(\w+=V)( OR \w+=V)+", r"\1", outside))
