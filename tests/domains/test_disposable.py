from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.domains.disposable import MailDomains

FREE = [
    {"domain": "gmail.com", "kind": "free"},
    {"domain": "anonaddy.com", "kind": "alias"},
    {"domain": "both.example", "kind": "free"},
]
THROWN = [
    {"domain": name, "list": "testlist 1", "dated": "2026-01-01"}
    for name in ("mailinator.com", "drop.free.example", "both.example", "contoso.com", "xn--bcher-kva.example")
]
DOMAINS = MailDomains(FREE, THROWN, ["contoso.com"])


@pytest.mark.parametrize(
    ("text", "kind", "listed"),
    [
        ("x@mailinator.com", "disposable", "mailinator.com"),
        ("x@a.b.MAILINATOR.com.", "disposable", "mailinator.com"),
        ("mailinator.com", "disposable", "mailinator.com"),
        ("x@notmailinator.com", "", ""),
        ("x@free.example", "", ""),
        ("x@drop.free.example", "disposable", "drop.free.example"),
        ("x@gmail.com", "free", "gmail.com"),
        ("x@anna.anonaddy.com", "alias", "anonaddy.com"),
        ("x@both.example", "free", "both.example"),
        ("x@contoso.com", "own", "contoso.com"),
        ("x@mail.contoso.com", "own", "contoso.com"),
        ("x@bücher.example", "disposable", "xn--bcher-kva.example"),
        ("x@com", "", ""),
        ("", "", ""),
        ("x@@", "", ""),
    ],
)
def test_the_nearest_listed_domain_decides(text: str, kind: str, listed: str) -> None:
    found = DOMAINS.classify(text)
    assert (found.kind, found.listed) == (kind, listed)


def test_the_reason_names_list_and_date() -> None:
    assert DOMAINS.classify("x@mailinator.com").reason == "mailinator.com is on the list testlist 1 of 2026-01-01"
    assert DOMAINS.classify("x@anonaddy.com").reason == "anonaddy.com is an alias service"
    assert DOMAINS.classify("x@nobody.example").reason == "on no list"
    assert DOMAINS.classify("x@@").reason == "no domain"


@given(st.text(max_size=50))
def test_any_text_can_be_classified(text: str) -> None:
    assert DOMAINS.classify(text).kind in ("", "own", "free", "alias", "disposable")
