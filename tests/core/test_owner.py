"""The owner is asked once of each name and each domain."""

from __future__ import annotations

import pytest

from enumwatch.core.organisation import Organisation
from enumwatch.core.owner import Owner

from .making import owner, sensitive

DOMAINS = [
    {"domain": "contoso.example", "tenant": "*", "kind": "own"},
    {"domain": "old.example", "tenant": "*", "kind": "retired"},
    {"domain": "friend.example", "tenant": "contoso", "kind": "partner"},
]


class _Counting(Organisation):
    """An organisation that counts how often it was asked."""

    asked = 0

    def lists_accounts(self, tenant: str = "") -> bool:
        return True

    def account_kind(self, name: str, tenant: str) -> str:
        self.asked += 1
        return "decoy" if (name, tenant) == ("bait@contoso.example", "contoso") else ""

    def is_foreign_domain(self, domain: str, tenant: str) -> bool:
        self.asked += 1
        return domain == "unrelated.example"


def test_what_was_answered_once_is_not_asked_again() -> None:
    counting = _Counting()
    one = Owner(counting, "contoso")
    for _ in range(3):
        assert one.account_kind("bait@contoso.example") == "decoy"
        assert one.account_kind("x@contoso.example") == ""
        assert one.is_foreign_domain("unrelated.example")
        assert not one.is_foreign_domain("contoso.example")
    assert counting.asked == 4


def test_accounts_are_those_of_the_tenant() -> None:
    rows = [{**sensitive("ceo@contoso.example", "executive"), "tenant": "contoso"}]
    organisation = Organisation.from_rows(domains=(), networks=(), sensitive_accounts=rows)
    assert Owner(organisation, "contoso").account_kind("ceo@contoso.example") == "executive"
    assert Owner(organisation, "fabrikam").account_kind("ceo@contoso.example") == ""


@pytest.mark.parametrize(
    ("domain", "is_foreign"),
    [("contoso.example", False), ("old.example", False), ("friend.example", False), ("unrelated.example", True)],
)
def test_a_domain_is_foreign_that_is_neither_own_nor_retired_nor_a_partners(domain: str, is_foreign: bool) -> None:
    assert owner(domains=DOMAINS).is_foreign_domain(domain) is is_foreign


def test_where_no_own_domains_are_listed_none_is_foreign() -> None:
    assert not owner().is_foreign_domain("unrelated.example")
