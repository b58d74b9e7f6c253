"""The rulebook's commands: each takes `out`, which prints one line, and returns an exit code."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from .load import Rulebook, load
from .problems import RuleProblems
from .show import listing, show

Out = Callable[[str], None]


def check(directory: Path | None, out: Out) -> int:
    """Check the shipped rules, with those of a folder added if one is given; 0 if they are sound, 2 if not."""
    rulebook = loaded(directory, out)
    if rulebook is None:
        return 2
    for line in (*rulebook.notes, *(f"warning: {warning}" for warning in rulebook.warnings)):
        out(line)
    counts = ((rulebook.detections, "detection"), (rulebook.sources, "source"), (rulebook.playbooks, "playbook"))
    text = ", ".join(f"{len(group)} {name}{'' if len(group) == 1 else 's'}" for group, name in counts)
    out(f"{text}: no problems")
    return 0


def list_rules(out: Out, directory: Path | None = None) -> int:
    """List every rule; 0, or 2 where the rules cannot be used."""
    rulebook = loaded(directory, out)
    if rulebook is None:
        return 2
    for line in listing(rulebook).splitlines():
        out(line)
    return 0


def show_rule(id: str, out: Out, directory: Path | None = None) -> int:
    """Show one rule; 0, or 2 where there is no such rule or the rules cannot be used."""
    rulebook = loaded(directory, out)
    if rulebook is None:
        return 2
    try:
        text = show(id, rulebook)
    except KeyError:
        known = [*rulebook.detections, *rulebook.sources, *rulebook.playbooks]
        near = get_close_matches(id, known, 1)
        out(
            f'There is no rule "{id}": ' + (f'did you mean "{near[0]}"?' if near else "enumwatch rules list shows all.")
        )
        return 2
    for line in text.splitlines():
        out(line)
    return 0


def loaded(directory: Path | None, out: Out) -> Rulebook | None:
    """Return the rules with those of a folder; None, after saying why, where they cannot be used."""
    try:
        return load(extra=directory)
    except RuleProblems as error:
        for problem in error.problems:
            out(str(problem))
        count = len(error.problems)
        out(f"{count} problem{'' if count == 1 else 's'}: repair {'it' if count == 1 else 'them'} and check again")
        return None
