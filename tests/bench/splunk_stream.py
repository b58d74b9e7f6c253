"""`python -m tests.bench.splunk_stream [--small] [--rounds N]`: enumverdict on a stream of a search, against its peers.

All run in turn on the same machine, and the best of each counts; only the ratios mean something elsewhere.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.core.test_other_pythons import PYTHONS, interpreter
from tests.splunk.harness import LONGEST_CHUNK, Row, chunks, getinfo, message, read_body, split
from tests.splunk.normalised import contact_row
from tests.splunk.unpacked import unpack

from enumwatch.core.contact import Contact
from enumwatch.core.success import observation_of, successes
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk.commands.fast_rows import FastRows
from enumwatch.splunk.commands.gathering import Gathering
from enumwatch.splunk.commands.knowledge import context_of
from enumwatch.splunk.commands.meanings import Meanings
from enumwatch.splunk.commands.settling import Settled

from .costs import ROOT, Cost, best_of, measured

MAKER = Path(os.environ.get("ENUMWATCH_SHARED", ROOT.parent / "shared")) / "tools" / "chunked_gen.py"
PEERS = Path(__file__).with_name("splunk_peers.py")
EVENTS, FEW_EVENTS, STARTS = 1_000_000, 20_000, 7


def cost(command: Sequence[str], stream: Path) -> Cost:
    """What one process costs that reads a stream; raises CalledProcessError where it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with stream.open("rb") as given:
        return measured(command, stdin=given, environment=kept, is_quiet=False)


def best(commands: dict[str, list[str]], stream: Path, rounds: int) -> dict[str, Cost]:
    """The best cost of each on a stream."""
    return best_of({name: partial(cost, command, stream) for name, command in commands.items()}, rounds)


def raw_stream(path: Path, events: int) -> None:
    """Sign-ins as an add-on indexes them, under the names of the common information model."""
    with path.open("wb") as out:
        subprocess.run(
            [sys.executable, str(MAKER), "--events", str(events), "--chunk", "50000"], stdout=out, check=True
        )


def contact_stream(path: Path, raw: Path) -> int:
    """The contacts of a stream as a summary search hands them over; returns how many."""
    tables = load_lookups()
    gathering = Gathering(Meanings(compiled(), tables.outcomes))
    fast = FastRows(gathering)
    for body in _bodies(raw):
        fast.take(body)
    settled = Settled(gathering, keeps_own_affairs=True)
    book = context_of(compiled(), tables).book()
    came = [observation_of(one).contact for one in successes(settled.arrivals, book)]
    rows: list[Row] = [contact_row(Contact(*one)) for one in sorted([*settled.contacts, *came])]
    with path.open("wb") as out:
        out.write(message(getinfo("enumverdict", [])))
        for sent in chunks(split(rows, [LONGEST_CHUNK] * (len(rows) // LONGEST_CHUNK))):
            out.write(sent)
    return len(rows)


def _bodies(stream: Path) -> Iterator[str]:
    with stream.open("rb") as opened:
        for header in iter(opened.readline, b""):
            head, body = (int(length) for length in header.split(b",")[1:])
            opened.read(head)
            yield opened.read(body).decode()


def start_stream(path: Path, raw: Path) -> None:
    """One row, after which a command ends."""
    body = next(body for body in _bodies(raw) if body)
    _, (row,) = read_body("\n".join(body.split("\n")[:2]).encode())
    with path.open("wb") as out:
        out.write(message(getinfo("enumverdict", [])))
        for sent in chunks(split([row], [1])):
            out.write(sent)


def compare(python: str, app: Path, folder: Path, rounds: int) -> None:
    """Prints a line for each stream and each who read it."""

    def peer(what: str) -> list[str]:
        return [python, str(PEERS), what, str(app / "lib")]

    ours = [python, str(app / "bin" / "enumverdict.py")]
    raw = best({"floor": peer("floor"), "count": peer("count"), "enumverdict": ours}, folder / "raw", rounds)
    told("events", raw)
    told("contacts", best({"floor": peer("floor"), "enumverdict": ours}, folder / "contacts", rounds))
    start = best({"bare": peer("bare"), "enumverdict": ours}, folder / "start", STARTS)
    ratio = start["enumverdict"].seconds / start["bare"].seconds
    print(
        f"start     enumverdict {start['enumverdict'].seconds:.2f} s, bare {start['bare'].seconds:.2f} s: {ratio:.2f} times"
    )


def told(stream: str, costs: dict[str, Cost]) -> None:
    """Prints what each cost, and which share of the floor's speed it has."""
    for name, one in costs.items():
        share = costs["floor"].seconds / one.seconds
        print(
            f"{stream:10}{name:14}{one.seconds:9.2f}{one.processor_seconds:8.2f}{one.mebibytes:7.0f}{share:10.2f}",
            flush=True,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; returns 0, also where the maker of streams is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.splunk_stream", description=__doc__)
    parser.add_argument("--small", action="store_true", help=f"{FEW_EVENTS} events instead of {EVENTS}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", choices=PYTHONS, default=PYTHONS[-1])
    options = parser.parse_args(arguments)
    if not MAKER.is_file():
        print(f"skipped: no {MAKER.name} at {MAKER.parent}; set ENUMWATCH_SHARED to the folder that has tools/")
        return 0
    events = FEW_EVENTS if options.small else EVENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = unpack(folder)
        raw_stream(folder / "raw", events)
        contacts = contact_stream(folder / "contacts", folder / "raw")
        start_stream(folder / "start", folder / "raw")
        print(f"Splunk search command, Python {options.python}: {events} events, {contacts} contacts of them")
        print(f"{'rows':10}{'work':14}{'seconds':>9}{'cpu s':>8}{'MiB':>7}{'of floor':>10}")
        compare(interpreter(options.python), app, folder, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
