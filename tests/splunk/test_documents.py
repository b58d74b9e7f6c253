"""The pages for Splunk admins: every step is shown somewhere, and everything that they name is there."""

from __future__ import annotations

import re
import shlex

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.fetched import ROOT

from enumwatch.cli import command_line
from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk.doctor.asking import source_macro

PAGE = (ROOT / "docs" / "splunk.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "splunk-live-checks.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
APP_PAGE = (ROOT / "docs" / "splunk-app.md").read_text(encoding="utf-8")

PROOF = re.compile(r"\[((?:tests/|live check)[^\]]*)\](?!\()")


def confs(name: str) -> dict[str, dict[str, str]]:
    return read_conf((ROOT / "default" / f"{name}.conf").read_text(encoding="utf-8"))


def steps() -> dict[str, str]:
    """Text of each numbered step of the page, by its title."""
    parts = re.split(r"^## (.*)$", PAGE, flags=re.MULTILINE)
    return {title: text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title[0].isdigit()}


def proofs(text: str) -> list[str]:
    return [one.strip() for found in PROOF.findall(text) for one in found.split(",")]


def checks() -> list[int]:
    return [int(number) for number in re.findall(r"^## (\d+)\. ", CHECKS, re.MULTILINE)]


def test_every_step_is_shown_or_is_a_live_check() -> None:
    assert len(steps()) == 7
    assert [title for title, text in steps().items() if not proofs(text)] == []


def test_what_shows_it_is_there() -> None:
    named = [one for one in proofs(PAGE) if one.startswith("tests/")]
    assert len(named) > 8
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_every_live_check_that_is_named_is_described_and_the_reverse() -> None:
    named = {int(number) for part in PROOF.findall(PAGE) if "live check" in part for number in re.findall(r"\d+", part)}
    assert checks() == list(range(1, len(checks()) + 1))
    assert named == set(checks())


def test_every_live_check_says_what_must_be_seen() -> None:
    bodies = re.split(r"^## \d+\. .*$", CHECKS, flags=re.MULTILINE)[1:]
    assert [body for body in bodies if not re.search(r"^- ", body, re.MULTILINE)] == []


def test_commands_of_enumwatch_are_written_as_it_takes_them() -> None:
    written = re.findall(r"^enumwatch (splunk [^#\n]*)", PAGE + README, re.MULTILINE)
    assert len(written) >= 5
    for line in written:
        command_line().parse_args(shlex.split(line))


@pytest.mark.parametrize("page", [PAGE, CHECKS, APP_PAGE], ids=["page", "checks", "app"])
def test_macros_and_searches_that_are_named_are_there(page: str) -> None:
    known = {*confs("macros"), *confs("transforms")}
    assert set(re.findall(r"`(enumwatch_[a-z_]+)`", page)) - known == set()
    searches = set(confs("savedsearches"))
    for pattern in re.findall(r'"(enumwatch - [^"]+)"', page):
        fits = re.compile(re.escape(pattern).replace(r"\.\.\.", ".+"))
        assert any(fits.fullmatch(name) for name in searches), pattern


def test_dashboards_that_are_named_are_there() -> None:
    views = sorted((ROOT / "default" / "data" / "ui" / "views").glob("*.xml"))
    labels = {
        re.findall(r"^  <label>(.*)</label>", view.read_text(encoding="utf-8"), re.MULTILINE)[0] for view in views
    }
    named = set(re.findall(r'dashboard "([^"]+)"', PAGE)) | set(re.findall(r'"(\w+)" (?:shows|asks)', PAGE))
    assert len(named) > 3
    assert named - labels == set()


def test_the_example_of_a_macro_is_the_one_of_the_rulebook() -> None:
    (name, sourcetype) = re.findall(r'^(enumwatch_\w+) +index=\w+ sourcetype="([^"]+)"$', PAGE, re.MULTILINE)[0]
    source = compiled()["sources"]["entra_signin"]
    assert name == source_macro("entra_signin")
    assert sourcetype in source["splunk"]["sourcetypes"]


def test_packages_to_install_are_the_locked_ones() -> None:
    pins = re.findall(r"^([a-z-]+==\S+)", (ROOT / ".ci" / "splunk-app.lock").read_text(), re.MULTILINE)
    (line,) = re.findall(r"^pip install --target vendored .*$", PAGE, re.MULTILINE)
    assert sorted(re.findall(r"[a-z-]+==\S+", line)) == sorted(pins)
