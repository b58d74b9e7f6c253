"""Peers of enumverdict: `splunk_peers.py floor|count|bare LIB` reads the stream of a search from standard input.

floor reads, decodes and takes the rows apart; count is an ordinary command of the SDK that counts names and attempts for each
address, agent and hour; bare is the smallest command of the SDK. Runs under every Python of Splunk, with LIB alone.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from typing import Any

_HEADER = re.compile(rb"chunked 1\.0,(\d+),(\d+)\n")


def floor() -> int:
    """Rows of the stream, each taken apart into cells and forgotten."""
    rows = 0
    stream = sys.stdin.buffer
    for header in iter(stream.readline, b""):
        found = _HEADER.fullmatch(header)
        if found is None:
            raise ValueError(f"no message of the protocol: {header!r}")
        head, body = (int(length) for length in found.groups())
        stream.read(head)
        for _ in csv.reader(io.StringIO(stream.read(body).decode("utf-8", "replace"))):
            rows += 1
    return rows


def commands() -> dict[str, Any]:
    """The two commands of the SDK, by what they are for."""
    from splunklib.searchcommands import Configuration, ReportingCommand

    @Configuration()
    class CountCommand(ReportingCommand):  # type: ignore[misc]
        """Counts names and attempts."""

        def reduce(self, records: Any) -> Any:
            """As the SDK's own examples do it, kept over the chunks."""
            groups = self.__dict__.setdefault("groups", {})
            for record in records:
                hour = int(float(record["_time"])) // 3600
                group = groups.setdefault((record["src"], record["user_agent"], hour), [set(), 0])
                group[0].add(record["user"])
                group[1] += 1
            if self._finished:
                for (src, agent, hour), (names, attempts) in groups.items():
                    if len(names) > 10:
                        yield {"src": src, "agent": agent, "hour": hour, "names": len(names), "attempts": attempts}

    @Configuration()
    class BareCommand(ReportingCommand):  # type: ignore[misc]
        """Passes rows on."""

        def reduce(self, records: Any) -> Any:
            """The rows as they come."""
            return records

    return {"count": CountCommand, "bare": BareCommand}


if __name__ == "__main__":
    what, lib = sys.argv[1:]
    if what == "floor":
        floor()
    else:
        sys.path.insert(0, lib)
        commands()[what]().process([sys.argv[0]])
