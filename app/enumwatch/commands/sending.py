"""`enumwatch simulate --to`, `--resume` and `--remove`: tests on a live system, never without a yes."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..beside_logs import RUN_FILE
from ..report.visible import visible
from .collector import collector_of
from .speech import OperatorError, ProgressLine, say

if TYPE_CHECKING:
    from ..simulate.sending.manifest import Manifest
    from ..simulate.sending.playing import Play

_SECOND = 1_000_000
# So that no clock that is a little behind takes the events for those of the future.
_END_BEFORE_NOW_SECONDS = 120


def run_sending(options: argparse.Namespace) -> int:
    """Sends a run, goes on with one or removes one; returns 0. Raises OperatorError."""
    from ..elastic.faults import ClusterError
    from ..simulate import SimulateError
    from ..simulate.sending.hec import HecError

    try:
        if options.remove:
            _remove(options)
        elif options.resume:
            _resume(options)
        else:
            _send_new(options)
    except (SimulateError, HecError, ClusterError) as error:
        raise OperatorError(line_of(error)) from error
    return 0


def line_of(error: Exception) -> str:
    """What is said of a fault; a key that may not do what a test needs is told where that is listed."""
    is_refused = getattr(error, "kind", "") == "permission"
    return f"{error}, and those that docs/simulate.md lists" if is_refused else str(error)


def _send_new(options: argparse.Namespace) -> None:
    from ..simulate.sending.manifest import Manifest, write_manifest
    from ..simulate.sending.marks import new_run, seed_of
    from ..simulate.sending.playing import write_play
    from .simulating import DEMO, plays_wanted

    for given, option in ((options.start, "--start"), (options.form, "--form")):
        if given is not None:
            raise OperatorError(f"{option} is for files, what is sent ends now: leave it out")
    if options.all or DEMO in options.scenario:
        raise OperatorError("--to sends scenarios that are named, not all of them at once: name one or more")
    if not options.scenario:
        raise OperatorError("--to needs a SCENARIO: choose from the list of `simulate`")
    wanted = plays_wanted(options)
    now = datetime.now(timezone.utc)
    run = new_run(now)
    target, place = _target(options)
    manifest = Manifest(
        run, __version__, target, place, seed_of(run) if options.seed is None else options.seed, options.users,
        int(now.timestamp() - _END_BEFORE_NOW_SECONDS) * _SECOND, options.days, options.events, options.index or "",
    )  # fmt: skip
    plays, manifest = _played(manifest, wanted)
    folder = Path(options.out or run)
    if (folder / RUN_FILE).exists():
        raise OperatorError(f"{folder} holds a run already: name another --out, or go on with it by --resume {folder}")
    with _sender(options, manifest) as (send, place):
        manifest = replace(manifest, place=place)
        _tell(manifest)
        _confirm(options, f"Send {manifest.total} made-up events to {manifest.place}?")
        if options.dry_run:
            say("nothing was sent and nothing written")
            return
        try:
            write_play(folder, plays, manifest.seed)
            write_manifest(folder, manifest)
        except OSError as error:
            raise OperatorError(f"{folder} cannot be written ({error.strerror}): choose another --out") from error
        _sent(folder, manifest, plays, send)


def _resume(options: argparse.Namespace) -> None:
    from ..simulate.sending.manifest import read_manifest

    folder, manifest = read_manifest(Path(options.resume))
    if manifest.version != __version__:
        raise OperatorError(
            f"the run was begun by enumwatch {manifest.version}, which makes other events: use that, or send a new run"
        )
    if manifest.ended:
        say(f"all {manifest.total} events of {manifest.run} were sent: nothing is left to do")
        return
    plays, _ = _played(manifest, [(one.scenario, one.source) for one in manifest.parts])
    with _sender(options, manifest) as (send, place):
        tell_other_place(manifest, place)
        _tell(manifest)
        _confirm(options, f"Send the rest, {manifest.total - manifest.sent} made-up events, to {manifest.place}?")
        if not options.dry_run:
            _sent(folder, manifest, plays, send)


def _remove(options: argparse.Namespace) -> None:
    from ..simulate.sending.manifest import ELASTIC, read_manifest
    from ..simulate.sending.marks import is_run
    from ..simulate.sending.splunk import removing_search

    path = Path(options.remove)
    if is_run(path.name) and not path.exists():
        if options.to is None:
            raise OperatorError(f"there is no folder {path}: name it, or where the events are with --to")
        target, _ = _target(options)
        if target == ELASTIC:
            _remove_from_elastic(options, path.name, None, None)
        else:
            _tell_removing(removing_search(path.name, options.index or ""))
        return
    folder, manifest = read_manifest(path)
    if manifest.target == ELASTIC:
        _remove_from_elastic(options, manifest.run, manifest, folder)
    else:
        _tell_removing(removing_search(manifest.run, manifest.index, manifest.first))


def _remove_from_elastic(options: argparse.Namespace, run: str, manifest: Manifest | None, folder: Path | None) -> None:
    from ..simulate.sending.elastic import remove
    from ..simulate.sending.elastic_documents import places
    from ..simulate.sending.findings import remove_findings
    from .elastic.connecting import connected

    streams = [one.place for one in manifest.parts] if manifest else list(places().values())
    with connected(argparse.Namespace(config=options.config)) as (client, connection):
        if manifest is not None:
            tell_other_place(manifest, connection.place)
        _confirm(options, f"Delete the events of {run} from {connection.place}, and the findings on them?")
        if options.dry_run:
            say(f"would delete the events with labels.enumwatch_test {run} in {', '.join(streams)}")
            return
        events = remove(client, run, streams)
        say(f"{events} events of {run} deleted")
        if manifest is not None and folder is not None:
            say(f"{remove_findings(client, folder, manifest)} findings on them deleted")
        else:
            say("findings on them stand: name the folder of the run to delete them too")


def _tell_removing(search: str) -> None:
    sys.stdout.write(f"{search}\n")
    say(
        "Nothing was removed: run this search in Splunk. First without its last part, to see what it finds; with it, by "
        "somebody who has the role can_delete. Indexed events only vanish from searches, they free no space."
    )


def _played(manifest: Manifest, wanted: Sequence[tuple[str, str]]) -> tuple[list[Play], Manifest]:
    """The events of the run, and the manifest that says where they go."""
    from ..simulate.sending import elastic_documents, splunk_events
    from ..simulate.sending.manifest import ELASTIC
    from ..simulate.sending.playing import checked, play

    checked(wanted)
    if manifest.target == ELASTIC:
        forms = {source: elastic_documents.form_of(source) for _, source in wanted}
        place_of: Callable[[str], str] = elastic_documents.place_of
    else:
        forms, place_of = splunk_events.FORMS, splunk_events.sourcetype_of
    plays = play(manifest, wanted, forms)
    if manifest.parts:
        return plays, manifest
    return plays, replace(manifest, parts=tuple(one.part(place_of(one.shape.id)) for one in plays))


Send = Callable[["Manifest", "Sequence[Play]", Callable[[int, int], object]], str]


@contextmanager
def _sender(options: argparse.Namespace, manifest: Manifest) -> Iterator[tuple[Send, str]]:
    """What sends a run and says in a word what there is to know of it, and where to; raises where that cannot be."""
    from ..simulate.sending.manifest import ELASTIC

    if manifest.target == ELASTIC:
        from ..simulate.sending import elastic
        from .elastic.connecting import connected

        with connected(argparse.Namespace(config=options.config)) as (client, connection):

            def to_elastic(run: Manifest, plays: Sequence[Play], done: Callable[[int, int], object]) -> str:
                there = elastic.send(client, run, plays, done)
                return f"; {there} of them were there already" if there else ""

            yield to_elastic, connection.place
        return
    from ..simulate.sending import splunk
    from ..simulate.sending.hec import Hec

    collector = Hec(collector_of(options, manifest.place))

    def to_splunk(run: Manifest, plays: Sequence[Play], done: Callable[[int, int], object]) -> str:
        return "" if splunk.send(collector, run, plays, done) else "; Splunk has not acknowledged all of them yet"

    yield to_splunk, manifest.place


def _sent(folder: Path, manifest: Manifest, plays: Sequence[Play], send: Send) -> None:
    """Sends, writing down after each batch how far it came."""
    from ..simulate.sending.manifest import write_manifest

    manifest = replace(manifest, began=manifest.began or int(time.time() * 1_000) * 1_000)
    with ProgressLine() as progress:

        def done(number: int, sent: int) -> None:
            nonlocal manifest
            manifest = manifest.with_sent(number, sent)
            write_manifest(folder, manifest)
            progress(f"{manifest.sent} of {manifest.total} events sent")

        try:
            word = send(manifest, plays, done)
        except Exception:
            write_manifest(folder, manifest)
            say(f"{manifest.sent} of {manifest.total} events were sent: go on with simulate --resume {folder}")
            raise
    write_manifest(folder, replace(manifest, ended=int(time.time() * 1_000) * 1_000))
    say(f"{manifest.sent} events sent as {manifest.run}{word}")
    sys.stdout.write(f"{visible(folder)}\n")
    say(f"Look for it with: enumwatch verify {folder}\nTake it away with: enumwatch simulate --remove {folder}")


def tell_other_place(manifest: Manifest, place: str) -> None:
    """Says so where a run was sent to another place than the one that is asked now; it may be the same by another name."""
    if place != manifest.place:
        say(f"the run was sent to {manifest.place}, and this is {place}")


def _tell(manifest: Manifest) -> None:
    from ..core.times import to_iso

    say(f"run {manifest.run}, from {to_iso(manifest.first)} to {to_iso(manifest.end)}")
    for one in manifest.parts:
        say(f"  {one.events:5} events of {one.scenario} as {one.place}")


def _confirm(options: argparse.Namespace, question: str) -> None:
    from .elastic.connecting import confirmed

    confirmed(options, question)


def _target(options: argparse.Namespace) -> tuple[str, str]:
    """What is sent to, and its URL; that of a cluster stands in the configuration."""
    from ..simulate.sending.hec import hec_url
    from ..simulate.sending.manifest import ELASTIC, SPLUNK

    if options.to == ELASTIC:
        for given, option in ((options.index, "--index"), (options.token_file, "--token-file"), (options.ca, "--ca")):
            if given:
                raise OperatorError(f"{option} is for Splunk: leave it out, the cluster is named in the configuration")
        return ELASTIC, ""
    return SPLUNK, hec_url(options.to)
