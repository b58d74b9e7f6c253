"""Every command with every payload in its logs and tables: what comes out acts nowhere, and still says what was typed."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.report.html.browser import CHROMIUM, visit
from tests.report.html.markup import Markup
from tests.report.html.test_hostile_page import ATTRIBUTES, TAGS
from tests.report.html.test_in_browser import COMPLAINTS, title

from enumwatch.cli import command_line
from enumwatch.reference import leaves

from .commands import CALLS, CSV, HTML, JSON, LINES, PLAIN_LIST, WITHOUT, Call, Product, Ran
from .corpus import LONG, MEGABYTE
from .logs import SHORT

BY_ID = {f"{number} {call.id}": call for number, call in enumerate(CALLS)}
every_call = pytest.mark.parametrize("call", BY_ID.values(), ids=BY_ID)
_FORMULA = re.compile(r"[=@\t\r\uff1d\uff0b\uff0d\uff20]|[+-](?![0-9.]+$)")


def acting(text: str) -> set[str]:
    """Characters of a text that a terminal obeys or that hide something."""
    return {char for char in set(text) - {"\n"} if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}


def strictly(text: str) -> Any:
    """A JSON text of which nothing is left to the reader: no NaN, no key twice."""

    def refuse(name: str) -> NoReturn:
        raise AssertionError(name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        assert len(made) == len(pairs)
        return made

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def texts_of(value: Any) -> set[str]:
    """Every text in a JSON value that is no key."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {text for item in value for text in texts_of(item)}
    return {value} if isinstance(value, str) else set()


def one(product: Product, leaf: str, form: str) -> Ran:
    """The first run of a command in a form."""
    return product.run(next(call for call in CALLS if (call.leaf, call.form) == (f"enumwatch {leaf}", form)))


def test_every_command_is_in_the_table_or_has_a_reason() -> None:
    known = {name for name, _ in leaves(command_line(), "enumwatch")}
    assert {call.leaf for call in CALLS} | set(WITHOUT) == known
    assert not {call.leaf for call in CALLS} & set(WITHOUT)


@every_call
def test_nothing_acts_and_nobody_sees_a_traceback(call: Call, product: Product) -> None:
    ran = product.run(call)
    assert ran.code in (0, 1), ran.err
    assert ran.out
    assert "unexpected" not in ran.err
    assert "Traceback" not in ran.out + ran.err
    out = ran.out.replace("\r\n", "\n") if call.form == CSV else ran.out
    assert acting(out) == acting(ran.err) == set()
    assert [word for word, text in ran.files.items() if acting(text)] == []


@every_call
def test_what_was_written_is_what_its_form_says(call: Call, product: Product) -> None:
    out = product.run(call).out
    if call.form == JSON:
        strictly(out)
    elif call.form == LINES:
        assert all(isinstance(strictly(line), dict) for line in out.removesuffix("\n").split("\n"))
    elif call.form == CSV:
        rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        assert [cell for row in rows for cell in row if _FORMULA.match(cell)] == []
    elif call.form == HTML:
        harmless(out)
    elif call.form == PLAIN_LIST:
        assert all(
            re.fullmatch(r"#[^\x00-\x1f]+|[0-9a-f.:]+/\d+  # until [\w :,.-]+", line) for line in out.splitlines()
        )


def harmless(page: str) -> None:
    """A page of known elements and attributes, whose links stay on it."""
    markup = Markup(page)
    assert {tag for tag, _ in markup.tags} <= TAGS
    assert {name for _, attributes in markup.tags for name in attributes} <= ATTRIBUTES
    assert {value[0] for value in markup.values("href")} == {"#"}
    assert markup.open_tags == markup.wrongly_closed == []
    assert "document.title='PWNED'" in markup.text


def test_json_says_exactly_what_was_typed(product: Product) -> None:
    rows = [strictly(line) for line in one(product, "scan", LINES).out.splitlines()]
    told = set().union(*(texts_of(row["evidence"]["names_sample"]) for row in rows))
    # A file of JSON cannot hold half a character once it was read; white space around a name is cut.
    kept = {text.strip() for text in (*SHORT, *LONG, MEGABYTE) if "\ud800" not in text}
    assert {text[:40] for text in kept - told} == set()


def test_contacts_say_exactly_what_was_typed(product: Product) -> None:
    told = {strictly(line)["target"] for line in one(product, "contacts", LINES).out.splitlines()}
    assert {text.strip() for text in SHORT if "\ud800" not in text} <= told


def test_reports_beside_the_output_are_harmless(product: Product) -> None:
    files = one(product, "scan", "text").files
    harmless(files["REPORT"])
    assert strictly(files["SUMMARY"])["findings"] > 5


def test_lines_of_a_table_stay_lines_of_a_table(product: Product) -> None:
    lines = one(product, "scan", "text").out.splitlines()
    assert sum(line.startswith("SCORE  VERDICT") for line in lines) == 1
    assert not any(line.startswith(("X-Injected", "# head", "|---")) for line in lines)
    for leaf in ("hunt", "visibility", "triage", "tune"):
        assert max(map(len, one(product, leaf, "text").out.splitlines())) < 1_000


def test_names_in_csv_are_those_that_were_typed(product: Product) -> None:
    rows = csv.DictReader(io.StringIO(one(product, "export names", CSV).out, newline=""))
    names = {row["name"] for row in rows}
    assert '\'=HYPERLINK("http://evil.example")' in names
    assert {text for text in SHORT if text.isprintable() and text.isascii() and not _FORMULA.match(text)} <= names


def test_an_allowlist_entry_is_one_line_of_plain_text(product: Product) -> None:
    (row,) = csv.reader(io.StringIO(one(product, "allow", CSV).out), strict=True)
    assert row[:2] == ["cidr", "203.0.113.0/24"]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian package chromium)")
def test_a_report_of_it_all_runs_nothing_and_asks_for_nothing(product: Product, tmp_path: Path) -> None:
    page = one(product, "scan", "text").files["REPORT"]
    seen = visit(page, tmp_path)
    assert seen.requests == []
    assert title(seen.dom) == title(page)
    assert not COMPLAINTS.search(seen.console)
    assert seen.dom.count("<article") == page.count("<article") > 5
