from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enumwatch.core.address import FORMS, AddressBook, Naming, canonical_domain, normalise, read_address

CONTOSO = frozenset({"contoso.example"})

# Texts near the forms that matter, beside arbitrary ones.
PIECES = st.sampled_from(
    [
        "a",
        "B",
        ".",
        "+",
        "-",
        "@",
        '"',
        "\\",
        "$",
        " ",
        "_",
        "#EXT#",
        "gmail.com",
        "yahoo.com",
        "u.fastmail.com",
        "outlook.com",
        "contoso.example",
        "ß",
        "İ",
        "xn--bcher-kva",
        "\u2028",
        "{",
        "..",
        "bücher.example",
        "\x00",
        "\ud800",
    ]
)
NAMES = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=9).map("".join))


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("A.B+x@GoogleMail.com", "ab@gmail.com"),
        ("a.b@gmail.com", "ab@gmail.com"),
        ("b@bücher.example", "b@xn--bcher-kva.example"),
        ("b@xn--bcher-kva.example", "b@xn--bcher-kva.example"),
        ("  Anna@Contoso.Example ", "anna@contoso.example"),
        ("anna@contoso.example.", "anna@contoso.example"),
        ("anna+list@outlook.com", "anna@outlook.com"),
        ("an.na+list@hotmail.co.uk", "an.na@hotmail.co.uk"),
        ("anna+list@icloud.com", "anna@icloud.com"),
        ("anna-shop@yahoo.com", "anna@yahoo.com"),
        ("anna+list@fastmail.com", "anna@fastmail.com"),
        ("shop@anna.fastmail.com", "anna@fastmail.com"),
        ("anna+list@other.example", "anna+list@other.example"),
        ("an.na@other.example", "an.na@other.example"),
        ('"anna"@contoso.example', "anna@contoso.example"),
        ('"an na"@contoso.example', '"an na"@contoso.example'),
        ('"a@b"@contoso.example', '"a@b"@contoso.example'),
        ('"a+b c"@outlook.com', '"a+b c"@outlook.com'),
    ],
)
def test_mail_addresses_are_counted_by_mailbox(raw: str, normal: str) -> None:
    address = normalise(raw)
    assert (address.normal, address.form, address.well_formed, address.raw) == (normal, "email", True, raw)


@pytest.mark.parametrize(
    ("raw", "form", "local", "domain", "normal"),
    [
        ("anna", "bare_name", "anna", "", "anna"),
        ("CONTOSO\\Anna", "down_level", "anna", "contoso", "contoso\\anna"),
        ("anna_home.example#EXT#@contoso.onmicrosoft.com", "guest", "anna", "home.example", "anna@home.example"),
        ("an_na_home.example#ext#@contoso.onmicrosoft.com", "guest", "an_na", "home.example", "an_na@home.example"),
        ("A.B_gmail.com#EXT#@contoso.onmicrosoft.com", "guest", "a.b", "gmail.com", "ab@gmail.com"),
        ("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "guid", *["{3f2504e0-4f89-11d3-9a0c-0305e82c3301}", ""],
         "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("CONTOSO\\anna@contoso.example", "email", "anna", "contoso.example", "anna@contoso.example"),
    ],
)  # fmt: skip
def test_other_forms_are_told_apart(raw: str, form: str, local: str, domain: str, normal: str) -> None:
    address = read_address(raw)
    assert (address.form, address.local, address.domain, address.normal) == (form, local, domain, normal)
    assert address.well_formed


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "a@@b.example",
        "a@b@c.example",
        "@contoso.example",
        "anna@",
        "a b@c.example",
        "a@b..example",
        "a@-b.example",
        "an\x00na@contoso.example",
        "\\anna",
        "CONTOSO\\",
        "a\u2028b@contoso.example",
        "a@b c",
    ],
)
def test_what_is_no_name_is_malformed(raw: str) -> None:
    address = read_address(raw)
    assert address.form == "malformed"
    assert not address.well_formed
    assert address.normal == raw.strip().lower()


@pytest.mark.parametrize("raw", ["a..b@contoso.example", ".a@contoso.example", "a" * 65 + "@contoso.example"])
def test_a_mail_address_no_server_would_take_is_not_well_formed(raw: str) -> None:
    address = read_address(raw)
    assert address.form == "email"
    assert not address.well_formed


