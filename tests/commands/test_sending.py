"""`enumwatch simulate --to` an event collector, and `verify` with what Splunk says of it; nothing without a yes."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.simulate.sending.receiver import BUSY, TOKEN, Receiver, receiving

from enumwatch.simulate.sending import splunk
from enumwatch.simulate.sending.manifest import Manifest, read_manifest

from .running import Ran, Run, says

SENTENCE = ("simulate", "fast_enumeration", "--source", "entra_signin", "--users", "40", "--events", "60")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Receiver]:
    monkeypatch.setenv("ENUMWATCH_HEC_TOKEN", TOKEN)
    for name in ("URL", "TOKEN"):
        monkeypatch.delenv(f"ENUMWATCH_SPLUNK_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(splunk, "EVENTS_OF_ONE_REQUEST", 20)
    with receiving(indexes=("main", "azure")) as collector:
        yield collector


@pytest.fixture
def folder(receiver: Receiver, run: Run, tmp_path: Path) -> Path:
    """A run that was sent."""
    ran = run(*SENTENCE, "--to", receiver.url, "--out", "run", "--yes", "--index", "azure", "--gzip")
    assert (ran.code, ran.out) == (0, "run\n"), ran.err
    assert TOKEN not in ran.err
    return tmp_path / "run"


def test_events_arrive_marked_and_the_folder_says_how_to_go_on(receiver: Receiver, folder: Path) -> None:
    _, manifest = read_manifest(folder)
    assert (manifest.sent, manifest.total, len(receiver.events), receiver.packed) == (60, 60, 60, 3)
    assert {event["fields"]["enumwatch_test"] for event in receiver.events} == {manifest.run}
    assert {(event["index"], event["sourcetype"]) for event in receiver.events} == {("azure", "azure:monitor:aad")}
    assert TOKEN not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_nothing_is_sent_without_a_yes(receiver: Receiver, run: Run, tmp_path: Path) -> None:
    asked = run(*SENTENCE, "--to", receiver.url)
    assert asked.code == 2
    assert says(asked.err, "nobody is there to confirm: run again with --yes")
    tried = run(*SENTENCE, "--to", receiver.url, "--dry-run")
    assert tried.code == 0
    assert says(tried.err, "60 events of fast_enumeration as azure:monitor:aad")
    assert (receiver.requests, list(tmp_path.iterdir())) == ([], [])


def test_a_run_that_breaks_off_goes_on_where_it_ended(receiver: Receiver, run: Run, tmp_path: Path) -> None:
    receiver.answers = [(200, {"text": "Success", "code": 0}), (403, {"text": "Token disabled", "code": 1})]
    broken = run(*SENTENCE, "--to", receiver.url, "--out", "run", "--yes")
    assert broken.code == 2
    assert says(broken.err, "20 of 60 events were sent: go on with simulate --resume run")
    assert says(broken.err, "(status 403, code 1: Token disabled): the token is disabled: enable it")
    # The first batch was taken by nobody: the answer was made up. The other two come now.
    again = run("simulate", "--resume", "run", "--yes")
    assert again.code == 0, again.err
    _, manifest = read_manifest(tmp_path / "run")
    assert (len(receiver.events), manifest.sent, manifest.ended > manifest.began > 0) == (40, 60, True)
    assert says(run(*SENTENCE, "--to", receiver.url, "--out", "run", "--yes").err, "holds a run already")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--index", "hr", "--yes"], "code 7: Incorrect index at event 0): the token may not write to that index"),
        (["--start", "2026-01-01"], "--start is for files, what is sent ends now: leave it out"),
        (["--form", "ecs"], "--form is for files"),
        (["--token-file", "none"], "none cannot be read"),
        (["--days", "-1"], "give a number above 0"),
        (["--source", "iis"], "leaves nothing in"),
    ],
)
def test_what_may_not_be_is_said(arguments: list[str], message: str, receiver: Receiver, run: Run) -> None:
    ran = run(*SENTENCE, "--to", receiver.url, *arguments)
    assert ran.code == 2
    if message == "leaves nothing in":
        message = "none of the scenarios leaves anything in iis"
    assert says(ran.err, message)
    assert receiver.events == []


def test_a_token_is_given_safely(receiver: Receiver, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sent = [*SENTENCE, "--to", receiver.url, "--yes"]
    monkeypatch.setenv("ENUMWATCH_HEC_TOKEN", "")
    assert says(run(*sent).err, "no token is given: set ENUMWATCH_HEC_TOKEN, or name a file")
    monkeypatch.setenv("ENUMWATCH_HEC_TOKEN", "wrong")
    wrong = run(*sent, "--out", "other")
    assert wrong.code == 2
    assert says(wrong.err, "code 4: Invalid token): Splunk does not know the token: copy its value")
    monkeypatch.setenv("ENUMWATCH_HEC_TOKEN", "two words")
    assert says(run(*sent).err, "holds what no token has")
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o644)
    if os.name == "posix":
        assert says(run(*sent, "--token-file", file).err, f"run chmod 600 {file}")
    file.chmod(0o600)
    assert run(*sent, "--token-file", file, "--out", "run").code == 0


def test_a_busy_collector_leaves_a_run_to_resume(receiver: Receiver, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from enumwatch.simulate.sending import hec

    monkeypatch.setattr(hec, "_FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(hec, "_LONGEST_PAUSE_SECONDS", 0.0)
    receiver.answers = [BUSY] * 6
    ran = run(*SENTENCE, "--to", receiver.url, "--out", "run", "--yes")
    assert ran.code == 2
    assert says(ran.err, "0 of 60 events were sent")
    assert run("simulate", "--resume", "run", "--yes").code == 0
    assert len(receiver.events) == 60


def test_removing_prints_the_search_and_removes_nothing(folder: Path, run: Run) -> None:
    _, manifest = read_manifest(folder)
    ran = run("simulate", "--remove", folder)
    assert ran.code == 0
    first = manifest.first // 1_000_000
    assert ran.out == (
        f'index=azure source="enumwatch-test:{manifest.run}" enumwatch_test="{manifest.run}" earliest={first} | delete\n'
    )
    assert says(ran.err, "Nothing was removed: run this search in Splunk")
    alone = run("simulate", "--remove", manifest.run, "--to", "https://splunk.example:8088")
    assert alone.out == f'index=* source="enumwatch-test:{manifest.run}" enumwatch_test="{manifest.run}" | delete\n'


def results(folder: Path, manifest: Manifest, **known: Any) -> dict[str, list[dict[str, str]]]:
    """What the searches of `verify --searches` give where everything is well."""
    own = {"enumwatch_scenario": "fast_enumeration", "enumwatch_source": "entra_signin"}
    truth = json.loads((folder / "truth.json").read_text())["scenarios"][0]
    finding = {
        **{"finding_id": "ew-1", "verdict": "High Confidence Enumeration", "suppressed_by": None},
        **{"actor": {"ip": truth["actor"]["ip"], "account": None}, "evidence": {"sources": ["entra_signin"]}},
        **{"window_start": truth["start"], "window_end": truth["end"]},
    }
    ended = known.get("ended", manifest.ended // 1_000_000 + 7_200)
    rows: dict[str, list[dict[str, str]]] = {
        "events": [{**own, "enumwatch_count": known.get("events", "60")}],
        "read": [{**own, "enumwatch_count": known.get("read", "60")}],
        "runs": [{"detection": "email_enumeration", "enumwatch_ended": str(ended)}],
        "findings": [{"finding_id": "ew-1", "finding": json.dumps(finding)}] if known.get("is_found", True) else [],
    }
    for name, some in rows.items():
        some.append({"enumwatch_rows": str(len(some)), "enumwatch_result": name})
    return rows


def export(rows: dict[str, list[dict[str, str]]], folder: Path) -> list[object]:
    """The results as Splunk exports them: some as CSV, some as JSON."""
    options: list[object] = []
    for place, (name, some) in enumerate(rows.items()):
        path = folder / f"{name}.{'csv' if place % 2 else 'json'}"
        if place % 2:
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, list(dict.fromkeys(name for row in some for name in row)))
                writer.writeheader()
                writer.writerows(some)
        else:
            path.write_text("".join(json.dumps({"preview": False, "result": row}) + "\n" for row in some))
        options += ["--export", path]
    return options


def told(ran: Ran) -> str:
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    return " ".join(ran.out.split())


LOST: dict[str, tuple[dict[str, Any], str]] = {
    "events": ({"events": "30", "read": "30"}, "30 of 60 events arrived"),
    "macro": (
        {"read": "0", "is_found": False},
        "why 60 of its events are not recognised as entra_signin do let the macro",
    ),
    "rule": ({"ended": 1_700_000_000, "is_found": False}, "why the rule of email_enumeration last began 2023-11-14"),
    "nothing": ({"is_found": False}, "the installation does not do ask enumwatch splunk doctor"),
}


def test_exports_of_splunk_say_what_became_of_it(folder: Path, run: Run, tmp_path: Path) -> None:
    _, manifest = read_manifest(folder)
    found = run("verify", folder, *export(results(folder, manifest), tmp_path))
    assert found.code == 0, found.out
    assert told(found) == (
        "found fast_enumeration in entra_signin events 60 of 60 events arrived verdict High Confidence Enumeration (ew-1)"
    )


@pytest.mark.parametrize("name", LOST)
def test_exports_of_splunk_say_where_it_was_lost(name: str, folder: Path, run: Run, tmp_path: Path) -> None:
    known, words = LOST[name]
    _, manifest = read_manifest(folder)
    ran = run("verify", folder, *export(results(folder, manifest, **known), tmp_path))
    assert ran.code == 1
    assert words in told(ran)


def test_the_searches_are_printed_and_whatever_else_is_refused(folder: Path, run: Run, tmp_path: Path) -> None:
    printed = run("verify", folder, "--searches")
    assert printed.code == 0
    assert printed.out.count("\n# ") == 3
    assert "search `enumwatch_entra_signin` source=" in printed.out
    assert says(run("verify", folder).err, "name their results with --export, or set ENUMWATCH_SPLUNK_URL")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    assert says(run("verify", folder, "--export", other).err, "is no result of a search of `verify --searches`")
    other.write_text("enumwatch_count,enumwatch_rows,enumwatch_result\n3,,\n,2,events\n")
    assert says(run("verify", folder, "--export", other).err, "holds 1 of 2 rows: export all of them")
    assert says(run("verify", tmp_path).err, "is no run that `simulate --to` wrote")
    assert says(run("verify", folder, "--export", other, "--wait", "1m").err, "--wait asks a live system again")


def test_a_file_of_verdicts_is_enough_for_what_was_only_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "lab"
    assert (
        run("simulate", "fast_enumeration", "office", "--source", "entra_signin", "--out", out, "--events", 60).code
        == 0
    )
    assert says(run("verify", out).err, "was written and never sent: name the findings with --verdicts")
    verdicts = tmp_path / "verdicts.ndjson"
    assert run("scan", out / "entra_signin", "--format", "ndjson", "--output", verdicts).code == 0
    found = run("verify", out, "--verdicts", verdicts)
    assert found.code == 0, found.out
    assert told(found).startswith("found fast_enumeration in entra_signin events not looked at verdict ")
    verdicts.write_text("")
    missed = run("verify", out, "--verdicts", verdicts)
    assert missed.code == 1
    assert "the rules alone say " in told(missed)
