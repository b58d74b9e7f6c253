"""Queries of findings and hunts hold payloads as values or not at all: beside these they read as those of harmless names do."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from enumwatch.core.context import Context
from enumwatch.core.triage import LANGUAGES, triage
from enumwatch.hunts.loading import shipped_hunts
from enumwatch.hunts.rendering import texts_of
from enumwatch.rulebook.compiled import compiled

from .commands import CALLS, LINES, Product
from .corpus import CORPUS, MEGABYTE
from .test_every_command import strictly

# What is between two quotes; a backslash would escape, so no value holds one.
LITERALS = {name: re.compile(r'"([^"\\\n]*)"') for name in LANGUAGES} | {"sql": re.compile(r"'((?:[^']|'')*)'")}
_SEVERAL = (re.compile(r"(\?)(?:, \?)+"), re.compile(r"(\b\w+=\?)(?: OR \1)+"))
PLAIN, AGENT = "plain@contoso.example", "curl/8"
NAMES = (*CORPUS, MEGABYTE, "o'brien@contoso.example", "100%@contoso.example")
HARMLESS = ("o'brien@contoso.example", "100%@contoso.example", "+1+1", "*) OR (*:* AND NOT a?b")[:3]


def values(language: str, text: str) -> set[str]:
    """The values of a query's literals."""
    found = LITERALS[language].findall(text)
    return {one.replace("''", "'") for one in found} if language == "sql" else set(found)


def skeleton(language: str, text: str) -> str:
    """A query without its values; a list of one value is as one of many."""
    text = LITERALS[language].sub("?", text)
    for several in _SEVERAL:
        text = several.sub(r"\1", text)
    return text


@pytest.fixture(scope="module")
def finding(product: Product) -> dict[str, Any]:
    """The worst finding; it has names that were found, agents and addresses."""
    saved = next(call for call in CALLS if (call.leaf, call.form) == ("enumwatch scan", LINES))
    return dict(strictly(product.run(saved).out.splitlines()[0]))


def asked(finding: dict[str, Any], *texts: str, by_account: bool = False) -> dict[str, dict[str, str]]:
    """The queries of a finding whose names and agents are these, beside harmless ones."""
    names, agents = [PLAIN, *texts], [AGENT, *texts]
    evidence = {**finding["evidence"], "names_sample": {"not_found": names}, "user_agents_sample": agents}
    row = {**finding, "evidence": evidence, "names_found": names, "accounts_created": names}
    actor = {**finding["actor"], "account": (texts or (PLAIN,))[0] if by_account else None}
    if by_account:
        actor["ip"], evidence["addresses_sample"] = None, []
    return dict(triage({**row, "actor": actor, "compromised_accounts": names}, Context(compiled()))["queries"])


def test_queries_of_a_finding_read_as_those_of_harmless_names(finding: dict[str, Any]) -> None:
    plain = asked(finding)
    assert len(plain) >= 4
    for text in NAMES:
        for name, query in asked(finding, text).items():
            for language in LANGUAGES:
                assert skeleton(language, query[language]) == skeleton(language, plain[name][language]), (
                    name,
                    text[:60],
                )
                assert values(language, query[language]) - values(language, plain[name][language]) <= {text}
                assert len(query[language]) < 20_000


def test_an_actor_that_is_an_account_is_a_value_or_makes_no_query(finding: dict[str, Any]) -> None:
    plain = asked(finding, by_account=True)["attempts"]
    for text in NAMES:
        for language in LANGUAGES:
            query = asked(finding, text, by_account=True).get("attempts", plain)[language]
            assert skeleton(language, query) == skeleton(language, plain[language])


@pytest.mark.parametrize("text", HARMLESS)
def test_odd_but_harmless_names_are_looked_for(text: str, finding: dict[str, Any]) -> None:
    query = asked(finding, text)["same_names"]
    assert "left out" not in query["about"]
    assert all(text in values(language, query[language]) for language in LANGUAGES)


def test_what_is_left_out_is_said(finding: dict[str, Any]) -> None:
    assert "(1 value left out" in asked(finding, CORPUS[0] + '"')["same_names"]["about"]


def test_sql_reads_each_value_as_it_was_typed(finding: dict[str, Any]) -> None:
    query = asked(finding, *NAMES)["same_names"]["sql"]
    listed = re.search(r'"target" IN (\(.*?\))\n?(?: AND|\nORDER)', query)
    assert listed is not None
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT unnest([{listed[1][1:-1]}])").fetchall()
    read = {row[0] for row in rows}
    assert read == values("sql", listed[1]) > set(HARMLESS)
    assert read <= {PLAIN, *NAMES}


def test_hunts_take_accounts_of_the_owners_table_as_values() -> None:
    rows = [{"account": text, "tenant": "", "kind": "decoy"} for text in NAMES]
    hunt = shipped_hunts()["decoys"]
    plain = texts_of(hunt.with_rows("sensitive_accounts", [{"account": PLAIN, "tenant": "", "kind": "decoy"}]))
    kept = {text.lower() for text in NAMES}
    for language, text in texts_of(hunt.with_rows("sensitive_accounts", rows)).items():
        assert skeleton(language, text) == skeleton(language, plain[language])
        found = values(language, text) - values(language, plain[language])
        assert {"o'brien@contoso.example", "100%@contoso.example"} <= found <= kept
