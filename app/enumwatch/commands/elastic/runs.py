"""`enumwatch elastic run` and `backfill`: read contacts, decide, write verdicts."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from ...elastic.defaults import FIRST_RUN, LATE, LEASE
from ...elastic.lean import without_tables
from ..speech import OperatorError, say
from .connecting import Actions, add_action, connected

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from ...elastic.runner.service import Service

_SECOND = 1_000_000
_READ, _WRITE, _TRANSFORM = "read", "write", "transform"


def add_run(actions: Actions) -> None:
    """Declares the action that decides on what is new."""
    parser = add_action(
        actions,
        "run",
        _run,
        "decide on what is new in the logs and write verdicts",
        "Read what is new or late in the logs, decide, write verdicts. It may be ended at any time, and goes on where it was; "
        "of several runners one works and the others wait.",
    )
    how_often = parser.add_mutually_exclusive_group()
    how_often.add_argument("--once", action="store_true", help="one run (the default)")
    how_often.add_argument("--every", metavar="TIME", help="runs until it is ended, so often, e.g. 5m")
    parser.add_argument(
        "--since", metavar="TIME", help=f"where the very first run begins (default: {FIRST_RUN} ago); later ones go on"
    )
    _add_deciding(parser)


def add_backfill(actions: Actions) -> None:
    """Declares the action that decides on what lies in the past."""
    parser = add_action(
        actions,
        "backfill",
        _backfill,
        "decide on logs of the past",
        "Decide anew on everything since a day, as if nothing had been decided on from there on. The runner goes on "
        "behind it. One that was ended early goes on when it is called again alike.",
    )
    parser.add_argument("--since", metavar="TIME", required=True, help="the UTC day to begin with")
    parser.add_argument("--until", metavar="TIME", help="the UTC day to end before (default: until now)")
    _add_deciding(parser)


def _add_deciding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--late", metavar="TIME", default=LATE, help="wait so long for late events (default: %(default)s)"
    )
    parser.add_argument(
        "--contacts",
        choices=(_READ, _WRITE, _TRANSFORM),
        default=_READ,
        help="read them from the logs; also write them to enumwatch-contacts; or read there what the transform wrote "
        "(default: read)",
    )
    parser.add_argument("--lookups", metavar="DIR", help="folder whose enumwatch_*.csv replace the shipped ones")
    parser.add_argument("--rules", metavar="DIR", help="folder with rules of your own and overlays that tune limits")
    parser.add_argument("--detection", action="append", metavar="ID", help="only these detections (repeatable)")
    parser.add_argument(
        "--lease",
        metavar="TIME",
        default=LEASE,
        help="a runner that is silent so long is replaced (default: %(default)s)",
    )


def _run(options: argparse.Namespace) -> int:
    every = _seconds(options.every, "--every") if options.every else None
    since = _day(options.since, "--since") if options.since else None
    with (
        without_tables(),
        connected(options) as (client, _),
        _ended_in_order(),
        _service(options, client, since) as service,
    ):
        if every is None:
            service.once(lambda runner: runner.once())
        else:
            service.forever(lambda runner: runner.once(), every)
    return 0


def _backfill(options: argparse.Namespace) -> int:
    since, until = _day(options.since, "--since"), _day(options.until, "--until") if options.until else None
    if until is not None and since >= until:
        raise OperatorError(f"--since {options.since} is not before --until {options.until}: give an earlier --since")
    with (
        without_tables(),
        connected(options) as (client, _),
        _ended_in_order(),
        _service(options, client, since) as service,
    ):
        service.once(lambda runner: runner.backfill(since, until))
    return 0


@contextmanager
def _service(options: argparse.Namespace, client: Elasticsearch, since: int | None) -> Iterator[Service]:
    """The runner as the options ask for it."""
    from ...core.times import day_of
    from ...elastic.runner.lease import Lease
    from ...elastic.runner.run import Runner, Settings
    from ...elastic.runner.service import Service
    from ..inputs import lookups_of, rulebook_of

    rulebook, lookups = rulebook_of(options.rules), lookups_of(options.lookups)
    for name in options.detection or ():
        if name not in rulebook["detections"]:
            known = ", ".join(sorted(rulebook["detections"]))
            raise OperatorError(f"there is no detection {name!r}: choose from {known}")
    held_seconds = _seconds(options.lease, "--lease")
    settings = Settings(
        since=day_of(int((time.time() - _seconds(FIRST_RUN, "--since")) * _SECOND)) if since is None else since,
        late=int(_seconds(options.late, "--late") * _SECOND),
        detections=options.detection,
    )
    lease = Lease(client, held_seconds)
    context = lookups.context(rulebook, lookups.rows("free_mail"), lookups.rows("disposable_domains"))
    runner = Runner(client, _reading(options, client, rulebook, lookups), context, settings, lease)
    yield Service(client, runner, lease, say, held_seconds)


def _reading(options: argparse.Namespace, client: Elasticsearch, rulebook: Any, lookups: Any) -> Any:
    from ...elastic.names import CONTACTS
    from ...elastic.runner.indices import make_sure_of
    from ...elastic.runner.publishing import Published
    from ...elastic.runner.reading import Logs
    from ...elastic.runner.transformed import Transformed
    from ...engines.elastic.contacts import logs

    if options.contacts == _TRANSFORM:
        return Transformed(client)
    reading = Logs(client, logs(rulebook), lookups.outcomes)
    if options.contacts == _READ:
        return reading
    make_sure_of(client, (CONTACTS,))
    return Published(client, reading, {name: source["emits"] for name, source in rulebook["sources"].items()})


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Turns the signal by which services are stopped into an orderly end, which gives the lease back."""

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _seconds(text: str, option: str) -> float:
    from ...rulebook.duration import parse_duration

    seconds = parse_duration(text)
    if not seconds:
        raise OperatorError(f"{option} {text!r} is no time: write it like 30s, 5m, 48h or 7d")
    return seconds


def _day(text: str, option: str) -> int:
    from ...core.times import day_of
    from ..inputs import moment_of

    return day_of(moment_of(text, option) or 0)
