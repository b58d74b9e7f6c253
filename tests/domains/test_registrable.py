from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.address import canonical_domain
from enumwatch.domains.registrable import PublicSuffixes, ascii_domain

SUFFIXES = PublicSuffixes()


@pytest.mark.parametrize(
    ("domain", "parts"),
    [
        ("mail.contoso.co.uk", ("mail", "contoso", "co.uk")),
        ("Contoso.COM.", ("", "contoso", "com")),
        ("a.b.contoso.example", ("a.b", "contoso", "example")),
        ("contoso.github.io", ("", "contoso", "github.io")),
        ("x.bücher.de", ("x", "xn--bcher-kva", "de")),
        ("co.uk", ("", "", "co.uk")),
        ("not a domain", ("", "", "")),
    ],
)
def test_a_domain_is_split_where_names_are_registered(domain: str, parts: tuple[str, str, str]) -> None:
    assert SUFFIXES.split(domain) == parts


def test_the_registered_domain_is_name_and_suffix() -> None:
    assert SUFFIXES.split("mail.contoso.co.uk").domain == "contoso.co.uk"
    assert SUFFIXES.split("co.uk").domain == ""
    assert SUFFIXES.is_public_suffix("github.io")
    assert not SUFFIXES.is_public_suffix("contoso.com")


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [
        ("Straße.de", "xn--strae-oqa.de"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("a_b.example", "a_b.example"),
        ("", ""),
    ],
)
def test_letters_younger_than_the_old_rules_keep_their_own_domain(domain: str, ascii_form: str) -> None:
    assert ascii_domain(domain) == ascii_form


@given(st.text(max_size=60))
def test_splitting_loses_nothing(domain: str) -> None:
    parts = SUFFIXES.split(domain)
    assert ".".join(part for part in parts if part) == ascii_domain(domain)
    assert canonical_domain(ascii_domain(domain)) == ascii_domain(domain)
