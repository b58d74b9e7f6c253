"""`enumwatch tune`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .redact import Redactor
from .scanning import EXIT_WRONG, codes_of, exit_code_of, request_of
from .speech import OperatorError, ProgressLine, check_outputs, output, say


def run_tune(options: argparse.Namespace) -> int:
    """Reads once, decides under many settings, prints ladders and a proposal; returns 0, or 2 where nothing was read."""
    from ..engines.garbage import no_garbage_search
    from ..report.terminal import summary_text

    request = request_of(options)
    if not options.budget >= 0:
        raise OperatorError("--budget is below 0: give how many false alerts a day you can look at, such as 0.5")
    _check_target(options)
    with no_garbage_search(), ProgressLine() as progress:
        made = _reckoned(options, request, progress)
    say(summary_text(made["summary"]))
    if made["read"] and "lines" not in made:
        say("There is nothing in these logs that a rule reads: give `tune` logs of sign-ins, the directory or mail")
        return EXIT_WRONG
    if "lines" in made:
        sys.stdout.writelines(f"{line}\n" for line in made["lines"])
        _write(options, made)
    return exit_code_of(options, made["read"], made["unreadable"], ())


def _check_target(options: argparse.Namespace) -> None:
    if options.output is None:
        return
    if not options.output.endswith(".yml"):
        raise OperatorError(f"--output {options.output!r} is no overlay: name a file that ends in .yml")
    check_outputs(options.paths, {"--output": options.output})


def _reckoned(options: argparse.Namespace, request: Any, progress: ProgressLine) -> dict[str, Any]:
    """Everything that is told in the end; `lines` is missing where the logs hold no contact."""
    from ..core.decide import Decision
    from ..engines.local.scan import context_of, counted, needed
    from ..engines.local.stand_ins import names_in
    from ..engines.local.summary import summarise
    from ..tuning.trying import Log

    context = context_of(request)
    with counted(request, progress, sys.stdin.buffer) as (contacts, reports):
        rows, arrivals, _ = needed(contacts, context, request)
        span = contacts.span()
        summary = summarise(contacts, reports, Decision(), context, request.rulebook)
        redact = Redactor(codes_of(request.lookups)) if options.redact else None
        if redact is not None:
            summary = redact.summary_of(summary, names_in(contacts))
        made: dict[str, Any] = {
            "summary": summary,
            "read": sum(1 for report in reports if report.is_read),
            "unreadable": sum(1 for report in reports if not report.is_whole),
        }
        if span is None:
            return made
        made.update(_tuned(options, Log(rows, arrivals, *span), context, progress, redact))
    summary["findings"] = len(made["tried"].now)
    return made


def _tuned(
    options: argparse.Namespace, log: Any, context: Any, progress: ProgressLine, redact: Redactor | None
) -> dict[str, Any]:
    from ..engines.local.side_by_side import side_by_side
    from ..rulebook.load import load
    from ..tuning import exceptions, table
    from ..tuning.proposal import propose
    from ..tuning.trying import told_under, try_settings

    rules = load(extra=Path(options.rules) if options.rules else None).detections
    known = context.rulebook["detections"]
    asked = options.detection or [name for name, rule in known.items() if rule["enabled"]]
    begun = time.monotonic()
    progress("deciding under other settings")
    tried = try_settings(log, context, rules, asked, side_by_side)
    seconds = time.monotonic() - begun
    progress("looking for exceptions")
    used = exceptions.uses(log, context, asked, tried.decision)
    suggested = exceptions.suggestions(log, context, asked, tried.now)
    found = propose(tried, rules, options.budget, lambda chosen: told_under(log, context, asked, chosen))
    if redact is not None:
        used, suggested, found = _nameless(log, used, suggested, found, redact)
    lines = [
        f"{len(tried.by_setting)} other settings tried in {seconds:.0f} s",
        f"{len(tried.now)} finding{'' if len(tried.now) == 1 else 's'} in {log.days:.1f} days with the limits as they are",
        *(["the logs are large, so fewer values of each threshold were tried"] if tried.is_shortened else []),
        *table.ladders(tried, rules, asked),
        *table.exceptions(used, suggested),
        *table.proposal(found, rules),
    ]
    return {"lines": lines, "tried": tried, "found": found, "suggested": suggested, "rules": rules}


def _nameless(log: Any, used: Any, suggested: Any, found: Any, redact: Redactor) -> tuple[Any, Any, Any]:
    from ..tuning import nameless

    names = (name for row in log.contacts for name in (row.target, row.actor))
    redact.learn_quoted(names, nameless.values_of(used, suggested, found))
    tell = redact.entry_value
    return (
        nameless.nameless_uses(used, tell),
        nameless.nameless_suggestions(suggested, tell),
        nameless.nameless_proposal(found, tell),
    )


def _write(options: argparse.Namespace, made: Mapping[str, Any]) -> None:
    from ..tuning.overlay_text import has_limits, overlay_text

    if options.output is None:
        sys.stdout.write("\nNext: --output tuned/proposal.yml writes this as an overlay for --rules tuned.\n")
        return
    if not has_limits(made["found"], made["rules"]):
        # A file without a limit would stop every later run with --rules.
        say(f"{options.output} is not written: there is no limit to change")
        return
    with output(options.output) as write:
        write(overlay_text(made["found"], made["suggested"], made["rules"], ", ".join(options.paths or ["-"])))
    folder = Path(options.output).parent
    replaced = sorted({rule.tuned_by for rule in made["rules"].values() if rule.tuned_by} - {options.output})
    if replaced:
        say(f"{options.output} holds what {', '.join(replaced)} changed too: take the older away before you use it")
    sys.stdout.write(f"\nNext: read {options.output}, then scan with --rules {folder}.\n")
