"""All files together: worst first, what was not looked at is said, and the shipped searches give what is read."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.content.staging import runtime
from tests.splunk.engine import engine_or_skip
from tests.splunk.unpacked import unpack

from enumwatch.cli import main
from enumwatch.splunk.doctor.asking import (
    FIELDS,
    FIELDS_SEARCH,
    RUNS_SEARCH,
    VISIBILITY_SEARCH,
    sources,
    stanzas,
    times_search,
)
from enumwatch.splunk.doctor.coverage import check_times, is_fields, is_times
from enumwatch.splunk.doctor.examination import shipped
from enumwatch.splunk.doctor.runs import check_runs, is_run

DEFAULT = Path(__file__).parents[3] / "default"


def test_a_fresh_installation_is_told_what_to_enable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counted = tmp_path / "times.json"
    counted.write_text(json.dumps({"results": [{"source_id": "iis", "events": "0"}]}))
    files = [DEFAULT / "macros.conf", DEFAULT / "savedsearches.conf", counted]
    assert main(["splunk", "doctor", *map(str, files)]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("broken: searches: all are disabled, as they are shipped: enable ")
    assert lines[1].startswith("broken: source iis: macro enumwatch_iis finds no event of ")
    assert [line for line in lines[2:] if not line.startswith("note: macro enumwatch_")] == []
    assert said.err.splitlines()[0] == f"fields were not looked at: run '{FIELDS_SEARCH}' and export the result"
    assert said.err.splitlines()[1] == f"runs were not looked at: run '{RUNS_SEARCH}' and export the result"
    assert said.err.splitlines()[2].startswith(f"looked at {len(shipped('macros'))} macros, ")


def listing(conf: str, prefix: str) -> str:
    """What btool prints of a conf file: values as they are, lines of one value without the backslash before them."""
    lines = []
    for stanza, keys in read_conf((DEFAULT / f"{conf}.conf").read_text(encoding="utf-8")).items():
        lines += [f"{prefix}[{stanza}]", *(f"{prefix}{key} = {value}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "prefix", ["", "/opt/splunk/etc/apps/enumwatch/default/a.conf        "], ids=["plain", "debug"]
)
def test_nothing_that_is_as_shipped_is_told_to_be_changed(
    prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for conf in ("macros", "savedsearches"):
        (tmp_path / f"{conf}.txt").write_text(listing(conf, prefix), encoding="utf-8")
    main(["splunk", "doctor", str(tmp_path / "macros.txt"), str(tmp_path / "savedsearches.txt")])
    lines = capsys.readouterr().out.splitlines()
    assert [
        line for line in lines if not line.startswith(("note: macro enumwatch_", "broken: searches: all are"))
    ] == []


def test_what_is_not_exported_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "times.csv"
    good.write_text("source_id,events,late,least_late,silent\niis,9,3,1,5\n")
    assert main(["splunk", "doctor", str(good)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"fields were not looked at: run '{FIELDS_SEARCH}' and export the result",
        f"runs were not looked at: run '{RUNS_SEARCH}' and export the result",
        "macros were not looked at: run `splunk btool macros list --app=enumwatch > macros.txt`",
        "searches were not looked at: run `splunk btool savedsearches list --app=enumwatch > searches.txt`",
        "looked at times of 1 logs: nothing to mend or to know",
    ]


def test_what_is_shipped_is_read_back() -> None:
    made = {stanza.name: stanza.keys["search"] for stanza in stanzas()}
    times = (times_search(rule["title"]) for rule in sources().values())
    assert set(made) == {FIELDS_SEARCH, RUNS_SEARCH, VISIBILITY_SEARCH, *times}
    there = shipped("savedsearches")
    assert {name: there[name]["search"] for name in made} == made


def times_told(row: dict[str, Any]) -> list[str]:
    """What is wrong with the times, the silence left out: the events of the tests are old."""
    read = {name: str(value) for name, value in row.items()}
    return [one.what for one in check_times([read], sources()) if "nothing has arrived" not in one.what]


def test_the_search_for_times_gives_what_is_read() -> None:
    engine = engine_or_skip()
    search = next(
        stanza.keys["search"] for stanza in stanzas() if stanza.name == times_search(sources()["iis"]["title"])
    )
    engine.load(
        [
            {"_time": 1_700_000_000 + n, "_indextime": 1_700_000_000 + n - 600, "_raw": "x", "index": "web"}
            for n in range(20)
        ],
        numbers=True,
    )
    (row,) = engine.run(search.replace("`enumwatch_iis`", "index=web"))
    assert is_times(row)
    assert times_told(row) == ["events are dated up to 10 minutes after they arrived"]


def test_the_search_for_fields_gives_what_is_read() -> None:
    engine = engine_or_skip()
    search = next(stanza.keys["search"] for stanza in stanzas() if stanza.name == FIELDS_SEARCH)
    full = {name: "x" for name in FIELDS}
    contacts = [{"src_ip": "192.0.2.1"}, {"src_ip": ""}, {"target_visible": "false", "outcome": "ambiguous"}]
    engine.load(
        {
            "_time": 1_700_000_000,
            "_raw": "x",
            "index": "summary",
            "log_source": "iis",
            "attempts": "2",
            **full,
            **contact,
        }
        for contact in contacts
    )
    (row,) = engine.run(search.replace("`enumwatch_contacts`", "index=summary"))
    read = {name: str(value) for name, value in row.items()}
    assert is_fields(read)
    assert (read["contacts"], read["with_src_ip"], read["hidden"], read["ambiguous"]) == ("3", "2", "1", "1")


def test_the_search_for_runs_gives_what_is_read(tmp_path: Path) -> None:
    search = next(stanza.keys["search"] for stanza in stanzas() if stanza.name == RUNS_SEARCH)
    splunk = runtime(unpack(tmp_path), [])
    splunk.now = time.time()
    summaries = [{"memory": 50000, "refused": 2, "left_out": 0}, {"memory": 7, "refused": 1, "left_out": 0}]
    splunk.kept["enumwatch_runs"] = [
        {"detection": "spray", "ended": str(splunk.now - 60 * number), "summary": json.dumps(one)}
        for number, one in enumerate(summaries)
    ]
    (row,) = splunk.run(search)
    read = {name: str(value) for name, value in row.items()}
    assert is_run(read)
    assert [one.level for one in check_runs([read])] == ["broken", "doubtful"]
    assert (read["runs"], float(read["refused"])) == ("2", 3)
