"""docs/splunk.md as an admin walks it, with the unpacked package alone: macro set, contacts and rule enabled, a finding."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.content.runtime import Runtime
from tests.splunk.content.staging import runtime
from tests.splunk.content.twins import Row, values_of
from tests.splunk.expanding import expand
from tests.splunk.fetched import ROOT
from tests.splunk.indexed import FORMS, indexed
from tests.splunk.unpacked import unpack

from enumwatch.cli import main
from enumwatch.simulate import simulate

HOUR, SOURCE = 3600, "entra_signin"
CONTACTS = "enumwatch - Contacts - Entra ID sign-in logs"
RULE = "enumwatch - Somebody is trying names to learn which mailboxes exist - Rule"

Confs = dict[str, dict[str, dict[str, str]]]


class Walked(NamedTuple):
    """What became of the walk: logs, conf files as the admin has left them, the search head, and the rows of the rule."""

    logs: list[Path]
    confs: Confs
    splunk: Runtime
    findings: list[Row]


def macro_of_the_page() -> tuple[str, str]:
    """The example of step 4: a macro and what it is set to."""
    page = (ROOT / "docs" / "splunk.md").read_text(encoding="utf-8")
    name, definition = re.findall(r"^(enumwatch_\w+) {2,}(index=.*)$", page, re.MULTILINE)[0]
    return str(name), str(definition)


def installed(app: Path) -> Confs:
    """The conf files of the unpacked package, changed as steps 4 and 6 say."""
    confs = {path.stem: read_conf(path.read_text(encoding="utf-8")) for path in (app / "default").glob("*.conf")}
    name, definition = macro_of_the_page()
    confs["macros"][name]["definition"] = definition
    for search in (CONTACTS, RULE):
        confs["savedsearches"][search]["disabled"] = "0"
    return confs


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    folder = tmp_path_factory.mktemp("walk")
    app = unpack(folder)
    confs = installed(app)
    logs = simulate("fast_enumeration", SOURCE, form=FORMS[SOURCE], seed=3, out=folder / "logs", users=30).files
    events = [event for file in logs for event in indexed(SOURCE, file)]
    arrived = (int(max(event["_time"] for event in events)) // HOUR + 1) * HOUR
    # Another log in the same index and another index: neither is to be read.
    events += [{**event, "sourcetype": "other"} for event in events[:5]]
    held = [{**event, "index": "azure", "source": "eventhub", "_indextime": arrived + 60} for event in events]
    splunk = runtime(app, held)
    splunk.macros = confs["macros"]
    splunk.engine.load_lookups(app / "lookups")
    collect(splunk, confs["savedsearches"][CONTACTS]["search"], arrived + HOUR + 10 * 60)
    return Walked(logs, confs, splunk, splunk.run_saved(confs["savedsearches"][RULE], arrived + HOUR + 30 * 60))


def collect(splunk: Runtime, search: str, now: float) -> None:
    """Runs a search that ends in collect in one piece, as its events were indexed: every value is a text."""
    found, _, options = expand(search, splunk.macros).rpartition("| collect ")
    named = dict(re.findall(r'(index|source)="?(\w+)', options))
    splunk.engine.load(splunk.events)
    rows = [{name: cell for name, cell in row.items() if cell != ""} for row in splunk.engine.run(found)]
    splunk.events += [{**row, **named, "sourcetype": "stash", "_indextime": now} for row in rows]


def test_contacts_are_kept_in_the_summary_index(walked: Walked) -> None:
    kept = [event for event in walked.splunk.events if event["source"] == "enumwatch_contacts"]
    assert len(kept) > 40
    assert {event["log_source"] for event in kept} <= {"entra_signin", "entra_signin_noninteractive"}


def test_the_rule_raises_the_finding_of_a_scan_with_what_to_do(walked: Walked, tmp_path: Path) -> None:
    told = tmp_path / "told.ndjson"
    files = [str(file) for file in walked.logs]
    assert main(["scan", *files, "--detection", "email_enumeration", "--format", "ndjson", "--output", str(told)]) == 0
    (expected,) = (json.loads(line) for line in told.read_text().splitlines())
    (finding,) = walked.findings
    assert "Enumeration" in finding["verdict"]
    assert (finding["finding_id"], finding["verdict"]) == (expected["finding_id"], expected["verdict"])
    assert int(finding["names_tried"]) == expected["evidence"]["names_tried"]
    assert len(values_of(finding["src"])) == 1
    assert values_of(finding["next_steps"])
    (kept,) = walked.splunk.kept["enumwatch_findings"]
    assert kept["finding_id"] == finding["finding_id"]


def test_the_doctor_finds_nothing_broken(walked: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for conf in ("macros", "savedsearches"):
        lines = []
        for stanza, keys in walked.confs[conf].items():
            lines += [f"[{stanza}]", *(f"{key} = {value}" for key, value in keys.items())]
        (tmp_path / f"{conf}.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["splunk", "doctor", str(tmp_path / "macros.txt"), str(tmp_path / "savedsearches.txt")]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("note: ")]
    assert said == []
