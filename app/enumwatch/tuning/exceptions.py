"""Exceptions: what each allowlist entry removed, what expired ones would remove, and which new ones suggest themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..core.allowlist import Allowlist, Entry
from ..core.context import Context
from ..core.decide import Decision, decide
from ..core.times import DAY
from ..core.wildcard import has_wildcard
from .told import Told, difference, told_of
from .trying import Log

# An entry by agent covers whoever has that browser.
_EVERYBODYS_AGENT = "mozilla/"
_FINDINGS, _DAYS = 2, 3
MOST_PROPOSED = 5
_ORDER = ("ip", "actor", "app_id", "user_agent")
_NEVER = "9999-12-31"


@dataclass(frozen=True)
class Use:
    """What one entry removed, or would have removed had it not expired: events and findings."""

    entry: Entry
    events: int
    findings: int
    is_expired: bool


@dataclass(frozen=True)
class Suggestion:
    """An entry that would remove findings which look caused by the owner's own machines; a person must vouch for it."""

    type: str
    value: str
    tenant: str
    detections: tuple[str, ...]
    findings: int
    days: int
    removed: Sequence[Told]


def uses(log: Log, context: Context, asked: Iterable[str], decision: Decision) -> list[Use]:
    """What each entry of the allowlist removed, in the order of the file; expired ones as if they held until the end."""
    done = {one.entry: (one.events, one.findings) for one in decision.suppressions}
    expired = context.allowlist.expired(log.last)
    made = [Use(one, *done.get(one, (0, 0)), False) for one in context.allowlist.entries if one not in expired]
    if expired:
        renewed = {one: one._replace(expires=log.last + 1) for one in expired}
        entries = [renewed.get(one, one) for one in context.allowlist.entries]
        again = decide(log.contacts, _with(context, entries), sorted(asked), False, log.arrivals)
        hidden = {one.entry: (one.events, one.findings) for one in again.suppressions}
        made += [Use(one, *hidden.get(renewed[one], (0, 0)), True) for one in expired]
    return sorted(made, key=lambda one: one.entry.line)


def suggestions(log: Log, context: Context, asked: Iterable[str], now: Sequence[Told]) -> list[Suggestion]:
    """Entries that would remove what the same address, account, application or agent raises again and again.

    Each is decided on its own, and one that would remove or weaken a finding that must be told is left out.
    """
    made: list[Suggestion] = []
    covered: set[str] = set()
    for (tenant, sort, value), findings in _candidates(now):
        fresh = [one for one in findings if one.finding_id not in covered]
        if len(made) == MOST_PROPOSED:
            break
        if not _is_again(fresh):
            continue
        detections = tuple(sorted({one.detection for one in findings}))
        entry = Entry(sort, value, tenant.lower(), (), "", "", None, log.last + DAY, "", 0, "", _NEVER)
        entries = [*context.allowlist.entries, entry._replace(line=_after(context))]
        again = decide(log.contacts, _with(context, entries), sorted(asked), False, log.arrivals)
        found = difference(now, [told_of(one) for one in again.findings])
        if not found.lost or found.hides_an_attack:
            continue
        covered |= {one.finding_id for one in found.lost}
        days = len({day for one in found.lost for day in range(one.start // DAY, one.end // DAY + 1)})
        made.append(Suggestion(sort, value, tenant, detections, len(found.lost), days, found.lost))
    return made


def _with(context: Context, entries: Iterable[Entry]) -> Context:
    return replace(context, allowlist=Allowlist(list(entries)))


def _after(context: Context) -> int:
    return max((one.line for one in context.allowlist.entries), default=1) + 1


def _is_again(findings: Sequence[Told]) -> bool:
    """True for what came back, or went on day after day."""
    return len(findings) >= _FINDINGS or any(one.days >= _DAYS for one in findings)


def _candidates(now: Iterable[Told]) -> list[tuple[tuple[str, str, str], list[Told]]]:
    """Doubtful findings by what they accuse: most findings first, of equal ones the narrowest sort of entry."""
    found: dict[tuple[str, str, str], list[Told]] = {}
    for one in now:
        if not one.is_sure and len(one.actor) <= 1:
            for sort, value in one.who | ({("user_agent", one.agent)} if one.agent else set()):
                if not has_wildcard(value) and not (
                    sort == "user_agent" and value.lower().startswith(_EVERYBODYS_AGENT)
                ):
                    found.setdefault((one.tenant, sort, value), []).append(one)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), _ORDER.index(pair[0][1]), pair[0]))
