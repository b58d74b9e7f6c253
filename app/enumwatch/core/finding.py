"""Finding: turns an open incident into the verdicts worth telling, one id from the first alarm to the close."""

from __future__ import annotations

from operator import attrgetter
from typing import AbstractSet, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from .bounds import Bounds, Cut
from .context import Context
from .evidence import Evidence
from .gaps import gaps
from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY, Incident
from .intelligence import Report
from .judge import Findings, Ladder, Turn, confidence, judge, score_of, turn_of
from .judgement import Judgement
from .measure import add_behaviour, measure
from .observation import Observation
from .reasons import reasons
from .scope import EXISTING
from .times import HOUR, day_of, to_iso
from .told import Told
from .tool import is_recognised
from .traits import ALL_TRAITS, OF_PACE, Behaviour, TraitLimits, behaviour_of
from .usual import Usual
from .verdict import COMPROMISE, Actor, Verdict, finding_id, rank

_time, _attempts = attrgetter("time"), attrgetter("attempts")


class Reporter:
    """Follows incidents and tells an update when the verdict, the accounts or (by doubling) the names changed."""

    def __init__(
        self,
        context: Context,
        asked: AbstractSet[str],
        usual: Usual,
        with_updates: bool = True,
        cuts: Sequence[Cut] = (),
    ) -> None:
        self._context = context
        self._with_updates = with_updates  # without, only the last word on each incident is told
        self._asked = asked
        self._usual = usual
        self._cuts = cuts  # what was not followed of the tenant
        self._ladder = Ladder.of(context.limits(ENUMERATION))
        self._trait_limits = TraitLimits.of(context.limits(ENUMERATION))
        self._limits = {name: context.limits(name) for name in (ENUMERATION, SPRAY, GUESSING, CHAIN)}
        self._blind = context.sources_without_misses()
        self._seen: Dict[int, Incident] = {}  # number → incident
        self._turns: Dict[int, Turn] = {}  # number → what it was last judged by

    def tell(self, incident: Incident, now: int) -> Sequence[Tuple[int, Verdict]]:
        """The update an incident is worth now, if any, with the time it would have been told."""
        self._seen[incident.number] = incident
        told, standing = incident.told, incident.standing
        before, told.standing = told.standing, standing
        if standing == before:
            return ()
        if told.usual_before != day_of(incident.start):
            # Now, while the days before are still known.
            told.usual_before, told.usual = day_of(incident.start), self._usual.absent_names(incident.start)
        has_grown = len(incident.sorts) >= 2 * told.names or len(incident.compromised) > told.accounts
        is_one_more = standing[1:] == before[1:]  # nothing but one more name, as most tries of a roll call are
        if not self._is_turned(incident, is_one_more) and not has_grown:
            return ()
        judged = self._judge(incident, told)
        has_risen = not told.verdict or rank(judged.verdict) < rank(told.verdict)
        if not has_risen and not has_grown:
            return ()
        told.verdict, told.names, told.decided_at = judged.verdict, max(1, len(incident.sorts)), now
        told.accounts, told.actor = len(incident.compromised), _extent(incident)
        if not self._with_updates:
            told.score = self._score(incident, judged, told)
            return ()
        behaviour = behaviour_of(incident, self._trait_limits)
        told.score = self._score(incident, judged, told, behaviour)
        if judged.detection not in self._asked:
            return ()
        told.observations = len(incident.observations)
        return [(now, self._verdict(incident, judged, told, behaviour, told.score, now))]

    def _is_turned(self, incident: Incident, is_one_more: bool) -> bool:
        """Whether an incident may have to be judged anew; reports on its addresses may come to hold at any time."""
        before = self._turns.get(incident.number)
        if self._context.intelligence.has_reports and not incident.told.intelligence:
            return True
        if is_one_more and before is not None and before.still_holds(incident):
            return False
        turn = self._turns[incident.number] = turn_of(incident, self._ladder)
        return before is None or turn.judged_by != before.judged_by

    def close(self) -> Iterator[Tuple[int, Verdict]]:
        """The last word on every incident that took something in since it was last told; forgets them all."""
        for incident in self._seen.values():
            told = incident.told
            if told.observations < len(incident.observations):
                told.observations = len(incident.observations)
                judged = self._judge(incident, told)
                if judged.detection in self._asked:
                    behaviour = behaviour_of(incident, self._trait_limits)
                    # The score of a last word is not kept: how a log is cut decides when last words are told.
                    score = self._score(incident, judged, told, behaviour)
                    end = (
                        max(map(_time, incident.observations)) + HOUR
                    )  # a flood is cut within an hour of what was followed
                    yield _known_since(incident, told), self._verdict(incident, judged, told, behaviour, score, end)
        self._seen.clear()

    def _judge(self, incident: Incident, told: Told) -> Judgement:
        sizes = (len(incident.agents), len(incident.app_ids))
        if sizes != told.tool_sizes:  # both only grow, so equal sizes mean equal sets
            told.tool_sizes = sizes
            told.tools = self._context.known_tools.matches(sorted(incident.agents), sorted(incident.app_ids))
        if self._context.intelligence.has_reports and not told.intelligence:
            told.intelligence = self._reports(incident)
        self._look_for_traits(incident, told)
        known = Findings(
            has_known_tool=is_recognised(told.tools),
            has_intelligence=bool(told.intelligence),
            log_sources=len({source.split("_")[0] for source in incident.sources}),
            can_name_actor=bool(incident.place.value),
            machine_traits=len(told.traits),
        )
        judged = judge(incident, self._ladder, known)
        if told.judged is None or rank(judged.verdict) <= rank(told.judged.verdict):
            told.judged = judged
        return told.judged  # what was said is never taken back

    def _look_for_traits(self, incident: Incident, told: Told) -> None:
        """Looks for traits of a machine once for each number of names at which they can change the verdict."""
        number, ladder = len(incident.sorts), self._ladder
        if number == told.traits_asked or ENUMERATION not in incident.raised:
            return
        if not ladder.moderate_names_with_tool <= incident.suspicious_names < ladder.moderate_names:
            return
        told.traits_asked = number
        has_more = len(incident.places) >= ladder.moderate_addresses or is_recognised(told.tools)
        if has_more or len(told.traits) >= ladder.moderate_traits:
            return
        limits, own = self._trait_limits, self._usual.pattern(incident.start)
        others = behaviour_of(incident, limits, with_pace=False).traits(limits, told.tools, own)
        if len(others) + OF_PACE < ladder.moderate_traits:
            return
        found = behaviour_of(incident, limits).traits(limits, told.tools, own)
        if len(found) > len(told.traits):
            told.traits, told.traits_names = found, number

    def _score(self, incident: Incident, judged: Judgement, told: Told, behaviour: Optional[Behaviour] = None) -> int:
        """The score of an incident; its behaviour is looked at only as far as it can change that, unless it is handed in.

        Of a roll call the names that nobody confirmed speak; what an update was worth, later words are worth too.

        A roll call asks for each name once. Who asks for the same names again and again retries, and his names weigh less.
        The agent is left out of the traits: it is the easiest to choose, and the ladder counts it already.
        """
        names = incident.denied_names if incident.is_told else incident.suspicious_names
        again = max(1.0, sum(map(_attempts, incident.observations)) / max(1, len(incident.sorts)))

        def score(traits: int) -> int:
            return max(told.score, score_of(judged.verdict, names / again, traits))

        def shown(behaviour: Behaviour) -> int:
            return len(behaviour.traits(self._trait_limits, (), self._usual.pattern(incident.start)))

        if behaviour is not None:
            return score(shown(behaviour))
        if score(0) == score(ALL_TRAITS):
            return score(0)
        without_pace = shown(behaviour_of(incident, self._trait_limits, with_pace=False))
        if score(without_pace) == score(without_pace + OF_PACE):
            return score(without_pace)
        return score(shown(behaviour_of(incident, self._trait_limits)))

    def _reports(self, incident: Incident) -> List[Dict[str, str]]:
        now = max(map(_time, incident.observations))
        addresses = sorted(place.value for place in incident.places if place.sort == "ip")
        lookup = self._context.intelligence.reports_on
        return [_report(one) for address in addresses for one in lookup("ip", address, now)]

    def _verdict(
        self, incident: Incident, judged: Judgement, told: Told, behaviour: Behaviour, score: int, until: int
    ) -> Verdict:
        evidence = self._evidence(incident, told, judged, behaviour, until)
        spelled = _spelling(incident.observations)
        rule = self._context.rulebook["detections"][judged.detection]
        names = incident.suspicious_names
        found = incident.confirmed | set(incident.compromised)
        return Verdict(
            finding_id=finding_id("place", *incident.place, incident.agent, incident.begun),
            detection=judged.detection,
            version=rule["version"],
            verdict=judged.verdict,
            score=score,
            confidence=confidence(judged.verdict, names, evidence.absent_ratio or 0.0, len(evidence.gaps)),
            tenant=incident.place.tenant,
            actor=_actor(incident),
            window_start=incident.start,
            window_end=max(map(_time, incident.observations)),
            detected_at=told.decided_at,
            names_found=sorted(spelled[name] for name in found),
            compromised_accounts=sorted(spelled[name] for name in incident.compromised)
            if judged.verdict == COMPROMISE
            else [],
            evidence=evidence,
            reasons=reasons(
                incident, evidence, judged, self._limits, self._context.actors.of_technique(rule["playbook"])
            ),
            mitre=list(rule["techniques"]),
        )

    def _evidence(
        self, incident: Incident, told: Told, judged: Judgement, behaviour: Behaviour, until: int
    ) -> Evidence:
        evidence = measure(incident)
        organisation, tenant = self._context.organisation, incident.place.tenant
        tried = sorted(set(incident.sorts) | set(incident.compromised))
        listed = tried if organisation.lists_accounts(tenant) else ()
        kinds = {name: organisation.account_kind(name, tenant) for name in listed}
        evidence.sensitive_names = [name for name, kind in kinds.items() if kind and kind != "decoy"]
        evidence.decoy_names = [name for name, kind in kinds.items() if kind == "decoy"]
        evidence.tools = [{"tool": one.tool, "match": one.match, "confidence": one.confidence} for one in told.tools]
        evidence.intelligence = told.intelligence
        self._add_behaviour(evidence, incident, told, judged, behaviour)
        evidence.gaps = list(
            gaps(incident, evidence, self._blind, self._cuts, Bounds.of(self._limits[ENUMERATION]), until)
        )
        return evidence

    def _add_behaviour(
        self, evidence: Evidence, incident: Incident, told: Told, judged: Judgement, behaviour: Behaviour
    ) -> None:
        add_behaviour(evidence, behaviour)
        own = self._usual.pattern(incident.start)
        evidence.machine_traits = behaviour.traits(self._trait_limits, told.tools, own)
        unseen = self._usual.unseen_share(incident.sorts, incident.start)
        evidence.unseen_share = None if unseen is None else round(unseen, 3)
        evidence.baseline = dict(told.usual)
        if own is not None:
            evidence.baseline.update(name_pattern=own.form, name_pattern_share=round(own.share, 3))
        is_spray = bool(incident.counts[EXISTING]) and SPRAY in {judged.detection, *incident.raised}
        is_distributed = is_spray and evidence.addresses >= self._ladder.moderate_addresses
        playbook = self._context.rulebook["detections"][judged.detection]["playbook"]
        tools = {one.tool for one in told.tools}
        evidence.actors_consistent = self._context.actors.consistent(playbook, tools, is_distributed)


