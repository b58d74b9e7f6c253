"""The same events give the same bytes, however they are spread over files, ordered, doubled or worked on."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import run

import pytest
from tests.commands.running import command, environment
from tests.simulated import simulated

from enumwatch.cli import main
from enumwatch.simulate import write_demo

PIECES = 7
SECOND = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d")
EXACT = re.compile(r"(20\d\d-\d\d-\d\dT\d\d:\d\d):\d\d\.\d+")
LINES = (".ndjson", ".jsonl")
# The lines of a W3C log carry no id, so nothing tells a copied line from a second request.
NO_IDS = (".log",)

Paths = list[Path]
Change = Callable[[Path, Path], Paths]


@dataclass(frozen=True)
class Logs:
    """Some logs and what a plain scan of them writes."""

    files: Paths
    lookups: Path
    plain: bytes


def arguments(paths: Iterable[Path], lookups: Path, output: Path, options: Sequence[str] = ()) -> list[str]:
    """A scan that tells everything it decided on the way."""
    told = ["--all-updates", "--suppressed", "--format", "ndjson", "--output", str(output), *options]
    return ["scan", *map(str, paths), "--lookups", str(lookups), *told]


def scanned(paths: Iterable[Path], lookups: Path, output: Path, options: Sequence[str] = ()) -> bytes:
    assert main(arguments(paths, lookups, output, options)) == 0
    return output.read_bytes()


def first_difference(plain: bytes, other: bytes) -> str:
    """Where two results part, for the message of a failed test; empty where they are the same bytes."""
    left, right = plain.splitlines(), other.splitlines()
    for number, (one, two) in enumerate(zip(left, right, strict=False), start=1):
        if one != two:
            before, after = json.loads(one), json.loads(two)
            fields = [name for name in before if before[name] != after.get(name)] or ["the order of fields"]
            return "\n".join([f"line {number}: {', '.join(fields)}", one.decode(), two.decode()])
    return "" if plain == other else f"{len(left)} lines and {len(right)} lines"


@pytest.fixture(scope="module", params=["demo", "every_rule"])
def logs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Logs:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "demo":
        files = list(write_demo(folder, seed=7, events=10_000).files)
    else:
        files = simulated(folder)
    return Logs(files, folder / "lookups", scanned(files, folder / "lookups", folder / "plain.ndjson"))


def same(logs: Logs, paths: Iterable[Path], folder: Path, *options: str) -> None:
    assert first_difference(logs.plain, scanned(paths, logs.lookups, folder / "other.ndjson", options)) == ""


def is_lines(file: Path) -> bool:
    """True for a log with one JSON object a line, which can be cut and shuffled between any two lines."""
    return file.suffix in LINES


def changed(files: Iterable[Path], folder: Path, change: Change, chosen: Callable[[Path], bool] = is_lines) -> Paths:
    """The files, the chosen ones replaced by what a change makes of them in a folder of their own."""
    paths: Paths = []
    for number, file in enumerate(files):
        if not chosen(file):
            paths.append(file)
            continue
        place = folder / str(number)
        place.mkdir(parents=True)
        paths += change(file, place)
    return paths


def lines_of(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="\n") as stream:
        return list(stream)


def written(place: Path, name: str, lines: Iterable[str]) -> Path:
    path = place / name
    path.write_text("".join(lines), "utf-8")
    return path


def shuffled(file: Path, place: Path) -> Paths:
    lines = lines_of(file)
    Random(file.name).shuffle(lines)
    return [written(place, file.name, lines)]


def shuffled_in_seconds(file: Path, place: Path) -> Paths:
    """Lines of one second in any order, as a log collector with several workers writes them."""
    rng = Random(file.name)
    # The first time in a line is that of its event, in every form with one object a line.
    keyed = [(SECOND.findall(line)[0], rng.random(), line) for line in lines_of(file)]
    return [written(place, file.name, [line for _, _, line in sorted(keyed)])]


def cut(file: Path, place: Path) -> Paths:
    lines = lines_of(file)
    size = -(-len(lines) // PIECES)
    pieces = [written(place, f"{k}{file.suffix}", lines[k * size : (k + 1) * size]) for k in range(PIECES)]
    assert all(piece.stat().st_size for piece in pieces)
    return pieces


def cut_and_packed(file: Path, place: Path) -> Paths:
    pieces = cut(file, place)
    packed = place / f"{pieces[3].name}.gz"
    packed.write_bytes(gzip.compress(pieces[3].read_bytes()))
    return [*pieces[:3], packed, *pieces[4:]]


def to_the_minute(file: Path, place: Path) -> Paths:
    return [written(place, file.name, [EXACT.sub(r"\1:00.000", file.read_text("utf-8"))])]


def to_the_minute_and_shuffled(file: Path, place: Path) -> Paths:
    return shuffled(to_the_minute(file, place)[0], place)


def copied(file: Path, place: Path) -> Paths:
    copy = place / file.name
    shutil.copyfile(file, copy)
    return [file, copy]


def doubled(file: Path, place: Path) -> Paths:
    return [written(place, file.name, lines_of(file) * 2)]


def test_the_logs_have_enough_to_say(logs: Logs) -> None:
    assert logs.plain.count(b"\n") >= 10
    assert len({json.loads(line)["detection"] for line in logs.plain.splitlines()}) >= 2
    assert sum(map(is_lines, logs.files)) >= 3


@pytest.mark.parametrize("threads", ["1", "2", "4"])
def test_any_number_of_threads_writes_the_same_bytes(threads: str, logs: Logs, tmp_path: Path) -> None:
    same(logs, logs.files, tmp_path, "--threads", threads)


def test_any_order_of_paths_writes_the_same_bytes(logs: Logs, tmp_path: Path) -> None:
    same(logs, reversed(logs.files), tmp_path)


@pytest.mark.parametrize("change", [shuffled_in_seconds, shuffled, doubled], ids=lambda change: change.__name__)
def test_any_order_of_lines_writes_the_same_bytes(change: Change, logs: Logs, tmp_path: Path) -> None:
    same(logs, changed(logs.files, tmp_path, change), tmp_path)


@pytest.mark.parametrize("change", [cut, cut_and_packed], ids=lambda change: change.__name__)
def test_a_log_in_pieces_writes_the_same_bytes(change: Change, logs: Logs, tmp_path: Path) -> None:
    largest = max(filter(is_lines, logs.files), key=lambda file: file.stat().st_size)
    paths = changed(logs.files, tmp_path, change, largest.__eq__)
    assert len(paths) == len(logs.files) + PIECES - 1
    same(logs, paths, tmp_path)


def test_logs_given_twice_write_the_same_bytes(logs: Logs, tmp_path: Path) -> None:
    copies = changed(logs.files, tmp_path, copied, lambda file: file.suffix not in NO_IDS)
    assert len(copies) > len(logs.files)
    same(logs, [*copies, *logs.files], tmp_path)


def test_another_process_hash_seed_and_time_zone_write_the_same_bytes(logs: Logs, tmp_path: Path) -> None:
    output = tmp_path / "other.ndjson"
    surroundings = {**environment(), "PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata"}
    done = run(command(arguments(logs.files, logs.lookups, output)), env=surroundings, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert first_difference(logs.plain, output.read_bytes()) == ""


@pytest.mark.parametrize("logs", ["every_rule"], indirect=True)
def test_events_of_one_moment_count_in_any_order(logs: Logs, tmp_path: Path) -> None:
    """A log that knows its times to the minute has many events at once, and no order of them."""
    plain = scanned(changed(logs.files, tmp_path / "minutes", to_the_minute), logs.lookups, tmp_path / "plain.ndjson")
    files = changed(logs.files, tmp_path / "shuffled", to_the_minute_and_shuffled)
    assert plain != logs.plain
    assert plain.count(b"\n") >= 10
    assert first_difference(plain, scanned(files, logs.lookups, tmp_path / "other.ndjson")) == ""
