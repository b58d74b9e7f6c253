"""Table: what every threshold would have raised a day, for people; 80 columns wide."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..core.times import to_iso
from ..report.layout import clipped, wrapped
from ..report.visible import visible
from ..rulebook.detection import Detection
from ..rulebook.limit import Limit
from ..rulebook.ranges import in_words, written
from .exceptions import Suggestion, Use
from .proposal import Proposal
from .thresholds import FACTORS, Setting, Threshold, group_of, thresholds_of
from .told import Told, counted
from .trying import Tried

WIDTH = 80
_NAME, _CELL = 26, 10
_LISTED = 12
_LONGEST = 400
_COLUMNS = (*(one for one in FACTORS if one < 1), 1.0, *(one for one in FACTORS if one > 1))
_NOW = _COLUMNS.index(1.0)


def ladders(tried: Tried, rules: Mapping[str, Detection], asked: Iterable[str]) -> Iterator[str]:
    """Lines of the table: for each threshold its values, and beneath them findings a day and who they are about."""
    heads = "".join(f"{'now' if factor == 1 else f'x{factor:g}':>{_CELL}}" for factor in _COLUMNS)
    told = ""
    for threshold in thresholds_of(sorted(set(asked) - set(tried.silent))):
        if threshold.detection != told:
            told = threshold.detection
            yield ""
            yield f"{told:<{_NAME}}{heads}"
        yield from _ladder(tried, threshold, rules[told].limits[threshold.limit])
    for name in tried.silent:
        yield ""
        yield f"{name}: nothing in these logs that this rule reads, so nothing to tune"


def _ladder(tried: Tried, threshold: Threshold, limit: Limit) -> Iterator[str]:
    by_factor: dict[float, tuple[float, Sequence[Told]]] = {1.0: (limit.number, tried.now)}
    for setting, told in tried.by_setting.items():
        if setting.threshold == threshold:
            by_factor[setting.factor] = (setting.number, told)
    rows: list[list[str]] = [[], [], []]
    group = group_of(threshold.detection)[0]
    for factor in _COLUMNS:
        if factor not in by_factor:
            cells = ["-", "", ""]
        else:
            number, told = by_factor[factor]
            found = counted(told, group, threshold.verdict)
            actors = {(one.tenant, one.actor) for one in found}
            tenants = {one.tenant for one in found}
            value = written(number, limit)
            shown = value if isinstance(value, str) else f"{value:g}"
            cells = [shown, f"{len(found) / tried.days:.2f}", f"{len(actors)}/{len(tenants)}"]
        for row, cell in zip(rows, cells, strict=True):
            row.append(f"{cell:>{_CELL}}")
    counts = "findings a day" if not threshold.verdict else f"{threshold.verdict.split()[0]}+ a day"
    if len({(row, who) for row, who in zip(rows[1], rows[2], strict=True) if row.strip()}) == 1:
        # Most thresholds decide nothing in most logs; a line says so.
        rows[1], rows[2] = [f"{rows[1][_NOW].strip():>{_CELL}}", "  with every value"], []
    for name, row in zip((f"  {limit.name}", f"    {counts}", "    actors/tenants"), rows, strict=True):
        if row:
            yield f"{clipped(name, _NAME):<{_NAME}}{''.join(row)}"


def exceptions(used: Sequence[Use], suggested: Sequence[Suggestion]) -> Iterator[str]:
    """Lines about the allowlist: what each entry removed, what expired ones would, and entries to think about."""
    yield ""
    yield "Allowlist"
    for use in used:
        yield from wrapped(_use(use), WIDTH, "  ", "    ")
    if not used:
        yield "  no entries"
    for one in suggested:
        yield from wrapped(_suggestion(one), WIDTH, "  ", "    ")
    if suggested:
        yield "  An entry hides attacks from there too: add one only for what you know to be"
        yield "  yours, to enumwatch_allowlist.csv, with a reason, an owner and an expiry:"
        yield from entry_lines(suggested)


def entry_lines(suggested: Iterable[Suggestion]) -> Iterator[str]:
    """A commented row of the allowlist for each suggestion; what only a person can say is left to fill in."""
    for one in suggested:
        text = io.StringIO()
        row = [one.type, one.value, one.tenant, "|".join(one.detections), "<reason>", "<owner>", "", "<expires>"]
        csv.writer(text, lineterminator="").writerow(row)
        yield f"# {visible(text.getvalue(), _LONGEST)}"


def _use(use: Use) -> str:
    entry = use.entry
    name = f"{visible(entry.where, 60)} {entry.type} {visible(entry.value, 60)}"
    amount = f"{use.findings} finding{'' if use.findings == 1 else 's'} ({use.events} events)"
    if use.is_expired:
        return f"{name}: expired {visible(entry.expires_text, 30)}; until the end of these logs it would have removed {amount}"
    if not use.events:
        return f"{name}: removed nothing; take it out unless you still expect it"
    return f"{name}: removed {amount}"


def _suggestion(one: Suggestion) -> str:
    amount = f"{one.findings} finding{'' if one.findings == 1 else 's'} on {one.days} day{'' if one.days == 1 else 's'}"
    return f"is {one.type} {visible(one.value, 120)} yours? An entry would have removed {amount}"


def proposal(found: Proposal, rules: Mapping[str, Detection]) -> Iterator[str]:
    """Lines about the proposed setting: what changes, what it costs and what would no longer be told."""
    yield ""
    yield "Proposed setting"
    start = f"findings of less than high confidence, any of which may be false: {found.before:.2f} a day"
    yield from wrapped(f"{start}; at most {found.budget:g} a day are asked for", WIDTH, "  ", "  ")
    if found.before <= found.budget:
        yield "  the limits stay as they are"
        return
    if not found.settings:
        yield "  no threshold takes any of them away without losing an attack: look at"
        yield "  the allowlist above, or into the findings themselves"
        return
    for setting in found.settings:
        yield f"  {change(setting, rules)}"
    rest = "" if found.is_within_budget else "; more cannot be taken away without losing an attack"
    yield from wrapped(f"then {found.after:.2f} a day{rest}", WIDTH, "  ", "  ")
    yield "  no longer told:"
    yield from (clipped(f"    {line}", WIDTH) for line in _few(losses(found)))


def change(setting: Setting, rules: Mapping[str, Detection]) -> str:
    """One proposed value in words: "email_enumeration.address_level: 12 points instead of 8 points"."""
    limit = rules[setting.threshold.detection].limits[setting.threshold.limit]
    now, then = in_words(limit.number, limit), in_words(setting.number, limit)
    return f"{setting.threshold.detection}.{limit.name}: {then} instead of {now}"


def losses(found: Proposal) -> Iterator[str]:
    """One line for each finding that the proposal hides or tells as less."""
    for one in found.difference.lost:
        yield line_of(one)
    for one, verdict in found.difference.weaker:
        yield f"{line_of(one)}, told as {verdict}"


def line_of(one: Told) -> str:
    """A finding in a line: its id, verdict, actor and time."""
    who = ", ".join(visible(value, 60) for _, value in one.actor[:2]) or "nobody in particular"
    more = f" and {len(one.actor) - 2} more" if len(one.actor) > 2 else ""
    return f"{one.finding_id} {one.verdict}: {who}{more}, {to_iso(one.start)[:16]}"


def _few(lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    yield from every[:_LISTED]
    if len(every) > _LISTED:
        yield f"and {len(every) - _LISTED} more; --output writes them all"
