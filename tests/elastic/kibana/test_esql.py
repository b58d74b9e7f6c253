"""The ES|QL of the rules: good for three versions, and meaning what the core says. No node here can execute it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.cases.shipped import cases, rulebook, tables
from tests.cases.staging import Stage

from enumwatch.core.contact import TIME_FIELDS, Contact
from enumwatch.core.times import DAY, HOUR
from enumwatch.core.verdict import HIGH, LOW, MODERATE, Verdict
from enumwatch.elastic.kibana import esql
from enumwatch.elastic.kibana.rules import shipped
from enumwatch.elastic.names import CONTACT_FIELD

from .judging import VERSIONS, judged

QUERIES = {rule["rule_id"]: rule["query"] for rule in shipped() if rule["type"] == "esql"}
DOCS = Path(__file__).parents[3] / "docs"
SAFELY_INSIDE = 5 * 60_000  # milliseconds after the full hour


def row_of(contact: Contact) -> dict[str, Any]:
    """A contact as a row of its index; dates there have milliseconds."""
    return {
        f"{CONTACT_FIELD}.{name}": value // 1000 if name in TIME_FIELDS else value
        for name, value in contact._asdict().items()
    }


def stage_of(detection: str) -> list[tuple[dict[str, Any], list[Contact], list[Verdict]]]:
    """The cases of a detection without lookups of their own: the case, its contacts and what the core finds in them."""
    stage = Stage(rulebook(), tables())
    own = [case for case in cases() if case["detection"] == detection and not case["lookups"]]
    return [(case, stage.contacts(case), stage.decision(case).findings) for case in own]


# What the judge must complain of, and how.
OFFENDERS = {
    "EsqlSchemaError": "FROM a | WHERE enumwatch.contact.no_such_field IS NULL | STATS n = COUNT(*) BY source.ip | KEEP n",
    "EsqlTypeMismatchError": "FROM a | WHERE enumwatch.contact.`first` == 5 | STATS n = COUNT(*) BY source.ip | KEEP n",
    "EsqlSemanticError": "FROM a | STATS n = COUNT(*) BY source.ip",
}


def documented() -> dict[str, str]:
    """The queries that the docs show."""
    found = {}
    for path in sorted(DOCS.glob("elastic*.md")):
        for place, text in enumerate(
            re.findall(r"^```esql\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        ):
            found[f"{path.name} {place}"] = text
    return found


def test_every_query_is_good_for_every_version_and_the_judge_sees_offenders() -> None:
    good = {**QUERIES, **documented()}
    assert len(QUERIES) == 4 < len(good)
    faults = judged({**good, **OFFENDERS})["faults"]
    assert {name: faults[name] for name in good} == {name: [] for name in good}
    for complaint in OFFENDERS:
        assert len(faults[complaint]) == len(VERSIONS)
        assert all(complaint in fault for fault in faults[complaint])


def test_published_rule_means_what_the_core_says() -> None:
    query = QUERIES["enumwatch-published-contacts"]
    plays, expected = {}, {}
    for case, contacts, verdicts in stage_of("published_threshold"):
        for hour in {contact.first // HOUR for contact in contacts}:
            at = (hour + 1) * HOUR // 1000 + SAFELY_INSIDE
            plays[f"{case['name']} {hour}"] = {"query": query, "rows": [row_of(one) for one in contacts], "now": at}
        expected[case["name"]] = sorted(_as_told(verdict) for verdict in verdicts)
    found: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for name, rows in judged(play=plays)["played"].items():
        found[name.rpartition(" ")[0]] |= {row[esql.GROUP]: _as_counted(row) for row in rows}
    assert {name: sorted(found[name].values()) for name in expected} == expected
    assert sum(map(len, expected.values())) > 5


# Of the cases of one address within a day, what counting alone tells otherwise, and why.
COUNTS_MORE = {
    "sixteen names that nobody has are what people type into a reset portal": "does not look at the application",
    "a federation fault sends names in a form no account has": "does not look at the form of a name",
    "a federation fault sends the tenant's own names as its guests": "does not look at the form of a name",
    "a load test with names that say so": "does not look at the form of a name",
    "seven names of a counter that nobody here has": "does not look at the form of a name",
}
COUNTS_LESS = {
    "names tried four times each are still a roll call": "leaves out names that are tried again at any time",
    "an actor that retries more names than devices do": "leaves out names that are tried again, however many they are",
}
LADDER = (LOW, MODERATE, HIGH)


def test_one_address_by_counts_means_what_the_core_says() -> None:
    query = QUERIES["enumwatch-address-contacts"]
    own = {
        case["name"]: (contacts, findings)
        for case, contacts, findings in stage_of("email_enumeration")
        if contacts and len({one.src_ip for one in contacts}) == 1 and contacts[0].src_ip and _span(contacts) <= DAY
    }
    plays = {name: {"query": query, "rows": [row_of(one) for one in rows], "now": 0} for name, (rows, _) in own.items()}
    equal = 0
    for name, rows in judged(play=plays)["played"].items():
        told = [one for one in own[name][1] if one.verdict in LADDER and _denied(one)]
        counted = [(row["source.ip"], *(row[f"Esql.names_{sort}"] for sort in SORTS)) for row in rows]
        if name in COUNTS_MORE or name in COUNTS_LESS:
            assert (len(counted), len(told)) == ((1, 0) if name in COUNTS_MORE else (0, 1)), name
            continue
        assert counted == [(*(one.actor.ip or ()), *_names(one)) for one in told], name
        # Tools, traits of a machine and sensitive names raise a verdict; counting knows nothing of them.
        lower = [
            LADDER.index(row["Esql.verdict"]) <= LADDER.index(one.verdict) for row, one in zip(rows, told, strict=True)
        ]
        assert all(lower), name
        equal += [row["Esql.verdict"] for row in rows] == [one.verdict for one in told]
    assert len(own) > 40
    assert equal > 40


SORTS = ("absent", "existing", "wrong_realm")


def _names(verdict: Verdict) -> tuple[int, ...]:
    return tuple(getattr(verdict.evidence, f"names_{sort}") for sort in SORTS)


def _denied(verdict: Verdict) -> int:
    return verdict.evidence.names_absent + verdict.evidence.names_wrong_realm


def _span(contacts: list[Contact]) -> int:
    return max(one.last for one in contacts) - min(one.first for one in contacts)


def _as_told(verdict: Verdict) -> tuple[Any, ...]:
    evidence, actor = verdict.evidence, verdict.actor
    names, apps = (evidence.names_sample or {}).get("tried", []), evidence.apps_sample or []
    times = verdict.window_start // 1000, verdict.window_end // 1000
    who = (actor.ip or [""])[0], actor.user_agent or "", actor.client_app or ""
    counts = evidence.names_tried, evidence.attempts, evidence.minutes, evidence.names_per_minute
    return (*who, verdict.verdict, *counts, *times, names, apps)


def _as_counted(row: dict[str, Any]) -> tuple[Any, ...]:
    who = row["source.ip"], row["user_agent.original"], row["Esql.client_app"]
    counts = (row[f"Esql.{name}"] for name in ("names_tried", "attempts", "minutes", "names_per_minute"))
    times = row["Esql.window_start"], row["Esql.window_end"]
    apps = [one for one in _many(row["Esql.apps"]) if one]
    return (*who, row["Esql.verdict"], *counts, *times, _many(row["Esql.names"]), apps)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
