"""Cases on stage: their events, lookups and verdicts, with nothing installed.

Python 3.9 syntax and nothing but the standard library, the core and what of the domains needs no more, so that every
interpreter the core supports can run it. As a script it reads {"rulebook", "tables", "cases"} as JSON from standard
input and writes, by the title of each case, everything that is not as the case expects.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.contact import Contact, group
from enumwatch.core.context import Context
from enumwatch.core.decide import Decision, decide
from enumwatch.core.event import Event
from enumwatch.core.intelligence import Intelligence
from enumwatch.core.organisation import Organisation
from enumwatch.core.outcome import OutcomeTable
from enumwatch.core.times import SECOND, from_iso
from enumwatch.core.tool import KnownTools
from enumwatch.domains.known import KnownDomains
from enumwatch.domains.parts import Registrable

Json = Mapping[str, Any]

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NUMBERED = re.compile(r"\{n(?::(\d+))?\}")
_DEFAULTS = {"kind": "sign_in", "source": "entra_signin", "tenant": "contoso"}
_TEXTS = [name for name in Event._fields if name not in ("time", "target_visible", "outcome")]
_OWNER_TABLES = ("domains", "networks", "sensitive_accounts", "approved_creators")


class Stage:
    """A rulebook and the shipped tables, on which cases are played one after another."""

    def __init__(self, rulebook: Json, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.rulebook = rulebook
        self._outcomes = OutcomeTable.from_rows(tables["outcomes"])
        self._tools = KnownTools.from_rows(tables["known_tools"])
        self._providers = {
            table: source["provider"] for source in rulebook["sources"].values() for table in source["emits"]
        }

    def with_rulebook(self, rulebook: Json) -> Stage:
        """The same stage under other rules of the same sources."""
        other = Stage.__new__(Stage)
        other.__dict__.update(self.__dict__, rulebook=rulebook)
        return other

    def decision(self, case: Json) -> Decision:
        """What the case's events lead to under all enabled rules; under its own where that is off unless asked for."""
        own = case["detection"]
        asked = None if self.rulebook["detections"][own]["enabled"] else [own]
        return decide(self.contacts(case), self.context(case), asked)

    def differences(self, case: Json) -> list[str]:
        """Everything in which the case's one finding (or none) is not what the case expects."""
        found = [verdict.to_dict() for verdict in self.decision(case).findings]
        wanted = case["expect"]
        if wanted["verdict"] == "No Finding":
            return ["no finding expected, found " + _named(found)] if found else []
        if len(found) != 1:
            return ["one finding expected, found " + (_named(found) or "none")]
        differences = []
        for key, value in wanted.items():
            actual = _value(found[0], key)
            if actual != value:
                differences.append(f"{key}: expected {value!r}, found {actual!r}")
        return differences

    def contacts(self, case: Json) -> list[Contact]:
        """The contacts of the case's events."""
        return group(self.events(case))

    def events(self, case: Json) -> Iterator[Event]:
        """The case's events, group after group."""
        for one in case["events"]:
            begin = from_iso(one["at"])
            for number in range(int(one.get("times", 1))):
                yield self._event(one, number, begin + number * _seconds(one.get("every", "60s")) * SECOND)

    def _event(self, one: Json, number: int, time: int) -> Event:
        texts = {name: _text(one.get(name, _DEFAULTS.get(name, "")), number) for name in _TEXTS}
        provider = self._providers[texts["source"]]
        outcome = self._outcomes.outcome(provider, texts["code"], _text(one.get("reason", ""), number))
        return Event(time=time, target_visible=one.get("target_visible", True), outcome=outcome, **texts)

    def context(self, case: Json) -> Context:
        """The core's context under the shipped tables and the case's own."""
        tables = case.get("lookups", {})
        owner = Organisation.from_rows(**{name: tables.get(name, ()) for name in _OWNER_TABLES})
        lists = tables.get("free_mail", ()), tables.get("disposable_domains", ())
        domains = KnownDomains(*lists, owner.own, owner.partners | owner.retired, _comparing)
        return Context(
            rulebook=self.rulebook,
            allowlist=Allowlist.from_rows(tables.get("allowlist", ())),
            organisation=owner,
            mail_domain=domains.mail_domain,
            lookalike=domains.lookalike,
            known_tools=KnownTools.from_rows(tables["known_tools"]) if "known_tools" in tables else self._tools,
            intelligence=Intelligence.from_rows(
                threat_intel=tables.get("threat_intel", ()), exposed_addresses=tables.get("exposed_addresses", ())
            ),
        )


def _comparing() -> tuple[Any, Any]:
    """How look-alikes are told without the packages for it: 0 looks like o, and the last label is the suffix."""
    return lambda text: text.replace("0", "o"), _split


def _split(domain: str) -> Registrable:
    rest, _, suffix = domain.rpartition(".")
    subdomain, _, name = rest.rpartition(".")
    return Registrable(subdomain, name, suffix)


def _seconds(duration: str) -> int:
    return int(duration[:-1]) * _UNIT_SECONDS[duration[-1]]


def _text(value: Any, number: int) -> str:
    if isinstance(value, (list, tuple)):
        value = value[number % len(value)]
    return _NUMBERED.sub(lambda found: format(number + 1, "0" + found.group(1) if found.group(1) else ""), value)


def _value(finding: Json, key: str) -> Any:
    """A value of a finding by the key a case uses: of the verdict, of its actor (dotted) or of its evidence."""
    head, dot, rest = key.partition(".")
    if dot:
        return finding[head][rest]
    return finding[key] if key in finding else finding["evidence"][key]


def _named(findings: Sequence[Json]) -> str:
    return ", ".join("{verdict} ({detection})".format(**finding) for finding in findings)


def title(case: Json) -> str:
    """How a case is called everywhere."""
    return "{detection}: {name}".format(**case)


def main() -> None:
    """Plays the cases of standard input."""
    given: dict[str, Any] = json.load(sys.stdin)
    stage = Stage(given["rulebook"], given["tables"])
    json.dump({title(case): stage.differences(case) for case in given["cases"]}, sys.stdout)


if __name__ == "__main__":
    main()
