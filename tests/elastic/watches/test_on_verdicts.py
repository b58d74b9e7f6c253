"""The watches on verdicts, executed: searched on the Elasticsearch node, they tell what is new or has risen, once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.core.making import context

from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.times import DAY, from_iso
from enumwatch.core.triage import cautions_of
from enumwatch.core.verdict import COMPROMISE, HIGH, LOW, MODERATE, Verdict
from enumwatch.elastic.names import NOTICES, VERDICTS
from enumwatch.elastic.watches.actions import Actions
from enumwatch.elastic.watches.bodies import watches
from enumwatch.rulebook.compiled import compiled

from .execution import Engines, Outcome
from .stage import contact, iso, put_verdicts
from .test_schema import EVERYBODY

BODIES = watches(compiled(), Actions(email=("soc@contoso.example",)))
WATCH = BODIES["enumwatch-verdicts-email-enumeration"]
TELLING = watches(compiled(), EVERYBODY)["enumwatch-verdicts-email-enumeration"]
_TRIGGER = from_iso("2026-03-20T12:00:00Z")


@pytest.fixture(scope="module")
def finding() -> Verdict:
    """A finding of the core."""
    begin = _TRIGGER - DAY // 12
    rows = [contact(f"anna{letter}@contoso.example", begin + ord(letter) * 1_000_000) for letter in "bcdfghjk"]
    rows += [contact("real@contoso.example", begin + DAY // 24, outcome="exists_bad_secret", code="50126")]
    (found,) = decide(rows, Context(compiled()), ["email_enumeration"]).findings
    assert found.verdict == LOW
    return found


def told(outcome: Outcome) -> list[str]:
    return [one["subject"] for one in outcome.sent.get("email", [])]


def test_a_finding_is_told_once_and_again_when_it_has_risen(engines_of_both: Engines, finding: Verdict) -> None:
    def run(verdict: Verdict) -> list[str]:
        put_verdicts(engines_of_both.searched, [verdict])
        return told(engines_of_both.execute(WATCH, iso(_TRIGGER)))

    name = f"(email_enumeration, {finding.finding_id})"
    assert run(finding) == [f"enumwatch: {LOW} {name}"]
    assert run(finding) == []
    assert run(replace(finding, score=finding.score + 1)) == []  # more of the same is no news
    assert run(replace(finding, verdict=HIGH)) == [f"enumwatch: {HIGH} {name}"]
    assert run(replace(finding, verdict=MODERATE)) == []
    assert run(replace(finding, verdict=HIGH)) == []  # it was as bad before
    kept = engines_of_both.searched.get(index=NOTICES, id=finding.finding_id)["_source"]["finding"]
    assert (kept["verdict"], kept["detection"]) == (HIGH, "email_enumeration")


def test_what_was_withdrawn_or_belongs_to_another_detection_is_not_told(
    engines_of_both: Engines, finding: Verdict
) -> None:
    client = engines_of_both.searched
    (document,) = put_verdicts(client, [finding])
    withdrawn = {**document, "enumwatch": {**document["enumwatch"], "withdrawn_at": iso(_TRIGGER)}}
    client.index(index=VERDICTS, id=finding.finding_id, document=withdrawn, refresh=True)
    put_verdicts(client, [replace(finding, finding_id="ew-other", detection="password_spray")])
    assert not engines_of_both.execute(WATCH, iso(_TRIGGER)).is_met


def test_a_notice_has_the_finding_s_own_values(engines_of_both: Engines, finding: Verdict) -> None:
    put_verdicts(engines_of_both.searched, [replace(finding, compromised_accounts=["real@contoso.example"])])
    (mail,) = engines_of_both.execute(WATCH, iso(_TRIGGER)).sent["email"]
    text = mail["body"]["text"]
    assert mail["to"] == ["soc@contoso.example"]
    assert f"Finding {finding.finding_id} of tenant contoso, 2026-03-20T10:" in text
    assert finding.reasons[0] in text
    assert "every attempt of 203.0.113.9 from" in text
    assert "Watch real@contoso.example for 14 days" in text
    assert "Reset passwords and revoke sessions of real@contoso.example. (when E4)" in text
    assert "{" not in text


def test_a_notice_says_what_containment_would_break_before_what_to_do(
    engines_of_both: Engines, finding: Verdict
) -> None:
    office = {"cidr": "203.0.113.0/24", "tenant": "*", "kind": "corporate"}
    shared = replace(finding, evidence=replace(finding.evidence, success_share=0.9))
    cautions = cautions_of(shared.to_dict(), context(networks=[office]))
    put_verdicts(engines_of_both.searched, [shared], cautions)
    sent = engines_of_both.execute(TELLING, iso(_TRIGGER)).sent
    texts = [
        sent["email"][0]["body"]["text"],
        sent["slack"][0]["message"]["attachments"][0]["text"],
        json.loads(sent["webhook"][0]["body"])["text"],
    ]
    wanted = [f"Caution before containment: {one}." for one in sorted(cautions)]
    assert len(wanted) == 2
    for text in texts:
        told = [line for line in text.splitlines() if line.startswith("Caution")]
        assert told == wanted
        assert text.index(wanted[-1]) < text.index("Escalate when")
    assert json.loads(sent["webhook"][0]["body"])["cautions"] == sorted(cautions)
    assert sent["pagerduty"][0]["description"].endswith(f"Caution before containment: {'; '.join(sorted(cautions))}")


def test_a_notice_without_cautions_has_no_line_for_them(engines_of_both: Engines, finding: Verdict) -> None:
    put_verdicts(engines_of_both.searched, [finding])
    sent = engines_of_both.execute(TELLING, iso(_TRIGGER)).sent
    assert "Caution" not in json.dumps(sent)


def test_more_findings_than_one_run_tells_are_told_by_the_next_ones_worst_first(
    engines_of_both: Engines, finding: Verdict
) -> None:
    many = [replace(finding, finding_id=f"ew-{number:02}") for number in range(30)]
    many += [replace(finding, finding_id=f"ew-high{number}", verdict=HIGH) for number in range(3)]
    put_verdicts(engines_of_both.searched, many)
    runs = [told(engines_of_both.execute(WATCH, iso(_TRIGGER))) for _ in range(3)]
    assert [len(one) for one in runs] == [20, 13, 0]
    assert all(HIGH in subject for subject in runs[0][:3])
    assert len({*runs[0], *runs[1]}) == 33


def test_every_detection_has_a_watch_that_executes(engines_of_both: Engines, finding: Verdict) -> None:
    detections = sorted(compiled()["detections"])
    verdicts: dict[str, Any] = {"success_after_enumeration": COMPROMISE}
    for name in detections:
        one = replace(finding, finding_id=f"ew-{name}", detection=name, verdict=verdicts.get(name, LOW))
        put_verdicts(engines_of_both.searched, [one])
        outcome = engines_of_both.execute(BODIES[f"enumwatch-verdicts-{name.replace('_', '-')}"], iso(_TRIGGER))
        assert told(outcome) == [f"enumwatch: {one.verdict} ({name}, ew-{name})"]
