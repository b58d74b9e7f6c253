"""What every code of the outcome table becomes, from the raw record of the log that writes it."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.decide import Decision
from enumwatch.engines.local.scan import Request, context_of, counted
from enumwatch.engines.local.summary import summarise
from enumwatch.lookups import load_lookups

from .raw_codes import SHAPES, Row, address, name
from .telling import RULEBOOK

LOOKUPS = load_lookups()
ROWS: dict[Row, str] = {(row.provider, row.code, row.reason): row.outcome for row in LOOKUPS.outcomes}
NUMBERS = {row: number for number, row in enumerate(ROWS)}

# Rows for which no log that is read has a record, and why. A code that ends in * stands for all that begin so.
NOT_LOGGED = {
    ("entra_b2c", "*"): "the log does not say that a tenant is one for consumers; the row is for the owner of one",
    ("m365", "ResultStatus:*"): "ResultStatus says Success on failures too, so it is never asked",
    (
        "exchange_smtp",
        "*",
    ): "SMTP protocol logs are not read; the message trace tells what became of mails, not of names",
    ("exchange_iis", "autodiscover_pox:*"): "this answer stands in the body, which no log holds",
    ("exchange_iis", "autodiscover_v2_cloud"): "the cloud answers, and nothing reaches the tenant's logs",
    ("active_directory", "4740"): "a lock-out is no attempt; those that led to it are events of their own",
    ("active_directory", "1644"): "the Directory Service log is not read",
    ("active_directory", "cldap_ping"): "not written to any event log",
    ("outside_tenant_logs", "*"): "nothing of it reaches the tenant's logs, which the summary says",
}
# Codes whose records are read but are no attempt to sign in, and why.
NO_ATTEMPT = {
    ("okta", "security.attack.start"): "says something about the organisation, not about a name",
    ("okta", "security.attack.end"): "says something about the organisation, not about a name",
    ("okta", "system.org.rate_limit.warning"): "nothing was refused",
    ("google_workspace", "login_challenge"): "a step of a sign-in whose end is a row of its own",
    ("google_workspace", "login_verification"): "a step of a sign-in whose end is a row of its own",
    ("google_workspace", "logout"): "nobody signs in",
    ("google_workspace", "gov_attack_warning"): "a warning about mail and phishing, not an attempt",
    **{
        ("exchange_iis", f"owa:{status}"): "pages of a running session say nothing about sign-in"
        for status in (200, 302, 403, 404, 440, 500, 503)
    },
}


class Read(NamedTuple):
    """What was made of one file with a record for every row of the table it can hold."""

    numbers: frozenset[int]
    contacts: list[Contact]
    summary: dict[str, Any]


@functools.lru_cache
def read(shape: str) -> Read:
    build, write = SHAPES[shape]
    records = {number: record for row, number in NUMBERS.items() if (record := build(number, row)) is not None}
    return Read(frozenset(records), *_read(write(list(records.values()))))


def _read(text: str) -> tuple[list[Contact], dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_text(text, encoding="utf-8")
        request = Request([str(path)], RULEBOOK, LOOKUPS, threads=1)
        with counted(request, lambda _: None) as (contacts, reports):
            found = list(contacts.everything())
            return found, summarise(contacts, reports, Decision(), context_of(request), RULEBOOK)


def raw_rows() -> list[tuple[str, Row]]:
    return [
        (shape, row) for shape, (build, _) in SHAPES.items() for row in ROWS if build(NUMBERS[row], row) is not None
    ]


def listed(row: Row) -> str | None:
    for (provider, code), reason in NOT_LOGGED.items():
        if row[0] == provider and (row[1] == code or (code.endswith("*") and row[1].startswith(code[:-1]))):
            return reason
    return None


def test_every_row_of_the_table_has_a_raw_record_or_a_reason_for_none() -> None:
    raw = {row for _, row in raw_rows()}
    for row in ROWS:
        assert (row in raw) is (listed(row) is None), row
    assert {(row[0], row[1]) for row in raw} >= set(NO_ATTEMPT)


@pytest.mark.parametrize(
    ("shape", "row"), raw_rows(), ids=lambda value: value if isinstance(value, str) else ":".join(value)
)
def test_code_means_what_the_table_says(shape: str, row: Row) -> None:
    found, number = read(shape), NUMBERS[row]
    contacts = [one for one in found.contacts if one.src_ip == address(number) or name(number) in _names(one)]
    if ROWS[row] == "noise" or row[:2] in NO_ATTEMPT:
        assert contacts == []
        counted_as_noise = [one["attempts"] for one in found.summary["noise"] if one["code"] == row[1]]
        assert counted_as_noise == ([] if row[:2] in NO_ATTEMPT else [1])
        return
    (contact,) = contacts
    assert contact.outcome == ROWS[row]
    assert contact.attempts == 1
    assert contact.code == ("" if contact.outcome == "success" else row[1])


def _names(contact: Contact) -> set[str]:
    return {contact.target, contact.target.partition("@")[0], contact.target.rpartition("\\")[2]}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_record_is_counted_and_every_code_known(shape: str) -> None:
    found = read(shape)
    (file,) = found.summary["files"]
    assert file["records"] == len(found.numbers) > 0
    assert (file["skipped"], file["unreadable"], found.summary["unknown_codes"]) == (0, 0, [])
    silent = sum(1 for row, number in NUMBERS.items() if number in found.numbers and row[:2] in NO_ATTEMPT)
    assert file["not_relevant"] == silent
    assert file["events"] == len(found.numbers) - silent


UNKNOWN: dict[str, Row] = {
    "entra_diagnostic": ("entra", "999999", ""),
    "m365_numbers": ("entra", "999999", ""),
    "m365_texts": ("m365", "NeverHeardOf", ""),
    "okta": ("okta", "NEVER_HEARD_OF", "actor_known"),
    "workspace": ("google_workspace", "login_failure:never_heard_of", ""),
    "iis": ("exchange_iis", "ews:599", ""),
    "http_proxy": ("exchange_iis", "activesync:599", ""),
    "windows": ("active_directory", "4768:0x99", ""),
    "windows_status": ("active_directory", "4625:0xc0009999", ""),
}
# A failure of Google for a reason that is not in the table is still a failure, which has a row of its own.
GENERAL = {"workspace": "exists_bad_secret"}


@pytest.mark.parametrize("shape", SHAPES)
def test_unknown_code_is_ambiguous_and_named(shape: str) -> None:
    build, write = SHAPES[shape]
    row = UNKNOWN[shape]
    contacts, summary = _read(write([build(1, row)]))
    (contact,) = contacts
    assert contact.outcome == GENERAL.get(shape, "ambiguous")
    (source,) = summary["files"][0]["source"]
    named = [] if shape in GENERAL else [{"source": source, "code": row[1], "attempts": 1}]
    assert summary["unknown_codes"] == named
