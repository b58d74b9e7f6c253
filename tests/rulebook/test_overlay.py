"""Overlays change limits of rules that are there, say so everywhere, and are refused with the exact place otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enumwatch.rulebook import commands
from enumwatch.rulebook.compiling import compile
from enumwatch.rulebook.load import load
from enumwatch.rulebook.overlay import with_limits
from enumwatch.rulebook.problems import RuleProblems
from enumwatch.rulebook.ranges import ORDERED, out_of_order, range_of
from enumwatch.rulebook.show import listing, show

from .bad_rules import BAD_RULES, SMALL

DEFECTS = sorted((BAD_RULES / "overlays").glob("*.yml"))
SHIPPED = load()


def overlay(folder: Path, text: str, name: str = "tuned.yml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def of(rule: str, limits: str, version: int | None = None) -> str:
    number = SHIPPED.detections[rule].version if version is None else version
    return f"overlay: test\ndetections:\n  {rule}:\n    version: {number}\n    limits: {{{limits}}}\n"


def problems(directory: Path | None, extra: Path) -> list[str]:
    try:
        load(directory, extra)
    except RuleProblems as error:
        return [str(problem).replace(f"{extra.as_posix()}/", "") for problem in error.problems]
    return []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda path: path.stem)
def test_a_defect_of_an_overlay_is_told_with_file_line_and_what_to_write(defect: Path, tmp_path: Path) -> None:
    shutil.copy(defect, tmp_path)
    expected = defect.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert expected
    assert problems(SMALL, tmp_path) == expected


def test_every_expected_file_of_an_overlay_has_its_defect() -> None:
    assert {path.stem for path in (BAD_RULES / "overlays").glob("*.expected")} == {path.stem for path in DEFECTS}


def test_an_overlay_changes_its_limits_and_nothing_else(tmp_path: Path) -> None:
    book = load(extra=overlay(tmp_path, of("email_enumeration", "address_level: 11, close_after: 2d")))
    before, after = compile(SHIPPED)["detections"], compile(book)["detections"]
    rule = after["email_enumeration"]
    assert (rule["limits"]["address_level"], rule["limits"]["close_after"]) == (11, 2 * 86400)
    assert rule["version"] == before["email_enumeration"]["version"]
    assert rule["tuned"] == {
        "by": f"{tmp_path.as_posix()}/tuned.yml",
        "limits": {"address_level": "11 points (shipped: 8 points)", "close_after": "2 days (shipped: 24 hours)"},
    }
    changed = {name for name, number in rule["limits"].items() if number != before[rule["id"]]["limits"][name]}
    assert changed == {"address_level", "close_after"}
    assert {name for name in after if after[name] != before[name]} == {"email_enumeration"}
    assert book.notes == (f"{tmp_path.as_posix()}/tuned.yml changes 2 limits of email_enumeration",)


def test_the_shipped_rulebook_is_not_tuned() -> None:
    assert not any("tuned" in rule for rule in compile(SHIPPED)["detections"].values())


def test_show_tells_both_values_and_the_list_marks_the_rule(tmp_path: Path) -> None:
    book = load(extra=overlay(tmp_path, of("email_enumeration", "address_level: 11")))
    text = show("email_enumeration", book)
    assert "  address_level = 11 points, tuned (shipped: 8 points)\n" in text
    assert "".join(f"{tmp_path.as_posix()}/tuned.yml".split()) in "".join(text.split())
    assert "stable, tuned" in listing(book)
    assert "tuned" not in listing(SHIPPED)


def test_two_overlays_may_change_one_rule_but_not_one_limit(tmp_path: Path) -> None:
    overlay(tmp_path, of("password_spray", "names: 12"), "a.yml")
    overlay(tmp_path, of("password_spray", "round_names: 5"), "b.yml")
    limits = load(extra=tmp_path).detections["password_spray"].limits
    assert (limits["names"].number, limits["round_names"].number) == (12, 5)
    overlay(tmp_path, of("password_spray", "names: 14"), "c.yml")
    assert problems(None, tmp_path) == [
        "c.yml:5: password_spray: detections.password_spray.limits.names is set by two overlays; "
        "expected one of them, found it in a.yml, b.yml too"
    ]


def test_limits_keep_their_order(tmp_path: Path) -> None:
    overlay(tmp_path, of("email_enumeration", "moderate_names: 60"))
    assert problems(None, tmp_path) == [
        "tuned.yml:5: email_enumeration: moderate_names exceeds high_names, so one of them could never matter; "
        "expected moderate_names up to high_names, found 60 names and 50 names"
    ]


def test_an_overlay_stands_beside_rules_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "detections"
    own.mkdir()
    shipped = SHIPPED.detections["password_spray"]
    text = (Path(load.__code__.co_filename).parents[1] / "detections" / "password_spray.yml").read_text("utf-8")
    (own / "password_spray.yml").write_text(text.replace("names: {value: 10,", "names: {value: 9,", 1), "utf-8")
    overlay(tmp_path, of("password_spray", "names: 12"))
    limit = load(extra=tmp_path).detections["password_spray"].limits["names"]
    assert limit.shipped is not None
    assert (limit.number, limit.shipped.number) == (12, 9)
    assert shipped.limits["names"].number == 10


def test_a_file_with_another_ending_is_told(tmp_path: Path) -> None:
    overlay(tmp_path, of("password_spray", "names: 12"))
    overlay(tmp_path, "overlay: x\n", "more.yaml")
    assert problems(None, tmp_path) == ["more.yaml:1: the ending of the file is not read; expected .yml, found .yaml"]


def test_rules_check_names_the_overlay(tmp_path: Path) -> None:
    lines: list[str] = []
    assert commands.check(overlay(tmp_path, of("password_spray", "names: 12")), lines.append) == 0
    assert lines[0] == f"{tmp_path.as_posix()}/tuned.yml changes 1 limit of password_spray"


def test_every_shipped_limit_lies_in_its_range_and_in_order() -> None:
    for rule in SHIPPED.detections.values():
        for limit in rule.limits.values():
            assert range_of(limit).holds(limit.number), limit.name
        assert out_of_order(rule.id, {name: limit.number for name, limit in rule.limits.items()}) == []


def test_every_ordered_limit_is_one() -> None:
    for rule, pairs in ORDERED.items():
        assert {name for pair in pairs for name in pair} <= SHIPPED.detections[rule].limits.keys()


def test_a_share_cannot_be_more_than_all_and_a_count_not_less_than_one() -> None:
    limits = SHIPPED.detections["success_after_enumeration"].limits
    assert str(range_of(limits["success_share"])) == "a number from 0.05 to 1"
    assert str(range_of(limits["first_try"])) == "a duration from 2m to 50m"
    assert str(range_of(SHIPPED.detections["password_guessing"].limits["names"])) == "a whole number from 1 to 15"


def test_with_limits_of_nothing_is_the_rule_itself() -> None:
    rule = SHIPPED.detections["password_spray"]
    assert with_limits(rule, {}, "x") is rule
