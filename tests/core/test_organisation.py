from __future__ import annotations

import pytest

from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.core.organisation import Organisation

OURS = Organisation.from_rows(
    domains=[
        {"domain": "Contoso.example", "tenant": "", "kind": "own"},
        {"domain": "*.contoso.example", "tenant": "*", "kind": "own"},
        {"domain": "fabrikam.example", "tenant": "T2", "kind": "own"},
        {"domain": "oldname.example", "tenant": "", "kind": "retired"},
        {"domain": "partner.example", "tenant": "", "kind": "partner"},
    ],
    networks=[
        {"cidr": "10.0.0.0/8", "tenant": "", "kind": "corporate"},
        {"cidr": "10.99.0.0/16", "tenant": "", "kind": "vpn"},
        {"cidr": "203.0.113.0/24", "tenant": "t2", "kind": "cloud"},
    ],
    sensitive_accounts=[
        {"account": "ceo@contoso.example", "tenant": "", "kind": "executive"},
        {"account": "adm-*@contoso.example", "tenant": "", "kind": "admin"},
        {"account": "adm-trap@contoso.example", "tenant": "", "kind": "decoy"},
        {"account": "CONTOSO\\breakglass", "tenant": "t2", "kind": "break_glass"},
    ],
    approved_creators=[
        {"actor": "hr@contoso.example", "tenant": "", "kind": "user"},
        {"actor": "Workday to AD*", "tenant": "", "kind": "app"},
    ],
)


def test_domains_are_known_by_kind_and_tenant() -> None:
    assert OURS.is_own_domain("contoso.EXAMPLE.")
    assert OURS.is_own_domain("mail.contoso.example")
    assert not OURS.is_own_domain("notcontoso.example")
    assert OURS.is_own_domain("fabrikam.example", "t2")
    assert not OURS.is_own_domain("fabrikam.example", "t1")
    assert OURS.is_retired_domain("oldname.example")
    assert OURS.domain_kind("partner.example") == "partner"
    assert OURS.domain_kind("") == ""
    assert (OURS.own, OURS.retired, OURS.partners) == (
        {"contoso.example", "fabrikam.example"},
        {"oldname.example"},
        {"partner.example"},
    )


def test_the_narrowest_network_says_what_an_address_is() -> None:
    assert OURS.network_kind("10.1.1.1") == "corporate"
    assert OURS.network_kind("10.99.1.1") == "vpn"
    assert OURS.network_kind("203.0.113.9", "T2") == "cloud"
    assert OURS.network_kind("203.0.113.9", "t1") == ""
    assert OURS.network_kind("") == ""
    assert OURS.has_networks
    assert not Organisation().has_networks


def test_accounts_are_known_in_any_spelling_and_a_decoy_comes_first() -> None:
    assert OURS.account_kind("CEO@Contoso.Example") == "executive"
    assert OURS.account_kind("adm-anna@contoso.example") == "admin"
    assert OURS.account_kind("adm-trap@contoso.example") == "decoy"
    assert OURS.account_kind("contoso\\BreakGlass", "t2") == "break_glass"
    assert OURS.account_kind("contoso\\BreakGlass", "t1") == ""
    assert OURS.account_kind("anna@contoso.example") == ""


def test_approved_creators_are_known() -> None:
    assert OURS.is_approved_creator("HR@contoso.example")
    assert OURS.creator_kind("workday to ad user provisioning") == "app"
    assert not OURS.is_approved_creator("intern@contoso.example")


def test_problems_of_all_four_tables_are_named_at_once() -> None:
    with pytest.raises(LookupProblems) as caught:
        Organisation.from_rows(
            domains=[
                {"domain": "a b", "tenant": "", "kind": "own"},
                {"domain": "x.example", "tenant": "", "kind": "ours"},
            ],
            networks=[{"cidr": "10.0.0.1/8", "tenant": "", "kind": "vpn"}],
            sensitive_accounts=[{"account": "*", "tenant": "", "kind": "admin"}],
            approved_creators=[{"actor": "", "tenant": "", "kind": "user"}],
            paths={"networks": "own/enumwatch_networks.csv"},
        )
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        "enumwatch_domains.csv:2: value is no domain",
        "enumwatch_domains.csv:3: unknown kind",
        "own/enumwatch_networks.csv:2: value is no network",
        "enumwatch_sensitive_accounts.csv:2: account matches everything",
        "enumwatch_approved_creators.csv:2: actor is empty",
    ]
