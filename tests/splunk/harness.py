"""A stand-in for splunkd: speaks the chunked search-command protocol, version 2, with a real script over pipes.

What it writes has the byte layout that splunkd writes: all plain columns before all `__mv_` columns, a cell in quotes
unless it holds ASCII letters and digits only, rows ended by a line feed, `finished` on the last chunk alone.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

Row = Mapping[str, "str | list[str]"]
LONGEST_CHUNK = 50_000
_HEADER = re.compile(rb"chunked 1\.0,(\d+),(\d+)\n")
_PLAIN = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_MV = "__mv_"


class Reply(NamedTuple):
    """One answer of a command: its metadata, the header of its body and the rows, multivalue cells as lists."""

    metadata: dict[str, Any]
    header: list[str]
    rows: list[dict[str, str | list[str]]]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(level, text) of what the analyst is shown."""
        return [(level, text) for level, text in self.metadata.get("inspector", {}).get("messages", ())]


class Ended(NamedTuple):
    """A whole conversation: the answer to getinfo, one reply for each chunk, and how the process ended."""

    info: dict[str, Any]
    replies: list[Reply]
    exit_code: int
    stderr: str

    @property
    def rows(self) -> list[dict[str, str | list[str]]]:
        """Rows of all replies."""
        return [row for reply in self.replies for row in reply.rows]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Messages of all replies, the answer to getinfo first."""
        first = [(level, text) for level, text in self.info.get("inspector", {}).get("messages", ())]
        return first + [one for reply in self.replies for one in reply.messages]


def body_of(rows: Sequence[Row], columns: Sequence[str] | None = None, *, has_mv: bool = True) -> bytes:
    """The CSV body of rows as splunkd writes it; every column of any row unless `columns` names them."""
    if columns is None:
        columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        return b""
    lines = [_line([*columns, *(_MV + name for name in columns)] if has_mv else columns)]
    for row in rows:
        plain, several = [], []
        for name in columns:
            value = row.get(name, "")
            is_list = isinstance(value, list)
            plain.append("\n".join(value) if is_list else str(value))
            several.append(";".join(f"${one.replace('$', '$$')}$" for one in value) if is_list else "")
        lines.append(_line(plain + several if has_mv else plain))
    return "".join(lines).encode("utf-8", "surrogateescape")


def _line(cells: Iterable[str]) -> str:
    return ",".join(cell if _PLAIN.fullmatch(cell) else _quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def getinfo(command: str, arguments: Sequence[str], folder: str = "", *, preview: bool = False) -> dict[str, Any]:
    """What splunkd asks first."""
    return {
        "action": "getinfo",
        "preview": preview,
        "streaming_command_will_restart": False,
        "searchinfo": {
            "args": list(arguments),
            "raw_args": list(arguments),
            "command": command,
            "dispatch_dir": folder,
            "sid": "1700000000.1",
            "app": "enumwatch",
            "owner": "admin",
            "username": "admin",
            "session_key": "",
            "splunkd_uri": "",
            "splunk_version": "9.4.0",
            "search": f"search%20index%3Dauth%20%7C%20{command}",
            "maxresultrows": LONGEST_CHUNK,
            "earliest_time": 1700000000,
            "latest_time": 1700086400,
        },
    }


def message(metadata: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One message of the protocol."""
    head = json.dumps(metadata).encode()
    return b"chunked 1.0,%d,%d\n%s%s" % (len(head), len(body), head, body)


def chunks(bodies: Sequence[bytes], *, preview: bool = False) -> Iterator[bytes]:
    """The execute messages that carry these bodies; only the last says that nothing follows."""
    for number, body in enumerate(bodies, start=1):
        yield message({"action": "execute", "preview": preview, "finished": number == len(bodies)}, body)


