"""With --redact no name that was tried leaves: in no form, no summary, no report and no word about the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.cli import command_line, main
from enumwatch.commands.redact import KEY_VARIABLE, Redactor
from enumwatch.reference import leaves

from .planted import ALONE, NAMES, QUOTING, leaked, leaked_files, write, write_lines
from .running import Run


@pytest.mark.parametrize("form", ["table", "ndjson", "json", "csv", "html"])
def test_no_name_leaves(form: str, run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    beside = {"--report": tmp_path / "report.html", "--summary": tmp_path / "summary.json"}
    options = [word for option, path in beside.items() for word in (option, path)]
    common = [
        "--lookups",
        lookups,
        "--explain",
        "--triage",
        "--suppressed",
        "--all-updates",
        "--format",
        form,
        *options,
    ]
    bare = run("scan", *logs, *common)
    assert "planted" in bare.out.lower(), "without --redact the names are there"
    ran = run("scan", *logs, *common, "--redact")
    assert ran.code == 0
    for text in (ran.out, ran.err, *(path.read_text(encoding="utf-8") for path in beside.values())):
        assert leaked(text) == []
    assert "name-" in ran.out
    assert "soc@contoso.example" in (tmp_path / "summary.json").read_text()


# Every command that can leave names out, with arguments of each form that it has; words in capitals stand for paths.
_SAVED = ("--findings", "FINDINGS", "--as-of", "2026-03-02")
_ALLOW = ("--reason", "announced", "--owner", "soc@contoso.example", "--expires", "2027-01-01")
FORMS: dict[str, list[tuple[str, ...]]] = {
    "scan": [
        ("LOGS", "--explain", "--triage", "--report", "OUT/r.html", "--summary", "OUT/s.json"),
    ],
    "triage": [
        ("worst", "LOGS", "--query", "kql"),
        ("worst", "LOGS", "--format", "json", "--output", "OUT/t.json"),
    ],
    "allow": [("worst", "ACCOUNT", *_ALLOW), ("worst", "MACHINE", *_ALLOW)],
    "contacts": [("LOGS", "--format", form, "--output", f"OUT/c.{form}") for form in ("parquet", "csv")],
    "tune": [("TUNED", "--detection", "email_enumeration", "--budget", "0", "--output", "OUT/o.yml")],
    "visibility": [("LOGS",), ("LOGS", "--format", "json"), ("LOGS", "--format", "navigator")],
    "hunt": [
        ("counted_names", "LOGS", "--format", "json"),
        ("decoys", "LOGS"),
        *(("decoys", "--language", language) for language in ("spl", "esql", "kql", "sql")),
        ("decoys",),
    ],
    "export ocsf": [("LOGS",), _SAVED[:2]],
    "export stix": [(*_SAVED[:2], "--with-names")],
    "export names": [_SAVED[:2]],
    "export navigator": [("LOGS",)],
    "export blocklist": [("LOGS",), (*_SAVED, "--format", "csv")],
    "export named-location": [_SAVED],
}
_RULES = "tells of rules, the shipped ones or the operator's"
_MADE_UP = "tells names that `simulate` made up"
_CLUSTER = "writes names into the operator's own cluster alone, and tells counts, fields and settings of it"
WITHOUT = {
    **{f"rules {name}": _RULES for name in ("check", "list", "show", "guide")},
    "export decoys": "what it hands over are names for accounts that somebody is to make",
    "simulate": _MADE_UP,
    "verify": _MADE_UP,
    "splunk package": "packs files of the product and reads no log",
    "splunk lookups": "shows the operator what changes in the operator's own tables",
    "splunk doctor": "tells counts, fields and settings of exported searches, which hold no names",
    "elastic lookups push": "shows the operator what changes in the operator's own tables",
    "elastic triage": "has the option; it needs a cluster, and tells a finding by what tells `triage`",
    **{f"elastic {name}": _CLUSTER for name in ("setup", "deploy", "status", "run", "backfill", "doctor", "remove")},
}


def test_every_command_leaves_names_out_or_has_a_reason() -> None:
    known = {name.removeprefix("enumwatch "): command for name, command in leaves(command_line(), "enumwatch")}
    able = {name for name, command in known.items() if "--redact" in command._option_string_actions}
    assert set(FORMS) | set(WITHOUT) == set(known), "a new command leaves names out, or says here why not"
    assert not set(FORMS) & set(WITHOUT)
    assert able - {"elastic triage"} == set(FORMS)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the words in capitals stand for."""
    folder = tmp_path_factory.mktemp("logs")
    *logs, lookups = map(str, write(folder))
    made = {name: str(write_lines(folder / f"{name.lower()}.ndjson", rows)) for name, rows in ALONE.items()}
    saved = folder / "findings.ndjson"
    # The rows that hold everything, which a test of a form need not read again as raw logs.
    assert main(["scan", *logs, "--lookups", lookups, "--triage", "--format", "ndjson", "--output", str(saved)]) == 0
    return {
        "LOGS": logs,
        "LOOKUPS": [lookups],
        "FINDINGS": [str(saved)],
        **{name: [path] for name, path in made.items()},
    }


