"""What a hunt's author is told: file and line, what is wrong, what would do, what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.hunts.loading import FOLDER, LEAST, load_hunts, shipped_hunts
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.problems import RuleProblems

GOOD = (FOLDER / "T1589.002" / "low_and_slow.yml").read_text(encoding="utf-8")

WRONG = {
    "unknown column": ("outcome == 'not_found'", "outcom == 'not_found'", 'the name "outcom" is not known here'),
    "unknown function": ("day(first)", "dai(first)", 'there is no function "dai" here'),
    "no expression": ("names >= least_names", "names >= >", "no expression"),
    "types": (
        "days >= least_days",
        "since >= least_days",
        "least_days is of another type; expected time, found number",
    ),
    "no aggregate": ("sum(attempts)", "attempts", "no function over a group"),
    "a truth as a column": ("day(first)", "first == last", "is a truth, which not every language keeps"),
    "quote in a text": ("target != ''", 'target != "a\'b"', "a text that languages read differently"),
    "pattern": ("target != ''", "matches(target, '(?=a)')", "look-around"),
    "unknown kind": ("kinds: [sign_in]", "kinds: [sign_inn]", "query.kinds[0] is wrong"),
    "table without the kind": ("sentinel: [entra_signin]", "sentinel: [entra_audit]", "has no such kind"),
    "table without the column": ("src_ip != ''", "asn != ''", "no table named gives asn"),
    "unknown table": ("sentinel: [entra_signin]", "sentinel: [okta]", "query.sentinel[0] is wrong"),
    "limit of no use": ("days >= least_days and ", "", "limits.least_days is in no expression"),
    "text names no limit": ("{least_days} or", "{least_day} or", "names the limit {least_day}"),
    "sorted by nothing": ("most: names", "most: name", "query.most is wrong"),
    "column twice": ("{on_date: day", "{target: day", "is a column of contacts already"),
    "unknown key": ("by: [", "bi: [", 'unknown key "query.bi"'),
    "own id": ("id: low_and_slow", "id: low", "the id is not the name of the file"),
    "own technique": ("technique: T1589.002", "technique: T1589", "the technique is not the name of the folder"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    before, after, told = WRONG[name]
    assert before in GOOD
    (tmp_path / "T1589.002").mkdir()
    (tmp_path / "T1589.002" / "low_and_slow.yml").write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(RuleProblems) as problems:
        load_hunts(tmp_path, least=0)
    lines = [str(one) for one in problems.value.problems]
    assert any(told in line for line in lines), lines
    assert all(line.startswith("hunts/T1589.002/low_and_slow.yml:") for line in lines)


def test_a_good_hunt_is_read_and_too_few_are_told(tmp_path: Path) -> None:
    (tmp_path / "T1589.002").mkdir()
    (tmp_path / "T1589.002" / "low_and_slow.yml").write_text(GOOD, encoding="utf-8")
    assert list(load_hunts(tmp_path, least=0)) == ["low_and_slow"]
    with pytest.raises(RuleProblems, match="too few hunts of a technique; expected 10 or more, found 1"):
        load_hunts(tmp_path)


def test_two_hunts_of_one_name_are_told(tmp_path: Path) -> None:
    for folder in ("T1589", "T1589.002"):
        (tmp_path / folder).mkdir()
        text = GOOD.replace("technique: T1589.002", f"technique: {folder}")
        (tmp_path / folder / "low_and_slow.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleProblems, match="two hunts have one id"):
        load_hunts(tmp_path, least=0)


def test_each_technique_with_a_playbook_has_enough() -> None:
    found = [hunt.technique for hunt in shipped_hunts().values()]
    assert all(found.count(technique) >= LEAST for technique in compiled()["playbooks"])
