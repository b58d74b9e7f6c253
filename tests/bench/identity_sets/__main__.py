"""`python -m tests.bench.identity_sets --seed N [--sets M]`: attacks found and false findings, by sort of actor."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from enumwatch.core.accounts.creation import account_creation
from enumwatch.core.contact import group
from enumwatch.core.context import Context
from enumwatch.core.directory.gathering import identity_gathering
from enumwatch.core.organisation import Organisation
from enumwatch.core.tool import KnownTools
from enumwatch.core.verdict import Verdict
from enumwatch.domains.known import KnownDomains, by_the_packages
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiling import compile
from enumwatch.rulebook.load import load

from . import impostors, makers, probers, readers, thieves
from .world import START, Actor, Tenant, tenants

TENANTS = 8
DETECTIONS = ("identity_gathering", "account_creation")


def actors_of(tenant: Tenant, index: int) -> list[Actor]:
    """Everybody in one tenant: a few attacks of each detection and many who only look like one."""
    found = []
    for attacks, benign in (
        ((*thieves.ATTACKS, *probers.ATTACKS), (*readers.BENIGN, *probers.BENIGN)),
        (impostors.ATTACKS, makers.BENIGN),
    ):
        turn = index * 3
        found += [attacks[(turn + step) % len(attacks)](tenant) for step in range(3)]
        found += [benign[(index * 6 + step) % len(benign)](tenant) for step in range(6)]
    return found


class World:
    """One seed's tenants and actors, and what the rules say of them."""

    def __init__(self, seed: int) -> None:
        self.tenants = tenants(seed, TENANTS)
        self.actors = [actor for index, tenant in enumerate(self.tenants) for actor in actors_of(tenant, index)]
        Random(seed).shuffle(self.actors)

    @property
    def tenant_days(self) -> int:
        return sum(tenant.days for tenant in self.tenants)

    def findings(self) -> list[Verdict]:
        """Final findings of both rules over the logs of all tenants, each to the end of its own log."""
        ends = {tenant.name: tenant.end for tenant in self.tenants} | {one.domain: one.end for one in self.tenants}
        declared = {
            (actor.tenant, key)
            for actor in self.actors
            if actor.is_declared and actor.detection == DETECTIONS[0]
            for key in actor.keys
        }
        events = [event for actor in self.actors for event in actor.events if START <= event.time < ends[event.tenant]]
        rows = [row for row in group(sorted(events)) if (row.tenant, row.actor.lower()) not in declared]
        context = self._context()
        told = [*identity_gathering(rows, context, False), *account_creation(rows, context, False)]
        return list({verdict.finding_id: verdict for _, verdict in sorted(told, key=lambda one: one[0])}.values())

    def _context(self) -> Context:
        tables: dict[str, list[dict[str, str]]] = {}
        for tenant in self.tenants:
            for name, rows in tenant.lookups().items():
                tables.setdefault(name, []).extend(rows)
        tables["approved_creators"] = [
            {"actor": key, "tenant": actor.tenant, "kind": "user"}
            for actor in self.actors
            if actor.is_declared and actor.detection == DETECTIONS[1]
            for key in sorted(actor.keys)
        ]
        lookups, owner = load_lookups(), Organisation.from_rows(**tables)
        domains = KnownDomains(
            lookups.rows("free_mail"), lookups.rows("disposable_domains"), owner.own, (), by_the_packages
        )
        return Context(
            compile(load()),
            organisation=owner,
            known_tools=KnownTools(lookups.known_tools.rows),
            mail_domain=domains.mail_domain,
            lookalike=domains.lookalike,
        )


def owner_of(finding: Verdict, actors: Sequence[Actor]) -> Actor | None:
    """The actor that a finding is about: attacks first, because one may act through somebody's account."""
    named = {(finding.actor.account or "").lower(), (finding.actor.app or "").lower(), *(finding.actor.ip or ())}
    for label in ("attack", "benign"):
        for actor in actors:
            is_about = actor.tenant == finding.tenant and actor.detection == finding.detection and actor.keys & named
            if actor.label == label and is_about and finding.window_end >= actor.since:
                return actor
    return None


def lines(seeds: Sequence[int]) -> Iterator[str]:
    """The result over several seeds, as text."""
    found: Counter[tuple[str, str]] = Counter()
    all_attacks: Counter[tuple[str, str]] = Counter()
    benign: Counter[str] = Counter()
    false: Counter[tuple[str, str]] = Counter()
    days = 0
    for seed in seeds:
        world = World(seed)
        days += world.tenant_days
        attacks = [actor for actor in world.actors if actor.label == "attack"]
        all_attacks.update((actor.detection, actor.sort) for actor in attacks)
        benign.update(actor.detection for actor in world.actors if actor.label == "benign")
        hit = set()
        for finding in world.findings():
            actor = owner_of(finding, world.actors)
            if actor is not None and actor.label == "attack":
                hit.add(id(actor))
            else:
                false[finding.detection, actor.sort if actor else f"nobody: {finding.actor}"] += 1
        found.update((actor.detection, actor.sort) for actor in attacks if id(actor) in hit)
    for name in DETECTIONS:
        wanted = sum(number for key, number in all_attacks.items() if key[0] == name)
        got = sum(number for key, number in found.items() if key[0] == name)
        wrong = sum(number for key, number in false.items() if key[0] == name)
        yield (
            f"{name}: found {got} of {wanted} attacks ({got / wanted:.1%}), {wrong} false findings by {benign[name]} benign "
            f"actors in {days} tenant-days ({wrong / days:.3f} a tenant-day)"
        )
        for key in sorted(one for one in all_attacks if one[0] == name):
            yield f"  {key[1]:20} {found[key]} of {all_attacks[key]}"
        for key in sorted(one for one in false if one[0] == name):
            yield f"  false: {key[1]:20} {false[key]}"


def main() -> None:
    """Prints the result; seeds are N, N + 2, ... so that even and odd ones never mix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2, help="even seeds were tuned on, odd ones never")
    parser.add_argument("--sets", type=int, default=1, help="how many seeds of that half")
    given = parser.parse_args()
    for line in lines([given.seed + 2 * turn for turn in range(given.sets)]):
        print(line)


if __name__ == "__main__":
    main()
