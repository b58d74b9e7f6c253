"""Overlay text: a proposal as the overlay file that `--rules` takes, with everything it hides written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..report.visible import visible
from ..rulebook.detection import Detection
from ..rulebook.ranges import written
from .exceptions import Suggestion
from .proposal import Proposal
from .table import change, entry_lines, losses

_LONGEST = 400


def overlay_text(
    found: Proposal, suggested: Sequence[Suggestion], rules: Mapping[str, Detection], made_from: str
) -> str:
    """The file as text; without a changed limit it holds comments alone and cannot be used as an overlay."""
    lines = [f"# made by enumwatch tune from {visible(made_from, _LONGEST)}"]
    counts = f"{found.before:.2f} now, {found.after:.2f} proposed, {found.budget:g} asked for"
    lines.append(f"# findings of less than high confidence a day: {counts}")
    lines += [f"# {change(setting, rules)}" for setting in found.settings]
    hidden = list(losses(found))
    if found.settings:
        lines.append("# no longer told with these limits:" if hidden else "# nothing is hidden by these limits")
    lines += [f"#   {visible(line, _LONGEST)}" for line in hidden]
    lines += _entries(suggested)
    values = _values(found, rules)
    if not values:
        return "\n".join([*lines, "# the limits stay as they are"]) + "\n"
    lines += ["overlay: proposed by enumwatch tune", "detections:"]
    for name, limits in values.items():
        lines += [f"  {name}:", f"    version: {rules[name].version}", "    limits:"]
        lines += [f"      {limit}: {value}" for limit, value in limits.items()]
    return "\n".join(lines) + "\n"


def has_limits(found: Proposal, rules: Mapping[str, Detection]) -> bool:
    """True where the overlay would change anything, what an earlier overlay changed included."""
    return bool(_values(found, rules))


def _values(found: Proposal, rules: Mapping[str, Detection]) -> dict[str, dict[str, int | float | str]]:
    """Every value to write by rule: what is tuned already, which this file replaces, and what is proposed."""
    values: dict[str, dict[str, int | float | str]] = {}
    for name, rule in rules.items():
        for limit in rule.limits.values():
            if limit.shipped is not None:
                values.setdefault(name, {})[limit.name] = limit.value
    for setting in found.settings:
        name, limit_name = setting.threshold.detection, setting.threshold.limit
        values.setdefault(name, {})[limit_name] = written(setting.number, rules[name].limits[limit_name])
    return values


def _entries(suggested: Sequence[Suggestion]) -> Iterator[str]:
    """Entries for enumwatch_allowlist.csv; comments, because reason, owner and expiry are a person's to give."""
    if suggested:
        yield "# entries for enumwatch_allowlist.csv, if you know these to be yours; give each a reason, an owner and an expiry:"
    for one, line in zip(suggested, entry_lines(suggested), strict=True):
        yield line
        yield f"#   would have removed {one.findings} of the findings, on {one.days} days"
