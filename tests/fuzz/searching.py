"""Searching: the search commands, as the real scripts, sent spoiled rows between sound ones by a stand-in for splunkd."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.splunk.commands.test_bad_input import tries
from tests.splunk.harness import Reply, Row, Splunkd, body_of, chunks, getinfo, message
from tests.splunk.unpacked import unpack

from .attempts import Ended
from .fuzzing import Tally
from .spoiling import Spoil, cut, flip, hole, moment, number, spoiled, text, token

_SECONDS_AT_MOST = 60.0
_MEBIBYTES_AT_MOST = 400.0  # for rows as few as these; the interpreter takes a tenth of it
_SOUND, _SOUND_ADDRESS = 60, "203.0.113.9"
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_CELL = re.compile(rb'"(?:[^"\n]|""){0,300}"')
_COMMANDS = ("enumverdict", "enumverdict remember=true", "outcome", "disposable", "enumtriage", "enumtune")


def cell(content: bytes, chance: Random) -> bytes:
    """A cell becomes what nobody expects there."""
    places = list(_CELL.finditer(content))
    if not places:
        return content
    found = chance.choice(places)
    given = (
        b"NaN",
        b"-1",
        b"1e999",
        b"9" * 400,
        b"0x1",
        b"\xff\xfe",
        b"\0",
        b"253402300800",
        b"-62135596801",
        b'{"_":1}',
        b"[" * 5000,
        b"",
    )
    return content[: found.start()] + b'"' + chance.choice((*given, b"A" * 1_000_000)) + b'"' + content[found.end() :]


_WAYS: tuple[Spoil, ...] = (cell, cell, cell, cut, flip, hole, token, text, number, moment)


class Searching:
    """The unpacked app, and rows of every kind that its commands read."""

    def __init__(self, folder: Path) -> None:
        self._app = unpack(folder)
        self._folder = folder
        rows = tries(_SOUND, tenant="other", user_agent="a", src_ip="198.51.100.77")
        replies, _, _ = self._talk("enumverdict", ["remember=true"], [body_of(rows)])
        given = [{name: value for name, value in row.items() if value} for reply in replies for row in reply.rows]
        findings = [row for row in given if row.get("row_type") == "finding"]
        memory = [row for row in given if row.get("row_type") == "memory"]
        assert findings
        assert memory
        self._kinds: list[list[Row]] = [list(rows), list(findings), list(memory), [*rows, *memory]]

    def attempt(self, seed: int, number: int, tally: Tally) -> list[str]:
        """One conversation; returns what did not hold."""
        chance = Random(f"{seed}/{number}/search")
        command, _, argument = chance.choice(_COMMANDS).partition(" ")
        bad = spoiled(body_of(chance.choice(self._kinds)), chance, _WAYS)
        replies, ended, problem = self._talk(command, [argument] if argument else [], [body_of(tries(_SOUND)), bad])
        tally.note(f"search command {command}", ended)
        found = [problem] if problem else list(_broken(command, replies, ended))
        tally.failures += [f"seed {seed} case {number} search {command}: {one}" for one in found]
        return found

    def _talk(self, command: str, arguments: list[str], bodies: list[bytes]) -> tuple[list[Reply], Ended, str]:
        begin, replies, problem, peak = time.monotonic(), [], "", 0.0
        splunkd = Splunkd(sys.executable, self._app, command)
        timer = threading.Timer(_SECONDS_AT_MOST, splunkd.process.kill)
        timer.start()
        try:
            for sent in (message(getinfo(command, arguments, str(self._folder))), *chunks(bodies)):
                reply = splunkd.ask(sent)
                if reply is None:
                    break
                replies.append(reply)
            peak = _peak(splunkd.process.pid)
        except (AssertionError, ValueError) as error:
            problem = f"answered what splunkd cannot read: {error}"
        code, said = splunkd.end()
        timer.cancel()
        return replies, Ended(code, time.monotonic() - begin, peak, "", said), problem


def _peak(process: int) -> float:
    found = _PEAK.search(Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _broken(command: str, replies: list[Reply], ended: Ended) -> Iterator[str]:
    said = [told for reply in replies for _, told in reply.messages]
    if ended.code not in (0, 1):
        yield f"ended with {ended.code}: {ended.stderr[-300:]!r}"
    if ended.stderr:
        yield f"wrote to standard error: {ended.stderr[-1500:]!r}"
    if ended.mebibytes > _MEBIBYTES_AT_MOST:
        yield f"took {ended.mebibytes:.0f} MiB"
    for told in said:
        if "\n" in told or "Traceback" in told or "was not made for" in told:
            yield f"said {told[:300]!r}"
    has_refused = any(level == "ERROR" for reply in replies for level, _ in reply.messages)
    if command == "enumverdict" and not has_refused:
        told_names = [row["names_tried"] for reply in replies for row in reply.rows if row.get("src") == _SOUND_ADDRESS]
        if str(_SOUND) not in told_names:
            yield f"the finding of the sound rows is another: {told_names}"
