"""Told: the verdicts on makers of accounts and on addresses of new senders."""

from __future__ import annotations

import math
from typing import Iterable, List, Optional, Set

from ..context import Context
from ..evidence import SAMPLE_SIZE, Evidence
from ..measure import sample
from ..network import network_of
from ..times import to_iso
from ..verdict import Actor, Verdict, finding_id
from ..wording import counted, lasting
from .account import Account
from .limits import CREATION, Limits
from .making import BURST, SINGLE, Making
from .names import machine_made
from .senders import Sending
from .watch import AccountWatch

_BASE_SCORE = {BURST: 36, SINGLE: 18}
_SCORE_SPAN = 11


def making_verdict(making: Making, watch: AccountWatch, context: Context) -> Verdict:
    """The verdict on one maker as it stands now."""
    limits, key = watch.limits, making.maker
    accounts = [watch.account(key.tenant, one) for one in sorted(making.accounts)]
    evidence = _evidence(making, accounts, limits, context)
    rule = context.rulebook["detections"][CREATION]
    is_sure = making.weight >= limits.signs + 2
    return Verdict(
        finding_id=finding_id("maker", *key, making.start),
        detection=CREATION,
        version=rule["version"],
        verdict=making.verdict,
        score=_score(making.verdict, len(accounts)),
        confidence="high" if is_sure and not making.gaps else "medium" if is_sure or not making.gaps else "low",
        tenant=key.tenant,
        actor=_actor(making, evidence),
        window_start=making.start,
        window_end=making.last,
        detected_at=making.raised_at,
        accounts_created=sorted({one.written for one in accounts}),
        evidence=evidence,
        reasons=list(making.sentences),
        mitre=list(rule["techniques"]),
    )


def _actor(making: Making, evidence: Evidence) -> Actor:
    key = making.maker
    return Actor(
        account=key.value if key.sort == "account" else _only(making.creators),
        ip=evidence.addresses_sample or None,
        host=key.value if key.sort == "host" else None,
        app=_only(making.apps),
        app_id=_only(making.app_ids),
        user_agent=_only(making.agents),
    )


def _evidence(making: Making, accounts: List[Account], limits: Limits, context: Context) -> Evidence:
    mails, bounced = sum(one.mails for one in accounts), sum(one.bounced for one in accounts)
    made = [one for one in accounts if not one.is_woken]
    evidence = Evidence(
        attempts=making.events,
        accounts_made=len(made),
        accounts_woken=len(accounts) - len(made),
        accounts_deleted=sum(1 for one in accounts if one.deleted_at),
        bulk_uploads=making.bulk,
        machine_made=len(machine_made([one.local for one in made], limits.machine_names)),
        disposable_domains=_domains(one for one in accounts if one.disposable),
        lookalike_domains=_domains(one for one in accounts if one.lookalike),
        mails_sent=mails,
        recipients_outside=len({recipient for one in accounts for recipient in one.recipients}),
        bounce_share=round(bounced / mails, 3) if mails else None,
        baseline=making.baseline,
        sources=sorted(making.sources),
        gaps=list(making.gaps),
    )
    evidence.addresses, evidence.addresses_sample = sample(making.addresses)
    evidence.networks, evidence.networks_sample = sample(network_of(one) for one in making.addresses)
    evidence.countries, evidence.countries_sample = sample(making.countries)
    evidence.user_agents, evidence.user_agents_sample = sample(making.agents)
    evidence.apps, evidence.apps_sample = sample(making.apps)
    tools = context.known_tools.matches(sorted(making.agents), sorted(making.app_ids))
    evidence.tools = [{"tool": one.tool, "match": one.match, "confidence": one.confidence} for one in tools]
    for address in sorted(making.addresses):
        evidence.intelligence += [
            {"source": one.source, "confidence": one.confidence, "seen": to_iso(one.seen), "value": one.value}
            for one in context.intelligence.reports_on("ip", address, making.last)
        ]
    return evidence


def sending_verdict(sending: Sending, context: Context, limits: Limits) -> Verdict:
    """The verdict on one address of new senders as it stands now."""
    share = sending.bounced / sending.mails
    evidence = Evidence(
        attempts=sending.mails,
        mails_sent=sending.mails,
        bounce_share=round(share, 3),
        sources=sorted(sending.sources),
        gaps=[
            "No log tells of these accounts being made; that they never sent before is all that shows them to be new"
        ],
    )
    evidence.addresses, evidence.addresses_sample = sample([sending.address])
    evidence.networks, evidence.networks_sample = sample([network_of(sending.address)])
    rule = context.rulebook["detections"][CREATION]
    return Verdict(
        finding_id=finding_id("sending", sending.tenant, sending.address, sending.start),
        detection=CREATION,
        version=rule["version"],
        verdict=SINGLE,
        score=_score(SINGLE, len(sending.senders)),
        confidence="low",
        tenant=sending.tenant,
        actor=Actor(ip=[sending.address]),
        window_start=sending.start,
        window_end=sending.last,
        detected_at=sending.raised_at,
        accounts_created=sorted(sending.senders.values()),
        evidence=evidence,
        reasons=[
            f"{counted(len(sending.senders), 'sender')} without earlier mail sent from one address; fewer than {limits.burst} "
            f"in {lasting(limits.day_window)} is usual",
            f"{share:.0%} of {counted(sending.mails, 'mail')} were not delivered; up to {limits.bounce_share:.0%} is usual",
        ],
        mitre=list(rule["techniques"]),
    )


def _domains(accounts: Iterable[Account]) -> List[str]:
    return sorted({one.domain for one in accounts})[:SAMPLE_SIZE]


def _only(values: Set[str]) -> Optional[str]:
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else None


def _score(verdict: str, number: int) -> int:
    return _BASE_SCORE[verdict] + min(_SCORE_SPAN, int(math.log2(1 + number) * 1.6))
