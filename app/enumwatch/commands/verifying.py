"""`enumwatch verify`: whether a test was found, and where it was lost when it was not."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..report.visible import visible
from .inputs import lookups_of, rulebook_of
from .sending import line_of, tell_other_place
from .simulating import emitted
from .speech import OperatorError, say

if TYPE_CHECKING:
    from ..simulate.sending.manifest import Manifest
    from ..simulate.verifying.judging import Judged
    from ..simulate.verifying.seen import Seen

_LONGEST_LINE = 400
_PAUSE_SECONDS = 15.0


def run_verify(options: argparse.Namespace) -> int:
    """Says of each scenario what arrived and what came of it; returns 0, 1 where something is missing. Raises OperatorError."""
    from ..elastic.faults import ClusterError
    from ..simulate import SimulateError
    from ..simulate.verifying.splunk_rest import SplunkError

    try:
        folder, manifest = _run_of(options)
        if options.searches:
            return _tell_searches(manifest)
        with _asking(options, folder, manifest) as asking:
            judged = _waited(options, folder, manifest, asking)
    except (SimulateError, ClusterError, SplunkError) as error:
        raise OperatorError(line_of(error)) from error
    return _told(judged)


@dataclass(frozen=True)
class _Asking:
    """Where a run is looked for: `seen` asks again each time, `files` are the events that arrived."""

    seen: Callable[[], Seen]
    files: Callable[[], AbstractContextManager[list[str]]]
    is_live: bool


def _run_of(options: argparse.Namespace) -> tuple[Path, Manifest | None]:
    from ..beside_logs import RUN_FILE, TRUTH
    from ..simulate.sending.manifest import read_manifest

    path = Path(options.run)
    if path.is_dir() and not (path / RUN_FILE).exists() and (path / TRUTH).exists():
        if not options.verdicts:
            raise OperatorError(
                f"{path} was written and never sent: name the findings with --verdicts, or send a run with simulate --to"
            )
        return path, None
    return read_manifest(path)


@contextmanager
def _asking(options: argparse.Namespace, folder: Path, manifest: Manifest | None) -> Iterator[_Asking]:
    """What answers for the installation that the run was sent to; a file of verdicts wherever one is named."""
    from ..simulate.sending.manifest import ELASTIC
    from ..simulate.verify import read_findings
    from ..simulate.verifying.seen import Seen

    if options.verdicts:
        yield _Asking(lambda: Seen(read_findings(Path(options.verdicts))), lambda: _own_files(folder), False)
    elif manifest is not None and manifest.target == ELASTIC:
        from ..simulate.verifying.in_elastic import arrived_files, seen_in_elastic
        from .elastic.connecting import connected

        rulebook = rulebook_of(options.rules)
        with connected(argparse.Namespace(config=options.config)) as (client, connection):
            tell_other_place(manifest, connection.place)
            yield _Asking(
                lambda: seen_in_elastic(client, folder, manifest, rulebook),
                lambda: arrived_files(client, manifest),
                True,
            )
    else:
        assert manifest is not None
        results, is_live = _results_of_splunk(options, manifest)
        from ..simulate.verifying.in_splunk import seen_in_splunk

        yield _Asking(lambda: seen_in_splunk(results(), manifest), lambda: _own_files(folder), is_live)


Results = Callable[[], "Iterable[tuple[str, list[Mapping[str, str]]]]"]


def _results_of_splunk(options: argparse.Namespace, manifest: Manifest) -> tuple[Results, bool]:
    """What gives the results of the searches, and whether it asks Splunk itself."""
    from ..simulate.verifying.in_splunk import exported, result_of, searches
    from ..simulate.verifying.splunk_rest import TOKEN_VARIABLE, URL_VARIABLE, Management

    if options.export:
        return lambda: exported(Path(one) for one in options.export), False
    if not os.environ.get(URL_VARIABLE):
        raise OperatorError(
            "the run was sent to Splunk: run the searches of verify --searches and name their results with --export, "
            f"or set {URL_VARIABLE} and {TOKEN_VARIABLE}"
        )
    management = Management.of_environment(os.environ, options.ca)
    asked = searches(manifest)
    return lambda: [result_of(list(management.rows(text)), f"the search {name}") for name, text in asked.items()], True


@contextmanager
def _own_files(folder: Path) -> Iterator[list[str]]:
    """The logs of the run as they were written."""
    from ..simulate.verify import read_truths

    yield sorted({str(folder / entry["file"]) for entry in read_truths(folder)})


def _waited(options: argparse.Namespace, folder: Path, manifest: Manifest | None, asking: _Asking) -> list[Judged]:
    """Asks until everything is as it should be, or the time that was given is over."""
    until = time.monotonic() + _seconds(options.wait) if options.wait else 0.0
    if options.wait and not asking.is_live:
        raise OperatorError("--wait asks a live system again, a file does not change: leave it out")
    while True:
        judged = _judged(options, folder, manifest, asking)
        left = until - time.monotonic()
        if left <= 0 or all(one.is_good for one in judged):
            return judged
        say(f"not everything is there yet; looking again, for {left:.0f} s more")
        time.sleep(min(_PAUSE_SECONDS, left))


def _judged(options: argparse.Namespace, folder: Path, manifest: Manifest | None, asking: _Asking) -> list[Judged]:
    from ..simulate.verifying.at_hand import AtHand, decided_at_hand
    from ..simulate.verifying.judging import judge

    rulebook, lookups = rulebook_of(options.rules), lookups_of(options.lookups)

    def decide(expected: Any, emits: Iterable[str]) -> AtHand:
        with asking.files() as paths:
            return decided_at_hand(paths, expected, emits, rulebook, lookups)

    return judge(folder, manifest, asking.seen(), emitted(options.rules), decide)


def _told(judged: list[Judged]) -> int:
    from ..simulate.verifying.judging import lines, summary

    sys.stdout.writelines(f"{visible(line, _LONGEST_LINE)}\n" for line in lines(judged))
    say(summary(judged))
    return 0 if all(one.is_good for one in judged) else 1


def _tell_searches(manifest: Manifest | None) -> int:
    from ..simulate.sending.manifest import SPLUNK
    from ..simulate.verifying.in_splunk import searches

    if manifest is None or manifest.target != SPLUNK:
        raise OperatorError("the run was not sent to Splunk: leave --searches out")
    for about, search in searches(manifest).items():
        sys.stdout.write(f"# {about}\n{search.removeprefix('search ')}\n\n")
    say("run each in the app enumwatch, export its result as CSV or JSON, and name the files with --export")
    return 0


def _seconds(text: str) -> float:
    from ..rulebook.duration import parse_duration

    seconds = parse_duration(text)
    if not seconds:
        raise OperatorError(f"--wait {text!r} is no time: write it like 90s, 10m or 2h")
    return float(seconds)
