"""`enumwatch export`: findings handed over to other tools."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from textwrap import wrap
from typing import Any, cast

from ..core.contact import Contact
from ..core.success import SuccessRow
from ..core.times import SECOND
from ..exports import blocklist, decoys, named_location, names, navigator, ocsf
from ..exports.blocks import HANDOVER, Block, Blocks, blocks_of, handover_limits, still_held, told
from ..exports.egress import Egress
from ..exports.keeping_out import Finding, Keeper, LeftOut
from ..exports.saved import SavedError, saved_findings
from ..lookups import Lookups
from ..report.phrases import count
from ..visibility.every_log import told_of_every_log
from ..visibility.report import visibility
from .export_arguments import NAVIGATOR
from .inert import inert_json
from .inputs import lookups_of, moment_of, rulebook_of
from .redact import Redactor
from .scanning import EXIT_FINE, EXIT_WRONG, NOTHING_READ, codes_of, exit_code_of, redactor_of, request_of
from .speech import OperatorError, ProgressLine, check_outputs, output, say
from .visibility import now, rules_of_sight, told_of_files

_WIDTH = 80
_OF_ADDRESSES = frozenset({"ocsf", "stix", "blocklist", "named-location"})
_OF_LOGS = ("source", "since", "until", "threads")


@dataclass
class Job:
    """What a format is made from: findings as they may leave, and what is known beside them."""

    options: argparse.Namespace
    rulebook: Mapping[str, Any]
    lookups: Lookups
    keeper: Keeper
    findings: list[Finding]
    read: list[str] | None = None  # sources, where logs were read
    rows: Sequence[Contact] = ()
    arrivals: Sequence[SuccessRow] = ()
    redactor: Redactor = field(default_factory=Redactor)

    def blocks(self) -> Blocks:
        """Addresses and networks that may be blocked; says which may not."""
        egress = Egress(self.rows, self.arrivals) if self.read is not None else None
        return blocks_of(self.findings, self.keeper, self.rulebook, egress)

    def redacted(self) -> list[Finding]:
        """The findings, without names where that was asked for."""
        if not self.options.redact:
            return self.findings
        return self.redactor.verdicts(self.findings)


def run_export(options: argparse.Namespace) -> int:
    """Reads logs or findings, writes one format; returns 0, 2 where nothing could be read. Raises OperatorError."""
    if options.export == NAVIGATOR:
        return _write_navigator(options)
    inputs = [*options.paths, *([options.findings] if options.findings else [])]
    check_outputs(inputs, {"--output": options.output})
    if options.findings:
        job, code = _from_findings(options), EXIT_FINE
    else:
        job, code = _from_logs(options)
    if code != EXIT_WRONG or job.read:  # with --strict what was read is written all the same
        _WRITERS[options.export](job)
    return code


def _from_findings(options: argparse.Namespace) -> Job:
    if options.paths:
        raise OperatorError("--findings and paths were both given: export from the one or the other")
    for name in _OF_LOGS:
        if getattr(options, name) is not None:
            raise OperatorError(f"--{name} is for logs, not for --findings: leave it out")
    rulebook, lookups = rulebook_of(options.rules), lookups_of(options.lookups)
    try:
        findings = saved_findings(Path(options.findings), rulebook["detections"])
    except SavedError as problem:
        raise OperatorError(str(problem)) from None
    keeper = _keeper(lookups)
    found = _cleaned(keeper, findings, is_told=options.export in _OF_ADDRESSES)
    return Job(options, rulebook, lookups, keeper, found, redactor=Redactor(codes_of(lookups)))


def _from_logs(options: argparse.Namespace) -> tuple[Job, int]:
    from ..engines.local.scan import scan
    from ..report.terminal import summary_text

    options.triage = options.export == "ocsf"
    request = request_of(options)
    with ProgressLine() as progress:
        result = scan(request, progress, sys.stdin.buffer)
    found = [{**one.to_dict(), "triage": result.triages.get(one.finding_id)} for one in result.decision.findings]
    summary, redact = result.summary, Redactor()
    if getattr(options, "redact", False):
        redact = redactor_of(result, request)
        redact.verdicts(found)  # which learns the names
        summary = redact.summary(summary)
    say(summary_text(summary))
    keeper = _keeper(request.lookups)
    rows, arrivals = cast("tuple[Sequence[Contact], Sequence[SuccessRow]]", result.material)
    read = sorted({source for file in result.summary["files"] for source in file["source"]})
    job = Job(
        options,
        request.rulebook,
        request.lookups,
        keeper,
        _cleaned(keeper, found, is_told=options.export in _OF_ADDRESSES),
        read,
        rows,
        arrivals,
        redact,
    )
    if not result.files_read:
        say(NOTHING_READ)
        return job, EXIT_WRONG
    return job, exit_code_of(options, result.files_read, result.files_unreadable, ())


def _keeper(lookups: Lookups) -> Keeper:
    return Keeper(lookups.rows("networks"), lookups.allowlist)


def _cleaned(keeper: Keeper, findings: Sequence[Finding], *, is_told: bool) -> list[Finding]:
    """The findings that may leave; what may not is said."""
    left_out = LeftOut()
    kept = keeper.cleaned(findings, left_out)
    by_reason: dict[str, list[str]] = {}
    for one, why in (*left_out.findings.items(), *(sorted(left_out.addresses.items()) if is_told else ())):
        by_reason.setdefault(why, []).append(one)
    for why, some in by_reason.items():
        _say_left_out(f"Left out: {', '.join(some)}: {why}")
    return kept


def _say_left_out(text: str) -> None:
    say("\n".join(wrap(text, _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)))


def _write_ocsf(job: Job) -> None:
    with output(job.options.output) as write:
        for one in job.redacted():
            write(inert_json(ocsf.event_of(one, job.rulebook)) + "\n")
    say(f"{count(len(job.findings), 'event')} written")


def _write_stix(job: Job) -> None:
    try:
        from ..exports import stix
    except ModuleNotFoundError as error:
        raise OperatorError(f"STIX needs the package {error.name}: pip install 'enumwatch[exports]'") from None
    options, made = job.options, job.blocks()
    for line in told(made):
        _say_left_out(line)
    choices = stix.Choices(options.tlp, options.producer or stix.PRODUCT, options.with_names)
    with output(options.output) as write:
        write(stix.bundle(job.redacted(), made, choices) + "\n")
    say(f"{count(len(job.findings), 'finding')} written, marked TLP:{options.tlp.upper()}")


def _write_navigator(options: argparse.Namespace) -> int:
    """Of the logs named, or of every log there is where none is: what is seen, and what would be."""
    check_outputs(options.paths, {"--output": options.output})
    rulebook, code = rules_of_sight(options), EXIT_FINE
    if options.paths:
        told, code = told_of_files(options, rulebook, now(), Redactor())
    else:
        told = told_of_every_log(rulebook)
    if code != EXIT_WRONG or told.rows:
        report = visibility(told, rulebook, lookups_of(options.lookups).outcomes)
        with output(options.output) as write:
            write(inert_json(navigator.layer_of(report), indent=2) + "\n")
    return code


def _held(job: Job) -> list[Block]:
    """What is to be blocked at the time asked for; says what is not."""
    now = moment_of(job.options.as_of, "--as-of")
    made = job.blocks()
    held = still_held(made, int(datetime.now(timezone.utc).timestamp()) * SECOND if now is None else now)
    for line in told(made):
        _say_left_out(line)
    if len(held) < len(made.blocks):
        latest = max(one.last_seen for one in made.blocks)
        day = datetime.fromtimestamp(latest // SECOND, timezone.utc).date().isoformat()
        say(f"Blocks have ended; --as-of {day} writes the list of that day")
    return held


def _write_blocklist(job: Job) -> None:
    held = _held(job)
    lines = blocklist.csv_lines(held) if job.options.format == "csv" else blocklist.plain_lines(held)
    with output(job.options.output) as write:
        for line in lines:
            write(line)
    say(f"{count(len(held), 'network')} written")


def _write_named_location(job: Job) -> None:
    held, target = _held(job), job.options.output
    made = named_location.named_locations(held, job.options.name)
    if len(made) > 1 and target in (None, "-"):
        raise OperatorError(
            f"{count(len(held), 'network')} need {len(made)} named locations: name a file with --output, "
            "the others are written beside it"
        )
    for number, one in enumerate(made, start=1):
        path = target if number == 1 else str(Path(target).with_stem(f"{Path(target).stem}-{number}"))
        with output(path) as write:
            write(inert_json(one, indent=2) + "\n")
    say(f"{count(len(held), 'network')} written" + (f" to {len(made)} files" if len(made) > 1 else ""))


def _write_names(job: Job) -> None:
    shown = Redactor().name if job.options.redact else str
    found = names.names_of(job.findings, job.lookups.organisation, job.rulebook)
    with output(job.options.output) as write:
        for line in names.csv_lines(found, shown):
            write(line)
    say(f"{count(len(found), 'name')} written")


def _write_decoys(job: Job) -> None:
    limits = handover_limits(job.rulebook)
    exist, seen = _known_names(job)
    own = job.lookups.organisation.own
    made = decoys.decoys_of(exist, seen, own, int(limits["decoys"]), limits["decoy_form"])
    with output(job.options.output) as write:
        for line in decoys.csv_lines(made):
            write(line)
    if made.why:
        say(f"No decoys: {made.why}")
        return
    say(f"{made.share:.0%} of {count(made.known, 'known name')} at {made.domain} are made as {made.form}. In order:")
    for account, before in made.accounts:
        say(f"  {account} comes after {count(before, 'known name')}")
    for line in job.rulebook["playbooks"][HANDOVER]["handover"]["decoys"]:
        say("\n".join(wrap(line, _WIDTH, initial_indent="- ", subsequent_indent="  ")))


def _known_names(job: Job) -> tuple[list[str], list[str]]:
    """Names that exist, and every name that the logs or findings hold."""
    exist = [row.target for row in job.arrivals]
    if job.read is None:
        exist = [name for one in job.findings for name in (*one["names_found"], *one["compromised_accounts"])]
    samples = [name for one in job.findings for some in one["evidence"]["names_sample"].values() for name in some]
    return exist, [*exist, *(one.target for one in job.rows), *samples]


_WRITERS: dict[str, Callable[[Job], None]] = {
    "ocsf": _write_ocsf,
    "stix": _write_stix,
    "blocklist": _write_blocklist,
    "names": _write_names,
    "named-location": _write_named_location,
    "decoys": _write_decoys,
}
