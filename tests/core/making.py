"""Contacts, events and contexts for tests of the core, made in one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from enumwatch.core.contact import Contact, is_plain_success
from enumwatch.core.context import Context
from enumwatch.core.decide import Decision, decide
from enumwatch.core.event import Event
from enumwatch.core.incident import Incident
from enumwatch.core.observation import Observation, observe
from enumwatch.core.organisation import Organisation
from enumwatch.core.owner import Owner
from enumwatch.core.roll_call.rules import Rules, rules_of
from enumwatch.core.scope import Limits
from enumwatch.core.success import Success, success_rows, successes
from enumwatch.core.times import SECOND, day_of, from_iso, hour_of
from enumwatch.core.tool import KnownTools
from enumwatch.core.verdict import Verdict
from enumwatch.core.watch import TenantWatch
from enumwatch.core.watching import limits_of
from enumwatch.rulebook.compiled import compiled

RULEBOOK: Mapping[str, Any] = compiled()
START = from_iso("2026-03-02T09:00:00Z")
ADDRESS = "203.0.113.9"
_TEXTS = dict.fromkeys((*Event._fields, *Contact._fields), "")


def event(seconds: float = 0, **known: Any) -> Event:
    """A failed sign-in at a name that does not exist, that many seconds after START."""
    fields: dict[str, Any] = {name: _TEXTS[name] for name in Event._fields}
    fields.update(kind="sign_in", source="entra_signin", tenant="contoso", src_ip=ADDRESS, target="a@contoso.example")
    fields.update(target_visible=True, code="50034", outcome="not_found", time=START + int(seconds * SECOND))
    return Event(**{**fields, **known})


def contact(seconds: float = 0, target: str = "a@contoso.example", lasts: float = 0, **known: Any) -> Contact:
    """A contact of such sign-ins that lasts that many seconds."""
    fields: dict[str, Any] = {name: _TEXTS[name] for name in Contact._fields}
    fields.update(kind="sign_in", source="entra_signin", tenant="contoso", src_ip=ADDRESS, target=target)
    fields.update(target_visible=True, code="50034", outcome="not_found", attempts=1)
    first = START + int(seconds * SECOND)
    fields.update(first=first, last=first + int(lasts * SECOND))
    fields.update(known)
    begin = day_of if is_plain_success(fields["kind"], fields["outcome"]) else hour_of
    fields.update({"hour": begin(fields["first"]), **known})
    return Contact(**fields)


def success(seconds: float = 0, target: str = "a@contoso.example", lasts: float = 0, **known: Any) -> Contact:
    """A contact of sign-ins that succeeded."""
    return contact(seconds, target, lasts, **{"outcome": "success", "code": "", **known})


def named(turn: int, stem: str = "absent") -> str:
    """A name that no counter made and that is like no other stem's."""
    return stem + "".join("abcdefghij"[int(digit)] for digit in f"{turn:03}") + "@contoso.example"


def names(number: int, begin: float = 0, every: float = 10, stem: str = "absent", **known: Any) -> list[Contact]:
    """One contact each with that many names."""
    return [contact(begin + every * turn, named(turn, stem), **known) for turn in range(number)]


def existing(number: int, begin: float = 0, every: float = 10, stem: str = "real", **known: Any) -> list[Contact]:
    """The same with names that exist."""
    return names(number, begin, every, stem, **{"outcome": "exists_bad_secret", "code": "50126", **known})


def context(**tables: Any) -> Context:
    """The shipped rules, with rows of the owner's tables; `known_tools` and `intelligence` are taken as they are."""
    organisation = Organisation.from_rows(
        **{name: tables.pop(name, ()) for name in ("domains", "networks", "sensitive_accounts", "approved_creators")}
    )
    return Context(rulebook=RULEBOOK, organisation=organisation, **tables)


def sensitive(account: str, kind: str) -> Mapping[str, str]:
    """A row of the table of sensitive accounts."""
    return {"account": account, "tenant": "*", "kind": kind}


def tools(*agents: str) -> KnownTools:
    """Known tools that are recognised by exactly these agents."""
    row = {"kind": "tool", "match_type": "user_agent_exact", "risk": "low", "confidence": "high"}
    return KnownTools.from_rows([{**row, "tool": agent, "pattern": agent} for agent in agents])


LIMITS: Limits = limits_of(context())
RULES: Rules = rules_of(RULEBOOK["detections"]["email_enumeration"]["limits"])


def observed(contacts: Iterable[Contact]) -> list[Observation]:
    """Observations of contacts in any order."""
    known = context()
    return observe(sorted(contacts), known.book(), known.mail_sources())


def arrived(contacts: Iterable[Contact]) -> list[Success]:
    """First successes of contacts in any order."""
    return successes(success_rows(contacts), context().book())


def owner(tenant: str = "contoso", domains: Sequence[Mapping[str, str]] = (), **account_kinds: str) -> Owner:
    """What the owner says of accounts and domains; accounts by their local part."""
    rows = [sensitive(f"{name}@contoso.example", kind) for name, kind in account_kinds.items()]
    return Owner(Organisation.from_rows(domains=domains, networks=(), sensitive_accounts=rows), tenant)


def incidents(contacts: Iterable[Contact], limits: Limits = LIMITS, **account_kinds: str) -> list[Incident]:
    """Every incident that a watch on the one tenant of these contacts opens, as it was at its last word."""
    rows = list(contacts)
    watch = TenantWatch(limits, RULES, owner(**account_kinds))
    found: dict[int, Incident] = {}
    for _, incident in watch.follow(observed(rows), arrived(rows)):
        found[incident.number] = incident
    return list(found.values())


def the_incident(contacts: Iterable[Contact], **account_kinds: str) -> Incident:
    """The only incident of these contacts."""
    (incident,) = incidents(contacts, **account_kinds)
    return incident


def findings(contacts: Iterable[Contact], known: Context | None = None) -> list[Verdict]:
    """What the enabled rules find, worst first."""
    return decide(contacts, known or context()).findings


def the_finding(contacts: Iterable[Contact], known: Context | None = None) -> Verdict:
    """The only finding of these contacts."""
    (finding,) = findings(contacts, known)
    return finding


def told(verdicts: Sequence[Verdict]) -> str:
    """Verdicts as they are written, one line each."""
    return "\n".join(json.dumps(verdict.to_dict(), ensure_ascii=False) for verdict in verdicts)


def all_told(decision: Decision) -> str:
    """Everything a decision says."""
    hidden = [f"{one.entry.where} {one.events} {one.findings}" for one in decision.suppressions]
    return "\n\n".join([*map(told, (decision.findings, decision.updates, decision.suppressed_findings)), *hidden])
