"""Allowing: the narrowest allowlist entry that would have suppressed a finding, and what else it would have hidden."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network

from ..core.allowlist import ENTRY_TYPES, Allowlist
from ..core.context import Context
from ..core.decide import decide
from ..core.verdict import COMPROMISE, Verdict
from ..core.wildcard import has_wildcard
from ..lookups import COLUMNS
from ..report.csv import is_formula
from ..report.visible import visible
from .trying import Log

COLUMNS_OF_ENTRY = COLUMNS["allowlist"]
_NETWORKS = ((32, 24), (128, 64))  # longest prefix of a family, and that of a network of one owner

Row = Mapping[str, str]


class NotAllowedError(Exception):
    """A finding that no entry may or can suppress; the message ends in what to do."""


@dataclass(frozen=True)
class Allowance:
    """An entry as a row of the allowlist, and what it hides in the log at hand: attempts, and findings beside the one."""

    row: Row
    attempts: int
    others: Sequence[Verdict]


def narrowest(log: Log, context: Context, finding: Verdict, given: Row) -> Allowance:
    """The entry that hides least of those that suppress the finding. `given` are reason, owner and expires.

    Raises NotAllowedError where the finding is a break-in, where every entry that suppresses it hides one, or where none
    does, where a text of `given` would act; LookupProblems where `given` makes no entry.
    """
    if finding.compromised_accounts or finding.verdict == COMPROMISE:
        raise NotAllowedError(
            f"{finding.finding_id} is a break-in, and no exception hides one: mend the accounts, then judge what is left"
        )
    for option in ("reason", "owner"):
        if not _is_plain(given[option]):
            raise NotAllowedError(
                f"--{option} holds characters that act or hide, or begins like a formula: write it in plain words"
            )
    now = decide(log.contacts, context, None, False, log.arrivals).findings
    found: list[Allowance] = []
    has_hidden_break_in = False
    for row in _rows(finding, given):
        made = _tried(log, context, finding, row, now)
        if made is None:
            continue
        if any(one.compromised_accounts for one in made.others):
            has_hidden_break_in = True
            continue
        found.append(made)
    if found:
        return min(found, key=lambda one: (one.attempts, len(one.others)))
    if has_hidden_break_in:
        raise NotAllowedError(
            f"every entry that suppresses {finding.finding_id} hides a break-in by the same actor too: look at that one first"
        )
    raise NotAllowedError(
        f"no single entry suppresses {finding.finding_id}: write one line for each of its addresses, or tune the rule"
    )


def line_of(row: Row) -> str:
    """The entry as a line of the CSV file."""
    text = io.StringIO()
    csv.DictWriter(text, COLUMNS_OF_ENTRY, lineterminator="\n").writerow(row)
    return text.getvalue()


def _tried(log: Log, context: Context, finding: Verdict, row: Row, now: Iterable[Verdict]) -> Allowance | None:
    """What an entry does; None where the finding, or another of the same actor in the same time, is still told."""
    (entry,) = Allowlist.from_rows([row]).entries
    line = max((one.line for one in context.allowlist.entries), default=1) + 1
    own = entry._replace(line=line)
    entries = [*context.allowlist.entries, own]
    after = decide(log.contacts, replace(context, allowlist=Allowlist(entries)), None, False, log.arrivals)
    if any(_is_of(one, finding) for one in after.findings):
        return None
    left = {one.finding_id for one in after.findings}
    others = [one for one in now if one.finding_id not in left and one.finding_id != finding.finding_id]
    attempts = sum(one.events for one in after.suppressions if one.entry == own)
    return Allowance(row, attempts, others)


def _is_of(one: Verdict, finding: Verdict) -> bool:
    """True for the finding itself and for what is told of its actor in its place."""
    if one.finding_id == finding.finding_id:
        return True
    has_actor = bool(set(one.actor.ip or ()) & set(finding.actor.ip or ())) and one.tenant == finding.tenant
    return has_actor and one.window_start <= finding.window_end and finding.window_start <= one.window_end


def _rows(finding: Verdict, given: Row) -> Iterator[Row]:
    """Entries that may suppress a finding, for its own rule first and then for all."""
    if not _is_plain(finding.tenant):
        return
    for detections in (finding.detection, "*"):
        for sort, value in _values(finding):
            if value and not has_wildcard(value) and sort in ENTRY_TYPES and _is_plain(value):
                made = {"type": sort, "value": value, "tenant": finding.tenant, "detections": detections, "starts": ""}
                yield {name: {**made, **given}.get(name, "") for name in COLUMNS_OF_ENTRY}


def _is_plain(text: str) -> bool:
    """True for what a table that people open may hold: all of it seen, nothing a terminal or a spreadsheet obeys."""
    return not is_formula(text) and visible(text, len(text)) == text


def _values(finding: Verdict) -> Iterator[tuple[str, str]]:
    actor, evidence = finding.actor, finding.evidence
    yield "actor", actor.account or ""
    addresses = list(actor.ip or ())
    if len(addresses) == 1:
        yield "ip", addresses[0]
    yield "app_id", actor.app_id or ""
    names = {name for some in evidence.names_sample.values() for name in some}
    if evidence.names_tried == 1 == len(names):
        yield "target", names.pop()
    if len(addresses) > 1:
        yield "cidr", _network_of(addresses)
    yield "user_agent", actor.user_agent or (evidence.user_agents_sample[0] if evidence.user_agents == 1 else "")


def _network_of(addresses: Sequence[str]) -> str:
    """The network of one owner that holds all addresses, "" where there is none."""
    for longest, prefix in _NETWORKS:
        found = {ip_network(f"{one}/{prefix}", strict=False) for one in addresses if (":" in one) == (longest == 128)}
        if len(found) == 1 and len([one for one in addresses if (":" in one) == (longest == 128)]) == len(addresses):
            return str(found.pop())
    return ""
