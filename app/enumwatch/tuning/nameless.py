"""Nameless: what `tune` tells of findings and exceptions, with other texts in place of what would name somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from .exceptions import Suggestion, Use
from .proposal import Proposal
from .told import Difference, Told

# What stands for a value, given the type of allowlist entry it would make; "tenant" is a tenant.
Tell = Callable[[str, str], str]


def nameless_uses(used: Sequence[Use], tell: Tell) -> list[Use]:
    """What entries removed, their values told otherwise."""
    return [replace(one, entry=one.entry._replace(value=tell(one.entry.type, one.entry.value))) for one in used]


def nameless_suggestions(suggested: Sequence[Suggestion], tell: Tell) -> list[Suggestion]:
    """Entries to think about, their values and tenants told otherwise."""
    return [replace(one, value=tell(one.type, one.value), tenant=tell("tenant", one.tenant)) for one in suggested]


def nameless_proposal(found: Proposal, tell: Tell) -> Proposal:
    """A proposal whose lost findings accuse the same under other names."""
    lost = tuple(_told(one, tell) for one in found.difference.lost)
    weaker = tuple((_told(one, tell), verdict) for one, verdict in found.difference.weaker)
    return replace(found, difference=Difference(lost, weaker))


def values_of(used: Sequence[Use], suggested: Sequence[Suggestion], found: Proposal) -> list[str]:
    """Every value that would be told."""
    lost = [*found.difference.lost, *(one for one, _ in found.difference.weaker)]
    return [
        *(one.entry.value for one in used),
        *(one.value for one in suggested),
        *(value for one in lost for _, value in one.who),
    ]


def _told(one: Told, tell: Tell) -> Told:
    return one._replace(who=frozenset((sort, tell(sort, value)) for sort, value in one.who))
