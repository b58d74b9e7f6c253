"""`enumwatch hunt`: lists, explains, prints queries, and runs one over logs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from enumwatch.core.triage import LANGUAGES
from enumwatch.hunts.loading import shipped_hunts
from enumwatch.rulebook.compiled import compiled

from .running import Run, log_file

ALPHABET = "through_the_alphabet"


def test_without_an_id_the_hunts_are_listed(run: Run) -> None:
    ran = run("hunt")
    assert ran.code == 0
    assert all(name in ran.out for name in shipped_hunts())
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_hunt_explains_itself_in_80_columns(run: Run) -> None:
    for name in shipped_hunts():
        ran = run("hunt", name)
        assert ran.code == 0
        assert f"enumwatch hunt {name} PATH" in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80


def test_a_limit_that_an_overlay_tunes_is_tuned_in_the_hunts_that_take_it(run: Run, tmp_path: Path) -> None:
    rule, _, limit = shipped_hunts()["creation_burst"].limits["least_accounts"].origin.partition(".")
    version = compiled()["detections"][rule]["version"]
    text = (
        f"overlay: ours\ndetections:\n  {rule}:\n    version: {version}\n    limits: {{{limit}: 17, day_burst: 18}}\n"
    )
    (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
    assert "17 accounts or more" in run("hunt", "creation_burst", "--rules", tmp_path).out
    for language in LANGUAGES:
        query = run("hunt", "creation_burst", "--language", language, "--rules", tmp_path).out
        assert re.search(r"accounts\W* >= 17\b", query), query


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_query_is_printed_and_nothing_else(run: Run, language: str) -> None:
    begins = {"spl": "`enumwatch_contacts`", "esql": "FROM enumwatch-contacts", "kql": "let until", "sql": "WITH tries"}
    ran = run("hunt", ALPHABET, "--language", language)
    assert ran.out.startswith(begins[language])
    assert ran.err == ""


def test_a_near_name_is_offered(run: Run) -> None:
    ran = run("hunt", "decoy")
    assert ran.code == 2
    assert ran.err == "enumwatch: there is no hunt 'decoy': did you mean decoys?\n"
    assert "lists them" in run("hunt", "zzz").err


def test_rows_of_a_log_are_shown_in_every_format(run: Run, tmp_path: Path) -> None:
    log = log_file(tmp_path)
    shown = run("hunt", ALPHABET, log)
    assert shown.code == 0
    assert "A list from A to Z within an hour: 1 row" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    (row,) = json.loads(run("hunt", ALPHABET, log, "--format", "json").out)["rows"]
    (line,) = csv.DictReader(io.StringIO(run("hunt", ALPHABET, log, "--format", "csv").out))
    assert line["src_ip"] == row["src_ip"]
    assert int(line["names"]) == row["names"] > 10
    assert row["src_ip"] in shown.out


def test_a_table_of_contacts_gives_the_same_as_its_log(run: Run, tmp_path: Path) -> None:
    log, table = log_file(tmp_path), tmp_path / "contacts.parquet"
    run("contacts", log, "--format", "parquet", "--output", table)
    by_log, by_table = (run("hunt", ALPHABET, path, "--format", "json").out for path in (log, table))
    assert by_log == by_table


def test_names_are_hashed_where_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    lookups = tmp_path / "lookups"
    lookups.mkdir()
    log = log_file(tmp_path)
    names = {
        json.loads(line)["properties"]["userPrincipalName"] for line in log.read_text(encoding="utf-8").splitlines()
    }
    rows = "".join(f"{name},,decoy\n" for name in sorted(names))
    (lookups / "enumwatch_sensitive_accounts.csv").write_text(f"account,tenant,kind\n{rows}", encoding="utf-8")
    plain = run("hunt", "decoys", log, "--lookups", lookups)
    hashed = run("hunt", "decoys", log, "--lookups", lookups, "--redact")
    assert any(name in plain.out for name in names)
    assert not any(name in hashed.out for name in names)
    assert "name-" in hashed.out


def test_without_decoys_it_says_what_to_fill_in(run: Run) -> None:
    assert "fill enumwatch_sensitive_accounts.csv" in run("hunt", "decoys", "--language", "spl").err


def test_nothing_readable_is_no_all_clear(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.write_text("{}", encoding="utf-8")
    ran = run("hunt", ALPHABET, file)
    assert ran.code == 2
    assert "Nothing could be read" in ran.err
    assert "Nothing found" not in ran.out
