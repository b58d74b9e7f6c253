"""The self-contained watches, executed: what they write is what the core says of the same contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tests.cases.shipped import cases, stage
from tests.engines.elastic.comparing import local_contacts
from tests.simulated import simulated

from enumwatch.core.contact import Contact
from enumwatch.core.times import DAY, day_of, from_iso
from enumwatch.core.verdict import Verdict
from enumwatch.elastic.documents import finding_json, verdict_document
from enumwatch.elastic.names import CONTACTS, VERDICTS
from enumwatch.elastic.watches.bodies import watches
from enumwatch.elastic.watches.self_contained import CUT
from enumwatch.rulebook.compiled import compiled

from .execution import Engines, Outcome
from .stage import alone, contact, in_milliseconds, iso, moved, published, put_contacts, trigger_after

BODIES = watches(compiled())
PUBLISHED = BODIES["enumwatch-contacts-published-threshold"]
ROLL_CALL = BODIES["enumwatch-contacts-email-enumeration"]

WATCHING = ("email_enumeration", "password_spray", "password_guessing", "success_after_enumeration")
# Addresses that one run goes through; cases are played together as long as they have no more.
_ADDRESSES = 25
_TRIGGER = from_iso("2026-03-20T12:00:00Z")

# What the watch computes as the core does; the rest of the evidence is the runner's.
EQUAL = (
    *("detection", "version", "verdict", "confidence", "tenant", "actor", "window_start", "window_end", "detected_at"),
    *("names_found", "accounts_created", "mitre"),
)
EQUAL_EVIDENCE = (
    *("attempts", "names_tried", "names_absent", "names_existing", "names_wrong_realm", "names_hidden", "absent_ratio"),
    *("attempts_per_name", "addresses", "addresses_sample", "countries", "countries_sample", "user_agents", "sources"),
    *("user_agents_sample", "apps", "apps_sample", "names_sample"),
)

PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("enumeration_then_success", "entra_signin"),
    ("password_spray", "entra_signin"),
    ("penetration_test", "entra_signin"),
    ("office", "entra_signin"),
    ("fast_enumeration", "okta_system"),
    ("kerberos_enumeration", "windows_security"),
)


def is_the_runners(verdict: Verdict, rows: list[Contact]) -> bool:
    """True for what the watch leaves to the runner: hidden names, names in URLs, right passwords, who signs in."""
    return (
        bool(verdict.evidence.names_hidden)
        or any(one.outcome in ("exists_good_secret", "success") for one in rows)
        or any(one.kind == "autodiscover" and one.outcome == "ambiguous" for one in rows)
    )


def differences(outcome: Outcome, contacts: Iterable[Contact], trigger: int) -> tuple[list[str], int]:
    """In what the watch's findings are not the core's, and how many were compared."""
    told = {one["_id"]: one["enumwatch"] for one in outcome.documents}
    found = alone(contacts, trigger)
    asked = {one.finding_id: one for one, rows in found if not is_the_runners(one, rows)}
    left = {one.finding_id for one, rows in found if is_the_runners(one, rows)}
    lines = [f"{name}: only the watch has it" for name in told.keys() - asked.keys() - left]
    for name, verdict in asked.items():
        if name not in told:
            lines.append(f"{name}: only the core has it, {verdict.verdict}, {verdict.evidence.names_tried} names")
            continue
        core, own = verdict.to_dict(), told[name]
        pairs = [(key, core[key], own[key]) for key in EQUAL]
        pairs += [(key, core["evidence"][key], own["evidence"][key]) for key in EQUAL_EVIDENCE]
        if CUT in own["evidence"]["gaps"]:
            pairs = [one for one in pairs if one[0] not in ("names_found", "names_sample")]
            assert set(own["names_found"]) <= set(core["names_found"])
        lines += [f"{name} {key}: core {one!r}, watch {other!r}"[:300] for key, one, other in pairs if one != other]
    return lines, len(asked)


def batches() -> Iterator[list[Contact]]:
    """The cases of the rules that watch places, each as a tenant of its own, all ending before one trigger."""
    batch: list[Contact] = []
    addresses: set[str] = set()
    for number, case in enumerate(one for one in cases() if one["detection"] in WATCHING):
        played = stage().contacts(case)
        if not played or case["lookups"]:
            continue
        played = [one._replace(tenant=f"case{number}") for one in moved(played, _TRIGGER - trigger_after(played))]
        more = {one.src_ip for one in played}
        if batch and len(addresses | more) > _ADDRESSES:
            yield batch
            batch, addresses = [], set()
        batch, addresses = batch + played, addresses | more
    yield batch


def test_what_one_address_tells_is_told_as_the_core_tells_it(engines: Engines) -> None:
    wrong, compared = [], 0
    for batch in batches():
        engines.searched.delete_by_query(index=CONTACTS, query={"match_all": {}}, refresh=True)
        put_contacts(engines.searched, batch)
        outcome = engines.execute(ROLL_CALL, iso(_TRIGGER))
        lines, count = differences(outcome, batch, _TRIGGER)
        wrong, compared = wrong + lines, compared + count
    assert wrong == []
    assert compared >= 65


@pytest.fixture(scope="module")
def contacts_of_logs(tmp_path_factory: pytest.TempPathFactory) -> list[Contact]:
    """What simulated logs hold, as an index keeps it."""
    return in_milliseconds(local_contacts(simulated(tmp_path_factory.mktemp("logs"), PLAYS))[0])


def test_simulated_logs_are_told_as_the_core_tells_them(engines: Engines, contacts_of_logs: list[Contact]) -> None:
    put_contacts(engines.searched, contacts_of_logs)
    first, last = (each(one.first for one in contacts_of_logs) for each in (min, max))
    compared = 0
    for trigger in range(day_of(first) + DAY, day_of(last) + 2 * DAY, DAY):
        lines, count = differences(engines.execute(ROLL_CALL, iso(trigger)), contacts_of_logs, trigger)
        assert lines == []
        compared += count
        told = engines.execute(PUBLISHED, iso(trigger))
        assert findings_of(told) == sorted(map(finding_json, published(contacts_of_logs, trigger)))
    assert compared


def findings_of(outcome: Outcome) -> list[str]:
    return sorted(one["enumwatch"]["finding"] for one in outcome.documents)


def published_cases() -> list[dict[str, Any]]:
    return [one for one in cases() if one["detection"] == "published_threshold"]


def test_the_published_rule_is_told_byte_by_byte(engines: Engines) -> None:
    slots = []
    for number, case in enumerate(published_cases()):
        played = stage().contacts(case)
        played = moved(played, _TRIGGER + number * 3 * DAY - day_of(trigger_after(played)))
        slots.append((case["name"], played))
        put_contacts(engines.searched, played)
    told = 0
    for name, played in slots:
        outcome = engines.execute(PUBLISHED, iso(trigger_after(played)))
        wanted = published(played, trigger_after(played))
        assert findings_of(outcome) == sorted(map(finding_json, wanted)), name
        told += len(wanted)
        # What stands in the index is what the runner would have written, field by field.
        for verdict in wanted:
            kept = engines.searched.get(index=VERDICTS, id=verdict.finding_id)["_source"]
            assert kept == verdict_document(finding_json(verdict), compiled()), name
    assert told >= 12


def test_what_was_told_before_is_written_again_and_told_no_more(engines: Engines) -> None:
    told = {**PUBLISHED, "actions": {**PUBLISHED["actions"], "tell": _ANY_ACTION}}
    begin = _TRIGGER - DAY // 24
    names = [contact(f"user{number:02}@contoso.example", begin + number * 1_000_000) for number in range(30)]
    put_contacts(engines.searched, names[:12])
    first = engines.execute(told, iso(_TRIGGER))
    again = engines.execute(told, iso(_TRIGGER))
    put_contacts(engines.searched, names)
    risen = engines.execute(told, iso(_TRIGGER))
    assert [len(one.sent["tell"]) for one in (first, again, risen)] == [1, 0, 1]
    assert first.documents == again.documents
    assert [one["_id"] for one in first.documents] == [one["_id"] for one in risen.documents]
    assert engines.searched.count(index=VERDICTS)["count"] == 1


_ANY_ACTION: dict[str, Any] = {
    "condition": {"compare": {"ctx.payload.count": {"gt": 0}}},
    "foreach": "ctx.payload.notices",
    "max_iterations": 50,
    "tell": {"text": "{{{ctx.payload.text}}}"},
}


def test_where_somebody_signed_in_before_nothing_is_told(engines: Engines) -> None:
    begin = _TRIGGER - DAY // 24
    names = [contact(f"anna{letter}@contoso.example", begin + ord(letter)) for letter in "bcdfghjklm"]
    success = contact("boss@contoso.example", begin - 5 * DAY, outcome="success", code="")
    put_contacts(engines.searched, names)
    assert len(engines.execute(ROLL_CALL, iso(_TRIGGER)).documents) == 1
    put_contacts(engines.searched, [success])
    assert not engines.execute(ROLL_CALL, iso(_TRIGGER)).is_met


def test_without_contacts_nothing_happens(engines: Engines) -> None:
    for body in (PUBLISHED, ROLL_CALL):
        assert not engines.execute(body, iso(_TRIGGER)).is_met
