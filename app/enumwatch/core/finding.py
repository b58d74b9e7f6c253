"""Finding: turns an open incident into the verdicts worth telling, one id from the first alarm to the close."""

from __future__ import annotations

from typing import AbstractSet, Dict, Iterable, Iterator, List, Optional, Tuple

from .context import Context
from .evidence import Evidence
from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY, Incident
from .intelligence import Report
from .judge import Findings, Judgement, Ladder, confidence, judge, score
from .measure import measure
from .observation import Observation
from .reasons import reasons
from .times import to_iso
from .told import Told
from .verdict import COMPROMISE, Actor, Verdict, finding_id, rank


class Reporter:
    """Follows incidents and tells an update when the verdict, the accounts or (by doubling) the names changed."""

    def __init__(self, context: Context, asked: AbstractSet[str], with_updates: bool = True) -> None:
        self._context = context
        self._with_updates = with_updates  # without, only the last word on each incident is told
        self._asked = asked
        self._ladder = Ladder.of(context.limits(ENUMERATION))
        self._limits = {name: context.limits(name) for name in (ENUMERATION, SPRAY, GUESSING, CHAIN)}
        self._blind = context.sources_without_misses()
        self._seen: Dict[int, Incident] = {}  # number → incident

    def tell(self, incident: Incident, now: int) -> Iterator[Tuple[int, Verdict]]:
        """The update an incident is worth now, if any, with the time it would have been told."""
        self._seen[incident.number] = incident
        told, standing = incident.told, incident.standing
        if standing == told.standing:
            return
        told.standing = standing
        judged = self._judge(incident, told)
        has_risen = not told.verdict or rank(judged.verdict) < rank(told.verdict)
        has_grown = len(incident.sorts) >= 2 * told.names or len(incident.compromised) > told.accounts
        if not has_risen and not has_grown:
            return
        told.verdict, told.names, told.decided_at = judged.verdict, max(1, len(incident.sorts)), now
        told.accounts = len(incident.compromised)
        if self._with_updates and judged.detection in self._asked:
            told.observations = len(incident.observations)
            yield now, self._verdict(incident, judged, told)

    def close(self) -> Iterator[Tuple[int, Verdict]]:
        """The last word on every incident that took something in since it was last told; forgets them all."""
        for incident in self._seen.values():
            told = incident.told
            if told.observations < len(incident.observations):
                told.observations = len(incident.observations)
                judged = self._judge(incident, told)
                if judged.detection in self._asked:
                    yield max(one.time for one in incident.observations), self._verdict(incident, judged, told)
        self._seen.clear()

    def _judge(self, incident: Incident, told: Told) -> Judgement:
        sizes = (len(incident.agents), len(incident.app_ids))
        if sizes != told.tool_sizes:  # both only grow, so equal sizes mean equal sets
            told.tool_sizes = sizes
            told.tools = self._context.known_tools.matches(sorted(incident.agents), sorted(incident.app_ids))
        if self._context.intelligence.has_reports and not told.intelligence:
            told.intelligence = self._reports(incident)
        known = Findings(
            has_known_tool=any(one.risk != "high" for one in told.tools),
            has_intelligence=bool(told.intelligence),
            log_sources=len({source.split("_")[0] for source in incident.sources}),
            can_name_actor=bool(incident.place.value),
        )
        return judge(incident, self._ladder, known)

    def _reports(self, incident: Incident) -> List[Dict[str, str]]:
        now = max(one.time for one in incident.observations)
        addresses = sorted(place.value for place in incident.places if place.sort == "ip")
        lookup = self._context.intelligence.reports_on
        return [_report(one) for address in addresses for one in lookup("ip", address, now)]

    def _verdict(self, incident: Incident, judged: Judgement, told: Told) -> Verdict:
        evidence = self._evidence(incident, told)
        spelled = _spelling(incident.observations)
        rule = self._context.rulebook["detections"][judged.detection]
        names = incident.suspicious_names
        found = incident.confirmed | set(incident.compromised)
        return Verdict(
            finding_id=finding_id("place", *incident.place, incident.agent, incident.begun),
            detection=judged.detection,
            version=rule["version"],
            verdict=judged.verdict,
            score=score(judged.verdict, names),
            confidence=confidence(judged.verdict, names, evidence.absent_ratio or 0.0, len(evidence.gaps)),
            tenant=incident.place.tenant,
            actor=_actor(incident),
            window_start=incident.start,
            window_end=max(one.time for one in incident.observations),
            detected_at=told.decided_at,
            names_found=sorted(spelled[name] for name in found),
            compromised_accounts=sorted(spelled[name] for name in incident.compromised)
            if judged.verdict == COMPROMISE
            else [],
            evidence=evidence,
            reasons=reasons(incident, evidence, judged, self._limits),
            mitre=list(rule["techniques"]),
        )

    def _evidence(self, incident: Incident, told: Told) -> Evidence:
        evidence = measure(incident)
        organisation, tenant = self._context.organisation, incident.place.tenant
        tried = sorted(set(incident.sorts) | set(incident.compromised))
        kinds = {name: organisation.account_kind(name, tenant) for name in tried}
        evidence.sensitive_names = [name for name in tried if kinds[name] and kinds[name] != "decoy"]
        evidence.decoy_names = [name for name in tried if kinds[name] == "decoy"]
        evidence.tools = [{"tool": one.tool, "match": one.match, "confidence": one.confidence} for one in told.tools]
        evidence.intelligence = told.intelligence
        evidence.gaps = list(self._gaps(incident, evidence))
        return evidence

    def _gaps(self, incident: Incident, evidence: Evidence) -> Iterator[str]:
        if not incident.place.value:
            yield "The log names neither address, machine nor account, so nobody can be held to it"
        if evidence.names_hidden:
            yield f"{evidence.names_hidden} attempts at names that the log hides; how many names that is cannot be known"
        codes = sorted({one.contact.code for one in incident.observations if one.contact.outcome == "ambiguous"})
        if codes:
            yield f"The answers {', '.join(codes)} do not tell whether a name exists or a password was right"
        for source in sorted(incident.sources & self._blind):
            yield f"{source} never records names that do not exist; the share of absent names is not known"


def _spelling(observations: Iterable[Observation]) -> Dict[str, str]:
    """How the log writes each name; of several spellings the first in order."""
    found: Dict[str, str] = {}
    for one in observations:
        target = one.contact.target
        if one.name and (one.name not in found or target < found[one.name]):
            found[one.name] = target
    return found


def _report(one: Report) -> Dict[str, str]:
    return {"source": one.source, "confidence": one.confidence, "seen": to_iso(one.seen), "value": one.value}


def _only(values: Iterable[str]) -> Optional[str]:
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else None


def _actor(incident: Incident) -> Actor:
    failed = [one.contact for one in incident.observations if one.contact.outcome != "success"]
    place = incident.place
    addresses = sorted(one.value for one in incident.places if one.sort == "ip")
    return Actor(
        ip=addresses or None,
        user_agent=incident.agent,
        account=place.value if place.sort == "account" and place.value else _only(one.actor for one in failed),
        host=_only(one.value for one in incident.places if one.sort == "host"),
    )