@pytest.mark.parametrize(
    "raw",
    ["\uff41nna.ibsen@contoso.example", "a\u0301nna.ibsen@contoso.example", "\u00e1nna.ibsen@contoso.example",
     "anna\u200b.ibsen@contoso.example", "anna.ibsen\u00ad\uff20contoso.example", "anna.\u0130bsen@contoso.example",
     "an\u0327\u0301na.ibsen@contoso.example", "\u202eanna.ibsen@contoso.example"],
)  # fmt: skip
def test_what_a_directory_does_not_tell_apart_is_one_name(raw: str) -> None:
    assert normalise(raw).normal == "anna.ibsen@contoso.example"
    assert AddressBook().key(raw) == "anna.ibsen@contoso.example"


def test_letters_of_other_scripts_and_domains_keep_their_marks() -> None:
    names = ["\u0438@contoso.example", "\u0439@contoso.example", "\u0430nna@contoso.example", "anna@contoso.example"]
    assert len({normalise(one).normal for one in names}) == len(names)
    assert normalise("a@b\u00fccher.example").domain != normalise("a@bucher.example").domain


@pytest.mark.parametrize("raw", ["HOST01$", "CONTOSO\\HOST01$", "host01$@contoso.example"])
def test_a_trailing_dollar_is_a_machine(raw: str) -> None:
    assert read_address(raw).is_machine
    assert not read_address(raw.replace("$", "")).is_machine


def test_an_own_plus_address_is_kept_unless_only_its_base_exists() -> None:
    tagged = "anna+list@contoso.example"
    assert normalise(tagged, CONTOSO).normal == tagged
    assert (
        normalise(tagged, CONTOSO, base_exists={"anna@contoso.example"}.__contains__).normal == "anna@contoso.example"
    )
    both = {"anna@contoso.example", tagged}
    assert normalise(tagged, CONTOSO, base_exists=both.__contains__).normal == tagged


def test_a_workspace_domain_loses_the_tag_and_keeps_dots() -> None:
    assert normalise("an.na+x@contoso.example", workspace_domains=CONTOSO).normal == "an.na@contoso.example"
    assert normalise("+x@contoso.example", workspace_domains=CONTOSO).normal == "+x@contoso.example"


def test_short_names_share_a_key_with_mail_names_only_when_told() -> None:
    assert len({normalise(name).normal for name in ("CONTOSO\\anna", "anna", "anna@contoso.example")}) == 3
    told = Naming(netbios_domains={"contoso": "contoso.example"}, bare_domain="contoso.example")
    keys = {read_address(name, told).normal for name in ("CONTOSO\\anna", "anna", "anna@contoso.example")}
    assert keys == {"anna@contoso.example"}
    assert read_address("OTHER\\anna", told).normal == "other\\anna"


def test_an_overlong_name_gets_a_short_key_of_its_own() -> None:
    long, other = "a" * 5000 + "@contoso.example", "a" * 5001 + "@contoso.example"
    assert len(read_address(long).normal) < 100
    assert len(read_address(long).raw) <= 1024
    assert read_address(long).normal != read_address(other).normal
    assert not read_address(long).well_formed


@pytest.mark.parametrize(
    ("domain", "canonical"),
    [
        ("Contoso.Example.", "contoso.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("", ""),
        (".", ""),
        ("a..b", ""),
        ("a b.example", ""),
        ("x" * 64 + ".example", ""),
        ("-a.example", ""),
        ("x." * 140 + "example", ""),
    ],
)
def test_domains_have_one_spelling(domain: str, canonical: str) -> None:
    assert canonical_domain(domain) == canonical


@given(NAMES)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = read_address(raw)
    twice = read_address(once.normal)
    assert twice.normal == once.normal
    assert once.form in FORMS
    assert once.form != "malformed" or not once.well_formed


@example("0_0#EXT#")
@given(NAMES)
def test_normalising_twice_changes_nothing_under_naming_rules(raw: str) -> None:
    naming = Naming(
        CONTOSO, frozenset({"bücher.example"}), lambda name: len(name) % 2 == 0, {"a": "gmail.com"}, "yahoo.com"
    )
    once = read_address(raw, naming).normal
    assert read_address(once, naming).normal == once


@given(NAMES, st.sampled_from([" ", "\t", "\n"]))
def test_case_and_spaces_around_do_not_make_another_name(raw: str, space: str) -> None:
    assert read_address(space + raw + space).normal == read_address(raw).normal
    if raw.isascii():
        assert read_address(raw.upper()).normal == read_address(raw.lower()).normal


@given(st.lists(NAMES, max_size=30))
def test_a_full_address_book_answers_as_an_empty_one(names: list[str]) -> None:
    book = AddressBook(capacity=3)
    for name in names + names:
        assert book.address(name) == read_address(name)
        assert book.key(name) == read_address(name).normal
        assert len(book) <= 3
