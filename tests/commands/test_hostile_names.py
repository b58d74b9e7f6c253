"""What an attacker types into a name, an agent or a file name reaches every output, and can act in none."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .running import Ran, Run

NAMES = {
    "escape": "\x1b[2J\x1b[31mred",
    "upper control": "\x9b2Jx",
    "title": "\x1b]0;owned\x07",
    "bell and backspace": "a\x07\x08\x08b",
    "new lines": "line\r\nSCORE  VERDICT\u2028x",
    "direction": "\u202egpj.exe",
    "invisible": "a\u200bb\u2060c\ufeff",
    "script": "</script><script>alert(1)</script>",
    "image": "<img src=x onerror=alert(2)>",
    "attribute": '" onmouseover="alert(3)',
    "entity": "&lt;b&gt;&#x1b;",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "quotes": "a'b\"c`d",
    "sql": "'); DROP TABLE event; --",
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "marks": "e" + "\u0301" * 200,
    "tags": "a\U000e0041b",
    "long": "L" * 65_536,
    "braces": "{{7*7}}{% raw %}${x}",
    "separator": "a|b\\x7cc",
}
# The names that reports print in full are those that exist.
EXISTING = ("escape", "direction", "script", "image", "formula", "plus", "minus", "at", "tab", "long")


def hostile_log(folder: Path) -> Path:
    """One address tries every hostile name, with hostile agents and reasons, in a file of a hostile name."""
    path = folder / "\x1b[31m<b>=1+1\u202e.ndjson"
    with path.open("w", encoding="ascii") as out:
        for number, (kind, name) in enumerate(NAMES.items()):
            record = {
                "uuid": f"u{number}",
                "published": f"2026-03-02T09:{number:02}:00.000Z",
                "eventType": "user.session.start",
                "actor": {"id": "00u1" if kind in EXISTING else "unknown", "type": "User", "alternateId": name},
                "client": {
                    "ipAddress": "203.0.113.9",
                    "userAgent": {"rawUserAgent": list(NAMES.values())[number // 3]},
                    "geographicalContext": {"country": list(NAMES.values())[number // 2]},
                },
                "debugContext": {"debugData": {"requestUri": name}},
                "outcome": {
                    "result": "FAILURE",
                    "reason": "INVALID_CREDENTIALS" if kind in EXISTING else "UNKNOWN_USER",
                },
            }
            if kind == "title":
                record["outcome"] = {"result": "FAILURE", "reason": name}
            out.write(json.dumps(record) + "\n")
    return path


def scan(run: Run, folder: Path, *options: str) -> Ran:
    ran = run("scan", hostile_log(folder), "--explain", *options)
    assert ran.code == 0
    return ran


def acting(text: str) -> set[str]:
    """Characters of a text that a terminal obeys or that hide something."""
    hidden = {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}
    return hidden - {"\n"}


@pytest.mark.parametrize("form", ["table", "ndjson", "json", "csv", "html"])
def test_no_output_holds_a_character_that_acts(form: str, run: Run, tmp_path: Path) -> None:
    ran = scan(run, tmp_path, "--format", form)
    assert acting(ran.out.replace("\r\n", "\n")) == set()
    assert acting(ran.err) == set()
    assert len(ran.out) > 500


@pytest.mark.parametrize("option", ["--report", "--summary"])
def test_no_file_beside_the_output_holds_one(option: str, run: Run, tmp_path: Path) -> None:
    scan(run, tmp_path, option, str(tmp_path / "beside"))
    text = (tmp_path / "beside").read_text(encoding="utf-8")
    assert acting(text) == set()
    assert "203.0.113.9" in text or '"okta_system"' in text


def test_the_table_keeps_its_lines(run: Run, tmp_path: Path) -> None:
    ran = scan(run, tmp_path)
    assert sum(line.startswith("SCORE  VERDICT") for line in ran.out.splitlines()) == 1
    assert max(map(len, ran.out.splitlines())) < 1000


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_json_still_says_exactly_what_was_typed(form: str, run: Run, tmp_path: Path) -> None:
    ran = scan(run, tmp_path, "--format", form)
    found = json.loads(ran.out)
    (verdict,) = found["findings"] if form == "json" else [found]
    told = {name for names in verdict["evidence"]["names_sample"].values() for name in names}
    for kind in ("escape", "direction", "script", "formula", "sql", "quotes", "long", "braces", "separator"):
        assert NAMES[kind].strip() in told, kind
    assert verdict["evidence"]["names_tried"] == len(NAMES)


def test_csv_cells_are_no_formulas_and_rows_stay_rows(run: Run, tmp_path: Path) -> None:
    ran = scan(run, tmp_path, "--format", "csv")
    rows = list(csv.reader(io.StringIO(ran.out, newline="")))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1])
    for cell in rows[1]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell[:40]
        assert len(cell) < 32_767
    assert "'=HYPERLINK(" in ran.out.replace('""', '"') or "|=HYPERLINK(" in ran.out


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.links |= {value or "" for name, value in attributes if name in ("href", "src", "action", "style")}

    def handle_data(self, text: str) -> None:
        self.text.append(text)


def test_html_shows_names_as_text_only(run: Run, tmp_path: Path) -> None:
    page = _Page()
    page.feed(scan(run, tmp_path, "--format", "html").out)
    assert not {"script", "img", "iframe", "object", "form"} & page.tags
    assert not {name for name in page.attributes if name.startswith("on")}
    assert not {link for link in page.links if "javascript" in link or "evil" in link}
    text = "".join(page.text)
    assert "<script>alert(1)</script>" in text
    assert "<img src=x onerror=alert(2)>" in text


def test_contacts_keep_names_exactly(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.ndjson"
    assert run("contacts", hostile_log(tmp_path), "--output", path).code == 0
    told = {json.loads(line)["target"] for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")}
    assert len(told) == len(NAMES)
    for kind in ("escape", "script", "formula", "sql", "long", "quotes"):
        assert NAMES[kind] in told, kind