def _extent(incident: Incident) -> Tuple[int, int, int]:
    """What names the actor, to compare: it only grows."""
    return len(incident.places), len(incident.agents), len(incident.app_ids)


def _known_since(incident: Incident, told: Told) -> int:
    """When all that names the actor in a last word was known."""
    if told.actor == _extent(incident):
        return told.decided_at
    if told.actor[1:] == _extent(incident)[1:]:
        return max(told.decided_at, *incident.places.values())
    return max(told.decided_at, *(one.time for one in incident.observations))


def _spelling(observations: Iterable[Observation]) -> Dict[str, str]:
    """How the log writes each name; of several spellings the first in order."""
    found: Dict[str, str] = {}
    for _, _, name, _, _, contact in observations:
        target = contact.target
        if name and found.setdefault(name, target) > target:
            found[name] = target
    return found


def _report(one: Report) -> Dict[str, str]:
    return {"source": one.source, "confidence": one.confidence, "seen": to_iso(one.seen), "value": one.value}


def _only(values: Iterable[str]) -> Optional[str]:
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else None


def _actor(incident: Incident) -> Actor:
    acting = {one.contact.actor for one in incident.observations if one.contact.outcome != "success"}
    place = incident.place
    addresses = sorted(one.value for one in incident.places if one.sort == "ip")
    return Actor(
        ip=addresses or None,
        user_agent=incident.agent,
        account=place.value if place.sort == "account" and place.value else _only(acting),
        host=_only(one.value for one in incident.places if one.sort == "host"),
    )