def split(rows: Sequence[Row], sizes: Iterable[int], columns: Sequence[str] | None = None) -> list[bytes]:
    """Bodies of the rows in chunks of these sizes (0 is a chunk without rows); what is left goes into the last one."""
    if columns is None:
        columns = list(dict.fromkeys(name for row in rows for name in row))
    bodies, begin = [], 0
    for size in sizes:
        bodies.append(body_of(rows[begin : begin + size], columns) if size else b"")
        begin += size
    if begin < len(rows) or not bodies:
        bodies.append(body_of(rows[begin:], columns) if begin < len(rows) else b"")
    return bodies


class Splunkd:
    """One run of one command: asks, sends chunk after chunk, reads each reply before the next is sent."""

    def __init__(self, python: str, app: Path, command: str, environment: Mapping[str, str] | None = None) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed at the end)
        self.process = subprocess.Popen(
            [python, str(app / "bin" / f"{command}.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            cwd=app,
            env={**kept, "SPLUNK_HOME": str(app.parent), **(environment or {})},
        )

    def ask(self, sent: bytes) -> Reply | None:
        """The reply to a message; None where the process ended without one."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # what it said before it ended is still to be read
            self.process.stdin.write(sent)
            self.process.stdin.flush()
        return self._reply()

    def _reply(self) -> Reply | None:
        stream = self.process.stdout
        assert stream is not None
        header = stream.readline()
        if not header:
            return None
        found = _HEADER.fullmatch(header)
        assert found is not None, f"no message of the protocol: {header!r}"
        head, body = (stream.read(int(length)) for length in found.groups())
        return Reply(json.loads(head), *read_body(body))

    def end(self) -> tuple[int, str]:
        """Closes both pipes and waits; returns the exit code and what was written to stderr."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for pipe in (self.process.stdout, self.process.stdin):
            with suppress(BrokenPipeError):
                pipe.close()
        code = self.process.wait(120)
        self.errors.seek(0)
        said = self.errors.read().decode("utf-8", "replace")
        self.errors.close()
        return code, said


def read_body(body: bytes) -> tuple[list[str], list[dict[str, str | list[str]]]]:
    """Header without the `__mv_` columns, and rows."""
    csv.field_size_limit(2**31 - 1)
    lines = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    header = next(lines, [])
    rows = []
    for cells in lines:
        assert len(cells) == len(header), "a row has not as many cells as the header"
        given = dict(zip(header, cells, strict=True))
        row: dict[str, str | list[str]] = {name: given[name] for name in header if not name.startswith(_MV)}
        row.update({name: several(given[_MV + name]) for name in row if given.get(_MV + name)})
        rows.append(row)
    return [name for name in header if not name.startswith(_MV)], rows


def several(cell: str) -> list[str]:
    """The values of a `__mv_` cell."""
    return [value.replace("$$", "$") for value in re.findall(r"\$((?:\$\$|[^$])*)\$(?:;|\Z)", cell)]


def converse(
    python: str,
    app: Path,
    command: str,
    bodies: Sequence[bytes],
    arguments: Sequence[str] = (),
    *,
    preview: bool = False,
    cancelled_after: int | None = None,
) -> Ended:
    """A whole conversation; `cancelled_after` so many chunks the search is cancelled and both pipes close."""
    with tempfile.TemporaryDirectory() as folder:
        splunkd = Splunkd(python, app, command)
        info = splunkd.ask(message(getinfo(command, arguments, folder, preview=preview)))
        replies: list[Reply] = []
        if info is not None and not info.metadata.get("finished"):
            for number, sent in enumerate(chunks(bodies, preview=preview)):
                if number == cancelled_after:
                    assert splunkd.process.stdin is not None
                    splunkd.process.stdin.write(sent[: len(sent) // 2])
                    splunkd.process.stdin.flush()
                    break
                reply = splunkd.ask(sent)
                if reply is None:
                    break
                replies.append(reply)
        code, said = splunkd.end()
    return Ended(info.metadata if info is not None else {}, replies, code, said)
