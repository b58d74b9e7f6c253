"""The published threshold rule, unchanged: hourly groups of address, client and agent with many names."""

from __future__ import annotations

import math
from typing import Dict, Iterable, Iterator, List, Mapping, Tuple

from .contact import Contact
from .context import Context
from .evidence import Evidence
from .judge import score_of
from .times import HOUR, minutes_between
from .verdict import HIGH, LOW, MODERATE, Actor, Verdict, finding_id

DETECTION = "published_threshold"
CONFIDENCE = "medium"
REASON = "{names} names in the clock hour, {rate} a minute; the rule's limit is {limit:.0f} names"
GAP = "This rule does not tell names that exist from names that do not"


def published_threshold(contacts: Iterable[Contact], context: Context) -> Iterator[Verdict]:
    """One verdict for each (address, client, agent, clock hour) with enough distinct names, most names first.

    Names are counted as the log writes them, and tenants are not told apart, because the rule does neither.
    """
    rule = context.rulebook["detections"][DETECTION]
    codes, sources = set(rule["codes"]), set(rule["sources"])
    groups: Dict[Tuple[str, str, str, int], List[Contact]] = {}
    for contact in contacts:
        if contact.code in codes and contact.source in sources and contact.src_ip:
            hour = contact.first - contact.first % HOUR
            groups.setdefault((contact.src_ip, contact.client_app, contact.user_agent, hour), []).append(contact)
    found = []
    for key, rows in groups.items():
        names = {row.target for row in rows}
        if len(names) >= rule["limits"]["names"]:
            found.append((-len(names), key, names, rows))
    for _, key, names, rows in sorted(found):
        yield _verdict(key, sorted(names), rows, rule)


def _verdict(
    key: Tuple[str, str, str, int], names: List[str], rows: List[Contact], rule: Mapping[str, object]
) -> Verdict:
    limits: Mapping[str, float] = rule["limits"]  # type: ignore[assignment]
    address, client_app, user_agent, _ = key
    name = HIGH if len(names) >= limits["high_names"] else MODERATE if len(names) >= limits["moderate_names"] else LOW
    tenants = {row.tenant for row in rows}
    evidence = _evidence(names, rows, limits)
    last = max(row.last for row in rows)
    return Verdict(
        finding_id=finding_id(DETECTION, *key),
        detection=DETECTION,
        version=rule["version"],  # type: ignore[arg-type]
        verdict=name,
        score=score_of(name, len(names)),
        confidence=CONFIDENCE,
        tenant=tenants.pop() if len(tenants) == 1 else "",
        actor=Actor(ip=[address], user_agent=user_agent or None, client_app=client_app or None),
        window_start=min(row.first for row in rows),
        window_end=last,
        detected_at=last,
        evidence=evidence,
        reasons=[REASON.format(names=len(names), rate=f"{evidence.names_per_minute:g}", limit=limits["names"])],
        mitre=list(rule["techniques"]),  # type: ignore[call-overload]
    )


def _evidence(names: List[str], rows: List[Contact], limits: Mapping[str, float]) -> Evidence:
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    attempts = sum(row.attempts for row in rows)
    apps = sorted({row.app for row in rows if row.app})
    agents = sorted({row.user_agent for row in rows if row.user_agent})
    return Evidence(
        attempts=attempts,
        names_tried=len(names),
        attempts_per_name=round(attempts / len(names), 2),
        names_per_minute=rate_per_minute(len(names), first, last),
        minutes=minutes_of(first, last),
        addresses=1,
        addresses_sample=[rows[0].src_ip],
        user_agents=len(agents),
        user_agents_sample=agents,
        apps=len(apps),
        apps_sample=apps[: int(limits["sample_apps"])],
        names_sample={"tried": names[: int(limits["sample_names"])]},
        sources=sorted({row.source for row in rows}),
        gaps=[GAP],
    )


def minutes_of(first: int, last: int) -> int:
    """Minutes of a group as the rule counts them: minute boundaries crossed, plus one."""
    return minutes_between(first, last) + 1


def rate_per_minute(names: int, first: int, last: int) -> float:
    """Names per minute as the rule computes it: two decimals, halves up."""
    return math.floor(names / minutes_of(first, last) * 100 + 0.5) / 100
