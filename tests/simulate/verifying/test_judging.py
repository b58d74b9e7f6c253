"""Why a test was missed: the first place on the way where it was lost, and no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.simulate.sending.runs import END, manifest_of, played

from enumwatch.core.times import HOUR
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import SimulateError
from enumwatch.simulate.sending.manifest import ELASTIC, SPLUNK, Manifest
from enumwatch.simulate.sending.playing import write_play
from enumwatch.simulate.verify import Expected, Finding, expected_of, read_truths
from enumwatch.simulate.verifying.at_hand import AtHand, decided_at_hand
from enumwatch.simulate.verifying.judging import Judged, judge, lines, summary
from enumwatch.simulate.verifying.seen import Arrival, Seen

KEY = ("fast_enumeration", "entra_signin")
EMITS = {name: [name, *source["emits"]] for name, source in compiled()["sources"].items()}
HIGH = AtHand("High Confidence Enumeration", None, "30 names tried")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """An attack and people at work, as if they had been sent to Elasticsearch."""
    folder = tmp_path_factory.mktemp("sent")
    manifest, plays = played(
        manifest_of(ELASTIC), (KEY, ("office", "entra_signin"), ("penetration_test", "entra_signin"))
    )
    write_play(folder, plays, manifest.seed)
    manifest = replace(manifest, began=END + HOUR, ended=END + HOUR)
    for number, part in enumerate(manifest.parts):
        manifest = manifest.with_sent(number, part.events)
    return folder, manifest


def everything(manifest: Manifest, **known: object) -> Seen:
    """All events arrived and a runner ran since; nothing found."""
    arrivals = {(one.scenario, one.source): Arrival(one.events, one.events) for one in manifest.parts}
    return replace(Seen(arrivals=arrivals, ran_at={"": manifest.ended}), **known)  # type: ignore[arg-type]


def judged(sent: tuple[Path, Manifest], seen: Seen, at_hand: AtHand = HIGH, target: str = ELASTIC) -> Judged:
    folder, manifest = sent
    found = judge(folder, replace(manifest, target=target), seen, EMITS, lambda *_: at_hand)
    return next(one for one in found if (one.scenario, one.source) == KEY)


def finding(folder: Path, **known: object) -> Finding:
    entry = next(one for one in read_truths(folder) if one["scenario"] == KEY[0])
    expected = expected_of(entry)
    told = Finding(
        "ew-1", HIGH.verdict, expected.addresses, "", frozenset({KEY[1]}), expected.start, expected.end, False
    )
    return replace(told, **known)  # type: ignore[arg-type]


def test_found_and_what_is_nobodys_business_here(sent: tuple[Path, Manifest]) -> None:
    folder, manifest = sent
    stranger = finding(folder, finding_id="ew-real", addresses=frozenset({"8.8.8.8"}))
    found = judge(folder, manifest, everything(manifest, findings=[finding(folder), stranger]), EMITS, lambda *_: HIGH)
    assert [(one.outcome, one.is_good) for one in found] == [("found", True), ("quiet", True), ("quiet", True)]
    assert summary(found) == "1 found, 0 missed, 0 falsely accused, 2 quiet"
    # Without a manifest the file holds nothing but the simulation, so somebody unknown is a false alarm.
    alone = judge(folder, None, Seen([finding(folder), stranger]), EMITS, lambda *_: HIGH)
    assert "FALSE" in {one.outcome for one in alone}


def test_each_miss_says_where_it_was_lost(sent: tuple[Path, Manifest]) -> None:
    _, manifest = sent
    late = manifest.ended - 1
    hidden = {
        "entry": "enumwatch_allowlist.csv:2",
        "type": "ip",
        "value": "192.0.2.1",
        "reason": "scan",
        "owner": "soc",
    }
    cases: list[tuple[Seen, AtHand, str, str]] = [
        (everything(manifest, arrivals={KEY: Arrival(0)}), HIGH, "none of its events arrived", "see whether a pipeline"),
        (everything(manifest, arrivals={KEY: Arrival(30, 9)}), HIGH, "21 of its events are not recognised", "doctor"),
        (everything(manifest, ran_at={}), HIGH, "the runner has not run since (never ran)", "run enumwatch elastic run"),
        (everything(manifest, ran_at={"": late}), HIGH, "has not run since (last began 2026-", "run enumwatch elastic"),
        (everything(manifest, arrivals={KEY: Arrival(2, 2)}), AtHand("", None, "2 names"), "28 of 30 events did", "see"),
        (everything(manifest), AtHand(HIGH.verdict, hidden, ""), "suppressed by enumwatch_allowlist.csv:2: ip 192", "narrow"),
        (everything(manifest), AtHand("", None, "3 names"), "below the ladder: 3 names", "enumwatch rules show email"),
        (everything(manifest), AtHand("Not Enough Evidence", None, "x"), "below the ladder: Not Enough Evidence, x", "limits"),
        (everything(manifest, decided_since=END), HIGH, "late: it began 2026-11-22T10:0", "backfill --since 2026-11-22"),
        (everything(manifest), HIGH, "the rules alone say High Confidence", "ask enumwatch elastic doctor"),
        (everything(manifest, troubles=["a note"]), HIGH, "it says: a note", "doctor"),
    ]  # fmt: skip
    for seen, at_hand, why, advice in cases:
        one = judged(sent, seen, at_hand)
        assert (one.outcome, one.is_good) == ("MISSED", False)
        assert why in one.why, one
        assert advice in one.advice, one


def test_in_splunk_a_rule_has_to_run_after_the_full_hour(sent: tuple[Path, Manifest]) -> None:
    _, manifest = sent
    hour = -(-manifest.ended // HOUR) * HOUR
    early = judged(sent, everything(manifest, ran_at={"email_enumeration": hour - 1}), target=SPLUNK)
    assert "the rule of email_enumeration last began" in early.why
    other = judged(sent, everything(manifest, ran_at={"password_guessing": hour}), target=SPLUNK)
    assert "the rule of email_enumeration never ran" in other.why
    assert (
        "splunk doctor" in judged(sent, everything(manifest, ran_at={"email_enumeration": hour}), target=SPLUNK).advice
    )
    unread = judged(sent, everything(manifest, arrivals={KEY: Arrival(30, 0)}), target=SPLUNK)
    assert "let the macro enumwatch_entra_signin find" in unread.advice


def test_a_harmless_one_that_is_accused_says_what_it_needs(sent: tuple[Path, Manifest]) -> None:
    folder, manifest = sent
    entry = next(one for one in read_truths(folder) if one["scenario"] == "penetration_test")
    (address, *_) = (row for row in (folder / "labels.ndjson").read_text().splitlines() if "penetration_test" in row)
    actor = address.split('"actor":"')[1].split('"')[0]
    times = [int(expected_of({**entry, "actor": {"ip": [], "account": []}}).start)] * 2
    wrong = finding(folder, finding_id="ew-2", addresses=frozenset({actor}), start=times[0], end=times[1])
    found = judge(folder, manifest, everything(manifest, findings=[finding(folder), wrong]), EMITS, lambda *_: HIGH)
    (one,) = (one for one in found if one.outcome == "FALSE")
    assert (one.scenario, one.is_good) == ("penetration_test", False)
    assert "lookups/" in one.advice
    text = list(lines(found))
    assert text[0] == "FALSE    penetration_test in entra_signin"
    assert max(map(len, text)) <= 80


def test_without_findings_nothing_is_said_of_them(sent: tuple[Path, Manifest]) -> None:
    _, manifest = sent
    one = judged(sent, everything(manifest, has_findings=False))
    assert (one.outcome, one.is_good) == ("not looked at", False)
    with pytest.raises(SimulateError):
        summary([])


def _expected(folder: Path) -> Expected:
    return expected_of(next(one for one in read_truths(folder) if one["scenario"] == KEY[0]))


def at_hand(folder: Path, lookups: Path | None, lines_kept: int | None = None) -> AtHand:
    (file,) = (folder / KEY[1]).glob(f"{KEY[0]}.*")
    if lines_kept is not None:
        kept = folder / "kept.ndjson"
        kept.write_text("".join(f"{line}\n" for line in file.read_text().splitlines()[:lines_kept]))
        file = kept
    return decided_at_hand([str(file)], _expected(folder), _emits(), compiled(), load_lookups(lookups))


def _emits() -> Iterable[str]:
    return EMITS[KEY[1]]


def test_the_rules_say_of_the_events_at_hand_what_they_say_of_any(sent: tuple[Path, Manifest], tmp_path: Path) -> None:
    folder, _ = sent
    told = at_hand(folder, None)
    assert (told.verdict, told.hidden_by) == ("Moderate Enumeration", None)
    assert told.evidence.startswith("30 names tried, ")
    (address,) = _expected(folder).addresses
    with (tmp_path / "enumwatch_allowlist.csv").open("w", newline="") as file:
        head = ["type", "value", "tenant", "detections", "reason", "owner", "starts", "expires"]
        csv.writer(file).writerows([head, ["ip", address, "", "*", "our scanner", "soc", "", "2099-01-01"]])
    hidden = at_hand(folder, tmp_path)
    assert hidden.hidden_by is not None
    assert (hidden.hidden_by["value"], hidden.hidden_by["reason"]) == (address, "our scanner")
    few = at_hand(folder, None, 2)
    assert few.verdict == ""
    assert few.evidence.startswith("2 names tried, ")
    assert at_hand(folder, None, 0).evidence == "no event of its actor says anything to a rule"
