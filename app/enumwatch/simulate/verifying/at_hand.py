"""At hand: what the rules say of some events by themselves, so that a miss can be told from a rule that keeps quiet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core.times import MINUTE
from ...core.verdict import Verdict
from ..verify import Expected, finding_of

if TYPE_CHECKING:
    from ...core.contact import Contact
    from ...lookups import Lookups


@dataclass(frozen=True)
class AtHand:
    """`verdict` is "" where the rules say nothing; `hidden_by` is the allowlist entry that suppressed it."""

    verdict: str
    hidden_by: Mapping[str, str] | None
    evidence: str


def decided_at_hand(
    paths: Sequence[str], expected: Expected, emits: Iterable[str], rulebook: Mapping[str, Any], lookups: Lookups
) -> AtHand:
    """What the rules say of the attack in these files, with these lookup tables and no history."""
    from ...engines.local.scan import Request, scan

    result = scan(Request(paths, rulebook, lookups))
    sources = tuple(emits)
    for told in (result.decision.findings, result.decision.suppressed_findings):
        for one in told:
            finding = finding_of(one.to_dict())
            if finding is not None and expected.is_told_by(finding, sources):
                return AtHand(one.verdict, one.suppressed_by, _of_verdict(one))
    rows: list[Contact] = result.material[0]  # type: ignore[index]
    return AtHand("", None, _of_contacts(rows, expected))


def _of_verdict(verdict: Verdict) -> str:
    evidence = verdict.evidence
    return _told(
        evidence.names_tried, evidence.names_absent, evidence.attempts, verdict.window_end - verdict.window_start
    )


def _of_contacts(contacts: Iterable[Contact], expected: Expected) -> str:
    mine = [one for one in contacts if one.src_ip in expected.addresses or one.actor.lower() in expected.accounts]
    if not mine:
        return "no event of its actor says anything to a rule"
    span = max(one.last for one in mine) - min(one.first for one in mine)
    names = {one.target for one in mine}
    absent = {one.target for one in mine if one.outcome == "not_found"}
    return _told(len(names), len(absent), sum(one.attempts for one in mine), span)


def _told(names: int, absent: int, attempts: int, span: int) -> str:
    return f"{names} names tried, {absent} of them absent, {attempts} attempts in {max(1, span // MINUTE)} minutes"
