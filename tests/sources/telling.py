"""Tells every scenario of a log in one file of one form, reads it as a scan does, says what should come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from enumwatch.core.contact import Contact, without_echoes
from enumwatch.core.context import Context
from enumwatch.core.decide import Decision, decide
from enumwatch.engines.local.scan import Request, context_of, counted
from enumwatch.engines.local.summary import summarise
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import SHAPES, SimEvent
from enumwatch.simulate import scenarios as all_scenarios
from enumwatch.simulate.event import DAY, SECOND, microseconds
from enumwatch.simulate.population import Organisation
from enumwatch.simulate.run import DEFAULT_START, Told, tell, write_beside, write_source
from enumwatch.simulate.shapes import Desk

RULEBOOK = compiled()
SEED, USERS = 7, 60
SPACING = 14 * DAY  # longer than any scenario, so that the time of a contact says which scenario it is of
# Enough to be what the scenario is, few enough for 37 forms.
EVENTS = {"office": 250, "load_test": 250, "shared_egress": 300, "leavers_phones": 400, "account_burst": 160}
FORMS = [(source, form) for source, shape in SHAPES.items() for form in shape.forms]

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """One scenario inside a file: what happened, since when, and what its answer key says."""

    told: Told
    start: int
    truth: dict[str, Any]
    lookups: Path

    @property
    def id(self) -> str:
        return self.told.scenario.id


@dataclass(frozen=True)
class Reading:
    """What was made of one file."""

    source: str
    form: str
    path: Path
    parts: dict[str, Part]
    written: int
    contacts: list[Contact]
    summary: dict[str, Any]

    def of(self, part: Part) -> list[Contact]:
        """Contacts of one scenario."""
        return [one for one in self.contacts if part.start <= one.first < part.start + SPACING]

    def decided(self, part: Part) -> Decision:
        """What a scan of this scenario alone decides."""
        return decide(self.of(part), context(part.lookups))


@lru_cache
def context(lookups: Path | None) -> Context:
    """The context of a run with these lookups."""
    return context_of(Request([], RULEBOOK, load_lookups(lookups)))


def read(source: str, form: str, folder: Path) -> Reading:
    """Simulates every scenario of a source in one form, and reads the file."""
    shape = SHAPES[source]
    told = []
    for number, scenario in enumerate(one for one in all_scenarios() if source in one.sources):
        start = microseconds(DEFAULT_START) + number * SPACING
        organisation = Organisation(SEED + number, 0, USERS)
        told.append(
            (start, tell(scenario, shape, organisation, seed=SEED, start=start, events=EVENTS.get(scenario.id)))
        )
    path, labels, truths = write_source(folder, shape, "story", [each for _, each in told], seed=SEED, form=form)
    parts = {}
    for (start, each), truth in zip(told, truths, strict=True):
        beside = folder / each.scenario.id
        write_beside(beside, [path], [], [truth], [each])
        parts[each.scenario.id] = Part(each, start, truth, beside / "lookups")
    request = Request([str(path)], RULEBOOK, load_lookups(), threads=2)
    with counted(request, lambda _: None) as (contacts, reports):
        everything = list(contacts.everything())
        summary = summarise(contacts, reports, Decision(), context_of(request), RULEBOOK)
    return Reading(source, form, path, parts, len(labels), everything, summary)


def expected_rows(source: str, part: Part) -> list[Row]:
    """(kind, place, name, outcome, time) of all that should be counted of a scenario, by the simulator's truth."""
    return [row for event in kept(source, part) for row in _rows(source, event, part.told.organisation)]


def kept(source: str, part: Part) -> list[SimEvent]:
    """The events of a scenario that leave a record in this log."""
    organisation = part.told.organisation
    desk = Desk(Random(0), {organisation.tenant: organisation}, 0)
    return [event for event in part.told.events if SHAPES[source].render(event, desk)]


