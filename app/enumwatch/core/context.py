"""Context: what the owner and the world know beside the logs, ready for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import AbstractSet, Any, Dict, Iterable, List, Mapping

from .address import AddressBook, Naming
from .allowlist import Allowlist
from .network import NetworkTable
from .organisation import Organisation
from .tool import KnownTools


class Intelligence:
    """Addresses, networks and ASNs that a feed names; other row types are kept for other rules."""

    def __init__(self, rows: Iterable[Mapping[str, str]] = ()) -> None:
        self._networks: NetworkTable[Mapping[str, str]] = NetworkTable()
        self._asns: Dict[str, List[Mapping[str, str]]] = {}
        for row in rows:
            if row["type"] in ("ip", "cidr"):
                self._networks.add(row["value"], row)
            elif row["type"] == "asn":
                self._asns.setdefault(row["value"].upper().replace("AS", ""), []).append(row)

    def matches(self, ip: str, asn: str) -> List[Dict[str, str]]:
        """Rows of the feed for an address or its ASN, as plain values, in the order of the feed."""
        found = list(self._networks.values_of(ip)) if ip and len(self._networks) else []
        return [dict(row) for row in found + self._asns.get(asn, [])]


@dataclass(frozen=True)
class Context:
    """Everything the rules may know: compiled rulebook, lookups, how names are read."""

    rulebook: Mapping[str, Any]
    allowlist: Allowlist = field(default_factory=Allowlist)
    organisation: Organisation = field(default_factory=Organisation)
    known_tools: KnownTools = field(default_factory=KnownTools)
    intelligence: Intelligence = field(default_factory=Intelligence)

    def limits(self, detection: str) -> Mapping[str, float]:
        """Limits of one detection; durations are in seconds."""
        limits: Mapping[str, float] = self.rulebook["detections"][detection]["limits"]
        return limits

    def book(self) -> AddressBook:
        """A fresh address book that knows the owner's domains."""
        return AddressBook(Naming(own_domains=self.organisation.own))

    def sources_without_misses(self) -> AbstractSet[str]:
        """Event sources that never record a try at a name that does not exist."""
        return {
            table
            for source in self.rulebook["sources"].values()
            if source["visibility"]["misses"] == "never"
            for table in source.get("tables", [source["id"]])
        }

    def mail_sources(self) -> AbstractSet[str]:
        """Event sources in which every account has a mail address for a name."""
        return {
            table
            for source in self.rulebook["sources"].values()
            if source["visibility"].get("accounts") == "mail"
            for table in source.get("tables", [source["id"]])
        }
