"""Subject: one finding as the questions look at it: its measures, the limits of its playbook, the logs around it."""

from __future__ import annotations

from typing import AbstractSet, Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Sequence, Set, Tuple

from ..contact import Contact
from ..context import Context
from ..times import SECOND, from_iso
from .known import Known, Reading

Finding = Mapping[str, Any]
MOST_AROUND = 20_000  # contacts around one finding; more say nothing new to any question
# Limits that say how long after a finding something still belongs to it.
_AFTER = ("found_after", "sent_after", "change_within", "active_span")


class Wanted(NamedTuple):
    """Which contacts a triage of a finding can use: any of these addresses, names or accounts within these times."""

    tenant: str
    domains: FrozenSet[str]  # of the organisation's accounts in the finding, in lower case
    addresses: FrozenSet[str]
    names: FrozenSet[str]  # in lower case
    since: int
    until: int

    def is_told_by(self, log: str) -> bool:
        """True where a log of this tenant may tell of the finding."""
        return is_told_by(log, self.tenant, self.domains)

    def told_by(self, readings: Mapping[Tuple[str, str], Reading]) -> Dict[str, Reading]:
        """From when to when each log was read that may tell of the finding; readings by tenant and source."""
        found: Dict[str, Reading] = {}
        for (tenant, source), one in readings.items():
            if self.is_told_by(tenant):
                known = found.get(source, one)
                found[source] = Reading(min(known.first, one.first), max(known.last, one.last))
        return found

    def takes(self, contact: Contact) -> bool:
        """True where a contact belongs to the finding."""
        is_near = self.since <= contact.last and contact.first <= self.until
        if not is_near or not self.is_told_by(contact.tenant):
            return False
        is_named = contact.target.lower() in self.names or contact.actor.lower() in self.names
        return is_named or contact.src_ip in self.addresses


class Subject:
    """One finding (as `Verdict.to_dict` gives it) with what is known around it. Raises KeyError for no whole finding."""

    def __init__(self, finding: Finding, context: Context, known: Known) -> None:
        rules = context.rulebook
        self.finding, self.context, self.known = finding, context, known
        self.evidence: Mapping[str, Any] = finding["evidence"]
        rule = rules["detections"][finding["detection"]]
        self.guide: str = rule["guide"]
        self.playbook: Mapping[str, Any] = rules["playbooks"][rule["playbook"]]
        self.limits: Mapping[str, float] = self.playbook["limits"]
        self.verdict: str = finding["verdict"]
        self.tenant: str = finding["tenant"]
        self.start, self.end = from_iso(finding["window_start"]), from_iso(finding["window_end"])
        self.actor: Mapping[str, Any] = finding["actor"]
        self.kinds: Sequence[str] = rules["detections"][finding["detection"]]["kinds"]
        self.logs: Mapping[str, Any] = rules["sources"]
        # Domains of the accounts that the finding names, in lower case; mail logs name their tenant so.
        named = [*self.people, self.actor["account"] or ""]
        self.domains = frozenset(name.rpartition("@")[2].lower() for name in named if "@" in name)
        self._kinds = {table: source["kinds"] for source in rules["sources"].values() for table in source["emits"]}

    @property
    def addresses(self) -> List[str]:
        """Addresses of the actor."""
        return list(self.actor["ip"] or self.evidence["addresses_sample"])

    @property
    def people(self) -> List[str]:
        """Names that the finding found, got into or made."""
        return [
            *self.finding["names_found"],
            *self.finding["compromised_accounts"],
            *self.finding["accounts_created"],
        ]

    def span(self, limit: str) -> int:
        """A limit that is a length of time, in microseconds."""
        return int(self.limits[limit] * SECOND)

    def read(self, *kinds: str) -> List[str]:
        """Logs of these kinds that were read for the time of the finding; its own logs where nothing else is known."""
        if self.known.readings is None:
            names: Iterable[str] = self.evidence["sources"]
        else:
            names = [
                name for name, one in self.known.readings.items() if one.first <= self.end and one.last >= self.start
            ]
        return sorted(name for name in names if set(kinds) & set(self._kinds.get(name, ())))

    def unread(self, *kinds: str) -> List[str]:
        """Logs of these kinds that the playbook names and that were not read."""
        read = set(self.read(*kinds))
        named = [one["source"] for one in self.playbook["log_sources"]]
        return [name for name in named if name not in read and set(kinds) & set(self._kinds.get(name, ()))]

    def around(self, *kinds: str) -> Sequence[Contact]:
        """Contacts around the finding of these kinds; nothing where none are at hand."""
        return [
            one
            for one in self.known.contacts or ()
            if one.kind in kinds and is_told_by(one.tenant, self.tenant, self.domains)
        ]

    @property
    def has_contacts(self) -> bool:
        """True where the contacts around the finding are at hand."""
        return self.known.contacts is not None

    def names_of(self, contacts: Iterable[Contact]) -> Set[str]:
        """Distinct names, as keys."""
        return {one.target.strip().lower() for one in contacts if one.target_visible and one.target.strip()}


def is_told_by(log: str, tenant: str, domains: AbstractSet[str] = frozenset()) -> bool:
    """True where a log of one tenant may tell of a finding of another: many logs name none, some name it by a domain."""
    return log == tenant or not log or not tenant or log.lower() in domains


def known_around(
    finding: Finding, context: Context, readings: Mapping[Tuple[str, str], Reading], contacts: Iterable[Contact]
) -> Known:
    """What is known around a finding, of logs that were read (by tenant and source) and contacts of whatever they told.

    Raises KeyError for no whole finding.
    """
    asked = wanted(finding, context)
    near = sorted(one for one in contacts if asked.takes(one))
    return Known(asked.told_by(readings), near[:MOST_AROUND])


def wanted(finding: Finding, context: Context) -> Wanted:
    """The contacts that a triage of this finding can use; raises KeyError for no whole finding."""
    subject = Subject(finding, context, Known())
    account = subject.actor["account"]
    names = [*subject.people, *([account] if account else [])]
    spans = [subject.span(name) for name in ("history", "earlier") if name in subject.limits]
    after = [subject.span(name) for name in _AFTER if name in subject.limits]
    return Wanted(
        tenant=subject.tenant,
        domains=subject.domains,
        addresses=frozenset(subject.addresses),
        names=frozenset(name.lower() for name in names),
        since=subject.start - max(spans, default=0),
        until=subject.end + max(after, default=0),
    )
