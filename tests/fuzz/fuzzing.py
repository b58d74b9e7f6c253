"""Fuzzing: cases by number, each the same whenever its seed and number are given again."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from .attempts import Attempts, Ended
from .cases import SUMMARY, SURFACES, Case, Stock
from .giants import GIANTS, clear, feed
from .invariants import broken
from .material import made, real_files, simulated_files


@dataclass
class Tally:
    """What was tried, and the worst that any attempt cost, by reader."""

    tried: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    mebibytes: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    cases: int = 0  # of the seeds, beside the giants

    def note(self, reader: str, ended: Ended) -> None:
        """One attempt of a reader."""
        self.tried[reader] += 1
        self.seconds[reader] = max(self.seconds.get(reader, 0), ended.seconds)
        self.mebibytes[reader] = max(self.mebibytes.get(reader, 0), ended.mebibytes)

    def lines(self) -> list[str]:
        """A table of 80 columns: each reader, how often it was tried, and the worst."""
        return [
            f"{reader:28}{tried:6} tried {self.mebibytes[reader]:6.0f} MiB {self.seconds[reader]:7.2f} s"
            for reader, tried in sorted(self.tried.items())
        ]


class Fuzz:
    """Cases in a folder; `kept` is where a case that failed is put."""

    def __init__(self, folder: Path, attempts: Attempts, kept: Path) -> None:
        self.folder, self.kept = folder, kept
        self.attempts = attempts
        (folder / "made").mkdir(parents=True)
        own = made(folder / "made", attempts)
        self.stock = Stock((*simulated_files(folder / "logs"), *real_files()), own)
        rows = map(json.loads, own.files["findings.ndjson"].splitlines())
        self._sound: Mapping[str, Any] = {row["finding_id"]: {**row, "triage": None} for row in rows}

    def surface_of(self, seed: int, number: int) -> str:
        """The surface whose turn it is."""
        names = [name for name, (_, share) in SURFACES.items() for _ in range(share)]
        return Random(f"{seed}/{number}").choice(names)

    def attempt(self, seed: int, number: int, tally: Tally, surface: str | None = None) -> list[str]:
        """Makes and judges one case; returns what did not hold."""
        surface = surface or self.surface_of(seed, number)
        place = self.folder / "case"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        case = SURFACES[surface][0](self.stock, place, Random(f"{seed}/{number}/{surface}"))
        ended = self.attempts.run(place, case.arguments)
        for reader in sorted(set(case.readers)):
            tally.note(reader, ended)
        found = list(broken(case, ended, place, self._sound))
        if found:
            self._keep(f"{seed}-{number}-{surface}", place, case, found)
            tally.failures += [f"seed {seed} case {number} {surface}: {one}" for one in found]
        return found

    def giants(self, tally: Tally) -> None:
        """Every giant once, beside the sound log."""
        place, log = self.folder / "giant", self.stock.made.sound_log
        arguments = ["scan", "in", str(log), "--format", "ndjson", "--summary", SUMMARY]
        for name, giant in GIANTS.items():
            clear(place)
            giant.make(place, b"".join(log.read_bytes().splitlines(keepends=True)[:3]))
            self._giant(name, place, Case((name,), arguments, is_scan=True), giant.seconds, tally)
        clear(place)
        os.mkfifo(place / "pipe")
        writer = feed(place / "pipe")
        pipe = Case(("a pipe of 1 GiB",), [*arguments[:1], "pipe", *arguments[2:]], is_scan=True)
        self._giant(pipe.readers[0], place, pipe, 60, tally)
        writer.kill()
        writer.wait()
        shutil.rmtree(place)

    def _giant(self, name: str, place: Path, case: Case, seconds: float, tally: Tally) -> None:
        ended = self.attempts.run(place, case.arguments, seconds=seconds)
        tally.note(name, ended)
        tally.failures += [f"{name}: {one}" for one in broken(case, ended, place, self._sound)]

    def _keep(self, name: str, place: Path, case: Case, found: list[str]) -> None:
        """Puts the input of a case aside, with the command line that reads it."""
        target = self.kept / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for one in sorted(place.rglob("*")):
            if one.is_file() and not one.is_symlink() and os.access(one, os.R_OK):
                (target / one.relative_to(place)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(one, target / one.relative_to(place))
        told = {"arguments": case.arguments, "broken": found}
        (target / "case.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