def _rows(source: str, event: SimEvent, organisation: Organisation) -> list[Row]:
    shape = SHAPES[source]
    if event.kind not in ("sign_in", "autodiscover"):
        return [(event.kind, shape.doer(event), _object(source, event), "", event.time)]
    outcome, name, time = shape.seen(event), shape.shown(event), event.time
    if outcome == "noise":
        return []
    place = event.src_ip
    if source == "windows_security":
        place = "inside" if event.host.startswith("WS-") else event.src_ip
        is_logon = event.client_app != "Kerberos" and not event.host.startswith("WS-")
        if is_logon and event.answer in ("not_found", "exists_bad_secret", "ambiguous"):
            time += 1000  # the server notes the refusal a moment after the domain controller
    if event.kind == "autodiscover" and event.detail == "xml":
        user = f"{organisation.netbios}\\{name.partition('@')[0]}"
        return [(event.kind, place, "", "ambiguous", time), (event.kind, place, user, "success", time)]
    return [(event.kind, place, name, outcome, time)]


def _object(source: str, event: SimEvent) -> str:
    if source == "graph_activity":
        path = {"page": "users", "groups": "groups", "roles": "directoryRoles", "one": f"users/{event.target}"}
        return f"/v1.0/{path[event.detail]}"
    if source == "windows_security":
        return f"%{{{event.target}}}" if event.kind == "directory_read" else event.target.partition("@")[0]
    return event.target


def seen_rows(contacts: Iterable[Contact]) -> list[tuple[Row, int, int, int]]:
    """The same four facts of contacts, with attempts, first and last."""
    rows = []
    for one in without_echoes(sorted(contacts)):
        is_tried = one.kind in ("sign_in", "autodiscover")
        name = one.target if one.target_visible else ""
        place = "inside" if one.src_ip.startswith("10.2") else one.src_ip or one.host
        key = (one.kind, place, name, one.outcome) if is_tried else (one.kind, one.actor, one.target, "")
        rows.append((key, one.attempts, one.first, one.last))
    return rows


def summed(rows: Iterable[tuple[Row, int, int, int]], precision: int) -> dict[Row, tuple[int, int, int]]:
    """Rows of one key put together; times cut to the precision, in microseconds."""
    found: dict[Row, tuple[int, int, int]] = {}
    for key, attempts, first, last in rows:
        first, last = first - first % precision, last - last % precision
        old = found.get(key, (0, first, last))
        found[key] = (old[0] + attempts, min(old[1], first), max(old[2], last))
    return found


def expected_sums(rows: Iterable[Row], precision: int) -> dict[Row, tuple[int, int, int]]:
    return summed(((row[:4], 1, row[4], row[4]) for row in rows), precision)


# How finely a form tells the time, microseconds; a form that is not named tells it to the microsecond.
_MILLISECOND = 1000
PRECISION = {
    **{("entra_signin", form): SECOND for form in ("graph", "portal_44", "portal_56")},
    **{
        (source, "ecs"): _MILLISECOND
        for source in ("entra_signin", "entra_audit", "graph_activity", "exchange_httpproxy")
    },
    **{("m365_audit", form): SECOND for form in SHAPES["m365_audit"].forms},
    **{("okta_system", form): _MILLISECOND for form in SHAPES["okta_system"].forms},
    **{("workspace_login", form): _MILLISECOND for form in SHAPES["workspace_login"].forms},
    **{("workspace_admin", form): _MILLISECOND for form in SHAPES["workspace_admin"].forms},
    **{("iis", form): SECOND for form in ("w3c", "ecs")},
    ("exchange_httpproxy", "csv"): _MILLISECOND,
    ("windows_security", "winlogbeat"): _MILLISECOND,
    **{("windows_security", form): SECOND for form in ("nxlog", "splunk_text")},
    ("message_trace", "cmdlet"): SECOND,
}


def precision(source: str, form: str) -> int:
    return PRECISION.get((source, form), 1)
