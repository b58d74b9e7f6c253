"""`enumwatch triage`: one finding with the answers of its playbook and what to do next."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .inert import inert_json
from .redact import Redactor
from .scanning import EXIT_FINE, EXIT_WRONG, NOTHING_READ, redactor_of, request_of
from .speech import OperatorError, ProgressLine, output, say

if TYPE_CHECKING:
    from ..core.verdict import Verdict

WORST = "worst"
_FEWEST_LETTERS = 4
_MOST_NAMED = 5
_DETAILS = "\nLogs\n"  # what `scan` tells of each log was read there


def run_triage(options: argparse.Namespace) -> int:
    """Reads, decides, answers; returns 0, 2 where nothing could be read. Raises OperatorError."""
    from ..engines.local.scan import scan
    from ..report.terminal import summary_text

    request = replace(request_of(options), triaged=lambda findings: _asked_for(options.finding, findings))
    with ProgressLine() as progress:
        result = scan(request, progress, sys.stdin.buffer)
    redact = redactor_of(result, request) if options.redact else None
    summary = result.summary if redact is None else redact.summary(result.summary)
    say(summary_text(summary).partition(_DETAILS)[0])
    if not result.files_read:
        say(NOTHING_READ)
        return EXIT_WRONG
    chosen = finding_of(options.finding, [one.to_dict() for one in result.decision.findings])
    allow = f"enumwatch allow {chosen['finding_id']} with the same paths"
    tell_finding({**chosen, "triage": result.triages[chosen["finding_id"]]}, options, allow, redact)
    return EXIT_FINE


def tell_finding(
    row: dict[str, Any], options: argparse.Namespace, allow: str = "", redact: Redactor | None = None
) -> None:
    """Writes a finding with its triage; `allow` is the command that closes it as harmless, where there is one."""
    from ..report.playbook import playbook
    from ..report.terminal import explain

    if options.redact:
        row = (redact or Redactor()).verdict(row)
    with output(options.output) as write:
        if options.format == "json":
            write(inert_json(row, indent=2) + "\n")
        else:
            write(f"{explain(row)}\n\n{playbook(row['triage'], language=options.query)}\n")
            write(f"\n{_next(row, options, allow)}\n")


def _asked_for(asked: str, findings: Sequence[Verdict]) -> Sequence[Verdict]:
    """The finding that is asked for, or none; what is wrong with the question is told when all was read."""
    with suppress(OperatorError):
        chosen = finding_of(asked, [{"finding_id": one.finding_id} for one in findings])
        return [one for one in findings if one.finding_id == chosen["finding_id"]]
    return []


def _next(row: Mapping[str, Any], options: argparse.Namespace, allow: str) -> str:
    """Commands that go on from here; nobody is told to allow a break-in."""
    from ..core.triage import LANGUAGES

    lines = ["Next"]
    if options.query is None:
        first, *others = LANGUAGES
        lines.append(f"  searches to paste   the same with --query {first} ({', '.join(others)})")
    if allow and not row["compromised_accounts"]:
        lines.append(f"  was it harmless?    {allow}")
    lines.append("  as data             the same with --format json")
    return "\n".join(lines)


def finding_of(asked: str, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """The finding of an id, of the beginning of one, or the worst; raises OperatorError where it is not one."""
    if not findings:
        raise OperatorError(
            "there is no finding in these logs: `enumwatch scan` with the same paths says what was read"
        )
    if asked == WORST:
        return findings[0]
    found = [one for one in findings if one["finding_id"] == asked]
    if not found and len(asked) >= _FEWEST_LETTERS:
        found = [one for one in findings if one["finding_id"].startswith(asked)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one["finding_id"] for one in (found or findings)[:_MOST_NAMED])
    what = "is not one finding" if found else "is no finding of these logs"
    raise OperatorError(f"{asked!r} {what}: take one of {known}, or {WORST}")
