from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enumwatch
from enumwatch.domains.lookalike import LookalikeFinder
from enumwatch.domains.parts import Registrable
from enumwatch.domains.registrable import PublicSuffixes
from enumwatch.domains.skeleton import skeleton

OWN = ["contoso.com", "northwindtraders.com", "abc.com", "contoso.onmicrosoft.com", "mail.wingtip.co.uk"]
FINDER = LookalikeFinder(OWN, skeleton, PublicSuffixes().split, known=["contoso.org"])


@pytest.mark.parametrize(
    ("domain", "own", "kind"),
    [
        ("c0ntoso.com", "contoso.com", "skeleton"),
        ("xn--cntoso-wxa.com", "contoso.com", "skeleton"),
        ("c\u043ent\u043es\u043e.com", "contoso.com", "skeleton"),
        ("a\u042cc.com", None, None),
        ("\u0430bc.com", "abc.com", "skeleton"),
        ("contoso.net", "contoso.com", "other_top_level"),
        ("contoso.co.uk", "contoso.com", "other_top_level"),
        ("wingtip.com", "wingtip.co.uk", "other_top_level"),
        ("con-toso.com", "contoso.com", "hyphen"),
        ("contosso.com", "contoso.com", "edit"),
        ("cotnoso.com", "contoso.com", "edit"),
        ("cotnosso.com", None, None),
        ("northwndtraers.com", "northwindtraders.com", "edit"),
        ("nrthwndtraers.com", None, None),
        ("contoso.evil.example", "contoso.com", "label"),
        ("contoso.com.evil.example", "contoso.com", "label"),
        ("contoso-login.com", "contoso.com", "name_part"),
        ("contosoo.onmicrosoft.com", "contoso.com", "tenant"),
        ("northwindtraders.onmicrosoft.com", "northwindtraders.com", "tenant"),
    ],
)
def test_an_imitation_is_told_by_its_kind(domain: str, own: str | None, kind: str | None) -> None:
    found = FINDER.examine(domain)
    assert (found and found.own, found and found.kind) == (own, kind)
    assert found is None or found.reason.startswith(f"{domain} imitates {own}: ")


@pytest.mark.parametrize(
    "domain",
    [
        "contoso.com",
        "Contoso.COM.",
        "mail.contoso.com",
        "contoso.onmicrosoft.com",
        "contoso.mail.onmicrosoft.com",
        "www.wingtip.co.uk",
        "contoso.org",
        "fabrikam.com",
        "com",
        "onmicrosoft.com",
        "",
        "..",
        "not a domain",
    ],
)
def test_own_and_unlike_domains_imitate_nothing(domain: str) -> None:
    assert FINDER.examine(domain) is None


@pytest.mark.parametrize("domain", ["abd.com", "abc.net", "ab-c.com", "abc.evil.example", "abc-login.com", "abcd.com"])
def test_a_short_name_is_imitated_only_by_what_looks_the_same(domain: str) -> None:
    assert FINDER.examine(domain) is None


def test_the_letters_of_a_long_name_may_differ_twice_and_of_a_shorter_one_once() -> None:
    def kind(own: str, domain: str) -> str | None:
        found = LookalikeFinder([own], skeleton, PublicSuffixes().split).examine(domain)
        return found and found.kind

    assert kind("abcdefghij.com", "abcdefghxy.com") == "edit"
    assert kind("abcdefghi.com", "abcdefgxy.com") is None
    assert kind("abcdef.com", "abcdex.com") == "edit"
    assert kind("abcde.com", "abcdx.com") is None


@given(st.text(max_size=40))
def test_any_text_can_be_examined(domain: str) -> None:
    found = FINDER.examine(domain)
    assert found is None or found.own in {"contoso.com", "northwindtraders.com", "abc.com", "wingtip.co.uk"}


def test_the_rules_need_no_package() -> None:
    code = "import sys, enumwatch.domains.lookalike, enumwatch.domains.disposable\n"
    code += "print(sorted({'idna', 'publicsuffixlist', 'confusable_homoglyphs'} & set(sys.modules)))"
    folder = str(Path(enumwatch.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
    assert done.stdout.strip() == "[]"

    def last_label(domain: str) -> Registrable:
        rest, _, suffix = domain.rpartition(".")
        subdomain, _, name = rest.rpartition(".")
        return Registrable(subdomain, name, suffix)

    found = LookalikeFinder(["contoso.com"], str.lower, last_label).examine("cont0so.com")
    assert found is not None
    assert found.kind == "edit"