CASES = [(leaf, form) for leaf, forms in FORMS.items() for form in forms]
_SAY_NO_NAME = ("export navigator", "export blocklist", "export named-location")  # in what they hand over


@pytest.mark.parametrize(("leaf", "form"), CASES, ids=[f"{leaf} {' '.join(form)}" for leaf, form in CASES])
def test_no_command_tells_a_name(
    leaf: str, form: tuple[str, ...], run: Run, planted: dict[str, list[str]], tmp_path: Path
) -> None:
    words = [one for word in form for one in planted.get(word, [word.replace("OUT/", f"{tmp_path}/")])]
    arguments = [*leaf.split(), *words, "--lookups", *planted["LOOKUPS"]]
    has_names = leaf not in _SAY_NO_NAME and "navigator" not in form and form != ("decoys",)
    if has_names and form == FORMS[leaf][0]:
        bare = run(*arguments)
        assert leaked(bare.out + bare.err) or leaked_files(tmp_path), "without --redact the names are there"
    for path in tmp_path.iterdir():
        path.unlink()
    ran = run(*arguments, "--redact")
    assert ran.code == 0, ran.err
    assert ran.out or any(tmp_path.iterdir())
    assert leaked(ran.out + ran.err) == []
    assert leaked_files(tmp_path) == []


@pytest.mark.parametrize("agent", QUOTING)
def test_texts_that_quote_a_name_keep_the_rest(agent: str) -> None:
    told = Redactor().text(agent, NAMES)
    assert leaked(told) == []
    assert "name-" in told
    assert told.split()[0] == agent.split()[0] or "/" in agent


@pytest.mark.parametrize(
    "text", ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "dGhpcyBpcyBub3QgYSBuYW1l", "50% of 40", "%zz"]
)
def test_texts_without_a_name_stay(text: str) -> None:
    assert Redactor().text(text, NAMES) == text


def test_redacting_changes_names_and_nothing_else(run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    common = ["--lookups", lookups, "--format", "ndjson"]
    plain = [json.loads(line) for line in run("scan", *logs, *common).out.splitlines()]
    hashed = [json.loads(line) for line in run("scan", *logs, *common, "--redact").out.splitlines()]
    assert [row["verdict"] for row in plain] == ["Compromise Suspected", "Moderate Enumeration", "Password Spray"]
    assert len(plain) == len(hashed)
    for before, after in zip(plain, hashed, strict=True):
        assert before.keys() == after.keys()
        for key in ("finding_id", "verdict", "score", "window_start", "window_end", "mitre", "reasons"):
            assert before[key] == after[key], key
        for key in ("attempts", "names_tried", "names_absent", "timeline", "sources", "addresses_sample"):
            assert before["evidence"][key] == after["evidence"][key], key
        assert len(before["names_found"]) == len(after["names_found"])


def test_one_name_has_one_stand_in_whatever_its_spelling(run: Run, tmp_path: Path) -> None:
    *logs, _ = write(tmp_path)
    ran = run("scan", *logs, "--format", "ndjson", "--redact")
    (found,) = [row for row in map(json.loads, ran.out.splitlines()) if row["compromised_accounts"]]
    assert set(found["compromised_accounts"]) <= set(found["names_found"])
    sample = [name for names in found["evidence"]["names_sample"].values() for name in names]
    assert set(found["names_found"]) <= set(sample)


def test_a_query_without_names_is_still_a_query() -> None:
    assert Redactor().text('@timestamp <= "2026" AND x == "planted@contoso.example"').startswith('@timestamp <= "2026"')


def test_contacts_without_names_lead_to_the_same_verdicts(run: Run, tmp_path: Path) -> None:
    *logs, _ = write(tmp_path)
    table = tmp_path / "contacts.parquet"
    assert run("contacts", *logs, "--redact", "--format", "parquet", "--output", table).code == 0
    told = [
        [(row["verdict"], row["evidence"]["names_tried"]) for row in map(json.loads, ran.out.splitlines())]
        for ran in (run("scan", *logs, "--format", "ndjson"), run("scan", table, "--format", "ndjson"))
    ]
    assert told[0] == told[1]
    assert told[0]


def test_a_line_without_its_name_is_not_written(run: Run, tmp_path: Path) -> None:
    *_, lookups = write(tmp_path)
    file = write_lines(tmp_path / "a.ndjson", ALONE["ACCOUNT"])
    before = (lookups / "enumwatch_allowlist.csv").read_text()
    ran = run("allow", "worst", file, *_ALLOW, "--lookups", lookups, "--write", "--redact")
    assert ran.code == 2
    assert "leave out --redact" in ran.err
    assert (lookups / "enumwatch_allowlist.csv").read_text() == before


def test_a_key_makes_stand_ins_that_nobody_can_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Redactor().name(NAMES[0])
    monkeypatch.setenv(KEY_VARIABLE, "one of our own")
    keyed = Redactor().name(NAMES[0])
    assert keyed == Redactor().name(NAMES[0].upper()) != bare
    monkeypatch.setenv(KEY_VARIABLE, "another")
    assert Redactor().name(NAMES[0]) != keyed
