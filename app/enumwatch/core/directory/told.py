"""Told: the verdicts on reading and probing, and when each is worth an update."""

from __future__ import annotations

import math
from typing import AbstractSet, Iterable, List, Optional

from ..context import Context
from ..evidence import SAMPLE_SIZE, Evidence
from ..measure import sample
from ..network import network_of
from ..times import to_iso
from ..verdict import Actor, Verdict, finding_id
from ..wording import lasting
from .harvest import Harvest
from .limits import GATHERING, Limits
from .probing import Probing

HARVEST, PROBING = "Directory Harvest", "Identity Probing"
_BASE_SCORE = {HARVEST: 40, PROBING: 14}
_SCORE_SPAN = 11


def harvest_verdict(harvest: Harvest, context: Context, limits: Limits) -> Verdict:
    """The verdict on one reader as it stands now."""
    evidence = _harvest_evidence(harvest, context)
    rule = context.rulebook["detections"][GATHERING]
    return Verdict(
        finding_id=finding_id("reader", harvest.tenant, harvest.reader, harvest.start),
        detection=GATHERING,
        version=rule["version"],
        verdict=HARVEST,
        score=_score(HARVEST, harvest.volume(limits)),
        confidence="high" if harvest.is_over_need else "medium" if harvest.baseline["days"] else "low",
        tenant=harvest.tenant,
        actor=Actor(
            account=harvest.reader,
            ip=evidence.addresses_sample or None,
            user_agent=_only(harvest.agents),
            app_id=_only(harvest.app_ids),
        ),
        window_start=harvest.start,
        window_end=harvest.last,
        detected_at=harvest.raised_at,
        evidence=evidence,
        reasons=list(harvest.sentences),
        mitre=list(rule["techniques"]),
    )


def _harvest_evidence(harvest: Harvest, context: Context) -> Evidence:
    evidence = Evidence(
        attempts=harvest.calls,
        objects_read=len(harvest.objects),
        pages_read=harvest.pages,
        lists_read=harvest.lists,
        sections=sorted(one for one in harvest.sections if one)[:SAMPLE_SIZE],
        sensitive_sections=sorted(harvest.sensitive)[:SAMPLE_SIZE],
        refused_share=round(harvest.refused / harvest.calls, 3),
        baseline=harvest.baseline,
        sources=sorted(harvest.sources),
        gaps=list(harvest.gaps),
    )
    _spread(evidence, harvest.addresses, harvest.countries, harvest.agents)
    _world(evidence, harvest.agents, harvest.app_ids, harvest.addresses, harvest.last, context)
    return evidence


def probing_verdict(probing: Probing, context: Context, limits: Limits) -> Verdict:
    """The verdict on one place as it stands now."""
    place, names = probing.place, probing.names
    evidence = _probing_evidence(probing, context)
    rule = context.rulebook["detections"][GATHERING]
    return Verdict(
        finding_id=finding_id("place", *place, probing.agent, probing.start),
        detection=GATHERING,
        version=rule["version"],
        verdict=PROBING,
        score=_score(PROBING, len(names)),
        confidence="medium" if len(probing.forms) > limits.forms else "low",
        tenant=place.tenant,
        actor=Actor(
            ip=[place.value] if place.sort == "ip" else None,
            host=place.value if place.sort == "host" else None,
            account=place.value if place.sort == "account" else None,
            user_agent=probing.agent,
        ),
        window_start=probing.start,
        window_end=probing.last,
        detected_at=probing.raised_at,
        names_found=_found(probing),
        evidence=evidence,
        reasons=_probing_reasons(probing, evidence, limits),
        mitre=list(rule["techniques"]),
    )


def _found(probing: Probing) -> List[str]:
    return sorted(tried.written for tried in probing.names.values() if tried.outcome.startswith("exists"))


def _probing_evidence(probing: Probing, context: Context) -> Evidence:
    place, names, existing = probing.place, probing.names, len(_found(probing))
    outcomes = [tried.outcome for tried in names.values()]
    absent = outcomes.count("not_found")
    evidence = Evidence(
        attempts=probing.attempts,
        names_tried=len(names),
        names_absent=absent,
        names_existing=existing,
        names_wrong_realm=outcomes.count("wrong_realm"),
        absent_ratio=round(absent / (absent + existing), 3) if absent + existing else None,
        attempts_per_name=round(probing.attempts / len(names), 2),
        name_pattern="forms of one name",
        sources=sorted(probing.sources),
    )
    for tried in sorted(names.values(), key=lambda one: one.written):
        evidence.names_sample.setdefault(tried.outcome, []).append(tried.written)
    addresses = {place.value} if place.sort == "ip" else set()
    _spread(evidence, addresses, probing.countries, probing.agents)
    evidence.apps, evidence.apps_sample = sample(probing.apps)
    _world(evidence, probing.agents, (), addresses, probing.last, context)
    kinds = {name: context.organisation.account_kind(name, place.tenant) for name in names}
    evidence.sensitive_names = sorted(name for name, kind in kinds.items() if kind and kind != "decoy")
    evidence.decoy_names = sorted(name for name, kind in kinds.items() if kind == "decoy")
    return evidence


def _spread(evidence: Evidence, addresses: AbstractSet[str], countries: Iterable[str], agents: Iterable[str]) -> None:
    evidence.addresses, evidence.addresses_sample = sample(addresses)
    evidence.networks, evidence.networks_sample = sample(network_of(one) for one in addresses)
    evidence.countries, evidence.countries_sample = sample(countries)
    evidence.user_agents, evidence.user_agents_sample = sample(agents)


def _probing_reasons(probing: Probing, evidence: Evidence, limits: Limits) -> List[str]:
    shown = ", ".join(probing.forms[:6])
    found = [
        f"{len(probing.forms)} forms of one person's name ({shown}) failed from one place within "
        f"{lasting(probing.raised_at - probing.start)}; "
        f"somebody unsure of their own name tries fewer than {limits.forms}"
    ]
    found.append(
        f"{probing.share:.0%} of the names that failed within the day are forms of that one; in a roll call it is below "
        f"{limits.forms_share:.0%}"
    )
    if evidence.names_existing:
        found.append(f"The answers confirmed {evidence.names_existing} of them; a person has 1 name")
    return found


def _world(
    evidence: Evidence,
    agents: Iterable[str],
    app_ids: Iterable[str],
    addresses: Iterable[str],
    at: int,
    context: Context,
) -> None:
    """Adds what is known of the actor beside the logs."""
    tools = context.known_tools.matches(sorted(agents), sorted(app_ids))
    evidence.tools = [{"tool": one.tool, "match": one.match, "confidence": one.confidence} for one in tools]
    if context.intelligence.has_reports:
        reports = [one for address in sorted(addresses) for one in context.intelligence.reports_on("ip", address, at)]
        evidence.intelligence = [
            {"source": one.source, "confidence": one.confidence, "seen": to_iso(one.seen), "value": one.value}
            for one in reports
        ]


def _only(values: Iterable[str]) -> Optional[str]:
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else None


def _score(verdict: str, number: int) -> int:
    return _BASE_SCORE[verdict] + min(_SCORE_SPAN, int(math.log2(1 + number)))
